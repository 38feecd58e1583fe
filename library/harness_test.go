package library_test

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
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"movify/library"
	"movify/library/fswatch"
	"movify/library/nfo"
	"movify/pkg/blob/blobtest"
	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/media"
	"movify/pkg/store"
)

// prober returns probes by the text of a file, as ffprobe does by its streams: "film …" is a film, nothing is an empty
// file, and anything else is not media.
type prober struct {
	mu    sync.Mutex
	asked []string // base names
}

var (
	errEmpty    = fault.New(fault.Unsupported, "file_empty", "This file is empty.")
	errNotMedia = fault.New(fault.Unsupported, "not_media", "This is not a video file.")
)

func (p *prober) Probe(ctx context.Context, path string) (media.Probe, error) {
	p.mu.Lock()
	p.asked = append(p.asked, filepath.Base(path))
	p.mu.Unlock()
	text, err := os.ReadFile(path)
	switch {
	case err != nil:
		return media.Probe{}, err
	case ctx.Err() != nil:
		return media.Probe{}, ctx.Err()
	case len(text) == 0:
		return media.Probe{}, errEmpty
	case !strings.HasPrefix(string(text), "film "):
		return media.Probe{}, errNotMedia
	}
	tags := make(map[string]string) // "film heat; title=Heat"
	for _, part := range strings.Split(string(text), "; ")[1:] {
		if key, value, found := strings.Cut(part, "="); found {
			tags[key] = value
		}
	}
	return media.Probe{Format: "matroska,webm", Tags: tags, Size: int64(len(text)), DurationUS: int64(len(text)) * 1_000_000,
		Video: []media.VideoTrack{{Codec: "h264", Width: 1920, Height: 1080}}}, nil
}

func (p *prober) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.asked)
}

// stills makes no picture: the bytes are the text of the film.
type stills struct{}

func (stills) Stills(_ context.Context, path string, _ media.Probe) (library.Still, error) {
	text, err := os.ReadFile(path)
	if err != nil || bytes.Contains(text, []byte("dark")) {
		return library.Still{}, fmt.Errorf("no frame to see: %w", err)
	}
	return library.Still{
		WebP1280: append([]byte("wide "), text...), WebP480: append([]byte("small "), text...), Color: "#405060",
	}, nil
}

// nfoReader reads NFO files, except one that fails.
type nfoReader struct {
	mu      sync.Mutex
	refused string
	reads   int
}

func (r *nfoReader) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}

func (r *nfoReader) ReadNFO(path string) (library.NFODocument, error) {
	r.mu.Lock()
	refused := r.refused
	r.reads++
	r.mu.Unlock()
	if path == refused {
		return library.NFODocument{}, errors.New("input/output error")
	}
	return nfo.Reader{}.ReadNFO(path)
}

func (r *nfoReader) refuse(path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused = path
}

// brokenFS is the system's file system with one path that gives an I/O error.
type brokenFS struct {
	mu  sync.Mutex
	bad string
}

func (d *brokenFS) Stat(path string) (fs.FileInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bad == path {
		return nil, &fs.PathError{Op: "stat", Path: path, Err: syscall.EIO}
	}
	return library.SystemFS().Stat(path)
}

func (d *brokenFS) ReadDir(path string) ([]fs.DirEntry, error) {
	return library.SystemFS().ReadDir(path)
}
func (d *brokenFS) Disk(path string) (library.Disk, error) { return library.SystemFS().Disk(path) }

func (d *brokenFS) breakPath(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bad = path
}

// testTimeout is how long a test waits for an event; it is long because it is only reached by a failure.
const testTimeout = 5 * time.Minute

// harness is a library over a folder on disk, with a real database and real watches.
type harness struct {
	*library.Service
	t               *testing.T
	dir             string // the root
	prober          *prober
	nfo             nfoReader
	disk            brokenFS
	provider        library.Provider // nil = none
	metadataChanges atomic.Int64     // number of calls of OnMetadata
	writeNFO        bool             // edits are written to NFO files
	blobs           *blobtest.Memory
	bus             *event.Bus
	store           library.Store
	notices         <-chan event.Notice
	adjust          func(*library.Options) // called by build, to change the options
}

