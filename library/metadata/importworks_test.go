package metadata_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// titleAt gives the title of the file at a path below the root.
func (h *harness) titleAt(name string) library.Card {
	h.T.Helper()
	c, err := h.Title(h.T.Context(), library.Unrestricted(), h.FileAt(name).Title)
	if err != nil {
		h.T.Fatalf("%s: %v", name, err)
	}
	return c
}

// oneTitle checks that the files are those of one title and gives it.
func (h *harness) oneTitle(names ...string) id.Title {
	h.T.Helper()
	first := h.FileAt(names[0]).Title
	for _, name := range names[1:] {
		if got := h.FileAt(name).Title; got != first || got == "" {
			h.T.Errorf("%s is title %q, and %s is %q", name, got, names[0], first)
		}
	}
	return first
}

func TestVersionsAndPartsAreOneTitle(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995) 1080p.mkv":                    "film heat in 1080p",
		"Heat (1995)/Heat (1995) 2160p.mkv":                    "film heat in 2160p",
		"Heat (1995)/Heat (1995) {edition-Director's Cut}.mkv": "film heat cut",
		"Ben Hur (1959)/Ben Hur (1959) cd1.avi":                "film ben hur one",
		"Ben Hur (1959)/Ben Hur (1959) cd2.avi":                "film ben hur two",
		"Holiday/Holiday part1.mp4":                            "film holiday one",
		"Holiday/Holiday part2.mp4":                            "film holiday two",
		"Other/Holiday.mp4":                                    "film another holiday",
	})
	h.Start()
	h.oneTitle(
		"Heat (1995)/Heat (1995) 1080p.mkv", "Heat (1995)/Heat (1995) 2160p.mkv",
		"Heat (1995)/Heat (1995) {edition-Director's Cut}.mkv",
	)
	if got := h.FileAt("Heat (1995)/Heat (1995) {edition-Director's Cut}.mkv").Edition; got != "Director's Cut" {
		t.Errorf("the edition is %q", got)
	}
	h.oneTitle("Ben Hur (1959)/Ben Hur (1959) cd1.avi", "Ben Hur (1959)/Ben Hur (1959) cd2.avi")
	if one, two := h.FileAt("Ben Hur (1959)/Ben Hur (1959) cd1.avi"), h.FileAt(
		"Ben Hur (1959)/Ben Hur (1959) cd2.avi",
	); one.Part != 1 || two.Part != 2 {
		t.Errorf("the parts are %d and %d", one.Part, two.Part)
	} else if got := h.titleAt("Ben Hur (1959)/Ben Hur (1959) cd2.avi"); got.File.ID != one.ID ||
		got.DurationMS != one.DurationMS+two.DurationMS {
		t.Errorf("it begins with %s and takes %d ms", got.File.Path, got.DurationMS)
	}
	h.oneTitle("Holiday/Holiday part1.mp4", "Holiday/Holiday part2.mp4")
	if diff := cmp.Diff([]string{"Ben Hur", "Heat", "Holiday", "Holiday"}, h.Names()); diff != "" {
		t.Error(diff)
	}
}

// A better version under another name replaces the file: the metadata of the film stays.
func TestABetterVersionKeepsTheTitle(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995)/Heat.1995.720p.mkv": "film heat"})
	h.Start()
	before := h.FileAt("Heat (1995)/Heat.1995.720p.mkv")
	h.Remove("Heat (1995)/Heat.1995.720p.mkv")
	h.Write("Heat (1995)/Heat.1995.2160p.HEVC.mkv", "film heat, better")
	h.ScanAll()
	after := h.FileAt("Heat (1995)/Heat.1995.2160p.HEVC.mkv")
	if after.Title != before.Title || after.ID == before.ID {
		t.Errorf("title %s became %s", before.Title, after.Title)
	}
	if got := h.FileAt("Heat (1995)/Heat.1995.720p.mkv"); got.State != library.Missing || got.Title != before.Title {
		t.Errorf("the old file is %s of %s", got.State, got.Title)
	}
}

