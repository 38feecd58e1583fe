package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/metadata"
	"movify/library/scan"
	"movify/pkg/media"
)

// TestNothingIsLost is the torture of a library: disks vanish in the middle of a scan, come back empty, as other disks, with
// errors and under other names. After each accident every title and every file is still known, and what people have of them
// is the same, row by row.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	v.scan()
	v.addMarks()
	before := v.dump()
	for _, a := range []struct {
		what string
		do   func()
	}{
		{"unmounted in the middle of a scan", func() { v.disk.once(v.unmount); v.scan(); v.scan(); v.mount(v.store) }},
		{"an empty folder", func() { v.unmount(); v.scan(); v.mount(v.store) }},
		{"another disk", func() {
			v.unmount()
			v.mount(v.other)
			v.scan()
			v.scan()
			v.unmount()
			v.mount(v.store)
		}},
		{"another disk in the middle of a scan", func() {
			v.disk.once(func() { v.unmount(); v.mount(v.other) })
			v.scan()
			v.scan()
			v.unmount()
			v.mount(v.store)
		}},
		{"the disk gives errors", func() { v.disk.fail(v.films, syscall.EIO); v.scan(); v.disk.fail(v.films, nil) }},
		{"a folder gives errors", func() {
			dir := filepath.Join(v.films, "Film 03 (1990)")
			v.disk.fail(dir, syscall.EIO)
			v.scan()
			v.disk.fail(dir, nil)
		}},
		{"the folder may not be read", func() { v.disk.fail(v.films, syscall.EACCES); v.scan(); v.disk.fail(v.films, nil) }},
		{"most films are deleted and come back", func() {
			aside := filepath.Join(filepath.Dir(v.films), "aside")
			v.must(os.Mkdir(aside, 0o755))
			for i := range 20 {
				v.move(v.film(i), filepath.Join(aside, fmt.Sprint(i)))
			}
			v.scan()
			for i := range 20 {
				v.move(filepath.Join(aside, fmt.Sprint(i)), v.film(i))
			}
		}},
		{"every film is renamed", func() {
			v.move(filepath.Join(v.films, "shows"), filepath.Join(v.films, "Serien"))
			for i := range 20 {
				v.move(filepath.Dir(v.film(i)), filepath.Join(v.films, fmt.Sprintf("Filme/Film %02d", i)))
			}
			v.scan()
			v.move(filepath.Join(v.films, "Serien"), filepath.Join(v.films, "shows"))
			for i := range 20 {
				v.move(filepath.Join(v.films, fmt.Sprintf("Filme/Film %02d", i)), filepath.Dir(v.film(i)))
			}
		}},
		{"a better file under another name", func() {
			v.must(os.Remove(v.film(5)))
			v.write(filepath.Join(v.films, "Film.05.1990.2160p.HEVC-GROUP.mkv"), "film five, better")
			v.scan()
		}},
		{"the library folder is renamed", func() {
			v.unmount()
			v.films += " renamed"
			v.must(os.Mkdir(v.films, 0o755))
			v.mount(v.store)
		}},
		{"the folder is gone", func() {
			v.unmount()
			v.must(os.Remove(v.films))
			v.scan()
			v.must(os.Mkdir(v.films, 0o755))
			v.mount(v.store)
		}},
	} {
		a.do()
		v.scan()
		v.compare(a.what, before)
		if away := v.count(`SELECT COUNT(*) FROM files WHERE state NOT IN ('present', 'missing')`); away > 0 {
			t.Errorf("%s: afterwards %d files are still away", a.what, away)
		}
		if lost := v.count(`SELECT COUNT(*) FROM files WHERE state = 'missing'`); lost > 1 { // the film that was replaced
			t.Errorf("%s: afterwards %d files are missing", a.what, lost)
		}
	}
	for _, code := range []string{"root_empty", "root_other_disk", "root_changing", "disk_trouble", "root_denied", "root_held", "root_away"} {
		if !v.told[code] {
			t.Errorf("no accident was told as %s: the torture is too mild", code)
		}
	}
}

// removableLibrary is a library on a disk that can be mounted and unmounted.
type removableLibrary struct {
	t            *testing.T
	db           *DB
	disk         *faultyDisk
	store, other string // the disk with the films, and another one
	films        string // where a disk is mounted: the library folder
	mounts       bool   // by the system; else folders are renamed
	mounted      string
	told         map[string]bool // why roots and files were away after any scan
}

