package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"movify/library/catalogue"
	"movify/library/metadata"
	"movify/library/scan"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/artwork"
	"movify/pkg/id"
	"movify/pkg/media"
)

// LibraryStore is the store of the library and of the packages below it.
type LibraryStore interface {
	scan.Store
	metadata.Store
	artwork.Store
	catalogue.Store
}

// Library runs the conformance suite of LibraryStore. open gives an empty store for each test.
func Library(t *testing.T, open func(*testing.T) LibraryStore) {
	t.Helper()
	all := map[string]func(*testing.T, libraryStore){
		"a root is saved, replaced and listed oldest first":    roots,
		"a removed root leaves its files behind":               rootRemoval,
		"a file comes back as it went in":                      fileRoundTrip,
		"a path of any bytes is found again":                   hostilePaths,
		"known files are those at or below a path":             knownBelow,
		"a ladder is wanted once and for all":                  wantedLadders,
		"the ladders of a root and of a title are wanted":      wantedTogether,
		"footage is summed up by root and height":              footage,
		"files are listed newest first and by state":           fileLists,
		"contents are read page by page":                       contentPages,
		"a still is kept for the content it was made of":       stills,
		"a title comes back as it went in":                     titleRoundTrip,
		"the best file stands for a title":                     leads,
		"a series shows its first episode":                     seriesLead,
		"an episode that leaves a series is no longer its own": regroup,
		"walls are filtered and counted":                       filters,
		"an order by chance is one over all pages":             orders,
		"pages follow each other without gap or repeat":        pages,
		"a search is for text and not for a pattern":           search,
		"the next episode crosses seasons":                     nextEpisode,
		"a special comes at its place":                         nextSpecial,
		"specials without a number share a place":              unnumberedSpecials,
		"the episodes of a series are read at once":            episodes,
		"a change is all or nothing":                           atomic,
		"an audience sees what is rated for it":                audiences,
		"an episode is for those who may see its series":       seriesAges,
		"a series shows no picture of a hidden episode":        hiddenLead,
		"a scan leaves ratings as they are":                    agesSurviveAScan,
		"losses are counted by root, time and reason":          losses,
		"the bin lists what is missing and forgets the old":    bin,
		"films are listed with what describes them":            besides,
		"subtitles are replaced file by file":                  subtitles,
		"titles are looked up once":                            unasked,
	}
	maps.Copy(all, describedTitles())
	maps.Copy(all, searchedTitles())
	maps.Copy(all, picturesOfTitles())
	for name, test := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, libraryStore{t, open(t)})
		})
	}
}

// libraryStore is a store with short words for the steps of tests.
type libraryStore struct {
	t *testing.T
	LibraryStore
}

func (s libraryStore) ctx() context.Context { return s.t.Context() }

func (s libraryStore) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s libraryStore) apply(c library.Change) {
	s.t.Helper()
	s.must(s.Apply(s.ctx(), c))
}

// movie keeps a film with one present file and gives both.
func (s libraryStore) movie(name string, year int, addedMS int64) (library.Title, library.File) {
	s.t.Helper()
	title := library.Title{
		ID: id.New[id.Title](), Kind: library.Movie, Identity: "movie:" + name + fmt.Sprint(year), Name: name, Year: year,
		AddedMS: addedMS,
	}
	file := present(title.ID, "/films/"+name+".mkv")
	file.AddedMS = addedMS
	s.apply(library.Change{Titles: []library.Title{title}, Files: []library.File{file}})
	return title, file
}

