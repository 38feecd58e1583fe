package metadata_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

func (h *harness) edit(t id.Title, change func(*library.Facts)) library.Facts {
	h.T.Helper()
	facts, err := h.Edit(h.T.Context(), t, change)
	if err != nil {
		h.T.Fatal(err)
	}
	return facts
}

// An edit by hand survives every scan, and is undone only by hand.
func TestNoScanChangesWhatIsEdited(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Haet (1994).mkv": "film heat"})
	stop := h.Start()
	title := h.FileAt("Haet (1994).mkv").Title
	age := 16
	h.edit(title, func(f *library.Facts) {
		f.Name, f.Overview, f.SortName = "  Heat ", "Cops and robbers.", "aaa"
		f.Genres, f.Age = []string{"Crime", "", "Crime"}, &age
		f.Credits = []library.Credit{{Name: "Michael Mann", Kind: library.Director}}
	})
	expect := func(when, file, name string, year int) {
		t.Helper()
		got := h.titleAt(file)
		if got.ID != title || got.Name != name || got.Year != year || got.Overview != "Cops and robbers." ||
			!got.Edited || *got.Age != 16 ||
			!cmp.Equal(got.Genres, []string{"Crime"}) {
			t.Errorf("%s it is %+v", when, got.Title)
		}
	}
	expect("after the edit", "Haet (1994).mkv", "Heat", 1994)
	if got := h.titleAt("Haet (1994).mkv").Evidence; got["name"] != "owner" || got["year"] != "file name" {
		t.Errorf("the evidence is %v", got)
	}
	h.Write("Haet (1994).mkv", "film heat, longer than before")
	h.ScanAll()
	expect("after its file changed", "Haet (1994).mkv", "Heat", 1994)
	h.Write("Haet (1994) 2160p.mkv", "film heat, better")
	h.ScanAll()
	expect("after a version came", "Haet (1994) 2160p.mkv", "Heat", 1994)
	h.Remove("Haet (1994) 2160p.mkv")
	h.Rename("Haet (1994).mkv", "Heat 1995/Heat (1995).mkv")
	h.ScanAll()
	expect("after its file was renamed", "Heat 1995/Heat (1995).mkv", "Heat", 1995)
	stop()
	h.Build()
	h.Start()
	expect("after a restart", "Heat 1995/Heat (1995).mkv", "Heat", 1995)

	shown := h.edit(title, func(f *library.Facts) { *f = library.Facts{Tagline: "A saga."} })
	if shown.Name != "Heat" || shown.Overview != "" || shown.Tagline != "A saga." {
		t.Errorf("back to automatic it is %+v", shown)
	}
	h.edit(title, func(f *library.Facts) { f.Tagline = "" })
	got := h.titleAt("Heat 1995/Heat (1995).mkv")
	if got.Edited || got.Age != nil || got.Genres != nil || got.Overview != "" || got.Tagline != "" ||
		got.Evidence["name"] != "file name" {
		t.Errorf("back to automatic it is %+v", got.Title)
	}
	if descriptions, err := h.Descriptions(t.Context(), title); err != nil || len(descriptions) != 1 ||
		descriptions[0].Source != library.FromName {
		t.Errorf("there is descriptions %+v (%v)", descriptions, err)
	}
}

func TestEditRefusesWhatNobodyMeans(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat"})
	h.Start()
	title := h.FileAt("Heat (1995).mkv").Title
	old := -1
	for name, c := range map[string]struct {
		change func(*library.Facts)
		want   error
	}{
		"age":  {func(f *library.Facts) { f.Age = &old }, library.ErrBadAge},
		"year": {func(f *library.Facts) { f.Year = 95 }, library.ErrBadYear},
		"day":  {func(f *library.Facts) { f.Released = "1995-02-30" }, library.ErrBadDay},
		"people": {func(f *library.Facts) {
			f.Credits = []library.Credit{{Name: " ", Kind: library.Actor}}
		}, library.ErrNoName},
	} {
		if _, err := h.Edit(t.Context(), title, c.change); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := h.Edit(t.Context(), "none", func(f *library.Facts) {}); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("got %v, want ErrTitleNotFound", err)
	}
	long := strings.Repeat("ö", 5000)
	if got := h.edit(title, func(f *library.Facts) { f.Name = long }); len([]rune(got.Name)) > 300 {
		t.Errorf("a name has %d characters", len([]rune(got.Name)))
	}
}

// An episode goes where a source that knows better than its name says, and comes back when nothing says so any more.
func TestAnEpisodeMovesToAnotherSeason(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Naruto (2002)/Season 01/Naruto - S01E01.mkv":     "film naruto one",
		"Naruto (2002)/Season 01/Naruto - S01E30-E31.mkv": "film naruto thirty",
	})
	h.Start()
	const file = "Naruto (2002)/Season 01/Naruto - S01E30-E31.mkv"
	was := h.titleAt(file)
	two := 2
	h.edit(was.ID, func(f *library.Facts) { f.Season, f.Episode = &two, 4 })
	got := h.titleAt(file)
	if got.Season != 2 || got.Episode != 4 || got.EpisodeLast != 5 || got.SeriesID != was.SeriesID ||
		got.Parent == was.Parent {
		t.Errorf("it is %+v", got.Title)
	}
	seasons, err := h.Seasons(t.Context(), library.Unrestricted(), was.SeriesID)
	if err != nil {
		t.Fatal(err)
	}
	if len(seasons) != 2 || seasons[1].Title.Name != "Season 2" || len(seasons[1].Episodes) != 1 ||
		len(seasons[0].Episodes) != 1 {
		t.Errorf("the seasons are %+v", seasons)
	}
	if next, found, err := h.NextEpisode(
		t.Context(), library.Unrestricted(), h.FileAt("Naruto (2002)/Season 01/Naruto - S01E01.mkv").Title,
	); err != nil || !found || next.ID != was.ID {
		t.Errorf("after the first comes %q (%v)", next.Name, err)
	}
	h.ScanAll()
	h.edit(was.ID, func(f *library.Facts) { *f = library.Facts{} })
	if got := h.titleAt(file); got.Season != 1 || got.Episode != 30 || got.EpisodeLast != 31 ||
		got.Parent != was.Parent {
		t.Errorf("it is %+v", got.Title)
	}
}

func TestConfirmIsRemembered(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"beach.mkv": "film beach"})
	h.Start()
	title := h.titleAt("beach.mkv")
	if title.Matched != library.SureLittle {
		t.Errorf("of a clip %q is known", title.Matched)
	}
	if err := h.Confirm(t.Context(), title.ID); err != nil {
		t.Fatal(err)
	}
	h.Rename("beach.mkv", "at the beach.mkv")
	h.ScanAll()
	if got := h.titleAt("at the beach.mkv"); got.ID != title.ID || got.Matched != library.SureChecked ||
		got.Name != "at the beach" {
		t.Errorf("it is %+v", got.Title)
	}
	if err := h.Confirm(t.Context(), "none"); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("got %v, want ErrTitleNotFound", err)
	}
}