func newVictim(t *testing.T) *removableLibrary {
	dir := t.TempDir()
	v := &removableLibrary{
		t: t, db: newDB(t), disk: &faultyDisk{FileSystem: library.SystemFS(), errs: make(map[string]error)},
		told: make(
			map[string]bool,
		),
		store: filepath.Join(dir, "disk"), other: filepath.Join(dir, "other"), films: filepath.Join(dir, "films"),
	}
	for _, d := range []string{v.store, v.other, v.films} {
		v.must(os.Mkdir(d, 0o755))
	}
	v.mounts = true
	for _, d := range []string{v.store, v.other} {
		if err := mountDisk(d); err != nil {
			v.mounts = false // the test's user may not mount: folders change places instead
			t.Logf("without real mounts: %v", err)
			break
		}
		t.Cleanup(func() { v.must(unmountDisk(d)) })
	}
	t.Cleanup(func() {
		if v.mounted != "" {
			v.unmount()
		}
	})
	v.mount(v.store)
	for i := range 20 {
		v.write(v.film(i), fmt.Sprint("film ", i))
	}
	for i := range 6 {
		v.write(
			filepath.Join(v.films, fmt.Sprintf("shows/Lost/Season 1/Lost S01E%02d.mkv", i+1)), fmt.Sprint("film lost ", i),
		)
	}
	v.unmount()
	v.mount(v.other)
	v.write(filepath.Join(v.films, "Other (2001).mkv"), "film other")
	v.unmount()
	v.mount(v.store)
	return v
}

func (v *removableLibrary) film(i int) string {
	return filepath.Join(v.films, fmt.Sprintf("Film %02d (1990)/Film %02d (1990).mkv", i, i))
}

func (v *removableLibrary) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *removableLibrary) write(path, content string) {
	v.t.Helper()
	old := time.Now().Add(-time.Hour)
	v.must(
		errors.Join(
			os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644), os.Chtimes(path, old, old),
		),
	)
}

// move renames, across disks too.
func (v *removableLibrary) move(from, to string) {
	v.t.Helper()
	v.must(os.MkdirAll(filepath.Dir(to), 0o755))
	err := os.Rename(from, to)
	if errors.Is(err, syscall.EXDEV) {
		text, failed := os.ReadFile(from)
		v.must(failed)
		info, failed := os.Stat(from)
		v.must(failed)
		err = errors.Join(os.WriteFile(to, text, 0o644), os.Chtimes(to, info.ModTime(), info.ModTime()), os.Remove(from))
	}
	v.must(err)
}

func (v *removableLibrary) mount(disk string) {
	v.t.Helper()
	v.mounted = disk
	if v.mounts {
		v.must(bindDisk(disk, v.films))
		return
	}
	v.must(errors.Join(os.Remove(v.films), os.Rename(disk, v.films)))
	v.disk.number(filepath.Base(disk))
}

func (v *removableLibrary) unmount() {
	v.t.Helper()
	disk := v.mounted
	v.mounted = ""
	if v.mounts {
		v.must(unmountDisk(v.films))
		return
	}
	v.must(errors.Join(os.Rename(v.films, disk), os.Mkdir(v.films, 0o755)))
	v.disk.number("")
}