// episode keeps an episode, with its season and series when they are new, and gives its title and file.
func (s libraryStore) episode(series string, season, episode int) (library.Title, library.File) {
	s.t.Helper()
	chain := []library.Title{
		{Kind: library.Series, Identity: series, Name: series},
		{Kind: library.Season, Identity: fmt.Sprint(series, ":", season), Name: "Season", Season: season},
		{
			Kind: library.Episode, Identity: fmt.Sprint(series, ":", season, ":", episode),
			Name: fmt.Sprint("Episode ", episode), Season: season, Episode: episode, EpisodeLast: episode,
		},
	}
	known, err := s.TitlesByIdentity(s.ctx(), []string{chain[0].Identity, chain[1].Identity})
	s.must(err)
	var c library.Change
	parent := id.Title("")
	for _, t := range chain {
		if k, ok := known[t.Identity]; ok {
			parent = k.ID
			continue
		}
		t.ID, t.Parent = id.New[id.Title](), parent
		parent = t.ID
		c.Titles = append(c.Titles, t)
	}
	leaf := c.Titles[len(c.Titles)-1]
	file := present(leaf.ID, fmt.Sprintf("/shows/%s/%d/%d.mkv", series, season, episode))
	c.Files = []library.File{file}
	s.apply(c)
	return leaf, file
}

func present(title id.Title, path string) library.File {
	return library.File{
		ID: id.New[id.File](), Root: "root", Title: title, Path: path, Size: 1 << 40, ModTimeNS: 1_700_000_000_123_456_789,
		Fingerprint: "print of " + path, State: library.Present, DurationMS: 5_400_000, Height: 1080, AddedMS: 7, SinceMS: 7,
		Probe: media.Probe{Format: "matroska,webm", Size: 1 << 40, DurationUS: 5_400_000_000,
			Video: []media.VideoTrack{
				{Index: 0, Codec: "h264", Width: 1920, Height: 1080, FrameRate: media.Ratio{Num: 24000, Den: 1001}},
			},
			Audio: []media.AudioTrack{{Index: 1, Codec: "aac", Channels: 2, SampleRate: 48000, Language: "eng"}}},
	}
}

func roots(t *testing.T, s libraryStore) {
	first := library.Root{ID: "b", Path: "/films", State: library.Present, AddedMS: 1}
	second := library.Root{ID: "a", Path: "/sh\xffows", State: library.Present, AddedMS: 2}
	s.must(s.SaveRoot(s.ctx(), second))
	s.must(s.SaveRoot(s.ctx(), first))
	first.State, first.Code, first.Reason = library.Unreachable, "root_away", "Gone."
	first.SinceMS, first.ScannedMS, first.ChangedMS = 8, 9, 10
	first.CostMS, first.AcceptedMS, first.Disk = 11, 12, library.Disk{Kind: "ext4", ID: "ef53:1"}
	first.Held, first.WatchMethod, first.PollS = library.Held{Missing: 60, Of: 90, SinceMS: 13}, library.MethodPoll, 45
	first.NamingRules, first.Ladder = 3, media.LadderNever
	s.must(s.SaveRoot(s.ctx(), first))
	got, err := s.Roots(s.ctx())
	s.must(err)
	if diff := cmp.Diff([]library.Root{first, second}, got); diff != "" {
		t.Error(diff)
	}
}

func rootRemoval(t *testing.T, s libraryStore) {
	s.must(s.SaveRoot(s.ctx(), library.Root{ID: "root", Path: "/films", State: library.Present}))
	title, file := s.movie("Heat", 1995, 1)
	sizes, err := s.RootSizes(s.ctx())
	s.must(err)
	if sizes["root"] != 1 {
		t.Errorf("the root counts %d files, want 1", sizes["root"])
	}
	s.must(s.RemoveRoot(s.ctx(), "root", "root_removed", "Gone.", 99))
	if sizes, err = s.RootSizes(s.ctx()); err != nil || sizes["root"] != 0 {
		t.Errorf("the root counts %d files (%v), want none", sizes["root"], err)
	}
	got, err := s.File(s.ctx(), file.ID)
	s.must(err)
	if got.State != library.Missing || got.Code != "root_removed" || got.Reason != "Gone." || got.SinceMS != 99 {
		t.Errorf("the file is %s %q %q since %d", got.State, got.Code, got.Reason, got.SinceMS)
	}
	if _, err := s.BestFile(s.ctx(), library.Unrestricted(), title.ID); !errors.Is(err, library.ErrNoFile) {
		t.Errorf("its title has a file: %v", err)
	}
	if err := s.RemoveRoot(s.ctx(), "root", "", "", 0); !errors.Is(err, library.ErrRootNotFound) {
		t.Errorf("got %v, want ErrRootNotFound", err)
	}
}

