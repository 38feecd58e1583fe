package scan_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"movify/library/scan"

	"movify/library/catalogue"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
)

func TestFirstScan(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv":      "film heat",
		"Up.2009.mkv":                      "film up",
		"Lost/Season 1/Lost S01E01.mkv":    "film lost 1",
		"Lost/Season 1/Lost S01E02.mkv":    "film lost 2",
		"Lost/Season 2/Lost S02E01.mkv":    "film lost 3",
		"notes.txt":                        "no film",
		"Heat (1995)/.hidden.mkv":          "film hidden",
		"half.mkv.part":                    "film half",
		"half.mkv.!qB":                     "film half",
		"half.mkv.crdownload":              "film half",
		"@eaDir/Heat.mkv":                  "film thumb",
		"broken/empty.mkv":                 "",
		"broken/text.mkv":                  "shopping list",
		"broken/folder.mkv/inside/Big.mkv": "film big",
	})
	h.Start()
	want := map[string]library.State{
		"Heat (1995)/Heat (1995).mkv": "present", "Up.2009.mkv": "present", "Lost/Season 1/Lost S01E01.mkv": "present",
		"Lost/Season 1/Lost S01E02.mkv": "present", "Lost/Season 2/Lost S02E01.mkv": "present",
		"broken/folder.mkv/inside/Big.mkv": "present", "broken/empty.mkv": "attention", "broken/text.mkv": "attention",
	}
	if diff := cmp.Diff(want, h.States()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Big", "Heat", "Lost", "Up"}, h.Names()); diff != "" {
		t.Error(diff)
	}
	bad, err := h.NeedAttention(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	why := make(map[string]string)
	for _, f := range bad {
		why[f.Name()] = f.Code + ": " + f.Reason
	}
	if diff := cmp.Diff(
		map[string]string{
			"empty.mkv": "file_empty: This file is empty.", "text.mkv": "not_media: This is not a video file.",
		},
		why,
	); diff != "" {
		t.Error(diff)
	}
	counts, err := h.Counts(t.Context(), library.Unrestricted())
	if err != nil || counts != (library.Counts{Titles: 4, Files: 6, Attention: 2}) {
		t.Errorf("got %+v (%v)", counts, err)
	}
	roots, err := h.Roots(t.Context())
	if err != nil || len(roots) != 1 || roots[0].State != library.Present || roots[0].Files != 8 ||
		roots[0].ScannedMS == 0 || roots[0].Watch.Mode != library.WatchEvents {
		t.Errorf("got %+v (%v)", roots, err)
	}
}

// TestScansAreTold tells the beginning of scans and their end once.
func TestScansAreTold(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat", "Up (2009).mkv": "film up"})
	told := make(chan bool, 100)
	h.Adjust = func(o *scan.Options) { o.OnScan = func(running bool) { told <- running } }
	h.Start()
	h.ScanAll()
	running := false
	for len(told) > 0 {
		now := <-told
		if !running && !now {
			t.Errorf("the end of a scan is told that had not begun")
		}
		running = now
	}
	if running {
		t.Error("the end of the last scan was not told")
	}
}