// newHarness makes a library over a new folder that holds the given files; run starts it.
func newHarness(t *testing.T, files map[string]string) *harness {
	t.Helper()
	h := &harness{
		t: t, dir: filepath.Join(t.TempDir(), "films"), prober: new(prober), blobs: blobtest.NewMemory(),
		bus: new(event.Bus),
	}
	if err := os.Mkdir(h.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		h.write(name, content)
	}
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "movify.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	h.store = db.Library()
	h.build()
	return h
}

// build makes the service again, as a restart of the server does.
func (h *harness) build() {
	var writer library.NFOWriter
	if h.writeNFO {
		writer = nfo.Writer{}
	}
	o := library.Options{
		Store: h.store, Prober: h.prober, Stills: stills{}, Blobs: h.blobs, Bus: h.bus,
		Watcher: fswatch.New(fswatch.Options{Gather: 5 * time.Millisecond}),
		NFO:     &h.nfo, FS: &h.disk, Provider: h.provider, WriteNFO: writer,
		OnMetadata: func() { h.metadataChanges.Add(1) },
		Exclude:    []string{h.path("made")},
		Roots:      []string{h.dir}, StableFor: 30 * time.Millisecond, Rescan: time.Hour, Workers: 2,
	}
	if h.adjust != nil {
		h.adjust(&o)
	}
	h.Service = library.New(o)
}

// run starts the library, waits for its first scan and returns what stops it.
func (h *harness) run() (stop func()) {
	h.t.Helper()
	notices, unsubscribe := h.bus.Subscribe()
	h.notices = notices
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			h.t.Errorf("run: %v", err)
		}
		unsubscribe()
	})
	h.t.Cleanup(stop)
	h.scan()
	return stop
}

func (h *harness) scan() library.ScanState {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), testTimeout)
	defer cancel()
	state, err := h.Scan(ctx)
	if err != nil {
		h.t.Fatalf("scan: %v", err)
	}
	return state
}

// until waits for ok to hold; it checks at every notice.
func (h *harness) until(what string, ok func() bool) {
	h.t.Helper()
	deadline := time.After(testTimeout)
	for !ok() {
		select {
		case <-h.notices:
		case <-time.After(100 * time.Millisecond): // not every change has a notice
		case <-deadline:
			h.t.Fatalf("never happened: %s; files are %v", what, h.files())
		}
	}
}

func (h *harness) path(name string) string { return filepath.Join(h.dir, name) }

// write creates a file below the root with an old modification time.
func (h *harness) write(name, content string) {
	h.t.Helper()
	path := h.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		h.t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(path, old, old); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) rename(from, to string) {
	h.t.Helper()
	if err := os.MkdirAll(filepath.Dir(h.path(to)), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Rename(h.path(from), h.path(to)); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) remove(name string) {
	h.t.Helper()
	if err := os.RemoveAll(h.path(name)); err != nil {
		h.t.Fatal(err)
	}
}

// files returns the state of every known file, by path below the root.
func (h *harness) files() map[string]library.State {
	h.t.Helper()
	out := make(map[string]library.State)
	for _, f := range h.all() {
		rel, err := filepath.Rel(h.dir, f.Path)
		if err != nil {
			h.t.Fatal(err)
		}
		out[rel] = f.State
	}
	return out
}

func (h *harness) all() []library.File {
	h.t.Helper()
	var out []library.File
	for _, s := range []library.State{
		library.Present, library.Incoming, library.Attention, library.Unreachable, library.Missing,
	} {
		files, err := h.store.InState(context.Background(), s)
		if err != nil {
			h.t.Fatal(err)
		}
		out = append(out, files...)
	}
	return out
}

// file returns the file known at a path below the root.
func (h *harness) file(name string) library.File {
	h.t.Helper()
	f, err := h.store.FileAt(context.Background(), h.path(name))
	if err != nil {
		h.t.Fatalf("%s: %v", name, err)
	}
	return f
}

// names returns the names of the titles with files, sorted.
func (h *harness) names() []string {
	h.t.Helper()
	page, err := h.Titles(context.Background(), library.Unrestricted(), library.Query{Limit: 200})
	if err != nil {
		h.t.Fatal(err)
	}
	names := []string{}
	for _, c := range page.Cards {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return names
}
