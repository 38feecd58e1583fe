package metadata_test

import (
	"context"
	"errors"
	"image/color"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"movify/library"
	"movify/library/librarytest"
	"movify/pkg/id"
)

// provider knows a few works.
type provider struct {
	mu    sync.Mutex
	asked map[string]int
	away  bool
	photo []byte        // what every picture of it is
	first chan struct{} // closed at the first request; nil = not awaited
	heard sync.Once
}

type known struct {
	id, name string
	year     int
	kind     library.Kind
}

func providerWorks() []known {
	return []known{
		{"1", "Heat", 1995, library.Movie}, {"2", "Twins", 2000, library.Movie}, {"3", "Twins", 2000, library.Movie},
		{"4", "Heat, the Other", 1986, library.Movie},
		{"10", "Lost", 2004, library.Series}, {"11", "Found", 2001, library.Series},
	}
}

func (p *provider) count(what string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[what]
}

func (p *provider) note(what string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[what]++
	if p.first != nil {
		p.heard.Do(func() { close(p.first) })
	}
	if p.away {
		return library.ErrProviderAway
	}
	return nil
}

func (p *provider) leave(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

func (*provider) Name() string { return "tmdb" }

func (p *provider) Search(_ context.Context, kind library.Kind, name string, _ int) ([]library.Candidate, error) {
	var out []library.Candidate
	for _, k := range providerWorks() {
		if k.kind == kind && strings.Contains(k.name, name) {
			out = append(out, library.Candidate{Provider: "tmdb", ID: k.id, Name: k.name, Year: k.year})
		}
	}
	return out, p.note("search " + name)
}

func (p *provider) Find(_ context.Context, _ library.Kind, provider, value string) (string, error) {
	if provider == "imdb" && value == "tt0113277" {
		return "1", p.note("find")
	}
	return "", p.note("find")
}

func (p *provider) Work(_ context.Context, kind library.Kind, work string) (library.ProviderWork, error) {
	if work == "666" {
		return library.ProviderWork{}, library.ErrProviderUnclear
	}
	for _, k := range providerWorks() {
		if k.id == work && k.kind == kind {
			return library.ProviderWork{Facts: library.Facts{
				Name: k.name, Year: k.year, Overview: "Work " + work + ".", IDs: map[string]string{"tmdb": work},
			},
				Pictures: map[library.PictureKind]string{library.Poster: "poster of " + work}}, p.note("work " + work)
		}
	}
	return library.ProviderWork{}, library.ErrMatchNotFound
}

func (p *provider) Season(_ context.Context, series string, number int) (library.ProviderSeason, error) {
	out := library.ProviderSeason{Episodes: make(map[int]library.ProviderWork)}
	out.Facts.Overview = "Season " + strconv.Itoa(number) + " of " + series + "."
	for n := range 2 {
		out.Episodes[n+1] = library.ProviderWork{Facts: library.Facts{Name: series + " episode " + strconv.Itoa(n+1)}}
	}
	return out, p.note("season " + series + "/" + strconv.Itoa(number))
}

func (p *provider) Picture(_ context.Context, address string) ([]byte, error) {
	if p.photo == nil {
		return nil, errors.New("no picture " + address)
	}
	return p.photo, p.note(address)
}

// notes gives the notes about what the provider said.
func (h *harness) providerNotes(t id.Title) string {
	h.T.Helper()
	all, err := h.Store.Descriptions(h.T.Context(), []id.Title{t})
	if err != nil {
		h.T.Fatal(err)
	}
	for _, d := range all[t] {
		if d.Source == library.FromProvider {
			return strings.Join(d.Notes, " ")
		}
	}
	return ""
}

func TestTheProviderIsAskedAndNeverGuessed(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv":                 "film heat",
		"Twins (2000)/Twins (2000).mkv":               "film twins",
		"Twins B (2000) [tmdbid-3]/Twins B.mkv":       "film twins b",
		"Heat.mkv":                                    "film heat, of no year",
		"Unclear (1999) [tmdbid-666]/Unclear.mkv":     "film unclear",
		"Nowhere (2011)/Nowhere (2011).mkv":           "film nowhere",
		"Else (2012)/Else (2012).mkv":                 "film else",
		"Else (2012)/movie.nfo":                       "<movie><title>Mine</title><uniqueid type='tmdb'>4</uniqueid></movie>",
		"Lost/Season 1/Lost.S01E01.mkv":               "film lost one",
		"Lost/Season 1/Lost.S01E02-E03.mkv":           "film lost two",
		"Lost/Season 1/Lost.S01E09.mkv":               "film lost nine",
		"Thief (1995) {imdb-tt0113277}/thief-cut.mkv": "film thief",
	})
	p := &provider{asked: make(map[string]int)}
	h.Provider = p
	h.Build()
	h.Start()
	is := func(name, overview string, matched library.Certainty) {
		t.Helper()
		h.Until(name+" is looked up", func() bool {
			got := h.title(h.FileAt(name).Title)
			return got.Overview == overview && (matched == "" || got.Matched == matched)
		})
	}
	is("Heat (1995)/Heat (1995).mkv", "Work 1.", library.SureName)
	is("Twins B (2000) [tmdbid-3]/Twins B.mkv", "Work 3.", library.SureID)
	is("Else (2012)/Else (2012).mkv", "Work 4.", "")
	h.Until("what cannot be understood is left", func() bool {
		return strings.Contains(
			h.providerNotes(h.FileAt("Unclear (1999) [tmdbid-666]/Unclear.mkv").Title), "does not understand",
		)
	})
	for _, name := range []string{"Twins (2000)/Twins (2000).mkv", "Heat.mkv", "Nowhere (2011)/Nowhere (2011).mkv"} {
		is(name, "", library.SureLittle)
		if h.providerNotes(h.FileAt(name).Title) == "" {
			t.Errorf("%s: no note says why", name)
		}
	}
	if got := h.title(h.FileAt("Else (2012)/Else (2012).mkv").Title); got.Name != "Mine" {
		t.Errorf("the provider's name %q goes before that of the NFO", got.Name)
	}
	one, two, nine := h.FileAt("Lost/Season 1/Lost.S01E01.mkv"), h.FileAt(
		"Lost/Season 1/Lost.S01E02-E03.mkv",
	), h.FileAt("Lost/Season 1/Lost.S01E09.mkv")
	h.Until("the episodes are looked up", func() bool { return h.providerNotes(nine.Title) != "" })
	if got := []string{
		h.title(one.Title).Name, h.title(two.Title).Name, h.title(nine.Title).Name,
	}; got[0] != "10 episode 1" || got[1] != "10 episode 2" || got[2] != "Episode 9" {
		t.Errorf("the episodes are called %q", got)
	}
	season, series := h.parents("Lost/Season 1/Lost.S01E01.mkv")
	if got := []string{h.title(season).Overview, h.title(series).Overview}; got[0] != "Season 1 of 10." ||
		got[1] != "Work 10." {
		t.Errorf("the season and the series say %q", got)
	}
	// The provider is not asked twice.
	h.Write("New (1999)/New (1999).mkv", "film new")
	h.ScanAll()
	h.Until("the new film is looked up", func() bool {
		return h.providerNotes(h.FileAt("New (1999)/New (1999).mkv").Title) != ""
	})
	if n, m := p.count("search Nowhere"), p.count("season 10/1"); n != 1 || m != 1 {
		t.Errorf("asked %d times for a film, %d times for a season", n, m)
	}
}

