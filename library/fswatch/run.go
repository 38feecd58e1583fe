package fswatch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"movify/library"
)

// Run collects events and calls hear with them until ctx is done; then all watches end, and the Watcher cannot be used
// again.
func (w *Watcher) Run(ctx context.Context, hear func(library.Hint)) error {
	w.mu.Lock()
	if !w.opened {
		// No folder was added yet.
		w.opened = true
		var err error
		if w.system, err = fsnotify.NewBufferedWatcher(1024); err != nil {
			w.o.Logger.Warn("inotify is not available", "error", err)
		}
	}
	system := w.system
	w.mu.Unlock()

	// Without inotify both channels are nil and never receive.
	var events <-chan fsnotify.Event
	var errs <-chan error
	if system != nil {
		events, errs = system.Events, system.Errors
	}
	gathered := make(map[string]struct{})
	var flush <-chan time.Time
	note := func(path string) {
		gathered[path] = struct{}{}
		if flush == nil {
			flush = time.After(w.o.Gather)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return w.close()
		case e := <-events:
			for _, path := range w.event(e) {
				note(path)
			}
		case err := <-errs:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				w.o.Logger.Info("the inotify queue overflowed")
			} else {
				w.o.Logger.Warn("watching failed", "error", err)
			}
			w.restoreWatches()
			hear(library.Hint{All: true})
		case <-flush:
			hint := library.Hint{}
			for path := range gathered {
				hint.Paths = append(hint.Paths, path)
			}
			clear(gathered)
			flush = nil
			hear(hint)
		}
	}
}

// event returns the paths to scan. A new folder is watched before its path is returned, so that nothing added in
// between is missed. A root that can no longer be watched is returned as a whole.
func (w *Watcher) event(e fsnotify.Event) (paths []string) {
	name := filepath.Base(e.Name)
	if e.Name == "" || library.Ignored(name) && name != library.IgnoreFile {
		return nil
	}
	paths = []string{e.Name}
	if e.Has(fsnotify.Create) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.system != nil && w.isWatched(e.Name) {
			if info, err := os.Stat(e.Name); err == nil && info.IsDir() {
				if err := w.watchTree(e.Name); err != nil {
					paths = append(paths, w.fallBackToPolling(e.Name, watchFailure(err, watchLimit()))...)
				}
			}
		}
	}
	return paths
}

// restoreWatches adds watches that may be missing after events were lost.
func (w *Watcher) restoreWatches() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for root, state := range w.roots {
		if state.Mode != library.WatchEvents || w.system == nil {
			continue
		}
		if err := w.watchTree(root); err != nil {
			w.fallBackToPolling(root, watchFailure(err, watchLimit()))
		}
	}
}

// fallBackToPolling changes the root around path to polling, because a folder below cannot be watched, and returns the
// root. The caller holds mu.
func (w *Watcher) fallBackToPolling(path, reason string) (roots []string) {
	for root := range w.roots {
		if within(root, path) {
			w.roots[root] = polled(reason)
			w.o.Logger.Warn("folder is polled from now on", "reason", reason)
			roots = append(roots, root)
		}
	}
	return roots
}

// State returns how an added folder is watched at the moment.
func (w *Watcher) State(folder string) library.WatchState {
	w.mu.Lock()
	defer w.mu.Unlock()
	folder = filepath.Clean(folder)
	state, ok := w.roots[folder]
	if !ok {
		return polled("This folder is not watched yet.")
	}
	state.Limit = watchLimit()
	if w.system != nil {
		for _, watched := range w.system.WatchList() {
			if within(folder, watched) {
				state.Watches++
			}
		}
	}
	return state
}

// watchLimit returns how many folders this user may watch, in all programs together (inotify(7)); 0 = unknown.
func watchLimit() int {
	text, err := os.ReadFile("/proc/sys/fs/inotify/max_user_watches")
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return n
}

// isWatched reports whether path lies in a root that is watched. The caller holds mu.
func (w *Watcher) isWatched(path string) bool {
	for root, state := range w.roots {
		if state.Mode == library.WatchEvents && within(root, path) {
			return true
		}
	}
	return false
}

func (w *Watcher) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.system == nil {
		return nil
	}
	system := w.system
	w.system = nil
	if err := system.Close(); err != nil {
		return fmt.Errorf("stop watching: %w", err)
	}
	return nil
}
