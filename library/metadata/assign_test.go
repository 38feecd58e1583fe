package metadata_test

import (
	"errors"
	"testing"

	"movify/library/metadata"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

func (h *harness) assign(file string, as metadata.Assignment) id.Title {
	h.T.Helper()
	t, err := h.Assign(h.T.Context(), h.FileAt(file).ID, as)
	if err != nil {
		h.T.Fatal(err)
	}
	return t
}

// A film under a wrong name is assigned the right one, keeps its title and progress, and no scan undoes that.
func TestAnAssignedFileStaysWhatItIs(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"clip.mkv": "film ronin", "Dark S01E01.mkv": "film dark one"})
	h.Start()
	title := h.FileAt("clip.mkv").Title
	if got := h.assign("clip.mkv", metadata.Assignment{Kind: library.Movie, Title: "Ronin", Year: 1998}); got != title {
		t.Errorf("title %s became %s", title, got)
	}
	expect := func(when, file string) {
		t.Helper()
		if got := h.titleAt(file); got.ID != title || got.Name != "Ronin" || got.Year != 1998 ||
			got.Matched != library.SureChecked || got.Evidence["name"] != "owner" {
			t.Errorf("%s it is %+v", when, got.Title)
		}
	}
	expect("assigned", "clip.mkv")
	h.Write("clip.mkv", "film ronin, again")
	h.ScanAll()
	expect("changed", "clip.mkv")
	h.Rename("clip.mkv", "Elsewhere (2001).mkv")
	h.ScanAll()
	expect("renamed", "Elsewhere (2001).mkv")
	// Another version finds it by the name it has now.
	h.Write("Ronin (1998).mkv", "film ronin in better")
	h.ScanAll()
	h.oneTitle("Elsewhere (2001).mkv", "Ronin (1998).mkv")

	if _, err := h.Release(t.Context(), h.FileAt("Elsewhere (2001).mkv").ID); err != nil {
		t.Fatal(err)
	}
	if got := h.titleAt("Elsewhere (2001).mkv"); got.ID == title || got.Name != "Elsewhere" || got.Year != 2001 {
		t.Errorf("released it is %+v", got.Title)
	}
	if diff := cmp.Diff([]string{"Dark", "Elsewhere", "Ronin"}, h.Names()); diff != "" {
		t.Error(diff)
	}
}

func TestAFileIsAssignedToWhatThereIs(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv": "film heat",
		"bonus.mkv":                   "film heat making of",
		"another cut.mkv":             "film heat cut",
		"Dark (2017)/Dark S01E01.mkv": "film dark one",
		"second.mkv":                  "film dark two",
	})
	h.Start()
	heat := h.FileAt("Heat (1995)/Heat (1995).mkv").Title
	if got := h.assign("another cut.mkv", metadata.Assignment{Kind: library.Movie, Work: heat}); got != heat {
		t.Errorf("the cut is of %s, want %s", got, heat)
	}
	bonus := h.assign(
		"bonus.mkv", metadata.Assignment{Kind: library.Extra, Work: heat, Extra: library.Featurette, Name: "Making of"},
	)
	if diff := cmp.Diff([]string{"featurette: Making of"}, h.extras(heat)); diff != "" {
		t.Error(diff)
	}
	if got := h.FileAt("bonus.mkv").Title; got != bonus {
		t.Errorf("the bonus is %s, want %s", got, bonus)
	}
	dark := h.titleAt("Dark (2017)/Dark S01E01.mkv")
	second := h.assign(
		"second.mkv",
		metadata.Assignment{Kind: library.Episode, Work: dark.SeriesID, Season: 1, Episode: 2, Name: "Lies"},
	)
	if next, found, err := h.NextEpisode(t.Context(), library.Unrestricted(), dark.ID); err != nil || !found ||
		next.ID != second || next.Name != "Lies" {
		t.Errorf("after the first comes %q (%v)", next.Name, err)
	}
	if diff := cmp.Diff([]string{"Dark", "Heat"}, h.Names()); diff != "" {
		t.Errorf("what files were taken from is still shown: %s", diff)
	}
	for name, as := range map[string]metadata.Assignment{
		"nothing":              {Kind: library.Movie},
		"a season":             {Kind: library.Season, Title: "Dark"},
		"no episode":           {Kind: library.Episode, Title: "Dark", Season: 1},
		"an episode of a film": {Kind: library.Episode, Work: heat, Season: 1, Episode: 1},
		"a film that is none":  {Kind: library.Movie, Work: dark.ID},
		"an extra of no kind":  {Kind: library.Extra, Work: heat},
	} {
		if _, err := h.Assign(t.Context(), h.FileAt("second.mkv").ID, as); !errors.Is(err, library.ErrBadAssignment) {
			t.Errorf("%s: got %v, want ErrBadAssignment", name, err)
		}
	}
	if _, err := h.Assign(
		t.Context(), "none", metadata.Assignment{Kind: library.Movie, Title: "x"},
	); !errors.Is(err, library.ErrFileNotFound) {
		t.Errorf("got %v, want ErrFileNotFound", err)
	}
	if _, err := h.Assign(
		t.Context(), h.FileAt("second.mkv").ID, metadata.Assignment{Kind: library.Movie, Work: "none"},
	); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("got %v, want ErrTitleNotFound", err)
	}
}

