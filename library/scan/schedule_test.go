package scan

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"movify/library"
	"movify/library/naming"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/id"
)

func TestIntervals(t *testing.T) {
	t.Parallel()
	r := pollSchedule{shortest: 30 * time.Second, longest: 10 * time.Minute, rescan: 15 * time.Minute}
	for what, c := range map[string]struct {
		pollInput
		want time.Duration
	}{
		"heard":                     {pollInput{mode: library.WatchEvents}, 15 * time.Minute},
		"by hook":                   {pollInput{mode: library.WatchHook, changed: true}, 0},
		"by hook and away":          {pollInput{mode: library.WatchHook, away: true}, 0},
		"away":                      {pollInput{mode: library.WatchEvents, away: true}, unreachableInterval},
		"polled for the first time": {pollInput{mode: library.WatchPoll}, 30 * time.Second},
		"polled and quiet":          {pollInput{mode: library.WatchPoll, last: time.Minute}, 90 * time.Second},
		"polled and quiet for long": {pollInput{mode: library.WatchPoll, last: 10 * time.Minute}, 10 * time.Minute},
		"polled and changed": {
			pollInput{mode: library.WatchPoll, last: 10 * time.Minute, changed: true}, 30 * time.Second,
		},
		"polled as wished": {
			pollInput{mode: library.WatchPoll, fixed: 7 * time.Second, last: time.Minute}, 7 * time.Second,
		},
		"polled at a great cost": {
			pollInput{mode: library.WatchPoll, changed: true, cost: 2 * time.Second}, 200 * time.Second,
		},
		"polled at any cost": {pollInput{mode: library.WatchPoll, cost: time.Hour}, 10 * time.Minute},
	} {
		if got := r.interval(c.pollInput); got != c.want {
			t.Errorf("%s: every %v, want %v", what, got, c.want)
		}
	}
}

