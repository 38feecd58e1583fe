package metadata_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// facts gives what the NFO of a title says, and the notes about it.
func (h *harness) facts(t id.Title) (library.Facts, []string) {
	h.T.Helper()
	all, err := h.Store.Descriptions(h.T.Context(), []id.Title{t})
	if err != nil {
		h.T.Fatal(err)
	}
	for _, d := range all[t] {
		if d.Source == library.FromNFO {
			return d.Facts, d.Notes
		}
	}
	return library.Facts{}, nil
}

// parents gives the season and the series of a file.
func (h *harness) parents(name string) (season, series id.Title) {
	h.T.Helper()
	card, err := h.Title(h.T.Context(), library.Unrestricted(), h.FileAt(name).Title)
	if err != nil {
		h.T.Fatal(err)
	}
	return card.Parent, card.SeriesID
}

func (h *harness) title(t id.Title) library.Card {
	h.T.Helper()
	card, err := h.Title(h.T.Context(), library.Unrestricted(), t)
	if err != nil {
		h.T.Fatal(err)
	}
	return card
}

func TestFilmsAreDescribedByWhatStandsBesideThem(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv":         "film heat",
		"Heat (1995)/Heat (1995).nfo":         "<movie><title>Heat!</title><plot>Los Angeles.</plot><year>1995</year></movie>",
		"Heat (1995)/movie.nfo":               "<movie><title>No</title></movie>",
		"Up (2009)/up.mkv":                    "film up",
		"Up (2009)/movie.nfo":                 "<movie><title>Up & Away</title></movie>",
		"Alien.1979.1080p-GRP/alien.mkv":      "film alien",
		"Alien.1979.1080p-GRP/grp-alien.nfo":  "https://www.imdb.com/title/tt0078748/",
		"flat/Big (1988).mkv":                 "film big",
		"flat/Big (1988).NFO":                 "<movie><title>Big, very</title></movie>",
		"flat/Jaws (1975).mkv":                "film jaws",
		"flat/movie.nfo":                      "<movie><title>No</title></movie>",
		"Long (2001)/Long (2001) cd1.avi":     "film long one",
		"Long (2001)/Long (2001) cd2.avi":     "film long two",
		"Long (2001)/Long (2001).nfo":         "<movie><title>Very Long</title></movie>",
		"Lost/tvshow.nfo":                     "<tvshow><title>Lost!</title><plot>An island.</plot></tvshow>",
		"Lost/season02.nfo":                   "<season><plot>The hatch.</plot></season>",
		"Lost/Season 1/season.nfo":            "<season><plot>The crash.</plot><seasonnumber>1</seasonnumber></season>",
		"Lost/Season 1/Lost.S01E01-E02.mkv":   "film lost one",
		"Lost/Season 1/Lost.S01E01-E02.nfo":   "<episodedetails><title>Pilot</title><episode>1</episode><season>1</season></episodedetails><episodedetails><title>Pilot, more</title><episode>2</episode><season>1</season></episodedetails>",
		"Lost/Season 1/Lost.S01E03.mkv":       "film lost three",
		"Lost/Season 1/Lost.S01E03.nfo":       "<movie><title>Tabula</title><uniqueid type='tmdb'>3</uniqueid></movie>",
		"Lost/Season 2/Lost.S02E01.mkv":       "film lost hatch",
		"Lost/Season 2/Lost.S02E01.nfo":       "\xff\xfe<\x00e\x00",
		"Bomb (2000)/Bomb (2000).mkv":         "film bomb",
		"Bomb (2000)/Bomb (2000).nfo":         `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><movie><title>&b;</title></movie>`,
		"Wrong (2002)/Wrong (2002).mkv":       "film wrong",
		"Wrong (2002)/Wrong (2002).nfo":       "<html><title>404</title></html>",
		"Empty (2003)/Empty (2003).mkv":       "film empty",
		"Empty (2003)/Empty (2003).nfo":       "",
		"Cut off (2004)/Cut off (2004).mkv":   "film cut",
		"Cut off (2004)/Cut off (2004).nfo":   "<movie><title>Cut off, and on</title><plot>It",
		"Tabs (2005)/Tabs (2005).mkv":         "film tabs",
		"Tabs (2005)/Tabs (2005).nfo":         "\xff\xfe<\x00m\x00o\x00v\x00i\x00e\x00>\x00<\x00t\x00i\x00t\x00l\x00e\x00>\x00T\x00!\x00",
		"Huge (2006)/Huge (2006).mkv":         "film huge",
		"Huge (2006)/Huge (2006).nfo":         "<movie><title>Huge!</title></movie>" + strings.Repeat("\n", 5<<20),
		"Zed (2007)/Zed (2007).mkv":           "film zed",
		"Zed (2007)/Zed (2007).nfo":           "<movie><title>The Last</title></movie>",
		"Twice (2008)/a/Twice (2008) 720.mkv": "film twice, small",
		"Twice (2008)/b/Twice (2008).mkv":     "film twice",
		"Twice (2008)/b/Twice (2008).nfo":     "<movie><title>Twice!</title></movie>",
	})
	h.Start()
	names := map[string]string{
		"Heat (1995)/Heat (1995).mkv": "Heat!", "Up (2009)/up.mkv": "Up & Away", "flat/Big (1988).mkv": "Big, very",
		"flat/Jaws (1975).mkv":            "Jaws",
		"Long (2001)/Long (2001) cd1.avi": "Very Long", "Lost/Season 1/Lost.S01E01-E02.mkv": "Pilot / Pilot, more",
		"Lost/Season 1/Lost.S01E03.mkv": "Tabula", "Bomb (2000)/Bomb (2000).mkv": "Bomb",
		"Wrong (2002)/Wrong (2002).mkv": "Wrong",
		"Empty (2003)/Empty (2003).mkv": "Empty", "Cut off (2004)/Cut off (2004).mkv": "Cut off, and on",
		"Tabs (2005)/Tabs (2005).mkv": "T!",
		"Huge (2006)/Huge (2006).mkv": "Huge!", "Zed (2007)/Zed (2007).mkv": "The Last",
		"Twice (2008)/b/Twice (2008).mkv": "Twice!",
	}
	for name, want := range names {
		h.Until(name+" is called "+want, func() bool { return h.title(h.FileAt(name).Title).Name == want })
	}
	if got := h.title(h.FileAt("Heat (1995)/Heat (1995).mkv").Title); got.Overview != "Los Angeles." ||
		got.Evidence["name"] != "nfo" {
		t.Errorf("overview %q, evidence %v", got.Overview, got.Evidence)
	}
	season, series := h.parents("Lost/Season 1/Lost.S01E03.mkv")
	second, _ := h.parents("Lost/Season 2/Lost.S02E01.mkv")
	h.Until("the series and seasons are described", func() bool {
		return h.title(series).Name == "Lost!" && h.title(season).Overview == "The crash." &&
			h.title(second).Overview == "The hatch."
	})
	h.Until("what only has an address is known by it", func() bool {
		f, _ := h.facts(h.FileAt("Alien.1979.1080p-GRP/alien.mkv").Title)
		return f.IDs["imdb"] == "tt0078748"
	})
	if f, _ := h.facts(h.FileAt("Lost/Season 1/Lost.S01E03.mkv").Title); f.IDs != nil {
		t.Errorf("an episode has the ID of a film: %v", f.IDs)
	}
	for name, note := range map[string]string{
		"Bomb (2000)/Bomb (2000).mkv": "entities", "Wrong (2002)/Wrong (2002).mkv": "<html>",
		"Empty (2003)/Empty (2003).mkv":     "empty",
		"Cut off (2004)/Cut off (2004).mkv": "ends before", "Huge (2006)/Huge (2006).mkv": "4 MiB",
		"Lost/Season 1/Lost.S01E03.mkv": "describes a movie",
		"Lost/Season 2/Lost.S02E01.mkv": "",
	} {
		h.Until(name+" has a note", func() bool {
			_, notes := h.facts(h.FileAt(name).Title)
			return len(notes) > 0 && strings.Contains(strings.Join(notes, " "), note)
		})
	}
}

