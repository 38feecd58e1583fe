package metadata_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/librarytest"
	"movify/library/metadata"
	"movify/library/naming"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player"
)

// oldLibrary is a library as a build with other naming rules left it.
type oldLibrary struct {
	*harness
	root library.Root
	byID map[string]id.Title // by identity
}

func newOldLibrary(t *testing.T, files map[string]string) *oldLibrary {
	t.Helper()
	o := &oldLibrary{harness: newHarness(t, files), byID: make(map[string]id.Title)}
	disk, err := library.SystemFS().Disk(o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	o.root = library.Root{
		ID: id.New[id.Root](), Path: o.Dir, State: library.Present, AddedMS: 1, ScannedMS: 1, SinceMS: 1, Disk: disk,
	}
	if err := o.Store.SaveRoot(t.Context(), o.root); err != nil {
		t.Fatal(err)
	}
	return o
}

func film(identity, name string, year int) []library.Title {
	return []library.Title{{Kind: library.Movie, Identity: identity, Name: name, Year: year, Matched: library.SureName}}
}

func episodeOf(series, name string, season, episode int) []library.Title {
	at := func(parts ...int) string {
		out := series
		for _, n := range parts {
			out += ":" + strconv.Itoa(n)
		}
		return out
	}
	return []library.Title{
		{Kind: library.Series, Identity: at(), Name: name, Matched: library.SureName},
		{Kind: library.Season, Identity: at(season), Name: "Season " + strconv.Itoa(season), Season: season},
		{
			Kind: library.Episode, Identity: at(season, episode), Name: "Episode " + strconv.Itoa(episode), Season: season,
			Episode: episode, EpisodeLast: episode,
		},
	}
}

// knew stores a file of the disk with the titles that the old build gave it.
func (o *oldLibrary) knew(path string, change func(*library.File), chain ...library.Title) id.Title {
	o.T.Helper()
	info, err := os.Stat(o.Path(path))
	if err != nil {
		o.T.Fatal(err)
	}
	c := library.Change{AtMS: 1}
	parent := id.Title("")
	for _, t := range chain {
		if t.ID = o.byID[t.Identity]; t.ID == "" {
			t.ID, t.Parent, t.AddedMS = id.New[id.Title](), parent, 1
			o.byID[t.Identity] = t.ID
			c.Titles = append(c.Titles, t)
			facts := library.Facts{Name: t.Name, Year: t.Year, Episode: t.Episode}
			if t.Kind == library.Season || t.Kind == library.Episode {
				season := t.Season
				facts.Season = &season
			}
			c.Descriptions = append(c.Descriptions, library.Description{Title: t.ID, Source: library.FromName, Facts: facts})
		}
		parent = t.ID
	}
	v := library.VideoFileOf(o.Path(path), info)
	f := library.File{
		ID: id.New[id.File](), Root: o.root.ID, Title: parent, Path: v.Path, Size: v.Size, ModTimeNS: v.ModTimeNS,
		Fingerprint: "of " + path, AddedMS: 1, SinceMS: 1, Art: library.ArtNone,
	}
	f.SetProbe(media.Probe{
		Size: v.Size, DurationUS: v.Size * 1_000_000, Video: []media.VideoTrack{{Codec: "h264", Width: 1920, Height: 1080}},
	})
	if change != nil {
		change(&f)
	}
	c.Files = []library.File{f}
	if err := o.Store.Apply(o.T.Context(), c); err != nil {
		o.T.Fatal(err)
	}
	return parent
}

func second(n int64) time.Time { return time.UnixMilli(n * 1000) }

// watch stores a position in a file, which makes a visit and, at the end, a mark.
func (o *oldLibrary) watch(p id.Profile, path string, at int64, positionMS int64) {
	o.T.Helper()
	f := o.FileAt(path)
	if err := o.Watching.SaveProgress(o.T.Context(), []player.Progress{{
		Profile: p, Title: f.Title, File: f.ID, PositionMS: positionMS, DurationMS: f.DurationMS, At: second(at),
	}}); err != nil {
		o.T.Fatal(err)
	}
}

func (o *oldLibrary) setMark(p id.Profile, t id.Title, kind player.MarkKind, value int, at int64) {
	o.T.Helper()
	if err := o.Watching.SaveMarks(o.T.Context(), []player.Mark{
		{Profile: p, Title: t, Kind: kind, Value: value, At: second(at)},
	}); err != nil {
		o.T.Fatal(err)
	}
}

// rows are the files of the library, by path: kind, series, name and number of the title.
func (o *oldLibrary) rows() map[string]string {
	o.T.Helper()
	out := make(map[string]string)
	for _, f := range o.AllFiles() {
		x := o.title(f.Title)
		row := string(x.Kind) + ": "
		if x.SeriesName != "" {
			row += x.SeriesName + ": " + strconv.Itoa(x.Season) + "x" + strconv.Itoa(x.Title.Episode) + ": "
		}
		rel, err := filepath.Rel(o.Dir, f.Path)
		if err != nil {
			o.T.Fatal(err)
		}
		out[rel] = row + x.Name
	}
	return out
}

// left is what a profile left on the titles of the library: "progress 2.mkv", "visit", "listed".
func (o *oldLibrary) left(p id.Profile, titles map[string]id.Title) map[string][]string {
	o.T.Helper()
	var ids []id.Title
	for _, t := range titles {
		ids = append(ids, t)
	}
	positions, marks, err := o.Watching.Standings(o.T.Context(), p, ids)
	if err != nil {
		o.T.Fatal(err)
	}
	visits, err := o.Watching.Visits(o.T.Context(), p, player.Cursor{}, 100)
	if err != nil {
		o.T.Fatal(err)
	}
	out := make(map[string][]string)
	for name, t := range titles {
		var rows []string
		if x, ok := positions[t]; ok {
			rows = append(rows, "at "+strconv.Itoa(int(x.PositionMS/1000)))
		}
		for _, v := range visits {
			if v.Title == t {
				rows = append(rows, "visit "+strconv.Itoa(int(v.Began.UnixMilli()/1000)))
			}
		}
		for _, m := range marks {
			if m.Title == t {
				rows = append(rows, string(m.Kind)+" "+strconv.Itoa(m.Value))
			}
		}
		if slices.Sort(rows); len(rows) > 0 {
			out[name] = rows
		}
	}
	return out
}

const hour = 3600

func TestTitlesThatWereLumpedComeApart(t *testing.T) {
	t.Parallel()
	o := newOldLibrary(t, map[string]string{
		"March Lyon/1.mkv": "film 1", "March Lyon/2.mkv": "film number 2", "March Lyon/3.mkv": "film with number 3",
		"March Lyon/2.nfo": "<movie><title>The Second</title></movie>",
		"Numbered Show (2018)/Numbered Show - 01.mkv": "film 01", "Numbered Show (2018)/Numbered Show - 02.mkv": "film 02",
		"Numbered Show (2018)/Numbered Show - 03.mkv":           "film 03",
		"Numbered Show (2018)/Trailers/Teaser.mkv":              "film teaser",
		"Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv": "film 2049",
		"Heat (1995)/Heat (1995) - 1080p.mkv":                   "film heat",
		"Heat (1995)/Heat (1995) - 2160p.mkv":                   "film heat in 4K",
		"A.I. (2001).mkv":                                       "film ai",
		"Lyon 2/1.mkv":                                          "film pinned 1",
		"Lyon 2/2.mkv":                                          "film pinned 2",
		"Checked/1.mkv":                                         "film checked 1",
		"Checked/2.mkv":                                         "film checked 2",
		"Lost/Lost 1x01.mkv":                                    "film lost",
	})
	lyon := o.knew("March Lyon/1.mkv", nil, film("movie:march lyon:0:March Lyon:March Lyon", "March Lyon", 0)...)
	for _, path := range []string{"March Lyon/2.mkv", "March Lyon/3.mkv"} {
		o.knew(path, nil, film("movie:march lyon:0:March Lyon:March Lyon", "March Lyon", 0)...)
	}
	show := o.knew("Numbered Show (2018)/Numbered Show - 01.mkv", nil, film("movie:numbered show:2018", "Numbered Show", 2018)...)
	for _, path := range []string{"02", "03"} {
		o.knew("Numbered Show (2018)/Numbered Show - "+path+".mkv", nil, film("movie:numbered show:2018", "Numbered Show", 2018)...)
	}
	teaser := o.knew("Numbered Show (2018)/Trailers/Teaser.mkv", nil, append(
		film("movie:numbered show:2018", "Numbered Show", 2018),
		library.Title{Kind: library.Extra, Extra: library.Trailer, Identity: "extra:numbered show:2018:trailer:teaser", Name: "Teaser"},
	)...)
	blade := o.knew("Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv", nil, episodeOf("series:blade runner:0", "Blade Runner", 1, 2049)...)
	heat := o.knew("Heat (1995)/Heat (1995) - 1080p.mkv", nil, film("movie:heat:1995", "Heat", 1995)...)
	o.knew("Heat (1995)/Heat (1995) - 2160p.mkv", nil, film("movie:heat:1995", "Heat", 1995)...)
	o.knew("A.I. (2001).mkv", nil, film("movie:a i:2001", "A.I.", 2001)...)
	pin := func(f *library.File) { f.Pinned = true }
	pinned := o.knew("Lyon 2/1.mkv", pin, film("movie:lyon 2:0:Lyon 2:Lyon 2", "Lyon 2", 0)...)
	o.knew("Lyon 2/2.mkv", pin, film("movie:lyon 2:0:Lyon 2:Lyon 2", "Lyon 2", 0)...)
	checked := film("movie:checked:0:Checked:Checked", "Checked", 0)
	checked[0].Matched = library.SureChecked
	o.knew("Checked/1.mkv", nil, checked...)
	o.knew("Checked/2.mkv", nil, checked...)
	o.knew("Lost/Lost 1x01.mkv", nil, episodeOf("series:lost:0", "Lost", 1, 1)...)
	series := o.byID["series:blade runner:0"]

	// p saw the third clip to the end and then half of the second; q only marked the title; r watched nothing.
	o.watch("p", "March Lyon/3.mkv", 10*hour, 18_000)
	o.watch("p", "March Lyon/2.mkv", 30*hour, 5_000)
	o.setMark("p", lyon, player.MarkListed, 1, 31*hour)
	o.setMark("q", lyon, player.MarkWatched, 1, 12*hour)
	o.setMark("q", lyon, player.MarkRating, -1, 12*hour)
	o.setMark("r", show, player.MarkListed, 1, 12*hour)
	o.watch("p", "Numbered Show (2018)/Numbered Show - 02.mkv", 50*hour, 4_000)
	o.setMark("p", show, player.MarkRating, 1, 51*hour)
	o.watch("p", "Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv", 70*hour, 4_000)
	o.setMark("q", series, player.MarkListed, 1, 71*hour)
	o.watch("q", "Heat (1995)/Heat (1995) - 2160p.mkv", 72*hour, 4_000)
	o.must(o.Store.Apply(t.Context(), library.Change{AtMS: 1, Descriptions: []library.Description{
		{Title: show, Source: library.FromOwner, Facts: library.Facts{Tagline: "It counts."}},
		{Title: lyon, Source: library.FromOwner, Facts: library.Facts{Tagline: "Lyon in March."}},
		{Title: series, Source: library.FromOwner, Facts: library.Facts{Tagline: "Not a series."}},
		{Title: lyon, Source: library.FromNFO, Revision: "1|2|" + o.Path("March Lyon/2.nfo"), Facts: library.Facts{Name: "The Second"}},
		{Title: show, Source: library.FromProvider, Revision: "tmdb:1", Facts: library.Facts{Overview: "Of a film."}},
		{Title: heat, Source: library.FromProvider, Revision: "tmdb:2", Facts: library.Facts{Overview: "Of Heat."}},
	}}))

	o.Start()
	o.must(o.WaitForSidecars(t.Context()))
	want := map[string]string{
		"March Lyon/1.mkv": "movie: March Lyon 1", "March Lyon/2.mkv": "movie: The Second",
		"March Lyon/3.mkv": "movie: March Lyon 3",
		"Numbered Show (2018)/Numbered Show - 01.mkv":           "episode: Numbered Show: 1x1: Episode 1",
		"Numbered Show (2018)/Numbered Show - 02.mkv":           "episode: Numbered Show: 1x2: Episode 2",
		"Numbered Show (2018)/Numbered Show - 03.mkv":           "episode: Numbered Show: 1x3: Episode 3",
		"Numbered Show (2018)/Trailers/Teaser.mkv":              "extra: Numbered Show: 0x0: Teaser",
		"Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv": "movie: Blade Runner 2049",
		"Heat (1995)/Heat (1995) - 1080p.mkv":                   "movie: Heat",
		"Heat (1995)/Heat (1995) - 2160p.mkv":                   "movie: Heat",
		"A.I. (2001).mkv":                                       "movie: A.I.", "Lyon 2/1.mkv": "movie: Lyon 2", "Lyon 2/2.mkv": "movie: Lyon 2",
		"Checked/1.mkv": "movie: Checked", "Checked/2.mkv": "movie: Checked",
		"Lost/Lost 1x01.mkv": "episode: Lost: 1x1: Episode 1",
	}
	if diff := cmp.Diff(want, o.rows()); diff != "" {
		t.Errorf("the titles of files (-want +got):\n%s", diff)
	}
	at := func(path string) id.Title { return o.FileAt(path).Title }
	numbered := o.title(at("Numbered Show (2018)/Numbered Show - 01.mkv")).SeriesID
	titles := map[string]id.Title{
		"lyon 1": at("March Lyon/1.mkv"), "lyon 2": at("March Lyon/2.mkv"), "lyon 3": at("March Lyon/3.mkv"),
		"show": numbered, "show 1": at("Numbered Show (2018)/Numbered Show - 01.mkv"),
		"show 2":     at("Numbered Show (2018)/Numbered Show - 02.mkv"),
		"show 3":     at("Numbered Show (2018)/Numbered Show - 03.mkv"),
		"blade":      at("Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv"),
		"old series": series, "heat": heat,
	}
	for name, was := range map[string]id.Title{
		"lyon 1": lyon, "show 1": show, "blade": blade, "heat": heat,
	} {
		if titles[name] != was {
			t.Errorf("%s is %s, was %s", name, titles[name], was)
		}
	}
	if at("Lyon 2/1.mkv") != pinned || at("Lyon 2/2.mkv") != pinned || at("Checked/1.mkv") != at("Checked/2.mkv") {
		t.Error("what a person decided moved")
	}
	for p, want := range map[id.Profile]map[string][]string{
		"p": {
			"lyon 2": {"at 5", "listed 1", "visit 108000"}, "lyon 3": {"visit 36000", "watched 1"},
			"show 2": {"at 4", "visit 180000"}, "show": {"rating 1"}, "blade": {"at 4", "visit 252000"},
		},
		"q": {
			"lyon 1": {"rating -1", "watched 1"}, "blade": {"listed 1"}, "heat": {"at 4", "visit 259200"},
		},
		"r": {"show": {"listed 1"}},
	} {
		if diff := cmp.Diff(want, o.left(p, titles)); diff != "" {
			t.Errorf("what %s left (-want +got):\n%s", p, diff)
		}
	}
	for name, want := range map[string]string{
		"show": "It counts.", "lyon 1": "Lyon in March.", "blade": "Not a series.", "show 1": "", "lyon 2": "",
	} {
		if got := o.title(titles[name]).Tagline; got != want {
			t.Errorf("%s has the tagline %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"show 1": "", "show": "", "heat": "Of Heat."} {
		if got := o.title(titles[name]).Overview; name != "heat" && got != want {
			t.Errorf("%s has the overview %q", name, got)
		}
	}
	if got, err := o.Store.TitlesByID(t.Context(), []id.Title{teaser}); err != nil || got[teaser].Parent != numbered {
		t.Errorf("the teaser is of %s (%v), want %s", got[teaser].Parent, err, numbered)
	}
	if diff := cmp.Diff(
		[]string{"A.I.", "Blade Runner 2049", "Checked", "Heat", "Lost", "Lyon 2", "March Lyon 1", "March Lyon 3", "Numbered Show", "The Second"},
		o.Names(),
	); diff != "" {
		t.Errorf("the wall (-want +got):\n%s", diff)
	}
	if roots, err := o.Roots(t.Context()); err != nil || roots[0].NamingRules != naming.Rules {
		t.Errorf("the root is %+v (%v)", roots, err)
	}
}

// An age that a person gave a title hides all of its files from children, whatever they turn out to be.
func TestAnAgeStaysWithEveryFile(t *testing.T) {
	t.Parallel()
	o := newOldLibrary(t, map[string]string{
		"Lyon/1.mkv": "film 1", "Lyon/2.mkv": "film 2", "Lyon/3.mkv": "film 3",
		"Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv": "film 2049",
		"Numbered Show (2018)/Numbered Show - 01.mkv":           "film 01", "Numbered Show (2018)/Numbered Show - 02.mkv": "film 02",
		"Heat (1995)/Heat (1995).mkv": "film heat", "Heat (1995)/Ronin (1998).mkv": "film ronin",
	})
	var lyon id.Title
	for _, n := range []string{"1", "2", "3"} {
		lyon = o.knew("Lyon/"+n+".mkv", nil, film("movie:lyon:0:Lyon:Lyon", "Lyon", 0)...)
	}
	o.knew("Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv", nil, episodeOf("series:blade runner:0", "Blade Runner", 1, 2049)...)
	var show, heat id.Title
	for _, n := range []string{"01", "02"} {
		show = o.knew("Numbered Show (2018)/Numbered Show - "+n+".mkv", nil, film("movie:numbered show:2018", "Numbered Show", 2018)...)
	}
	for _, n := range []string{"Heat (1995)", "Ronin (1998)"} {
		heat = o.knew("Heat (1995)/"+n+".mkv", nil, film("movie:heat:1995", "Heat", 1995)...)
	}
	age := 18
	for _, x := range []id.Title{lyon, o.byID["series:blade runner:0"], show, heat} {
		o.must(o.SetAge(t.Context(), x, &age))
	}
	o.Start()
	o.must(o.WaitForSidecars(t.Context()))
	for path := range o.rows() {
		shown, err := o.Store.Cards(t.Context(), library.Audience{MaxAge: 12, Unrated: true}, []id.Title{o.FileAt(path).Title})
		if err != nil || len(shown) > 0 {
			t.Errorf("%s is shown to children: %v", path, err)
		}
	}
	if n := len(o.rows()); n != 8 {
		t.Errorf("there are %d files", n)
	}
}

// A title that exists already takes over from the one that was read wrongly, and of two positions the later one stays.
func TestATitleThatExistsTakesOver(t *testing.T) {
	t.Parallel()
	o := newOldLibrary(t, map[string]string{
		"Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv": "film 2049", "4K/Blade.Runner.2049.2017.2160p.mkv": "film 2049 in 4K",
	})
	episode := o.knew("Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv", nil, episodeOf("series:blade runner:0", "Blade Runner", 1, 2049)...)
	movie := o.knew("4K/Blade.Runner.2049.2017.2160p.mkv", nil, film("movie:blade runner 2049:2017", "Blade Runner 2049", 2017)...)
	series := o.byID["series:blade runner:0"]
	o.watch("p", "Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv", 10*hour, 5_000)
	o.watch("p", "4K/Blade.Runner.2049.2017.2160p.mkv", 20*hour, 3_000)
	o.watch("q", "Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv", 20*hour, 5_000)
	o.watch("q", "4K/Blade.Runner.2049.2017.2160p.mkv", 10*hour, 3_000)
	o.setMark("q", series, player.MarkListed, 1, 71*hour)
	o.setMark("r", episode, player.MarkWatched, 1, 71*hour)
	o.must(o.Store.Apply(t.Context(), library.Change{AtMS: 1, Descriptions: []library.Description{
		{Title: episode, Source: library.FromOwner, Facts: library.Facts{Tagline: "Of the episode."}},
	}}))
	o.Start()
	o.oneTitle("Blade Runner 2049 (2017)/Blade Runner 2049 (2017).mkv", "4K/Blade.Runner.2049.2017.2160p.mkv")
	if now := o.FileAt("4K/Blade.Runner.2049.2017.2160p.mkv").Title; now != movie {
		t.Errorf("it is %s, want %s", now, movie)
	}
	for p, want := range map[id.Profile]map[string][]string{
		"p": {"film": {"at 3", "visit 36000", "visit 72000"}},
		"q": {"film": {"at 5", "listed 1", "visit 36000", "visit 72000"}},
		"r": {"film": {"watched 1"}},
	} {
		if diff := cmp.Diff(want, o.left(p, map[string]id.Title{"film": movie, "episode": episode, "series": series})); diff != "" {
			t.Errorf("what %s left (-want +got):\n%s", p, diff)
		}
	}
	if got := o.title(movie).Tagline; got != "Of the episode." {
		t.Errorf("the film has the tagline %q", got)
	}
	known, err := o.Store.TitlesByID(t.Context(), []id.Title{episode, series})
	if err != nil || len(known) != 2 {
		t.Errorf("there are %d of the old titles (%v)", len(known), err)
	}
}

// A series that is read by another name keeps its title, seasons and episodes.
func TestASeriesThatIsReadAnewKeepsItsTitle(t *testing.T) {
	t.Parallel()
	o := newOldLibrary(t, map[string]string{
		"S.W.A.T/Season 1/S.W.A.T S01E01.mkv": "film 1", "S.W.A.T/Season 1/S.W.A.T S01E02.mkv": "film 2",
		"S.W.A.T/Season 2/S.W.A.T S02E01.mkv": "film 2 1",
	})
	first := o.knew("S.W.A.T/Season 1/S.W.A.T S01E01.mkv", nil, episodeOf("series:swat tv:0", "Swat TV", 1, 1)...)
	second := o.knew("S.W.A.T/Season 1/S.W.A.T S01E02.mkv", nil, episodeOf("series:swat tv:0", "Swat TV", 1, 3)...)
	o.knew("S.W.A.T/Season 2/S.W.A.T S02E01.mkv", nil, episodeOf("series:swat tv:0", "Swat TV", 2, 1)...)
	series, season := o.byID["series:swat tv:0"], o.byID["series:swat tv:0:1"]
	o.setMark("p", series, player.MarkListed, 1, hour)
	o.Start()
	one, two := o.title(o.FileAt("S.W.A.T/Season 1/S.W.A.T S01E01.mkv").Title), o.title(o.FileAt("S.W.A.T/Season 1/S.W.A.T S01E02.mkv").Title)
	if one.ID != first || two.ID != second || one.SeriesID != series || one.Parent != season || two.Title.Episode != 2 ||
		one.SeriesName != "S.W.A.T" {
		t.Errorf("they are %+v and %+v", one.Title, two.Title)
	}
	if diff := cmp.Diff(map[string][]string{"series": {"listed 1"}}, o.left("p", map[string]id.Title{"series": series})); diff != "" {
		t.Error(diff)
	}
}

// A file that is not there is read with those that were known beside it, and finds its own title when it returns.
func TestAMissingFileComesApartToo(t *testing.T) {
	t.Parallel()
	o := newOldLibrary(t, map[string]string{"Lyon/1.mkv": "film 1", "Lyon/2.mkv": "film 2", "Lyon/3.mkv": "film 3"})
	lyon := film("movie:lyon:0:Lyon:Lyon", "Lyon", 0)
	o.knew("Lyon/1.mkv", nil, lyon...)
	o.knew("Lyon/2.mkv", nil, lyon...)
	o.knew("Lyon/3.mkv", func(f *library.File) { f.State = library.Missing }, lyon...)
	o.watch("p", "Lyon/3.mkv", 10*hour, 4_000)
	o.Remove("Lyon/3.mkv")
	o.Start()
	third := o.FileAt("Lyon/3.mkv").Title
	if third == o.FileAt("Lyon/1.mkv").Title || third == o.FileAt("Lyon/2.mkv").Title {
		t.Fatal("the third is still one of the others")
	}
	if diff := cmp.Diff(map[string][]string{"3": {"at 4", "visit 36000"}}, o.left("p", map[string]id.Title{"3": third})); diff != "" {
		t.Error(diff)
	}
	o.Write("Lyon/3.mkv", "film 3")
	o.ScanAll()
	if f := o.FileAt("Lyon/3.mkv"); f.Title != third || f.State != library.Present {
		t.Errorf("it is %+v, want title %s", f, third)
	}
}

// failingStore fails after some changes, as that of a server that is killed does, and counts how often names are read anew.
type failingStore struct {
	librarytest.Store
	left, walks atomic.Int64 // changes until it fails; calls of FilesByWork
}

var errKilled = errors.New("killed")

func (s *failingStore) Apply(ctx context.Context, c library.Change) error {
	if len(c.Handovers) > 0 && s.left.Add(-1) < 0 {
		return errKilled
	}
	return s.Store.Apply(ctx, c)
}

func (s *failingStore) FilesByWork(ctx context.Context, r id.Root) iter.Seq2[library.FileOfWork, error] {
	s.walks.Add(1)
	return s.Store.FilesByWork(ctx, r)
}

func TestReadingAnewGoesOnAfterItWasInterrupted(t *testing.T) {
	t.Parallel()
	files := make(map[string]string)
	for _, dir := range []string{"A", "B", "C", "D", "E"} {
		for _, n := range []string{"1", "2", "3"} {
			files[dir+"/"+n+".mkv"] = "film " + dir + n
		}
	}
	o := newOldLibrary(t, files)
	for _, dir := range []string{"A", "B", "C", "D", "E"} {
		for _, n := range []string{"1", "2", "3"} {
			o.knew(dir+"/"+n+".mkv", nil, film("movie:"+dir+":0:"+dir+":"+dir, dir, 0)...)
		}
		o.watch("p", dir+"/2.mkv", 10*hour, 4_000)
	}
	store := &failingStore{Store: o.Store}
	store.left.Store(2)
	o.AdjustMetadata = func(opts *metadata.Options) { opts.Store = store }
	o.Build()
	stop := o.Start()
	if roots, err := o.Roots(t.Context()); err != nil || roots[0].NamingRules != 0 || len(o.Names()) == 15 {
		t.Errorf("the root is %+v (%v), there are %v", roots, err, o.Names())
	}
	stop()
	store.left.Store(1000)
	before := store.walks.Load()
	o.Build()
	o.Start()
	for range 3 {
		o.ScanAll()
	}
	if got := o.Names(); len(got) != 15 {
		t.Errorf("there are %v", got)
	}
	for _, dir := range []string{"A", "B", "C", "D", "E"} {
		titles := map[string]id.Title{"1": o.FileAt(dir + "/1.mkv").Title, "2": o.FileAt(dir + "/2.mkv").Title}
		if diff := cmp.Diff(map[string][]string{"2": {"at 4", "visit 36000"}}, o.left("p", titles)); diff != "" {
			t.Errorf("%s: %s", dir, diff)
		}
	}
	if n := store.walks.Load() - before; n != 1 {
		t.Errorf("names were read anew %d times, want once", n)
	}
}

func (h *harness) must(err error) {
	h.T.Helper()
	if err != nil {
		h.T.Fatal(err)
	}
}