func TestSeriesReads(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Lost (2004)/Season 1/Lost S01E01 Pilot.mkv": "film 1",
		"Lost (2004)/Season 1/Lost S01E02-E03.mkv":   "film 2",
		"Lost (2004)/Season 2/Lost S02E01.mkv":       "film 3",
		"Lost (2004)/Specials/Lost S00E01.mkv":       "film 4",
	})
	h.Start()
	page, err := h.Titles(
		t.Context(), library.Unrestricted(), catalogue.Query{Filter: catalogue.Filter{Kind: library.Series, Text: "LÓST"}},
	)
	if err != nil || len(page.Cards) != 1 {
		t.Fatalf("got %+v (%v)", page, err)
	}
	series := page.Cards[0]
	if series.Name != "Lost" || series.Year != 2004 ||
		series.File.Path != h.Path("Lost (2004)/Season 1/Lost S01E01 Pilot.mkv") {
		t.Errorf("got %+v", series)
	}
	seasons, err := h.Seasons(t.Context(), library.Unrestricted(), series.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range seasons {
		for _, e := range s.Episodes {
			got = append(got, fmt.Sprintf("%s/%s of %s", s.Title.Name, e.Name, e.SeriesName))
		}
	}
	want := []string{
		"Season 1/Pilot of Lost", "Season 1/Episodes 2–3 of Lost", "Season 2/Episode 1 of Lost",
		"Specials/Episode 1 of Lost",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var order []string
	for at := series.ID; ; {
		next, found, err := h.NextEpisode(t.Context(), library.Unrestricted(), at)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			break
		}
		order = append(order, fmt.Sprintf("S%dE%d", next.Season, next.Episode))
		at = next.ID
	}
	if diff := cmp.Diff([]string{"S1E1", "S1E2", "S2E1"}, order); diff != "" {
		t.Error(diff)
	}
	if _, err := h.FileOf(t.Context(), library.Unrestricted(), series.ID); !errors.Is(err, library.ErrNoFile) {
		t.Errorf("got %v, want ErrNoFile", err)
	}
	if f, err := h.FileOf(t.Context(), library.Unrestricted(), seasons[0].Episodes[0].ID); err != nil ||
		len(f.Probe.Video) != 1 {
		t.Errorf("got %+v (%v)", f, err)
	}
}

func TestAFileInANestedNewFolderIsHeard(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat"})
	h.Start()
	for i := range 5 {
		// The whole tree appears at once: the watch on its top comes after its bottom.
		h.Write(fmt.Sprintf("new %d/a/b/c/Film %d (200%d).mkv", i, i, i), fmt.Sprint("film ", i))
	}
	h.Until("five new films", func() bool { return len(h.Names()) == 6 })
}

func TestAGrowingFileIsOneFileInTheEnd(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat"})
	h.Start()
	f, err := os.Create(h.Path("Up (2009).mkv"))
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		if _, err := f.WriteString("film " + strings.Repeat("x", 4096)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	const size = 200 * (5 + 4096)
	h.Until("the whole film", func() bool {
		up, known := h.KnownAt(h.Path("Up (2009).mkv"))
		return known && up.State == library.Present && up.Size == size && up.Probe.Size == size
	})
	if diff := cmp.Diff([]string{"Heat", "Up"}, h.Names()); diff != "" {
		t.Error(diff)
	}
}

func TestARenamedFileKeepsItsIDAndTitle(t *testing.T) {
	t.Parallel()
	h := newHarness(
		t, map[string]string{"heat.mkv": "film heat", "show.s01e01.mkv": "film show", "Up (2009).mkv": "film up"},
	)
	h.Start()
	probes := h.Prober.Count()
	heat, show := h.FileAt("heat.mkv"), h.FileAt("show.s01e01.mkv")
	h.Rename("heat.mkv", "Heat (1995)/Heat (1995).mkv")
	h.Rename("show.s01e01.mkv", "The Show/Season 2/S02E03.mkv")
	h.Until("both files in their new places", func() bool {
		files := h.States()
		return len(files) == 3 && files["Heat (1995)/Heat (1995).mkv"] == library.Present &&
			files["The Show/Season 2/S02E03.mkv"] == library.Present
	})
	for name, old := range map[string]library.File{
		"Heat (1995)/Heat (1995).mkv": heat, "The Show/Season 2/S02E03.mkv": show,
	} {
		if f := h.FileAt(name); f.ID != old.ID || f.Title != old.Title || f.AddedMS != old.AddedMS {
			t.Errorf("%s: %s of title %s, was %s of %s", name, f.ID, f.Title, old.ID, old.Title)
		}
	}
	if h.Prober.Count() != probes {
		t.Errorf("a moved file was probed again: %v", h.Prober.Asked)
	}
	c, err := h.Title(t.Context(), library.Unrestricted(), heat.Title)
	if err != nil || c.Name != "Heat" || c.Year != 1995 {
		t.Errorf("the title is %q (%d), %v", c.Name, c.Year, err)
	}
	if diff := cmp.Diff([]string{"Heat", "The Show", "Up"}, h.Names()); diff != "" {
		t.Error(diff)
	}
	// A folder is renamed.
	h.Rename("Heat (1995)", "films/Heat (1995)")
	h.Until("the film in its new folder", func() bool {
		return h.States()["films/Heat (1995)/Heat (1995).mkv"] == library.Present
	})
	if f := h.FileAt("films/Heat (1995)/Heat (1995).mkv"); f.ID != heat.ID {
		t.Errorf("the film is now %s, was %s", f.ID, heat.ID)
	}
}

func TestACopyIsAFileOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat", "copy/Heat (1995).mkv": "film heat"})
	h.Start()
	a, b := h.FileAt("Heat (1995).mkv"), h.FileAt("copy/Heat (1995).mkv")
	if a.ID == b.ID || a.Title != b.Title || a.Fingerprint != b.Fingerprint {
		t.Errorf("got %+v and %+v", a, b)
	}
}