func TestARenamedFolderRenamesTheFilmWithAllItsVersions(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Haet (1995)/Haet (1995) 1080p.mkv": "film heat in 1080p",
		"Haet (1995)/Haet (1995) 720p.mkv":  "film heat in 720p",
	})
	h.Start()
	title := h.oneTitle("Haet (1995)/Haet (1995) 1080p.mkv", "Haet (1995)/Haet (1995) 720p.mkv")
	h.Rename("Haet (1995)", "Heat (1995)")
	h.Rename("Heat (1995)/Haet (1995) 1080p.mkv", "Heat (1995)/Heat (1995) 1080p.mkv")
	h.Rename("Heat (1995)/Haet (1995) 720p.mkv", "Heat (1995)/Heat (1995) 720p.mkv")
	h.ScanAll()
	if got := h.oneTitle("Heat (1995)/Heat (1995) 1080p.mkv", "Heat (1995)/Heat (1995) 720p.mkv"); got != title {
		t.Errorf("title %s became %s", title, got)
	}
	if diff := cmp.Diff([]string{"Heat"}, h.Names()); diff != "" {
		t.Error(diff)
	}
}

// One version that is renamed does not take the name of the film that others still bear.
func TestARenamedVersionLeavesTheFilmItsName(t *testing.T) {
	t.Parallel()
	h := newHarness(
		t,
		map[string]string{"Heat (1995) 1080p.mkv": "film heat in 1080p", "Heat (1995) 720p.mkv": "film heat in 720p"},
	)
	h.Start()
	title := h.oneTitle("Heat (1995) 1080p.mkv", "Heat (1995) 720p.mkv")
	h.Rename("Heat (1995) 720p.mkv", "Ronin (1998).mkv")
	h.ScanAll()
	if got := h.oneTitle("Heat (1995) 1080p.mkv", "Ronin (1998).mkv"); got != title ||
		!slices.Equal(h.Names(), []string{"Heat"}) {
		t.Errorf("there are %v", h.Names())
	}
}

func TestWorksAreOneByTheirNumbers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Das Boot (1981) [tmdbid-387]/film.mkv":                       "film the boat",
		"The Boat (1981) [tmdbid-387]/film.mkv":                       "film the boat, dubbed",
		"Crash (2004) [tmdbid-1640]/Crash (2004) [tmdbid-1640].mkv":   "film a crash",
		"Crash2/Crash (2004) [tmdbid-9999].mkv":                       "film another crash",
		"Dark (2017) [tvdbid-334824]/Season 01/Dark S01E01.mkv":       "film dark one",
		"Dark de (2017) [tvdbid-334824]/Season 01/Dark de S01E02.mkv": "film dark two",
	})
	h.Start()
	h.oneTitle("Das Boot (1981) [tmdbid-387]/film.mkv", "The Boat (1981) [tmdbid-387]/film.mkv")
	if a, b := h.FileAt(
		"Crash (2004) [tmdbid-1640]/Crash (2004) [tmdbid-1640].mkv",
	).Title, h.FileAt("Crash2/Crash (2004) [tmdbid-9999].mkv").Title; a == b {
		t.Error("two films of one name and year are one")
	}
	one, two := h.titleAt("Dark (2017) [tvdbid-334824]/Season 01/Dark S01E01.mkv"), h.titleAt(
		"Dark de (2017) [tvdbid-334824]/Season 01/Dark de S01E02.mkv",
	)
	if one.SeriesID != two.SeriesID || one.Parent != two.Parent {
		t.Errorf(
			"the episodes are in seasons %s and %s of series %s and %s", one.Parent, two.Parent, one.SeriesID,
			two.SeriesID,
		)
	}
	// A film that is known by name only learns its number of the next version, and is known by it from then on.
	h.Write("Ronin (1998).mkv", "film ronin")
	h.ScanAll()
	h.Write("Ronin (1998) {tmdb-8195}.mkv", "film ronin, better")
	h.ScanAll()
	h.Write("Ронин {tmdb-8195}.mkv", "film ronin in Russian")
	h.ScanAll()
	h.oneTitle("Ronin (1998).mkv", "Ronin (1998) {tmdb-8195}.mkv", "Ронин {tmdb-8195}.mkv")
}