func TestQuietWindows(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	r := pollSchedule{
		quietHours: []Window{
			{time.Hour, 7 * time.Hour}, {7 * time.Hour, 8 * time.Hour}, {23 * time.Hour, 30 * time.Minute},
		},
	}
	at := func(text string) time.Time {
		t.Helper()
		x, err := time.ParseInLocation("2006-01-02 15:04:05", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for from, want := range map[string]string{
		"2026-11-22 00:59:59": "2026-11-22 00:59:59",
		"2026-11-22 01:00:00": "2026-11-22 08:00:00", // one window after the other
		"2026-11-22 06:59:59": "2026-11-22 08:00:00",
		"2026-11-22 08:00:00": "2026-11-22 08:00:00",
		"2026-11-22 23:30:00": "2026-11-23 00:30:00", // past midnight
		"2026-11-22 00:10:00": "2026-11-22 00:30:00",
		"2026-12-31 23:00:00": "2027-01-01 00:30:00",
		"2026-03-29 01:30:00": "2026-03-29 08:00:00", // the clocks go forward in this night
		"2026-10-25 01:30:00": "2026-10-25 08:00:00", // and back in this
	} {
		if got := r.afterQuietHours(at(from)); !got.Equal(at(want)) {
			t.Errorf("%s becomes %s, want %s", from, got, want)
		}
	}
	if x := at("2026-11-22 03:00:00"); !(pollSchedule{}).afterQuietHours(x).Equal(x) {
		t.Error("without windows a time is moved")
	}
}

// counting counts how often the disk is looked at.
type counting struct {
	library.FileSystem
	looks int
}

func (c *counting) Stat(path string) (fs.FileInfo, error) {
	c.looks++
	return c.FileSystem.Stat(path)
}

func (c *counting) ReadDir(path string) ([]fs.DirEntry, error) {
	c.looks++
	return c.FileSystem.ReadDir(path)
}

func (c *counting) Disk(path string) (library.Disk, error) {
	c.looks++
	return c.FileSystem.Disk(path)
}

// oneRootStore is a store of one root and no files.
type oneRootStore struct {
	Store
	root library.Root
}

func (s *oneRootStore) Roots(_ context.Context) ([]library.Root, error) {
	return []library.Root{s.root}, nil
}
func (s *oneRootStore) SaveRoot(_ context.Context, r library.Root) error { s.root = r; return nil }
func (s *oneRootStore) KnownFiles(_ context.Context, _ id.Root, _ string) ([]library.KnownFile, error) {
	return nil, nil
}

// nothingImported is an Importer without files.
type nothingImported struct{}

func (nothingImported) Import(context.Context, []library.Examined) (library.Imported, error) {
	return library.Imported{}, nil
}
func (nothingImported) Reidentify(context.Context, library.Root, func(string) *naming.Siblings) (int, error) {
	return 0, nil
}
func (nothingImported) Exclusively(f func() error) error { return f() }

// TestDisksSleep lives through a day and a night by the clock: outside its times a polled root is not looked at, and one
// that waits for a hook never is.
func TestDisksSleep(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)
	for wish, nights := range map[library.WatchMethod]bool{library.MethodPoll: true, library.MethodHook: false} {
		now := start
		disk := &counting{FileSystem: library.SystemFS()}
		store := &oneRootStore{root: library.Root{ID: "r", Path: t.TempDir(), State: library.Present, WatchMethod: wish, PollS: 60}}
		sc := newScanner(New(Options{Store: store, Importer: nothingImported{}, FS: disk, Clock: func() time.Time { return now },
			QuietHours: []Window{{time.Hour, 7 * time.Hour}}}))
		sc.scanAll(t.Context())
		first := disk.looks
		if first == 0 {
			t.Fatalf("%s: the first look looked at nothing", wish)
		}
		byHour := make(map[int]int)
		for range 24 * 60 {
			now = now.Add(time.Minute)
			before := disk.looks
			sc.scanDue(t.Context())
			sc.whenIdle(t.Context())
			byHour[now.Hour()] += disk.looks - before
		}
		for hour, looks := range byHour {
			if asleep := hour >= 1 && hour < 7; (looks > 0) != (nights && !asleep) {
				t.Errorf("%s: at %d o'clock the disk was looked at %d times", wish, hour, looks)
			}
		}
	}
}

func TestWhatIsPassedBy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Heat.mkv", "Heat-sample.mkv", "Sample/heat.mkv", "sample.mkv", "Free Sample.mkv", "private/Home.mkv",
		"shows/Lost/S01E01.mkv", "shows/Lost/bonus/x.mkv", "shows/all/y.mkv", "disc.iso.mkv", "deep/a/b.vob",
		"deep/keep/c.vob"} {
		write(name, "film")
	}
	write("private/.ignore", "")
	write("shows/.ignore", "# not these\nbonus/\n/all/*.mkv\n")
	write("deep/.ignore", "*.vob\n!keep/*.vob\n")
	s := New(Options{Ignore: ParseIgnore("*.iso.mkv")})
	names := func(paths []string) (out []string) {
		for _, p := range paths {
			out = append(out, library.Relative(dir, p))
		}
		slices.Sort(out)
		return out
	}
	look := func(place string) (there, passed []string) {
		t.Helper()
		seen, err := s.walk(t.Context(), dir, filepath.Join(dir, place))
		if err != nil || len(seen.failed) > 0 {
			t.Fatalf("%v, failed %v", err, seen.failed)
		}
		for _, e := range seen.videos {
			there = append(there, e.Path)
		}
		for _, i := range seen.ignored {
			passed = append(passed, i.Path)
		}
		return names(there), names(passed)
	}
	there, passed := look("")
	if diff := cmp.Diff(
		[]string{"Free Sample.mkv", "Heat.mkv", "deep/keep/c.vob", "shows/Lost/S01E01.mkv"}, there,
	); diff != "" {
		t.Error(diff)
	}
	want := "Heat-sample.mkv Sample/heat.mkv deep/a/b.vob disc.iso.mkv private/Home.mkv sample.mkv shows/Lost/bonus shows/all/y.mkv"
	if diff := cmp.Diff(strings.Split(want, " "), passed); diff != "" {
		t.Errorf("passed by: %s", diff)
	}
	// Looked at by itself, a place follows the rules around it.
	for place, n := range map[string]int{"private": 0, "private/Home.mkv": 0, "shows/Lost": 1, "shows/Lost/bonus/x.mkv": 0, "shows/Lost/bonus": 0,
		"deep/keep": 1, "deep/keep/c.vob": 1, "deep/a": 0, "disc.iso.mkv": 0} {
		if there, passed := look(place); len(there) != n || n == 0 && len(passed) == 0 {
			t.Errorf("%s: there are %v, passed by %v", place, there, passed)
		}
	}
	// A known file that is passed by now leaves the library for its bin.
	seen, err := s.walk(t.Context(), dir, dir)
	if err != nil {
		t.Fatal(err)
	}
	d := compare([]library.KnownFile{{ID: "x", Path: filepath.Join(dir, "shows/Lost/bonus/x.mkv"), State: library.Present}}, seen)
	if len(d.ignored) != 1 || len(d.gone) != 0 {
		t.Errorf("got %+v", d)
	}
}

// A link whose end is away says that the end is away, not that it was deleted.
func TestALinkToADiskThatIsAway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Symlink("/nowhere/films", filepath.Join(dir, "films")); err != nil {
		t.Fatal(err)
	}
	s := New(Options{})
	for _, place := range []string{dir, filepath.Join(dir, "films")} {
		seen, err := s.walk(t.Context(), dir, place)
		if err != nil {
			t.Fatal(err)
		}
		d := compare([]library.KnownFile{{ID: "x", Path: filepath.Join(dir, "films/Heat.mkv"), State: library.Present}}, seen)
		if len(d.unreachable) != 1 || len(d.gone) != 0 {
			t.Errorf("%s: got %+v", place, d)
		}
	}
}

func TestTooMany(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lost, of int
		want     bool
	}{
		{1, 1, false}, {1, 2, false}, {2, 2, true}, {4, 10, false}, {4, 4, true}, {5, 10, true}, {5, 50, false},
		{6, 50, true},
		{50, 10_000, false}, {51, 10_000, true}, {0, 0, false},
	} {
		if got := isMassDeletion(c.lost, c.of); got != c.want {
			t.Errorf("%d of %d: %v", c.lost, c.of, got)
		}
	}
}