func TestADescriptionIsReadAgainWhenItChangesAndGoesWhenItIsGone(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv": "film heat",
		"Heat (1995)/movie.nfo":       "<movie><title>First</title></movie>",
		"Lost/Season 1/S01E01.mkv":    "film lost",
		"Lost/tvshow.nfo":             "<tvshow><title>Found</title></tvshow>",
	})
	h.Start()
	film := h.FileAt("Heat (1995)/Heat (1995).mkv").Title
	_, series := h.parents("Lost/Season 1/S01E01.mkv")
	called := func(t id.Title, want string) func() bool {
		return func() bool { return h.title(t).Name == want }
	}
	h.Until("the first name", called(film, "First"))
	h.Until("the name of the series", called(series, "Found"))

	told := h.MetadataChanges.Load()
	h.Write("Heat (1995)/movie.nfo", "<movie><title>Second</title><plot>more</plot></movie>")
	h.Until("the second name", called(film, "Second"))
	h.Until("whoever watches it is thought of", func() bool { return h.MetadataChanges.Load() > told })
	// A look at one season does not see what describes the series, and does not take it for gone.
	h.Write("Lost/Season 1/S01E02.mkv", "film lost two")
	h.Until("the second episode", func() bool { return h.States()["Lost/Season 1/S01E02.mkv"] == library.Present })
	h.Write("Lost/Season 1/S01E02.nfo", "<episodedetails><title>Two</title></episodedetails>")
	h.Until("the name of the episode", func() bool {
		return h.title(h.FileAt("Lost/Season 1/S01E02.mkv").Title).Name == "Two"
	})
	if got := h.title(series).Name; got != "Found" {
		t.Errorf("the series is called %q after a look at one season", got)
	}
	for _, name := range []string{"Heat (1995)/movie.nfo", "Lost/tvshow.nfo"} {
		if err := os.Remove(h.Path(name)); err != nil {
			t.Fatal(err)
		}
	}
	h.ScanAll()
	h.Until("the name of the file", called(film, "Heat"))
	h.Until("the name of the folder", called(series, "Lost"))
	if got := h.title(film); got.Overview != "" {
		t.Errorf("the overview outlived its file: %q", got.Overview)
	}
}

