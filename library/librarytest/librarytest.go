// Package librarytest is a library over a folder on disk, with a real database and real watches, for the tests of
// library and of the packages below it.
package librarytest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
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

	"golang.org/x/sync/errgroup"

	"movify/library"
	"movify/library/artwork"
	"movify/library/catalogue"
	"movify/library/fswatch"
	"movify/library/metadata"
	"movify/library/nfo"
	"movify/library/scan"
	"movify/pkg/blob/blobtest"
	"movify/pkg/disc"
	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/store"
	"movify/player"
)

// Prober returns probes by the text of a file, as ffprobe does by its streams: "film …" is a film, nothing is an empty
// file, and anything else is not media.
type Prober struct {
	mu    sync.Mutex
	Asked []string // base names
}

var (
	errEmpty    = fault.New(fault.Unsupported, "file_empty", "This file is empty.")
	errNotMedia = fault.New(fault.Unsupported, "not_media", "This is not a video file.")
)

// Probe reads the text of a file.
func (p *Prober) Probe(ctx context.Context, path string) (media.Probe, error) {
	p.mu.Lock()
	p.Asked = append(p.Asked, filepath.Base(path))
	p.mu.Unlock()
	if disc.IsIndex(path) { // its first file says it
		if title, err := disc.Open(path); err == nil {
			path = title.Paths()[0]
		}
	}
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
	return media.Probe{Format: "matroska,webm", Tags: tags, Size: int64(len(text)),
		DurationUS: int64(len(text)) * 1_000_000,
		Video:      []media.VideoTrack{{Codec: "h264", Width: 1920, Height: 1080}}}, nil
}

// Count returns how many files were probed.
func (p *Prober) Count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.Asked)
}

// stills makes no picture: the bytes are the text of the film.
type stills struct{}

func (stills) Stills(_ context.Context, path string, _ media.Probe) (artwork.Still, error) {
	text, err := os.ReadFile(path)
	if err != nil || bytes.Contains(text, []byte("dark")) {
		return artwork.Still{}, fmt.Errorf("no frame to see: %w", err)
	}
	return artwork.Still{
		WebP1280: append([]byte("wide "), text...), WebP480: append([]byte("small "), text...), Color: "#405060",
	}, nil
}

// NFOReader reads NFO files, except one that fails.
type NFOReader struct {
	mu      sync.Mutex
	refused string
	reads   int
}

// Count returns how many NFO files were read.
func (r *NFOReader) Count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}

// ReadNFO implements library.NFOReader.
func (r *NFOReader) ReadNFO(path string) (library.NFODocument, error) {
	r.mu.Lock()
	refused := r.refused
	r.reads++
	r.mu.Unlock()
	if path == refused {
		return library.NFODocument{}, errors.New("input/output error")
	}
	return nfo.Reader{}.ReadNFO(path)
}

// Refuse makes the NFO file at path unreadable.
func (r *NFOReader) Refuse(path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused = path
}

// BrokenFS is the system's file system with one path that gives an I/O error.
type BrokenFS struct {
	mu  sync.Mutex
	bad string
}

// Stat implements library.FileSystem.
func (d *BrokenFS) Stat(path string) (fs.FileInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bad == path {
		return nil, &fs.PathError{Op: "stat", Path: path, Err: syscall.EIO}
	}
	return library.SystemFS().Stat(path)
}

// ReadDir implements library.FileSystem.
func (d *BrokenFS) ReadDir(path string) ([]fs.DirEntry, error) {
	return library.SystemFS().ReadDir(path)
}

// Disk implements library.FileSystem.
func (d *BrokenFS) Disk(path string) (library.Disk, error) { return library.SystemFS().Disk(path) }

// BreakPath makes a path give an I/O error.
func (d *BrokenFS) BreakPath(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bad = path
}

// Timeout is how long a test waits for an event; it is long because it is only reached by a failure.
const Timeout = 5 * time.Minute

// Store is the store of the library and its pictures.
type Store interface {
	scan.Store
	metadata.Store
	artwork.Store
	catalogue.Store
}

// The services of a harness.
type (
	Scanner   = scan.Service
	Metadata  = metadata.Service
	Catalogue = catalogue.Service
)