// scan runs the library for one scan, as a server that was just started.
func (v *removableLibrary) scan() {
	v.t.Helper()
	l := scan.New(scan.Options{
		Store: v.db.Library(), Prober: filmProber{}, FS: v.disk, Roots: []string{v.films},
		Importer:  metadata.New(metadata.Options{Store: v.db.Library(), FS: v.disk}),
		StableFor: time.Millisecond, Rescan: time.Hour, BinDays: 30,
	})
	ctx, stop := context.WithCancel(v.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	_, err := l.Scan(ctx)
	stop()
	v.must(errors.Join(err, <-ended))
	var codes []string
	v.must(
		v.db.read.SelectContext(
			v.t.Context(), &codes, `SELECT code FROM roots UNION SELECT code FROM files WHERE state = 'unreachable'`,
		),
	)
	for _, c := range codes {
		v.told[c] = true
	}
}

// addMarks gives every title a mark, a position or a visit.
func (v *removableLibrary) addMarks() {
	v.t.Helper()
	run := func(query string) {
		v.t.Helper()
		if _, err := v.db.writer.ExecContext(v.t.Context(), query); err != nil {
			v.t.Fatal(err)
		}
	}
	run(
		`INSERT INTO history (profile_id, id, title_id, began_ms, at_ms, position_ms, duration_ms, watched) SELECT 'p', 'h' || id, id, 1, 2, 3, 4, 1 FROM titles`,
	)
	run(`INSERT INTO marks (profile_id, title_id, kind, value, at_ms) SELECT 'p', id, 'listed', 1, 2 FROM titles`)
	run(
		`INSERT INTO progress (profile_id, title_id, file_id, position_ms, duration_ms, resume_ms, at_ms) SELECT 'p', id, 'f', 1, 2, 3, 4 FROM titles`,
	)
	run(
		`INSERT INTO collections (id, kind, name, name_key, overview, logo, how, rule, place, added_ms) VALUES ('c', 'channel', 'C', 'c', '', '', 'hand', '', 0, 0)`,
	)
	run(
		`INSERT INTO collection_titles (collection_id, title_id, place, by_rule, added_ms) SELECT 'c', id, 0, 0, 0 FROM titles WHERE wall = 1`,
	)
	run(`INSERT INTO title_scopes (scope_id, title_id, kind) SELECT 'c', id, 'channel' FROM titles`)
}

// dump reads every row that must not change, and the IDs of those that must not go.
func (v *removableLibrary) dump() map[string][]string {
	v.t.Helper()
	out := make(map[string][]string)
	for name, query := range map[string]string{
		"titles":     `SELECT id || ' ' || kind FROM titles`,
		"files":      `SELECT f.id || ' ' || f.title_id FROM files f`,
		"history":    `SELECT profile_id || ' ' || id || ' ' || title_id || ' ' || at_ms || ' ' || watched FROM history`,
		"marks":      `SELECT profile_id || ' ' || title_id || ' ' || kind || ' ' || value || ' ' || at_ms FROM marks`,
		"progress":   `SELECT profile_id || ' ' || title_id || ' ' || position_ms || ' ' || resume_ms || ' ' || at_ms FROM progress`,
		"members":    `SELECT collection_id || ' ' || title_id || ' ' || place FROM collection_titles`,
		"channelled": `SELECT scope_id || ' ' || title_id FROM title_scopes WHERE kind = 'channel'`,
	} {
		var rows []string
		if err := v.db.read.SelectContext(v.t.Context(), &rows, query); err != nil {
			v.t.Fatal(err)
		}
		slices.Sort(rows)
		out[name] = rows
	}
	if len(out["titles"]) < 28 || len(out["members"]) < 21 { // 20 films, a series, its season, six episodes
		v.t.Errorf("%d titles and %d members are there to be lost", len(out["titles"]), len(out["members"]))
	}
	return out
}

// compare insists that all rows from before are there; of titles and files there may be more.
func (v *removableLibrary) compare(what string, before map[string][]string) {
	v.t.Helper()
	now := v.dump()
	for table, rows := range before {
		have := now[table]
		if table == "titles" || table == "files" {
			have = slices.DeleteFunc(slices.Clone(have), func(row string) bool { return !slices.Contains(rows, row) })
		}
		if diff := cmp.Diff(rows, have); diff != "" {
			v.t.Errorf("%s: %s (-before +after)\n%s", what, table, diff)
		}
	}
}

func (v *removableLibrary) count(query string) (n int) {
	v.t.Helper()
	v.must(v.db.read.GetContext(v.t.Context(), &n, query))
	return n
}

// faultyDisk is a disk with errors, and with an event in the middle of a walk.
type faultyDisk struct {
	library.FileSystem
	mu    sync.Mutex
	errs  map[string]error
	id    string
	event func()
	read  int // folders since the event was set
}

func (s *faultyDisk) fail(path string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.errs, path)
	if err != nil {
		s.errs[path] = &fs.PathError{Op: "open", Path: path, Err: err}
	}
}

func (s *faultyDisk) number(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id = id
}

// once runs an event after a few folders of the next walk.
func (s *faultyDisk) once(event func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.event, s.read = event, 0
}

func (s *faultyDisk) ReadDir(path string) ([]fs.DirEntry, error) {
	s.mu.Lock()
	err := s.errs[path]
	var event func()
	if s.read++; s.event != nil && s.read > 5 {
		event, s.event = s.event, nil
	}
	s.mu.Unlock()
	if event != nil {
		event()
	}
	if err != nil {
		return nil, err
	}
	return s.FileSystem.ReadDir(path)
}

func (s *faultyDisk) Disk(path string) (library.Disk, error) {
	d, err := s.FileSystem.Disk(path)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.id != "" {
		d.ID = s.id
	}
	return d, err
}

// filmProber finds a film in what begins with the word.
type filmProber struct{}

func (filmProber) Probe(_ context.Context, path string) (media.Probe, error) {
	text, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(text, []byte("film ")) {
		return media.Probe{}, errors.Join(err, errors.New("no film"))
	}
	height := 1080
	if strings.Contains(string(text), "better") {
		height = 2160
	}
	return media.Probe{
		Format: "matroska,webm", DurationUS: 1_000_000,
		Video: []media.VideoTrack{{Codec: "h264", Width: 1920, Height: height}},
	}, nil
}