// An I/O error must not delete a description.
func TestADescriptionThatCannotBeReadLeavesWhatIsKnown(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv": "film heat",
		"Heat (1995)/movie.nfo":       "<movie><title>First</title></movie>",
		"Up (2009)/Up (2009).mkv":     "film up",
		"Up (2009)/movie.nfo":         "<movie><title>Upwards</title></movie>",
	})
	h.Start()
	film, other := h.FileAt("Heat (1995)/Heat (1995).mkv").Title, h.FileAt("Up (2009)/Up (2009).mkv").Title
	h.Until("both names", func() bool { return h.title(film).Name == "First" && h.title(other).Name == "Upwards" })
	h.NFO.Refuse(h.Path("Heat (1995)/movie.nfo"))
	h.Write("Heat (1995)/movie.nfo", "<movie><title>Second, and longer</title></movie>")
	h.Write("Up (2009)/movie.nfo", "<movie><title>Downwards</title></movie>")
	h.Until("the other film is described anew", func() bool { return h.title(other).Name == "Downwards" })
	if got := h.title(film).Name; got != "First" {
		t.Errorf("it is called %q", got)
	}
	h.NFO.Refuse("")
	h.ScanAll()
	h.Until("the second name", func() bool { return h.title(film).Name == "Second, and longer" })

	h.Disk.BreakPath(h.Path("Heat (1995)/movie.nfo"))
	h.Write("Up (2009)/movie.nfo", "<movie><title>Sideways, perhaps</title></movie>")
	h.ScanAll()
	h.Until("the other film is described once more", func() bool { return h.title(other).Name == "Sideways, perhaps" })
	if got := h.title(film).Name; got != "Second, and longer" {
		t.Errorf("it is called %q while its description cannot be looked at", got)
	}
}

func TestSubtitlesBesideFilms(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv":            "film heat",
		"Heat (1995)/Heat (1995).en.srt":         "1",
		"Heat (1995)/Heat (1995).de.forced.srt":  "2",
		"Heat (1995)/Heat (1995).fr.sdh.ass":     "3",
		"Heat (1995)/Heat (1995).srt":            "4",
		"Heat (1995)/Heat (1995).idx":            "5",
		"Heat (1995)/Heat (1995).sub":            "6",
		"Heat (1995)/Heat (1995) - 4k.mkv":       "film heat 4k",
		"Heat (1995)/Heat (1995) - 4k.en.srt":    "7",
		"Heat (1995)/Other.en.srt":               "8",
		"Up (2009)/up.mkv":                       "film up",
		"Up (2009)/Subs/2_English.srt":           "9",
		"Lost/S01/Lost.S01E01.mkv":               "film one",
		"Lost/S01/Lost.S01E02.mkv":               "film two",
		"Lost/S01/Subs/Lost.S01E02/3_German.srt": "10",
		"Lost/S01/Subs/Lost.S01E01.es.srt":       "11",
	})
	h.Start()
	of := func(name string) map[string]string {
		t.Helper()
		f := h.FileAt(name)
		all, err := h.SubtitlesOf(t.Context(), []library.File{f})
		if err != nil {
			t.Fatal(err)
		}
		out := make(map[string]string)
		for _, s := range all[f.ID] {
			out[filepath.Base(s.Path)] = s.Name() + " " + s.Format
		}
		return out
	}
	for name, want := range map[string]map[string]string{
		"Heat (1995)/Heat (1995).mkv": {
			"Heat (1995).en.srt": "English srt", "Heat (1995).de.forced.srt": "German (forced) srt",
			"Heat (1995).fr.sdh.ass": "French (SDH) ass",
			"Heat (1995).srt":        "Unknown language srt", "Heat (1995).idx": "Unknown language idx",
		},
		"Heat (1995)/Heat (1995) - 4k.mkv": {"Heat (1995) - 4k.en.srt": "English srt"},
		"Up (2009)/up.mkv":                 {"2_English.srt": "English srt"},
		"Lost/S01/Lost.S01E01.mkv":         {"Lost.S01E01.es.srt": "Spanish srt"},
		"Lost/S01/Lost.S01E02.mkv":         {"3_German.srt": "German srt"},
	} {
		h.Until(name+" has its subtitles", func() bool { return cmp.Equal(of(name), want) })
	}
	if err := os.Remove(h.Path("Heat (1995)/Heat (1995) - 4k.en.srt")); err != nil {
		t.Fatal(err)
	}
	h.Until("they are gone", func() bool { return len(of("Heat (1995)/Heat (1995) - 4k.mkv")) == 0 })
}