func TestUnmatchedIsWhatSomebodyShouldLookAt(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995).mkv":             "film heat",
		"beach.mkv":                   "film beach",
		"sunset.mkv":                  "film sunset",
		"Gone (2000)-trailer.mkv":     "film trailer of what is gone",
		"Dark (2017)/Dark S01E01.mkv": "film dark",
	})
	h.Start()
	names := func() map[string]int {
		t.Helper()
		list, total, err := h.Unmatched(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		out := make(map[string]int)
		for _, u := range list {
			out[u.Card.Name] = len(u.Files)
		}
		if total != len(list) {
			t.Errorf("%d of %d are given", len(list), total)
		}
		return out
	}
	if diff := cmp.Diff(map[string]int{"beach": 1, "sunset": 1, "Trailer": 1}, names()); diff != "" {
		t.Error(diff)
	}
	if err := h.Confirm(t.Context(), h.FileAt("beach.mkv").Title); err != nil {
		t.Fatal(err)
	}
	h.edit(h.FileAt("sunset.mkv").Title, func(f *library.Facts) { f.Name = "Sunset Boulevard" })
	h.Write("Gone (2000).mkv", "film what is gone")
	h.ScanAll()
	if diff := cmp.Diff(map[string]int{}, names()); diff != "" {
		t.Error(diff)
	}
}

func TestDetail(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995) cd1.mkv":     "film heat one",
		"Heat (1995)/Heat (1995) cd2.mkv":     "film heat two!",
		"Heat (1995)/Heat (1995) 1080p.mkv":   "film heat in one piece",
		"Heat (1995)/Heat (1995)-trailer.mkv": "film heat trailer",
		"Ronin (1998).mkv":                    "film ronin",
		"Amelie (2001).mkv":                   "film amelie",
	})
	h.Start()
	heat, ronin, amelie := h.FileAt("Heat (1995)/Heat (1995) cd1.mkv").Title, h.FileAt("Ronin (1998).mkv").Title, h.FileAt("Amelie (2001).mkv").Title
	h.edit(heat, func(f *library.Facts) {
		f.Genres, f.Studios, f.Status = []string{"Crime", "Drama"}, []string{"Warner"}, "ended"
		f.Credits = []library.Credit{
			{Name: "Al Pacino", Kind: library.Actor, Role: "Vincent"}, {Name: "Michael Mann", Kind: library.Director},
		}
	})
	h.edit(ronin, func(f *library.Facts) { f.Genres = []string{"crime"} })
	h.edit(amelie, func(f *library.Facts) { f.Genres = []string{"Comedy"} })
	d, err := h.Detail(t.Context(), library.Unrestricted(), heat)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range d.Genres {
		got = append(got, "genre "+g.Name)
	}
	for _, s := range d.Studios {
		got = append(got, "studio "+s.Name)
	}
	for _, p := range d.Cast {
		got = append(got, string(p.Kind)+" "+p.Name+" as "+p.Role)
	}
	for _, f := range d.Versions {
		got = append(got, f.Name())
	}
	for _, c := range d.Extras {
		got = append(got, "extra "+c.Name)
	}
	for _, c := range d.More {
		got = append(got, "more "+c.Name)
	}
	want := []string{
		"genre Crime", "genre Drama", "studio Warner", "actor Al Pacino as Vincent", "director Michael Mann as ",
		"Heat (1995) 1080p.mkv", "Heat (1995) cd1.mkv", "Heat (1995) cd2.mkv", "extra Trailer", "more Ronin",
	}
	if len(d.Versions) == 3 && d.Versions[0].Part == 1 { // which of two of one height came first is the disk's to say
		want[5], want[6], want[7] = want[6], want[7], want[5]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if d.Facts.Status != "ended" || len(d.Descriptions) != 2 {
		t.Errorf("there is known %+v, said %+v", d.Facts, d.Descriptions)
	}
	one, two, whole := h.FileAt("Heat (1995)/Heat (1995) cd1.mkv"), h.FileAt("Heat (1995)/Heat (1995) cd2.mkv"), h.FileAt(
		"Heat (1995)/Heat (1995) 1080p.mkv",
	)
	for _, c := range []struct {
		f    library.File
		want []id.File
	}{{one, []id.File{one.ID, two.ID}}, {two, []id.File{one.ID, two.ID}}, {whole, []id.File{whole.ID}}} {
		var parts []id.File
		for _, p := range c.f.PartsWith(d.Versions) {
			parts = append(parts, p.ID)
		}
		if diff := cmp.Diff(c.want, parts); diff != "" {
			t.Errorf("with %s: %s", c.f.Name(), diff)
		}
	}
}