func TestAMatchIsFixedByHand(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Twins (2000)/Twins (2000).mkv":   "film twins",
		"Lost/Season 1/Lost.S01E01.mkv":   "film lost one",
		"Anything (1990)/Anything 90.mkv": "film anything",
	})
	ctx := t.Context()
	film := func() id.Title { return h.FileAt("Twins (2000)/Twins (2000).mkv").Title }
	h.Start()()
	if _, searched, err := h.Matches(ctx, film(), "", 0); searched || err != nil {
		t.Errorf("without a provider: searched %v, %v", searched, err)
	}
	if err := h.SetMatch(ctx, film(), "tmdb", "2"); !errors.Is(err, library.ErrNoProvider) {
		t.Errorf("without a provider: %v", err)
	}

	p := &provider{asked: make(map[string]int), away: true, first: make(chan struct{})}
	h.Provider = p
	h.Build()
	h.Start()
	select {
	case <-p.first:
	case <-time.After(librarytest.Timeout):
		t.Fatal("it was never asked")
	}
	if got := h.title(film()); got.Overview != "" || got.Matched == library.SureLittle {
		t.Errorf("a provider that is away leaves %q, %s", got.Overview, got.Matched)
	}
	p.leave(false)
	h.ScanAll()
	_, series := h.parents("Lost/Season 1/Lost.S01E01.mkv")
	h.Until("all are looked up", func() bool {
		return h.providerNotes(film()) != "" && h.title(series).Overview == "Work 10."
	})

	found, searched, err := h.Matches(ctx, film(), "", 0)
	if err != nil || !searched || len(found) != 2 || found[0].Certainty != library.SureName {
		t.Errorf("matches %+v, %v, %v", found, searched, err)
	}
	if found, _, err = h.Matches(ctx, film(), "Heat", 1986); err != nil || len(found) != 2 ||
		found[0].Certainty != library.SureLittle {
		t.Errorf("matches %+v, %v", found, err)
	}
	if err := h.SetMatch(ctx, film(), "tmdb", "2"); err != nil {
		t.Fatal(err)
	}
	if got := h.title(film()); got.Overview != "Work 2." || got.Matched != library.SureChecked {
		t.Errorf("it says %q, %s", got.Overview, got.Matched)
	}
	if err := h.SetMatch(ctx, series, "tmdb", "11"); err != nil {
		t.Fatal(err)
	}
	episode := h.FileAt("Lost/Season 1/Lost.S01E01.mkv").Title
	h.Until("the episode is that of the other series", func() bool { return h.title(episode).Name == "11 episode 1" })
	for name, err := range map[string]error{
		"another provider": h.SetMatch(ctx, film(), "imdb", "2"), "no such work": h.SetMatch(ctx, film(), "tmdb", "99"),
		"a work of another kind": h.SetMatch(ctx, film(), "tmdb", "10"),
	} {
		if !errors.Is(err, library.ErrMatchNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := h.SetMatch(ctx, episode, "tmdb", "2"); !errors.Is(err, library.ErrNotMatchable) {
		t.Errorf("an episode: %v", err)
	}
	other := h.FileAt("Anything (1990)/Anything 90.mkv").Title
	if err := h.Confirm(ctx, other); err != nil || h.title(other).Matched != library.SureChecked {
		t.Errorf("checked: %v, %s", err, h.title(other).Matched)
	}
	if err := h.Confirm(ctx, "none"); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("a title that is not there: %v", err)
	}
	// What a person chose outlives scans and a refresh.
	works := p.count("work 2")
	if err := h.Refresh(ctx, film()); err != nil {
		t.Fatal(err)
	}
	h.ScanAll()
	if got := h.title(film()); got.Overview != "Work 2." || got.Matched != library.SureChecked ||
		p.count("work 2") != works+1 {
		t.Errorf("it says %q, %s", got.Overview, got.Matched)
	}
	if err := h.Refresh(ctx, series); err != nil {
		t.Fatal(err)
	}
	h.Until("the episode is looked up again", func() bool {
		return h.title(episode).Name == "11 episode 1" && p.count("season 11/1") > 1
	})
}

