package nfo_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/nfo"
)

var update = flag.Bool("update", false, "write the golden files")

func read(t *testing.T, text string) library.NFODocument {
	t.Helper()
	doc, err := nfo.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestGolden reads complete files of other programs and compares the result with the golden file beside each.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.nfo")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			doc, err := nfo.Reader{}.ReadNFO(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(doc, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			golden := strings.TrimSuffix(file, ".nfo") + ".json"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestOdd reads broken files: the expected fields, and a note for everything that is missing.
func TestOdd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text  string
		names []string          // of the works
		ids   map[string]string // of the first one
		plot  string
		year  int
		note  string // part of a note; "" = there is none
	}{
		"fine": {text: "<movie><title>A Film</title><year>1999</year></movie>", names: []string{"A Film"}, year: 1999},

		"unescaped ampersand": {text: "<movie><title>Fast & Loose</title><plot>R&D &amp; more</plot></movie>",
			names: []string{"Fast & Loose"}, plot: "R&D & more"},
		"bare angle": {
			text: "<movie><title>1 < 2</title><year>1999</year></movie>", names: []string{"1 < 2"}, year: 1999,
		},
		"names of pages": {
			text: "<movie><title>Caf&eacute;&nbsp;Noir</title></movie>", names: []string{"Café Noir"},
		},
		"numbered": {text: "<movie><title>&#x41;&#66;</title></movie>", names: []string{"AB"}},
		"cdata": {
			text:  "<movie><title>A Film</title><plot><![CDATA[One <b>&amp;</b> two]]></plot></movie>",
			names: []string{"A Film"}, plot: "One <b>&amp;</b> two",
		},
		"layout": {
			text:  "<movie><title>A Film</title><plot>One<br/>two <i>three</i></plot></movie>",
			names: []string{"A Film"}, plot: "One\ntwo three",
		},
		"capitals": {
			text: "<Movie><Title>A Film</Title><Year>1999</Year></Movie>", names: []string{"A Film"}, year: 1999,
		},
		"unclosed field": {
			text: "<movie><title>A Film<year>1999</year></movie>", names: []string{"A Film"}, year: 1999,
			note: "<title> is not closed",
		},
		"misspelt end": {
			text: "<movie><title>A Film</titel><year>1999</year></movie>", names: []string{"A Film"}, year: 1999,
			note: "<title> is not closed",
		},
		"unclosed list": {
			text:  "<movie><title>A Film</title><actor><name>Somebody<year>1999</year></movie>",
			names: []string{"A Film"}, year: 1999, note: "is not closed",
		},
		"unclosed stranger": {
			text: "<movie><extra><title>A Film</title><year>1999</year></movie>", names: []string{"A Film"},
			year: 1999, note: "<extra> is not closed",
		},
		"stray end": {
			text: "<movie></genre><title>A Film</title></movie>", names: []string{"A Film"},
			note: "</genre> closes nothing",
		},
		"cut off": {
			text: "<movie><title>A Film</title><plot>It begins", names: []string{"A Film"}, plot: "It begins",
			note: "ends before <movie> is closed",
		},
		"unclosed root": {
			text: "<movie><title>A</title><movie><title>B</title></movie>", names: []string{"A", "B"},
			note: "<movie> is not closed",
		},
		"before the start": {
			text: "\n  junk <?xml version='1.0'?><movie><title>A Film</title></movie>", names: []string{"A Film"},
		},
		"nul": {text: "<movie>\x00<title>A\x00 Film\x1b</title></movie>", names: []string{"A Film"}},

		"doctype": {
			text: "<!DOCTYPE movie><movie><title>A Film</title></movie>", names: []string{"A Film"}, note: "DOCTYPE",
		},
		"entities that multiply": {text: `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;"><!ENTITY lol3 "&lol2;&lol2;&lol2;">]>` +
			"<movie><title>A Film &lol3;</title></movie>", names: []string{"A Film"}, note: "entities"},
		"entity of a file": {text: `<!DOCTYPE m [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><movie><title>A Film</title><plot>&xxe;</plot></movie>`,
			names: []string{"A Film"}, note: "entities"},
		"outer dtd": {text: `<!DOCTYPE movie SYSTEM "http://127.0.0.1:1/evil.dtd"><movie><title>A Film</title></movie>`, names: []string{"A Film"}, note: "DOCTYPE"},

		"address alone": {
			text: "https://www.themoviedb.org/movie/603-the-film", names: []string{""},
			ids: map[string]string{"tmdb": "603"}, note: "only the address",
		},
		"imdb alone": {
			text: "https://www.imdb.com/title/tt0133093/?ref_=x\n", names: []string{""},
			ids: map[string]string{"imdb": "tt0133093"}, note: "only the address",
		},
		"tvdb alone": {
			text: "https://thetvdb.com/?tab=series&id=72449", names: []string{""},
			ids: map[string]string{"tvdb": "72449"}, note: "only the address",
		},
		"address below": {
			text:  "<movie><title>A Film</title></movie>\nhttps://www.imdb.com/title/tt0133093/",
			names: []string{"A Film"}, ids: map[string]string{"imdb": "tt0133093"},
		},
		"own id wins": {text: `<movie><title>A Film</title><uniqueid type="tmdb">1</uniqueid></movie> https://www.themoviedb.org/movie/2`, names: []string{"A Film"}, ids: map[string]string{"tmdb": "1"}},
		"release group": {
			text:  "\xdb\xdb\xb2 A.FILM.1999 \xb2\xdb <-=[ GROUP ]=->\n imdb.com/title/tt0133093 \xdb\n",
			names: []string{""}, ids: map[string]string{"imdb": "tt0133093"}, note: "only the address",
		},
		"several roots":      {text: "<episodedetails><title>One</title></episodedetails>\n<episodedetails><title>Two</title></episodedetails>", names: []string{"One", "Two"}},
		"several in wrapper": {text: "<xbmcmultiepisode><episodedetails><title>One</title></episodedetails><episodedetails><title>Two</title></episodedetails></xbmcmultiepisode>", names: []string{"One", "Two"}},
		"declared twice":     {text: "<?xml version='1.0'?><episodedetails><title>One</title></episodedetails><?xml version='1.0'?><episodedetails><title>Two</title></episodedetails>", names: []string{"One", "Two"}},

		"other root": {
			text: "<video><title>A Film</title><year>1999</year></video>", names: []string{"A Film"}, year: 1999,
			note: "begins with <video>",
		},
		"no root": {
			text: "<title>A Film</title><year>1999</year>", names: []string{"A Film"}, year: 1999,
			note: "begins with <title>",
		},
		"page": {
			text: "<!doctype html><html><head><title>404 Not Found</title></head><body>no</body></html>",
			note: "begins with <html>",
		},
		"album": {text: "<album><title>Songs</title></album>", note: "begins with <album>"},
		"no title": {
			text: "<movie><year>1999</year></movie>", names: []string{""}, year: 1999, note: "what the title is called",
		},
		"empty": {text: "", note: "empty"},
		"blank": {text: " \n\t", note: "empty"},
		"words": {text: "nothing to see here", note: "describes nothing"},
		"bytes": {text: "\x1f\x8b\x08\x00\xff\xfe\x01\x02", note: "describes nothing"},
		"year of words": {
			text: "<movie><title>A Film</title><year>soon</year></movie>", names: []string{"A Film"}, note: `"soon"`,
		},
		"id of words": {
			text:  `<movie><title>A Film</title><uniqueid type="imdb">0133093</uniqueid></movie>`,
			names: []string{"A Film"}, note: "IMDb ID",
		},
		"very many terms": {
			text:  "<movie><title>A Film</title>" + strings.Repeat("<genre>x</genre>", 60_000) + "</movie>",
			names: []string{"A Film"}, note: "more than 50000 elements",
		},
		"very deep": {
			text:  "<movie><title>A Film</title>" + strings.Repeat("<deep>", 60_000) + "</movie>",
			names: []string{"A Film"}, note: "too deep",
		},
		"one long word": {
			text:  "<movie><title>A Film</title><plot>" + strings.Repeat("x", 2<<20) + "</plot></movie>",
			names: []string{"A Film"}, plot: strings.Repeat("x", 9_999) + "…", note: "too long",
		},
		"many attributes": {
			text:  "<movie><title>A Film</title><plot " + strings.Repeat("a=b ", 500_000) + ">x</plot></movie>",
			names: []string{"A Film"}, note: "too long",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := read(t, c.text)
			var names []string
			for _, w := range doc.Works {
				names = append(names, w.Facts.Name)
			}
			if diff := cmp.Diff(c.names, names); diff != "" {
				t.Errorf("works -want +got\n%s", diff)
			}
			if len(doc.Works) > 0 {
				f := doc.Works[0].Facts
				if diff := cmp.Diff(c.ids, f.IDs); diff != "" {
					t.Errorf("ids -want +got\n%s", diff)
				}
				if f.Overview != c.plot || f.Year != c.year {
					t.Errorf("overview %.200q, year %d; want %q, %d", f.Overview, f.Year, c.plot, c.year)
				}
			}
			told := strings.Join(doc.Notes, " ")
			if c.note == "" && told != "" || !strings.Contains(told, c.note) {
				t.Errorf("notes %q; want %q", doc.Notes, c.note)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	utf16 := func(text string, big, bom bool) string {
		var b bytes.Buffer
		put := func(r rune) {
			if big {
				b.Write([]byte{byte(r >> 8), byte(r)})
			} else {
				b.Write([]byte{byte(r), byte(r >> 8)})
			}
		}
		if bom {
			put(0xfeff)
		}
		for _, r := range text {
			put(r)
		}
		return b.String()
	}
	const doc = "<movie><title>Amélie – Ж</title></movie>"
	for name, c := range map[string]struct{ text, title, note string }{
		"utf-8":              {doc, "Amélie – Ж", ""},
		"utf-8 with bom":     {"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>" + doc, "Amélie – Ж", ""},
		"utf-16 little":      {utf16(doc, false, true), "Amélie – Ж", ""},
		"utf-16 big":         {utf16(doc, true, true), "Amélie – Ж", ""},
		"utf-16 without bom": {utf16(doc, false, false), "Amélie – Ж", ""},
		"utf-16 big, no bom": {utf16(doc, true, false), "Amélie – Ж", ""},
		"utf-16 cut in two":  {utf16(doc, false, true) + "<", "Amélie – Ж", ""},
		"windows-1252, said": {"<?xml version='1.0' encoding=\"windows-1252\"?><movie><title>Am\xe9lie \x96</title></movie>", "Amélie –", ""},
		"windows-1252, not":  {"<movie><title>Am\xe9lie</title></movie>", "Amélie", "Windows-1252"},
		"windows-1252, lied": {
			"<?xml version='1.0' encoding='utf-8'?><movie><title>Am\xe9lie</title></movie>", "Amélie", "Windows-1252",
		},
		"windows-1251": {
			"<?xml version='1.0' encoding='windows-1251'?><movie><title>\xc6</title></movie>", "Ж", "",
		},
		"latin-1, is utf-8": {"<?xml version='1.0' encoding='ISO-8859-1'?>" + doc, "Amélie – Ж", "is UTF-8"},
		"utf-16, is not":    {"<?xml version='1.0' encoding='utf-16'?>" + doc, "Amélie – Ж", "is UTF-8"},
		"unheard of": {
			"<?xml version='1.0' encoding='klingon'?><movie><title>Am\xe9lie</title></movie>", "Amélie", "Windows-1252",
		},
		"utf-8 with a stray":    {"<movie><title>Amélie –\xff Ж</title></movie>", "Amélie – Ж", "not UTF-8"},
		"characters that trick": {"<movie><title>A\u202eFilm\u2066\ufeff</title></movie>", "AFilm", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := read(t, c.text)
			if len(doc.Works) != 1 || doc.Works[0].Facts.Name != c.title {
				t.Errorf("read %+v; want %q", doc.Works, c.title)
			}
			if told := strings.Join(doc.Notes, " "); c.note == "" && told != "" || !strings.Contains(told, c.note) {
				t.Errorf("notes %q; want %q", doc.Notes, c.note)
			}
		})
	}
}

// TestHuge reads a file of 200 MB, for which no more than the limit is read and little more than that is held.
func TestHuge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge.nfo")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.WriteString(
		f, "<movie><title>A Film</title>"+strings.Repeat("<actor><name>x &amp; y</name></actor>", 10_000),
	); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(200 << 20); err != nil { // the rest is zeros
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	doc, err := nfo.Reader{}.ReadNFO(path)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Works) != 1 || doc.Works[0].Facts.Name != "A Film" || len(doc.Works[0].Facts.Credits) != 1 {
		t.Errorf("read %+v", doc.Works)
	}
	if told := strings.Join(doc.Notes, " "); !strings.Contains(told, "longer than 4 MiB") {
		t.Errorf("notes %q", doc.Notes)
	}
	if all := after.TotalAlloc - before.TotalAlloc; all > 100<<20 {
		t.Errorf("%d MiB were taken for a file of which 4 MiB are read", all>>20)
	}
}