func TestLanguageName(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"en": "English", "ger": "German", "deu": "German", "pt-BR": "Brazilian Portuguese", "fre": "French", "und": "",
		"": "", "klingonese": "", "zh-Hant": "Traditional Chinese",
	} {
		if got := library.LanguageName(code); got != want {
			t.Errorf("LanguageName(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestFilmsTellOfThemselves(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Amelie (2001)/Amelie (2001).mkv": "film amelie; title=Amélie; genre=Comedy; synopsis=A waitress helps whom she can.",
		"Heat (1995)/Heat (1995).mkv":     "film heat; title=Encoded by somebody",
	})
	h.Start()
	film := h.FileAt("Amelie (2001)/Amelie (2001).mkv").Title
	if got := h.title(film); got.Name != "Amélie" || got.Overview != "A waitress helps whom she can." ||
		got.Evidence["name"] != "tags" {
		t.Errorf("%q: %q, read in %v", got.Name, got.Overview, got.Evidence)
	}
	if got := h.title(h.FileAt("Heat (1995)/Heat (1995).mkv").Title); got.Name != "Heat" {
		t.Errorf("it is called %q", got.Name)
	}
	h.Write("Amelie (2001)/movie.nfo", "<movie><title>Le Destin</title></movie>")
	h.Until("the NFO goes before", func() bool { return h.title(film).Name == "Le Destin" })
	h.Write("Amelie (2001)/Amelie (2001).mkv", "film amelie, cut anew")
	h.Until("the tags are gone", func() bool { return h.title(film).Overview == "" })
	if got := h.title(film).Name; got != "Le Destin" {
		t.Errorf("it is called %q", got)
	}
}

// A description of a series may name its seasons; one of the season itself goes before it.
func TestASeriesNamesItsSeasons(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Avatar/tvshow.nfo": `<tvshow><title>Avatar!</title><namedseason number="1">Water</namedseason>` +
			`<namedseason number="2">Earth</namedseason><namedseason number="x">No</namedseason><namedseason>No</namedseason></tvshow>`,
		"Avatar/Season 1/Avatar S01E01.mkv": "film water", "Avatar/Season 2/Avatar S02E01.mkv": "film earth",
		"Avatar/Season 2/season.nfo":        "<season><title>Ground</title></season>",
		"Avatar/Season 3/Avatar S03E01.mkv": "film fire",
	})
	h.Start()
	h.must(h.WaitForSidecars(t.Context()))
	want := func(names ...string) {
		t.Helper()
		for i, name := range names {
			n := string(rune('1' + i))
			if season, _ := h.parents("Avatar/Season " + n + "/Avatar S0" + n + "E01.mkv"); h.title(season).Name != name {
				t.Errorf("season %s is called %s, want %s", n, h.title(season).Name, name)
			}
		}
	}
	want("Water", "Ground", "Season 3")
	reads := h.NFO.Count()
	h.ScanAll()
	h.must(h.WaitForSidecars(t.Context()))
	if h.NFO.Count() != reads {
		t.Error("what has not changed was read again")
	}
	h.Write("Avatar/tvshow.nfo", `<tvshow><title>Avatar</title><namedseason number="3">Fire</namedseason></tvshow>`)
	h.Remove("Avatar/Season 2/season.nfo")
	h.ScanAll()
	h.must(h.WaitForSidecars(t.Context()))
	want("Season 1", "Season 2", "Fire")
}