// Harness is a library over a folder on disk, with a real database and real watches.
type Harness struct {
	*Scanner
	*Metadata
	*Catalogue
	Artwork         *artwork.Service
	T               *testing.T
	Dir             string // the root
	Prober          *Prober
	NFO             NFOReader
	Disk            BrokenFS
	Provider        library.Provider // nil = none
	MetadataChanges atomic.Int64     // number of calls of OnMetadata
	WriteNFO        bool             // edits are written to NFO files
	NoSets          bool             // no collections are made for sets
	Blobs           *blobtest.Memory // nil = no pictures
	Bus             *event.Bus
	Store           Store
	Watching        player.Store // what profiles leave on titles
	Notices         <-chan event.Notice
	Adjust          func(*scan.Options)     // called by Build, to change the options
	AdjustMetadata  func(*metadata.Options) // called by Build, to change the options
}

// New makes a library over a new folder that holds the given files; Start runs it.
func New(t *testing.T, files map[string]string) *Harness {
	t.Helper()
	h := &Harness{
		T: t, Dir: filepath.Join(t.TempDir(), "films"), Prober: new(Prober), Blobs: blobtest.NewMemory(),
		Bus: new(event.Bus),
	}
	if err := os.Mkdir(h.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		h.Write(name, content)
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
	h.Store, h.Watching = db.Library(), db.Player()
	h.Build()
	return h
}

// Build makes the service again, as a restart of the server does.
func (h *Harness) Build() {
	var writer library.NFOWriter
	if h.WriteNFO {
		writer = nfo.Writer{}
	}
	h.Artwork = artwork.New(artwork.Options{
		Store: h.Store, Stills: stills{}, Blobs: h.Blobs,
		Scanning: func() bool { return h.Status().Running },
		OnChange: func(t id.Title, f id.File) { h.NotifyPictures(t, f) },
	})
	h.Catalogue = catalogue.New(catalogue.Options{Store: h.Store, Blobs: h.Blobs, Bus: h.Bus, CollectSets: !h.NoSets})
	scanning := scan.Options{
		Store: h.Store, Prober: h.Prober, Changes: h.Catalogue, Bus: h.Bus, FS: &h.Disk,
		Watcher:  fswatch.New(fswatch.Options{Gather: 5 * time.Millisecond}),
		OnChange: h.Artwork.Wake,
		Walked: func(folders []library.WalkedFolder) {
			h.Artwork.QueueFolders(folders)
			h.QueueFolders(folders)
		},
		Exclude: []string{h.Path("made")},
		Roots:   []string{h.Dir}, StableFor: 30 * time.Millisecond, Rescan: time.Hour, Workers: 2,
	}
	if h.Adjust != nil {
		h.Adjust(&scanning)
	}
	describing := metadata.Options{
		Store: h.Store, Artwork: h.Artwork, Changes: h.Catalogue, Bus: h.Bus, FS: scanning.FS, Clock: scanning.Clock,
		NFO: &h.NFO, Provider: h.Provider, WriteNFO: writer,
		OnMetadata: func() { h.MetadataChanges.Add(1) },
		Rescan:     func(dir string) { h.Scanner.Rescan(dir) },
		Sidecars: func(ctx context.Context, root library.Root, dir string) (map[string][]library.Sidecar, error) {
			return h.Scanner.Sidecars(ctx, root, dir)
		},
	}
	if h.AdjustMetadata != nil {
		h.AdjustMetadata(&describing)
	}
	h.Metadata = metadata.New(describing)
	scanning.Importer = h.Metadata
	h.Scanner = scan.New(scanning)
}

// Start runs the library, waits for its first scan and returns what stops it.
func (h *Harness) Start() (stop func()) {
	h.T.Helper()
	notices, unsubscribe := h.Bus.Subscribe()
	h.Notices = notices
	ctx, cancel := context.WithCancel(context.Background())
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.Scanner.Run(ctx) })
	group.Go(func() error { return h.Metadata.Run(ctx) })
	group.Go(func() error { return h.Catalogue.Run(ctx) })
	group.Go(func() error { return h.Artwork.Run(ctx) })
	stop = sync.OnceFunc(func() {
		cancel()
		if err := group.Wait(); err != nil {
			h.T.Errorf("run: %v", err)
		}
		unsubscribe()
	})
	h.T.Cleanup(stop)
	h.ScanAll()
	return stop
}

// ScanAll scans the library and waits for the end.
func (h *Harness) ScanAll() scan.Status {
	h.T.Helper()
	ctx, cancel := context.WithTimeout(h.T.Context(), Timeout)
	defer cancel()
	state, err := h.Scan(ctx)
	if err != nil {
		h.T.Fatalf("scan: %v", err)
	}
	return state
}

