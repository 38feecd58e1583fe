// Package fswatch watches folders by inotify, and reports for folders without events that they must be polled, with the
// reason. Its events are hints for library/scan, which scans by itself; it reads no file, keeps no state of the
// folders' content and decides nothing.
package fswatch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
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
	// LinksInto are folders outside of the watched ones that symbolic links may lead into.
	LinksInto []string
}

// Watcher implements library.Watcher. Its methods are safe for concurrent use.
type Watcher struct {
	o Options

	mu     sync.Mutex
	system *fsnotify.Watcher // opened by the first Add, closed by Run
	opened bool
	roots  map[string]*watchedRoot
}

// watchedRoot is an added folder. state is guarded by Watcher.mu.
type watchedRoot struct {
	state library.WatchState
	links *library.FollowedLinks
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
	return &Watcher{o: o, roots: make(map[string]*watchedRoot)}
}

// Add watches the folder and everything below it, and returns how. Events before Run are kept for it. When ctx ends
// first, the folder is still to be added.
func (w *Watcher) Add(ctx context.Context, folder string, wish library.WatchMethod) library.WatchState {
	folder = filepath.Clean(folder)
	r := w.startOver(folder)
	state := w.watchRoot(ctx, r, folder, wish)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.roots[folder] != r { // removed or added again in the meantime
		if w.roots[folder] == nil {
			w.unwatch(folder)
		}
		return state
	}
	r.state = state
	if state.Mode == library.WatchPoll && !state.Pending {
		w.o.Logger.Info("folder is polled", "reason", state.Reason)
	}
	return state
}

// startOver registers a root without watches. It counts as watched at once: folders that appear while its watches are set
// are reported by those that are.
func (w *Watcher) startOver(folder string) *watchedRoot {
	w.mu.Lock()
	into := slices.Clone(w.o.LinksInto)
	for root := range w.roots {
		into = append(into, root)
	}
	w.mu.Unlock()
	r := &watchedRoot{
		state: library.WatchState{Mode: library.WatchEvents}, links: library.NewFollowedLinks(folder, into),
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.roots[folder] = r
	return r
}

// watchRoot adds watches to a root, or returns why it must be polled.
func (w *Watcher) watchRoot(
	ctx context.Context, r *watchedRoot, folder string, wish library.WatchMethod,
) library.WatchState {
	switch wish {
	case library.MethodPoll:
		w.stopWatching(folder)
		return polled("It is set to polling.")
	case library.MethodHook:
		w.stopWatching(folder)
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
		w.stopWatching(folder)
		return polled(
			"The folder is on a " + disk.Kind + " disk, which does not report changes made by other machines.",
		)
	}
	system := w.open()
	if system == nil {
		return polled("The system does not report changes.")
	}
	if err := watchTree(ctx, system, r.links, folder); err != nil {
		w.stopWatching(folder)
		if ctx.Err() != nil {
			return notWatchedYet
		}
		return polled(watchFailure(err, watchLimit()))
	}
	return library.WatchState{Mode: library.WatchEvents}
}

// notWatchedYet is the state of a folder that is still to be added.
var notWatchedYet = library.WatchState{
	Mode: library.WatchPoll, Reason: "This folder is not watched yet.", Pending: true,
}

// open returns the system's watcher, opened by the first call, or nil when there is none.
func (w *Watcher) open() *fsnotify.Watcher {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.opened {
		w.opened = true
		var err error
		if w.system, err = fsnotify.NewBufferedWatcher(1024); err != nil {
			w.o.Logger.Warn("inotify is not available", "error", err)
		}
	}
	return w.system
}

// stopWatching removes the watches of a folder and everything below it.
func (w *Watcher) stopWatching(folder string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.unwatch(folder)
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
		if library.Within(folder, watched) {
			// The watch of a deleted folder is already gone.
			if err := w.system.Remove(watched); err != nil && !errors.Is(err, fsnotify.ErrNonExistentWatch) &&
				!errors.Is(err, fsnotify.ErrClosed) {
				w.o.Logger.Warn("a watch could not be removed", "error", err)
			}
		}
	}
}

// treeWatch adds watches to a folder and everything below it.
type treeWatch struct {
	ctx    context.Context
	system *fsnotify.Watcher
	links  *library.FollowedLinks
	later  []string // links, followed once everything under its own name is watched
}

// watchTree adds a watch to each folder at path and below, unless a walk of the root reaches it by another name. Folders
// that cannot be opened are left to the scan. The error is ctx's or that of the system's limits.
func watchTree(ctx context.Context, system *fsnotify.Watcher, links *library.FollowedLinks, path string) error {
	t := treeWatch{ctx: ctx, system: system, links: links, later: []string{path}}
	for len(t.later) > 0 {
		next := t.later[0]
		t.later = t.later[1:]
		if info, err := os.Stat(next); err != nil || !info.IsDir() {
			continue
		}
		target, follow, err := links.Follow(next, func(name string) bool {
			return !library.IgnoredPath(library.Relative(links.Root(), name))
		})
		if err != nil || !follow {
			continue // the scan says why
		}
		if err := t.watch(next, target); err != nil {
			return err
		}
	}
	return nil
}

// watch adds a watch to a folder and then to every folder in it. The order matters: a folder created in between is
// either listed or reported by the watch. target is the folder's real path.
func (t *treeWatch) watch(folder, target string) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	if err := t.system.Add(folder); err != nil {
		for _, passing := range []error{fs.ErrNotExist, fs.ErrPermission, syscall.ELOOP, syscall.ENAMETOOLONG} {
			if errors.Is(err, passing) {
				return nil
			}
		}
		return err
	}
	items, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	for _, item := range items {
		name := item.Name()
		path, real := filepath.Join(folder, name), filepath.Join(target, name)
		switch {
		case library.Ignored(name):
		case item.Type()&fs.ModeSymlink != 0:
			t.later = append(t.later, path)
		case item.IsDir() && t.links.Enters(real, path):
			if err := t.watch(path, real); err != nil {
				return err
			}
		}
	}
	return nil
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
