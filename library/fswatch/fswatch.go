// Package fswatch watches folders by inotify, and reports for folders without events that they must be polled, with the
// reason. Its events are hints for library/scan, which scans by itself; it reads no file, keeps no state of the
// folders' content and decides nothing.
package fswatch

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"movify/library"
)

// Options configure a Watcher. The zero value is valid.
type Options struct {
	Logger *slog.Logger
	Gather time.Duration // how long events are collected into one hint; 0 = half a second
}

// Watcher implements library.Watcher. Its methods are safe for concurrent use.
type Watcher struct {
	o Options

	mu     sync.Mutex
	system *fsnotify.Watcher // opened by the first Add, closed by Run
	opened bool
	roots  map[string]library.WatchState
}

var _ library.Watcher = (*Watcher)(nil)

// New returns a watcher without folders.
func New(o Options) *Watcher {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Gather <= 0 {
		o.Gather = 500 * time.Millisecond
	}
	return &Watcher{o: o, roots: make(map[string]library.WatchState)}
}

// Add watches the folder and everything below it, and returns how. Events before Run are kept for it.
func (w *Watcher) Add(folder string, wish library.WatchMethod) library.WatchState {
	folder = filepath.Clean(folder)
	w.mu.Lock()
	defer w.mu.Unlock()
	state := w.watchRoot(folder, wish)
	w.roots[folder] = state
	if state.Mode == library.WatchPoll {
		w.o.Logger.Info("folder is polled", "reason", state.Reason)
	}
	return state
}

// watchRoot adds watches to a root, or returns why it must be polled. The caller holds mu.
func (w *Watcher) watchRoot(folder string, wish library.WatchMethod) library.WatchState {
	switch wish {
	case library.MethodPoll:
		w.unwatch(folder)
		return polled("It is set to polling.")
	case library.MethodHook:
		w.unwatch(folder)
		return library.WatchState{
			Mode:   library.WatchHook,
			Reason: "It is set to hook: only paths that are reported to the server are scanned.",
		}
	}
	disk, err := library.SystemFS().Disk(folder)
	if err != nil {
		return polled("The folder is unavailable.")
	}
	if disk.Remote() && wish != library.MethodInotify {
		w.unwatch(folder)
		return polled(
			"The folder is on a " + disk.Kind + " disk, which does not report changes made by other machines.",
		)
	}
	if !w.opened {
		w.opened = true
		if w.system, err = fsnotify.NewBufferedWatcher(1024); err != nil {
			w.o.Logger.Warn("inotify is not available", "error", err)
		}
	}
	if w.system == nil {
		return polled("The system does not report changes.")
	}
	if err := w.watchTree(folder); err != nil {
		w.unwatch(folder)
		return polled(watchFailure(err, watchLimit()))
	}
	return library.WatchState{Mode: library.WatchEvents}
}

// Remove stops watching the folder.
func (w *Watcher) Remove(folder string) {
	folder = filepath.Clean(folder)
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.roots, folder)
	w.unwatch(folder)
}

// unwatch removes the watches of a folder and everything below it. The caller holds mu.
func (w *Watcher) unwatch(folder string) {
	if w.system == nil {
		return
	}
	for _, watched := range w.system.WatchList() {
		if within(folder, watched) {
			// The watch of a deleted folder is already gone.
			if err := w.system.Remove(watched); err != nil && !errors.Is(err, fsnotify.ErrNonExistentWatch) &&
				!errors.Is(err, fsnotify.ErrClosed) {
				w.o.Logger.Warn("a watch could not be removed", "error", err)
			}
		}
	}
}

// watchTree adds a watch to a folder and then to every folder in it. The order matters: a folder created in between is
// either listed or reported by the watch. Folders that cannot be opened are left to the scan.
func (w *Watcher) watchTree(folder string) error {
	if err := w.system.Add(folder); err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil
		}
		return err
	}
	items, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	for _, item := range items {
		path := filepath.Join(folder, item.Name())
		if library.Ignored(item.Name()) || !isFolder(path, item) {
			continue
		}
		if err := w.watchTree(path); err != nil {
			return err
		}
	}
	return nil
}

// isFolder reports whether an entry is a folder below the one it was found in: a symbolic link that leaves it is
// followed by the scan, and its own name is watched only.
func isFolder(path string, item fs.DirEntry) bool {
	if item.Type()&fs.ModeSymlink == 0 {
		return item.IsDir()
	}
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	here, err := filepath.EvalSymlinks(filepath.Dir(path))
	return err == nil && !within(target, here)
}

// watchFailure returns, for people, why inotify failed. limit is the largest number of watches; 0 = unknown.
func watchFailure(err error, limit int) string {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		const plenty = 524288 // what most distributions that raise it raise it to; a watch takes about 1 KiB
		return fmt.Sprintf(
			"The system's limit of %d watched folders is reached. Raise it: sysctl fs.inotify.max_user_watches=%d",
			limit, max(plenty, 2*limit),
		)
	case errors.Is(err, syscall.EMFILE):
		return "The system's limit of watchers is reached. Raise it: sysctl fs.inotify.max_user_instances=1024"
	}
	return "The system does not report changes here."
}

func polled(reason string) library.WatchState {
	return library.WatchState{Mode: library.WatchPoll, Reason: reason}
}

// within reports whether path is dir or lies below it. Both are clean.
func within(dir, path string) bool {
	rest, found := strings.CutPrefix(path, dir)
	return found && (rest == "" || dir == string(filepath.Separator) || rest[0] == filepath.Separator)
}