func TestADeletedFileIsRememberedAndComesBack(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat", "Up (2009).mkv": "film up", "bad.mkv": "junk"})
	h.Start()
	heat, probes := h.FileAt("Heat (1995).mkv"), h.Prober.Count()
	for _, name := range []string{"Heat (1995).mkv", "bad.mkv"} {
		if err := os.Remove(h.Path(name)); err != nil {
			t.Fatal(err)
		}
	}
	h.Until("both missing", func() bool {
		files := h.States()
		return files["Heat (1995).mkv"] == library.Missing && files["bad.mkv"] == library.Missing
	})
	if diff := cmp.Diff([]string{"Up"}, h.Names()); diff != "" {
		t.Error(diff)
	}
	if _, err := h.Title(t.Context(), library.Unrestricted(), heat.Title); err != nil {
		t.Errorf("the title is forgotten: %v", err)
	}
	h.Write("Heat (1995).mkv", "film heat")
	h.Until("the film back", func() bool { return h.States()["Heat (1995).mkv"] == library.Present })
	if f := h.FileAt("Heat (1995).mkv"); f.ID != heat.ID || f.Title != heat.Title || h.Prober.Count() != probes {
		t.Errorf("it came back as %s, was %s; probed since: %v", f.ID, heat.ID, h.Prober.Asked[probes:])
	}
}

func TestARootThatVanishesLosesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(
		t, map[string]string{"Heat (1995).mkv": "film heat", "Lost/Lost S01E01.mkv": "film lost", "bad.mkv": "junk"},
	)
	h.Start()
	before, probes := h.AllFiles(), h.Prober.Count()
	away := h.Dir + " away"
	for _, vanish := range []struct {
		how  string
		gone func() error
		back func() error
	}{
		{"moved away", func() error { return os.Rename(h.Dir, away) }, func() error { return os.Rename(away, h.Dir) }},
		{"unmounted", func() error {
			if err := os.Rename(h.Dir, away); err != nil {
				return err
			}
			return os.Mkdir(h.Dir, 0o755) // an empty mount point
		}, func() error {
			if err := os.Remove(h.Dir); err != nil {
				return err
			}
			return os.Rename(away, h.Dir)
		}},
	} {
		if err := vanish.gone(); err != nil {
			t.Fatal(err)
		}
		h.ScanAll()
		want := map[string]library.State{
			"Heat (1995).mkv": library.Unreachable, "Lost/Lost S01E01.mkv": library.Unreachable,
			"bad.mkv": library.Attention,
		}
		if diff := cmp.Diff(want, h.States()); diff != "" {
			t.Errorf("%s: %s", vanish.how, diff)
		}
		roots, err := h.Roots(t.Context())
		if err != nil || roots[0].State != library.Unreachable || roots[0].Files != 3 {
			t.Errorf("%s: the root is %+v (%v)", vanish.how, roots, err)
		}
		if got := h.Names(); len(got) != 2 {
			t.Errorf("%s: the wall shows %v", vanish.how, got)
		}
		if err := vanish.back(); err != nil {
			t.Fatal(err)
		}
		h.ScanAll()
		after := h.AllFiles()
		if len(after) != len(before) {
			t.Errorf("%s: %d files are known, were %d", vanish.how, len(after), len(before))
		}
		for _, old := range before {
			now, err := h.File(t.Context(), old.ID)
			if err != nil || now.State != old.State || now.Title != old.Title {
				t.Errorf("%s: %s came back as %+v (%v)", vanish.how, old.Path, now, err)
			}
		}
	}
	if h.Prober.Count() != probes {
		t.Errorf("files were probed again: %v", h.Prober.Asked)
	}
}