func TestTheProvidersPosterGivesWayToThatBesideTheFilm(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv":              "film heat",
		"Twins B (2000) [tmdbid-3]/Twins B.mkv":    "film twins b",
		"Twins B (2000) [tmdbid-3]/poster.jpg":     librarytest.Picture(t, "jpg", 20, 30, color.White),
		"Nowhere (2011)/Nowhere (2011) remake.mkv": "film nowhere",
	})
	p := &provider{asked: make(map[string]int), photo: []byte(librarytest.Picture(t, "jpg", 40, 60, color.Black))}
	h.Provider = p
	h.Build()
	h.Start()
	posters := func(name string) map[library.PictureSource]int {
		t.Helper()
		title := h.FileAt(name).Title
		all, err := h.Store.Pictures(t.Context(), []id.Title{title})
		if err != nil {
			t.Fatal(err)
		}
		out := make(map[library.PictureSource]int)
		for _, x := range all[title] {
			if x.Kind == library.Poster && x.Key != "" {
				out[x.Source] = x.Width
			}
		}
		return out
	}
	for name, want := range map[string]map[library.PictureSource]int{
		"Heat (1995)/Heat (1995).mkv":           {library.ProviderPicture: 40},
		"Twins B (2000) [tmdbid-3]/Twins B.mkv": {library.ProviderPicture: 40, library.SidecarPicture: 20},
	} {
		h.Until(name+" has its posters", func() bool { return maps.Equal(posters(name), want) })
	}
	if err := h.Refresh(t.Context(), h.FileAt("Heat (1995)/Heat (1995).mkv").Title); err != nil {
		t.Fatal(err)
	}
	if n := p.count("poster of 1"); n != 1 {
		t.Errorf("its poster was fetched %d times", n)
	}
}

// A description that is read again stays visible until then.
func TestARefreshReadsTheNFOAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv": "film heat",
		"Heat (1995)/movie.nfo":       "<movie><title>First</title></movie>",
	})
	h.Start()
	film := h.FileAt("Heat (1995)/Heat (1995).mkv").Title
	h.Until("the name", func() bool { return h.title(film).Name == "First" })
	before := h.NFO.Count()
	if err := h.Refresh(t.Context(), film); err != nil {
		t.Fatal(err)
	}
	if got := h.title(film).Name; got != "First" {
		t.Errorf("it is called %q in between", got)
	}
	h.Until("it is read again", func() bool { return h.NFO.Count() > before })
}