func TestNotAFile(t *testing.T) {
	t.Parallel()
	if _, err := (nfo.Reader{}).ReadNFO(filepath.Join(t.TempDir(), "none.nfo")); !os.IsNotExist(err) {
		t.Errorf("a file that is not there: %v", err)
	}
	doc, err := nfo.Reader{}.ReadNFO(t.TempDir())
	if err != nil || len(doc.Works) != 0 || len(doc.Notes) == 0 {
		t.Errorf("a folder: %+v, %v", doc, err)
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.nfo")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("<movie><title>A<title><set><name>B</set><ratings><rating max='0'><value>NaN</rating></movie>tt0133093"))
	f.Add([]byte("\xff\xfe<\x00m\x00o\x00v\x00i\x00e\x00>\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := nfo.Read(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("a description cannot fail: %v", err)
		}
		if len(doc.Works) == 0 && len(doc.Notes) == 0 {
			t.Error("nothing was understood and nothing was said")
		}
		if _, err := json.Marshal(doc); err != nil {
			t.Errorf("cannot be kept: %v", err)
		}
		for _, w := range doc.Works {
			for _, r := range w.Facts.Ratings {
				if !(r.Value >= 0 && r.Value <= 10) {
					t.Errorf("rated %v of 10", r.Value)
				}
			}
			if len([]rune(w.Facts.Name)) > 300 || len([]rune(w.Facts.Overview)) > 10_000 ||
				strings.ContainsAny(w.Facts.Name, "\n\x00") {
				t.Errorf("name %q", w.Facts.Name)
			}
		}
	})
}