func TestHostileNames(t *testing.T) {
	t.Parallel()
	names := []string{"100%d %s.mkv", `quo"te 'single'.mkv`, "new\nline.mkv", "bad\xff\xfeutf8.mkv", `back\slash.mkv`, "-rf.mkv",
		"$(touch x).mkv", " spaces .mkv", strings.Repeat("long", 60) + ".mkv", "a;b|c&d.mkv", "file:x.mkv", "七人の侍.mkv"}
	h := newHarness(t, nil)
	for _, name := range names {
		h.Write(name, "film "+name)
	}
	h.Start()
	for _, name := range names {
		f := h.FileAt(name)
		if f.State != library.Present || f.Path != h.Path(name) {
			t.Errorf("%q is %s at %q", name, f.State, f.Path)
		}
		c, err := h.Title(t.Context(), library.Unrestricted(), f.Title)
		if err != nil || c.Name == "" || naming.Display(c.Name) != c.Name {
			t.Errorf("%q is titled %q (%v)", name, c.Name, err)
		}
	}
	if got := len(h.Names()); got != len(names) {
		t.Errorf("%d titles are shown, want %d", got, len(names))
	}
}

func TestAnUnreadableFileNeedsAttention(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat"})
	// Reading the start of this file is an I/O error, for root as well.
	if err := os.Symlink("/proc/self/mem", h.Path("broken disk.mkv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/nowhere", h.Path("dangling.mkv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(h.Dir, h.Path("loop")); err != nil {
		t.Fatal(err)
	}
	h.Adjust = func(o *scan.Options) { o.LinksInto = []string{"/proc"} }
	h.Build()
	h.Start()
	if diff := cmp.Diff(
		map[string]library.State{"Heat (1995).mkv": "present", "broken disk.mkv": "attention"}, h.States(),
	); diff != "" {
		t.Error(diff)
	}
	if f := h.FileAt("broken disk.mkv"); f.Code != "file_unreadable" || f.Reason == "" {
		t.Errorf("the reason is %q %q", f.Code, f.Reason)
	}
}

// TestALinkOutNeedsAttention: what lies outside of the library is not played because somebody made a link to it, and a film
// that was played before is not forgotten.
func TestALinkOutNeedsAttention(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat", "../elsewhere/Up (2009).mkv": "film up"})
	for link, target := range map[string]string{
		"folder": "../elsewhere", "Link (2001).mkv": "../elsewhere/Up (2009).mkv", "poster.jpg": "../elsewhere/Up (2009).mkv",
	} {
		if err := os.Symlink(filepath.Join(h.Dir, target), h.Path(link)); err != nil {
			t.Fatal(err)
		}
	}
	leftOut := func() (out []string) {
		found, err := h.LeftOut(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range found {
			out = append(out, filepath.Base(l.Path)+" "+l.Why.Code)
			if l.SinceMS == 0 {
				t.Errorf("%s is left out since never", l.Path)
			}
		}
		return out
	}
	stop := h.Start()
	if diff := cmp.Diff(map[string]library.State{"Heat (1995).mkv": library.Present}, h.States()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []string{"Link (2001).mkv link_out", "folder link_out", "poster.jpg link_out"}
	if diff := cmp.Diff(want, leftOut()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	stop()

	h.Adjust = func(o *scan.Options) { o.LinksInto = []string{h.Path("../elsewhere")} }
	h.Build()
	stop = h.Start()
	if h.States()["Link (2001).mkv"] != library.Present || len(h.States()) != 2 || len(leftOut()) > 0 {
		t.Errorf("of a folder that was named there is %v, left out is %v", h.States(), leftOut())
	}
	stop()

	h.Adjust = nil
	h.Build()
	h.Start()
	if f := h.FileAt("Link (2001).mkv"); f.State != library.Unreachable || f.Code != "link_out" || f.Reason == "" {
		t.Errorf("now that it leads out it is %s: %s %s", f.State, f.Code, f.Reason)
	}
}

func TestAnUnchangedRescanProbesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat", "bad.mkv": "junk"})
	stop := h.Start()
	probes := h.Prober.Count()
	if state := h.ScanAll(); state.Probed != 0 || state.Added != 0 || state.Seen != 2 || state.Running ||
		state.FinishedMS == 0 {
		t.Errorf("got %+v", state)
	}
	stop()
	h.Build()
	h.Start()
	if h.Prober.Count() != probes {
		t.Errorf("a restart probed again: %v", h.Prober.Asked)
	}
}

func TestAChangedFileIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "junk"})
	h.Start()
	old := h.FileAt("Heat (1995).mkv")
	if old.State != library.Attention {
		t.Fatalf("it is %s", old.State)
	}
	h.Write("Heat (1995).mkv", "film heat")
	h.Until("the film whole", func() bool { return h.States()["Heat (1995).mkv"] == library.Present })
	now := h.FileAt("Heat (1995).mkv")
	if now.ID != old.ID || now.Fingerprint == old.Fingerprint || now.Code != "" || now.Reason != "" {
		t.Errorf("got %+v", now)
	}
}

func TestRetryLooksAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"bad.mkv": "junk", "Heat (1995).mkv": "film heat"})
	h.Start()
	probes := h.Prober.Count()
	if err := h.Retry(t.Context(), h.FileAt("bad.mkv").ID); err != nil {
		t.Fatal(err)
	}
	h.Until("another try", func() bool {
		return h.Prober.Count() == probes+1 && h.States()["bad.mkv"] == library.Attention
	})
	if err := h.Retry(t.Context(), "none"); !errors.Is(err, library.ErrFileNotFound) {
		t.Errorf("got %v, want ErrFileNotFound", err)
	}
	if err := h.Retry(t.Context(), h.FileAt("Heat (1995).mkv").ID); err != nil ||
		h.FileAt("Heat (1995).mkv").State != library.Present {
		t.Errorf("a good file was disturbed: %v", err)
	}
}