func (h *harness) extras(of id.Title) (names []string) {
	h.T.Helper()
	d, err := h.Detail(h.T.Context(), library.Unrestricted(), of)
	if err != nil {
		h.T.Fatal(err)
	}
	for _, c := range d.Extras {
		names = append(names, string(c.Extra)+": "+c.Name)
	}
	slices.Sort(names)
	return names
}

func TestExtrasBelongToTheirWork(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat.1995.1080p.mkv":                    "film heat",
		"Heat (1995)/Heat.1995.1080p-trailer.mkv":            "film heat trailer",
		"Heat (1995)/Extras/Making of.mkv":                   "film heat making of",
		"Ronin (1998).mkv":                                   "film ronin",
		"Ronin (1998)-trailer.mp4":                           "film ronin trailer",
		"Dark (2017)/Season 01/Dark S01E01.mkv":              "film dark one",
		"Dark Matter/Season 1/Dark Matter (2015) S01E01.mkv": "film dark matter",
		"Dark Matter/trailers/T.mkv":                         "film dark matter teaser",
		"Dark (2017)/trailers/Teaser.mkv":                    "film dark teaser",
		"Waiting (2020)/Waiting (2020)-trailer.mkv":          "film waiting trailer",
		"Waiting (2021)-trailer.mkv":                         "film waiting trailer of the next",
	})
	h.Start()
	if diff := cmp.Diff([]string{"Dark", "Dark Matter", "Heat", "Ronin"}, h.Names()); diff != "" {
		t.Fatal(diff)
	}
	// The name of the folder alone would not do: the year is in the file's.
	matter := h.titleAt("Dark Matter/Season 1/Dark Matter (2015) S01E01.mkv")
	if diff := cmp.Diff([]string{"trailer: T"}, h.extras(matter.SeriesID)); diff != "" {
		t.Error(diff)
	}
	for file, want := range map[string][]string{
		"Heat (1995)/Heat.1995.1080p.mkv": {"other: Making of", "trailer: Trailer"},
		"Ronin (1998).mkv":                {"trailer: Trailer"},
	} {
		if diff := cmp.Diff(want, h.extras(h.FileAt(file).Title)); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
	dark := h.titleAt("Dark (2017)/Season 01/Dark S01E01.mkv")
	if diff := cmp.Diff([]string{"trailer: Teaser"}, h.extras(dark.SeriesID)); diff != "" {
		t.Error(diff)
	}
	if next, found, err := h.NextEpisode(t.Context(), library.Unrestricted(), dark.ID); err != nil || found {
		t.Errorf("after the last episode comes %q (%v)", next.Name, err)
	}

	// Extras may be there before their film.
	for _, name := range []string{"Waiting (2020)/Waiting (2020)-trailer.mkv", "Waiting (2021)-trailer.mkv"} {
		if got := h.titleAt(name); got.Parent != "" || got.Matched != library.SureLittle {
			t.Errorf("%s is part of %q, and %q is known of it", name, got.Parent, got.Matched)
		}
	}
	h.Write("Waiting (2020)/Waiting.2020.1080p.mkv", "film waiting")
	h.Write("Waiting (2021).mkv", "film waiting, the next")
	h.ScanAll()
	for film, extra := range map[string]string{
		"Waiting (2020)/Waiting.2020.1080p.mkv": "Waiting (2020)/Waiting (2020)-trailer.mkv",
		"Waiting (2021).mkv":                    "Waiting (2021)-trailer.mkv",
	} {
		if got := h.titleAt(extra); got.Parent != h.FileAt(film).Title || got.Matched == library.SureLittle {
			t.Errorf("%s is part of %q, and %q is known of it", extra, got.Parent, got.Matched)
		}
	}
}