func TestSeasonsHaveNames(t *testing.T) {
	t.Parallel()
	doc, err := nfo.Read(strings.NewReader(`<tvshow><title>Avatar</title><namedseason number=" 1 ">Water
		</namedseason><namedseason number="0">More</namedseason><namedseason number="-1">All</namedseason>
		<namedseason number="1">Again</namedseason><namedseason number="2"></namedseason></tvshow>`))
	if err != nil || len(doc.Works) != 1 {
		t.Fatal(doc, err)
	}
	if diff := cmp.Diff(map[int]string{0: "More", 1: "Water"}, doc.Works[0].SeasonNames); diff != "" {
		t.Error(diff)
	}
	if doc, err = nfo.Read(strings.NewReader(`<movie><title>A</title><namedseason number="1">B</namedseason></movie>`)); err != nil ||
		doc.Works[0].SeasonNames != nil {
		t.Error(doc, err)
	}
}

// Specials say where they air in the words of TheTVDB, which Jellyfin and others write, or of Kodi.
func TestSpecialsAirSomewhere(t *testing.T) {
	t.Parallel()
	before := func(season, episode int) *library.Airing { return &library.Airing{Season: season, Episode: episode} }
	after := func(season int) *library.Airing { return &library.Airing{Season: season, After: true} }
	for name, c := range map[string]struct {
		text string
		want *library.Airing
	}{
		"nowhere":             {"", nil},
		"before an episode":   {"<airsbefore_season>2</airsbefore_season><airsbefore_episode>5</airsbefore_episode>", before(2, 5)},
		"in the other order":  {"<airsbefore_episode> 5 </airsbefore_episode><airsbefore_season>02</airsbefore_season>", before(2, 5)},
		"before a season":     {"<airsbefore_season>2</airsbefore_season>", before(2, 0)},
		"after a season":      {"<airsafter_season>1</airsafter_season>", after(1)},
		"empty":               {"<airsbefore_season/><airsbefore_episode></airsbefore_episode><airsafter_season/>", nil},
		"an episode alone":    {"<airsbefore_episode>5</airsbefore_episode>", nil},
		"in words":            {"<airsbefore_season>two</airsbefore_season>", nil},
		"season 0":            {"<airsbefore_season>0</airsbefore_season><airsbefore_episode>5</airsbefore_episode>", nil},
		"Kodi":                {"<displayseason>3</displayseason><displayepisode>4</displayepisode>", before(3, 4)},
		"Kodi without":        {"<displayseason>-1</displayseason><displayepisode>-1</displayepisode>", nil},
		"Kodi without number": {"<displayseason>3</displayseason><displayepisode>-1</displayepisode>", before(3, 0)},
		"Kodi after":          {"<displayafterseason>2</displayafterseason>", after(2)},
		"Kodi after, written": {"<displayseason>2</displayseason><displayepisode>4096</displayepisode>", after(2)},
		"both, and after wins": {"<airsafter_season>1</airsafter_season><displayseason>1</displayseason>" +
			"<airsbefore_season>2</airsbefore_season>", after(1)},
		"Kodi has none, the other one does": {"<displayseason>-1</displayseason><displayepisode>-1</displayepisode>" +
			"<airsbefore_season>2</airsbefore_season><airsbefore_episode>1</airsbefore_episode>", before(2, 1)},
		"the other one has none, Kodi does": {"<airsbefore_season>-1</airsbefore_season><displayseason>2</displayseason>" +
			"<displayepisode>7</displayepisode>", before(2, 7)},
	} {
		doc := read(t, "<episodedetails><title>X</title><season>0</season><episode>1</episode>"+c.text+"</episodedetails>")
		if diff := cmp.Diff(c.want, doc.Works[0].Facts.Airs); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if doc := read(t, "<movie><title>X</title><displayseason>1</displayseason></movie>"); doc.Works[0].Facts.Airs != nil {
		t.Error("a film airs in a season")
	}
}

// Sets come as a text or with a name and an overview; a set without a name is none.
func TestSetsOfFilms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text      string
		sets      []string
		overviews map[string]string
	}{
		"none":          {"", nil, nil},
		"text":          {"<set> Alien  Collection </set>", []string{"Alien Collection"}, nil},
		"name":          {"<set><name>Alien</name></set>", []string{"Alien"}, nil},
		"overview":      {"<set><name>Alien</name><overview>In\n space.</overview></set>", []string{"Alien"}, map[string]string{"Alien": "In\nspace."}},
		"no name":       {"<set><overview>In space.</overview></set>", nil, nil},
		"empty":         {"<set/><set></set><set><name/><overview/></set>", nil, nil},
		"several":       {"<set>Alien</set><set><name>Scott</name><overview>His.</overview></set>", []string{"Alien", "Scott"}, map[string]string{"Scott": "His."}},
		"with a number": {`<set tmdbcolid="8091">Alien</set>`, []string{"Alien"}, nil},
		"twice":         {"<set>Alien</set><set>Alien</set>", []string{"Alien"}, nil},
	} {
		facts := read(t, "<movie><title>X</title>"+c.text+"</movie>").Works[0].Facts
		if diff := cmp.Diff(c.sets, facts.Sets); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(c.overviews, facts.SetOverviews); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