func fileRoundTrip(t *testing.T, s libraryStore) {
	title, want := s.movie("Heat", 1995, 1)
	want.Art, want.Color = library.ArtStill, "#102030"
	s.apply(library.Change{Files: []library.File{want}})
	for name, read := range map[string]func() (library.File, error){
		"by ID":   func() (library.File, error) { return s.File(s.ctx(), want.ID) },
		"by path": func() (library.File, error) { return s.fileAt(want.Path) },
		"best of": func() (library.File, error) { return s.BestFile(s.ctx(), library.Unrestricted(), title.ID) },
	} {
		got, err := read()
		s.must(err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if _, err := s.File(s.ctx(), "none"); !errors.Is(err, library.ErrFileNotFound) {
		t.Errorf("got %v, want ErrFileNotFound", err)
	}
}

// fileAt gives the file known at a path, or ErrFileNotFound.
func (s libraryStore) fileAt(path string) (library.File, error) {
	files, err := s.FilesByPath(s.ctx(), []string{path, "/none"})
	f, known := files[path]
	if err == nil && !known {
		err = library.ErrFileNotFound
	}
	return f, err
}

func hostilePaths(t *testing.T, s libraryStore) {
	var files []library.File
	for _, name := range []string{
		"100%d", `quo"te's`, "new\nline", "bad\xff\xfeutf8", `back\slash`, `\xff`, "\xff", `\\`, "nul-free\x01", "ünï",
		"' OR 1=1 --",
	} {
		f := present("", "/films/"+name+"/"+name+".mkv")
		f.Code, f.Reason = "", name
		f.Reason = ""
		files = append(files, f)
	}
	s.apply(library.Change{Files: files})
	for _, want := range files {
		got, err := s.fileAt(want.Path)
		s.must(err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", want.Path, diff)
		}
	}
	known, err := s.KnownFiles(s.ctx(), "root", "/films")
	s.must(err)
	if len(known) != len(files) {
		t.Errorf("%d files are known, want %d", len(known), len(files))
	}
}

func knownBelow(t *testing.T, s libraryStore) {
	for i, path := range []string{
		"/a/one.mkv", "/a/b/two.mkv", "/a/b2/three.mkv", "/a/b/c/four.mkv", "/A/B/five.mkv", "/a/b\xff/six.mkv",
		"/a/%/seven.mkv",
	} {
		f := present("", path)
		f.ID = id.File(fmt.Sprint(i))
		s.apply(library.Change{Files: []library.File{f}})
	}
	other := present("", "/a/b/other.mkv")
	other.Root = "elsewhere"
	s.apply(library.Change{Files: []library.File{other}})
	for path, want := range map[string][]string{
		"/":            {"0", "1", "2", "3", "4", "5", "6"},
		"/a":           {"0", "1", "2", "3", "5", "6"},
		"/a/b":         {"1", "3"},
		"/a/b/two.mkv": {"1"},
		"/a/b\xff":     {"5"},
		"/a/%":         {"6"},
		"/a/_":         nil,
	} {
		known, err := s.KnownFiles(s.ctx(), "root", path)
		s.must(err)
		var got []string
		for _, k := range known {
			got = append(got, string(k.ID))
			if !k.Examined || k.State != library.Present || k.Size != 1<<40 {
				t.Errorf("%+v", k)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("below %q: %s", path, diff)
		}
	}
}

func fileLists(t *testing.T, s libraryStore) {
	_, old := s.movie("Old", 1990, 1)
	_, young := s.movie("Young", 1990, 2)
	bad := present("", "/films/bad.mkv")
	bad.Probe, bad.State, bad.Code, bad.Reason = media.Probe{}, library.Attention, "no_picture", "There is no picture."
	s.apply(library.Change{Files: []library.File{bad}})
	names := func(files []library.File, err error) []id.File {
		s.must(err)
		out := []id.File{}
		for _, f := range files {
			out = append(out, f.ID)
		}
		return out
	}
	all := []id.File{young.ID, old.ID}
	contents, err := s.Contents(s.ctx(), library.Content{}, 10)
	s.must(err)
	want := []library.Content{
		{File: young.ID, Fingerprint: young.Fingerprint, AddedMS: young.AddedMS, Root: "root"},
		{File: old.ID, Fingerprint: old.Fingerprint, AddedMS: old.AddedMS, Root: "root"},
	}
	if diff := cmp.Diff(want, contents); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(all, names(s.FilesWithoutArt(s.ctx(), 10))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]id.File{bad.ID}, names(s.InState(s.ctx(), library.Attention))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]id.File{old.ID}, names(s.FilesByFingerprint(s.ctx(), old.Fingerprint))); diff != "" {
		t.Error(diff)
	}
	counts, err := s.Counts(s.ctx(), library.Unrestricted())
	s.must(err)
	if want := (library.Counts{Titles: 2, Files: 2, Attention: 1}); counts != want {
		t.Errorf("got %+v, want %+v", counts, want)
	}
}

func stills(t *testing.T, s libraryStore) {
	_, f := s.movie("Heat", 1995, 1)
	s.must(s.SaveArt(s.ctx(), f.ID, "another content", library.ArtStill, "#ffffff"))
	got, err := s.File(s.ctx(), f.ID)
	s.must(err)
	if got.Art != library.ArtWanted {
		t.Errorf("a still of other content was kept")
	}
	s.must(s.SaveArt(s.ctx(), f.ID, f.Fingerprint, library.ArtStill, "#102030"))
	got, err = s.File(s.ctx(), f.ID)
	s.must(err)
	if got.Art != library.ArtStill || got.Color != "#102030" {
		t.Errorf("got %q %q", got.Art, got.Color)
	}
}

func titleRoundTrip(t *testing.T, s libraryStore) {
	want := library.Title{
		ID: "t", Kind: library.Movie, Identity: "movie:x", Name: "Ein Fall für \"Zwei\"", Year: 1981, Overview: "…",
		Evidence: map[string]string{"year": "folder name"}, AddedMS: 5,
	}
	s.apply(library.Change{Titles: []library.Title{want}})
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{"none", "t"})
	s.must(err)
	if diff := cmp.Diff([]library.Card{{Title: want}}, cards); diff != "" {
		t.Error(diff)
	}
	byIdentity, err := s.TitlesByIdentity(s.ctx(), []string{"movie:x", "movie:y"})
	s.must(err)
	if diff := cmp.Diff(map[string]library.Title{"movie:x": want}, byIdentity); diff != "" {
		t.Error(diff)
	}
	if none, err := s.TitlesByIdentity(s.ctx(), nil); err != nil || len(none) != 0 {
		t.Errorf("got %v, %v", none, err)
	}
}

// Page gives a page of the walls, as a service over the store does.
func (s libraryStore) Page(ctx context.Context, a library.Audience, q catalogue.Query) (catalogue.Page, error) {
	return catalogue.New(catalogue.Options{Store: s.LibraryStore}).Titles(ctx, a, q)
}

// contentPages reads the contents page by page, with files of one moment in different pages.
func contentPages(t *testing.T, s libraryStore) {
	_, old := s.movie("Old", 1990, 1)
	var change library.Change
	for i := range 5 {
		f := present("", fmt.Sprintf("/films/same moment %d.mkv", i))
		f.AddedMS = 1000
		change.Files = append(change.Files, f)
	}
	s.apply(change)
	whole, err := s.Contents(s.ctx(), library.Content{}, 10)
	s.must(err)
	if len(whole) != 6 || whole[4].AddedMS != 1000 || whole[5].File != old.ID {
		t.Errorf("all contents are %+v", whole)
	}
	var paged []library.Content
	for after := (library.Content{}); ; {
		page, err := s.Contents(s.ctx(), after, 2)
		s.must(err)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		after = page[len(page)-1]
	}
	if diff := cmp.Diff(whole, paged); diff != "" {
		t.Error(diff)
	}
}