func TestManyCallersShareAScan(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat"})
	h.Start()
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if _, err := h.Scan(t.Context()); err != nil {
				t.Error(err)
			}
		})
		wg.Go(h.RequestScan)
	}
	wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Scan(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTitlesRefusesAnUnknownOrder(t *testing.T) {
	t.Parallel()
	h := newHarness(t, nil)
	if _, err := h.Titles(
		t.Context(), library.Unrestricted(), catalogue.Query{Sort: "size"},
	); !errors.Is(err, library.ErrBadSort) {
		t.Errorf("got %v, want ErrBadSort", err)
	}
	if _, err := h.Title(
		t.Context(), library.Unrestricted(), id.Title("none"),
	); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("got %v, want ErrTitleNotFound", err)
	}
}

// Movify's own segments may lie in a library folder, when it was given the folder above both.
func TestWhatLiesApartIsNeverLookedInto(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat", "made/v1/init.mp4": "film segment"})
	if err := os.Symlink("made", h.Path("link")); err != nil {
		t.Fatal(err)
	}
	diff, err := h.Preview(t.Context())
	if err != nil || len(diff.Added) != 1 {
		t.Errorf("a scan would add %v, %v", diff.Added, err)
	}
	h.Start()
	h.Write("made/v2/init.mp4", "film another") // the watch tells of it
	h.Write("Ronin (1998).mkv", "film ronin")
	h.Until("Ronin is there", func() bool { return slices.Contains(h.Names(), "Ronin") })
	h.ScanAll()
	want := map[string]library.State{"Heat (1995).mkv": library.Present, "Ronin (1998).mkv": library.Present}
	if diff := cmp.Diff(want, h.States()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