// The place of a special comes, changes and goes with its description.
func TestASpecialAirsWhereItsDescriptionSays(t *testing.T) {
	t.Parallel()
	const special = "Lost/Specials/Lost S00E01"
	h := newHarness(t, map[string]string{
		"Lost/Season 1/Lost S01E01.mkv": "film one", "Lost/Season 1/Lost S01E02.mkv": "film two",
		"Lost/Season 2/Lost S02E01.mkv": "film three", special + ".mkv": "film special",
	})
	h.Start()
	nextOf := func(name string) string {
		next, found, err := h.NextEpisode(h.T.Context(), library.Unrestricted(), h.FileAt(name).Title)
		h.must(err)
		if !found {
			return ""
		}
		return next.Name
	}
	for _, c := range []struct{ nfo, first, second string }{
		{"", "E2", "E1 of 2"},
		{"<airsbefore_season>1</airsbefore_season><airsbefore_episode>2</airsbefore_episode>", "The special", "E1 of 2"},
		{"<airsafter_season>1</airsafter_season>", "E2", "The special"},
		{"<displayseason>2</displayseason><displayepisode>1</displayepisode>", "E2", "The special"},
		{"", "E2", "E1 of 2"},
	} {
		if c.nfo == "" {
			_ = os.Remove(filepath.Join(h.Dir, special+".nfo")) // at first there is none
		} else {
			h.Write(special+".nfo", "<episodedetails><title>The special</title>"+c.nfo+"</episodedetails>")
		}
		h.ScanAll()
		h.must(h.WaitForSidecars(t.Context()))
		words := map[string]string{
			"E2":      h.title(h.FileAt("Lost/Season 1/Lost S01E02.mkv").Title).Name,
			"E1 of 2": h.title(h.FileAt("Lost/Season 2/Lost S02E01.mkv").Title).Name, "The special": "The special",
		}
		if got := nextOf("Lost/Season 1/Lost S01E01.mkv"); got != words[c.first] {
			t.Errorf("%q: after the first episode comes %q, want %q", c.nfo, got, words[c.first])
		}
		if got := nextOf("Lost/Season 1/Lost S01E02.mkv"); got != words[c.second] {
			t.Errorf("%q: after the second episode comes %q, want %q", c.nfo, got, words[c.second])
		}
	}
}

// The collection of a set comes, changes and goes with the NFO files and the films that name it.
func TestASetOfFilmsIsACollection(t *testing.T) {
	t.Parallel()
	film := func(set string) string { return "<movie>" + set + "</movie>" }
	saga := "<set><name>Alien Saga</name><overview>In space.</overview></set>"
	h := newHarness(t, map[string]string{
		"Alien (1979).mkv": "film one", "Alien (1979).nfo": film("<title>Alien</title><set>Alien Saga</set>"),
		"Aliens (1986).mkv": "film two", "Aliens (1986).nfo": film("<title>Aliens</title>" + saga),
		"Heat (1995).mkv": "film three", "Heat (1995).nfo": film("<title>Heat</title><set>Mann</set>"),
	})
	h.Start()
	is := func(why string, want ...string) {
		t.Helper()
		h.Until(why, func() bool {
			all, err := h.Collections(t.Context(), library.Unrestricted(), "")
			h.must(err)
			got := []string{}
			for _, c := range all {
				got = append(got, fmt.Sprintf("%s (%d) %s", c.Name, c.Count, c.Overview))
			}
			return slices.Equal(got, want)
		})
	}
	is("two films of a set", "Alien Saga (2) In space.")
	h.Write("Heat (1995).nfo", film("<title>Heat</title><set>alien saga</set>"))
	h.ScanAll()
	is("another one", "Alien Saga (3) In space.")
	h.Remove("Aliens (1986).nfo")
	h.ScanAll()
	is("a description goes", "Alien Saga (2) ")
	h.Write("Aliens (1986).nfo", film("<title>Aliens</title>"+saga))
	h.ScanAll()
	is("it comes back", "Alien Saga (3) In space.")
	h.Remove("Heat (1995).mkv")
	h.ScanAll()
	is("a film goes", "Alien Saga (2) In space.")
	h.Write("Alien (1979).nfo", film("<title>Alien</title>"))
	h.ScanAll()
	is("the last but one leaves it")
}