// Until waits for ok to hold; it checks at every notice.
func (h *Harness) Until(what string, ok func() bool) {
	h.T.Helper()
	deadline := time.After(Timeout)
	for !ok() {
		select {
		case <-h.Notices:
		case <-time.After(100 * time.Millisecond): // not every change has a notice
		case <-deadline:
			h.T.Fatalf("never happened: %s; files are %v", what, h.States())
		}
	}
}

// Path returns the path of a file below the root.
func (h *Harness) Path(name string) string { return filepath.Join(h.Dir, name) }

// Write creates a file below the root with an old modification time.
func (h *Harness) Write(name, content string) {
	h.T.Helper()
	path := h.Path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.T.Fatal(err)
	}
	// The watcher must not meet a file that is empty yet, or new: both are probed, and the file that was meant later.
	made := filepath.Join(h.T.TempDir(), filepath.Base(path))
	if err := os.WriteFile(made, []byte(content), 0o644); err != nil {
		h.T.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(made, old, old); err != nil {
		h.T.Fatal(err)
	}
	if err := os.Rename(made, path); err != nil {
		h.T.Fatal(err)
	}
}

// Rename moves a file below the root.
func (h *Harness) Rename(from, to string) {
	h.T.Helper()
	if err := os.MkdirAll(filepath.Dir(h.Path(to)), 0o755); err != nil {
		h.T.Fatal(err)
	}
	if err := os.Rename(h.Path(from), h.Path(to)); err != nil {
		h.T.Fatal(err)
	}
}

// Remove deletes a file or folder below the root.
func (h *Harness) Remove(name string) {
	h.T.Helper()
	if err := os.RemoveAll(h.Path(name)); err != nil {
		h.T.Fatal(err)
	}
}

// States returns the state of every known file, by path below the root.
func (h *Harness) States() map[string]library.State {
	h.T.Helper()
	out := make(map[string]library.State)
	for _, f := range h.AllFiles() {
		rel, err := filepath.Rel(h.Dir, f.Path)
		if err != nil {
			h.T.Fatal(err)
		}
		out[rel] = f.State
	}
	return out
}

// AllFiles returns every known file.
func (h *Harness) AllFiles() []library.File {
	h.T.Helper()
	var out []library.File
	for _, s := range []library.State{
		library.Present, library.Incoming, library.Attention, library.Unreachable, library.Missing,
	} {
		files, err := h.Store.InState(context.Background(), s)
		if err != nil {
			h.T.Fatal(err)
		}
		out = append(out, files...)
	}
	return out
}

// FileAt returns the file known at a path below the root.
func (h *Harness) FileAt(name string) library.File {
	h.T.Helper()
	f, known := h.KnownAt(h.Path(name))
	if !known {
		h.T.Fatalf("%s is not known", name)
	}
	return f
}

// KnownAt returns the file known at a path, in any root and state.
func (h *Harness) KnownAt(path string) (f library.File, known bool) {
	h.T.Helper()
	files, err := h.Store.FilesByPath(context.Background(), []string{path})
	if err != nil {
		h.T.Fatal(err)
	}
	f, known = files[path]
	return f, known
}

// Names returns the names of the titles with files, sorted.
func (h *Harness) Names() []string {
	h.T.Helper()
	page, err := h.Titles(context.Background(), library.Unrestricted(), catalogue.Query{Limit: 200})
	if err != nil {
		h.T.Fatal(err)
	}
	names := []string{}
	for _, c := range page.Cards {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return names
}

// Picture is a PNG or JPEG of one colour.
func Picture(t *testing.T, format string, width, height int, c color.Color) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	var err error
	if format == "png" {
		err = png.Encode(&out, img)
	} else {
		err = jpeg.Encode(&out, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Shown asks for a picture of a file's title.
func (h *Harness) Shown(name string, kind library.PictureKind, width int) (artwork.PictureData, error) {
	return h.Artwork.Picture(context.Background(), library.Unrestricted(), h.FileAt(name).Title, kind, width)
}

// ShowsPicture reports whether the title of a file has a picture of its own of that kind.
func (h *Harness) ShowsPicture(name string, kind library.PictureKind) bool {
	p, err := h.Shown(name, kind, 1920)
	return err == nil && strings.Contains(p.Key, string(kind)+"-")
}
