package fswatch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"movify/library"
)

// Run collects events and calls hear with them until ctx is done; then all watches end, and the Watcher cannot be used
// again.
func (w *Watcher) Run(ctx context.Context, hear func(library.Hint)) error {
	system := w.open()

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
			for _, path := range w.event(ctx, e) {
				note(path)
			}
		case err := <-errs:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				w.o.Logger.Info("the inotify queue overflowed")
			} else {
				w.o.Logger.Warn("watching failed", "error", err)
			}
			w.restoreWatches(ctx)
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
func (w *Watcher) event(ctx context.Context, e fsnotify.Event) (paths []string) {
	name := filepath.Base(e.Name)
	if e.Name == "" || library.Ignored(name) && name != library.IgnoreFile {
		return nil
	}
	paths = []string{e.Name}
	if !e.Has(fsnotify.Create) {
		return paths
	}
	system, links := w.watching(e.Name)
	if system == nil {
		return paths
	}
	if err := watchTree(ctx, system, links, e.Name); err != nil && ctx.Err() == nil {
		paths = append(paths, w.fallBackToPolling(e.Name, watchFailure(err, watchLimit()))...)
	}
	return paths
}

// watching returns the system's watcher and the links of the root that path lies in, or nil when none is watched there.
func (w *Watcher) watching(path string) (*fsnotify.Watcher, *library.FollowedLinks) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for root, r := range w.roots {
		if r.state.Mode == library.WatchEvents && library.Within(root, path) {
			return w.system, r.links
		}
	}
	return nil, nil
}

// restoreWatches adds watches that may be missing after events were lost.
func (w *Watcher) restoreWatches(ctx context.Context) {
	w.mu.Lock()
	roots := slices.Collect(maps.Keys(w.roots))
	w.mu.Unlock()
	for _, root := range roots {
		system, links := w.watching(root)
		if system == nil {
			continue
		}
		if err := watchTree(ctx, system, links, root); err != nil && ctx.Err() == nil {
			w.fallBackToPolling(root, watchFailure(err, watchLimit()))
		}
	}
}

// fallBackToPolling changes the root around path to polling, because a folder below cannot be watched, and returns the
// root.
func (w *Watcher) fallBackToPolling(path, reason string) (roots []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for root, r := range w.roots {
		if library.Within(root, path) {
			r.state = polled(reason)
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
	r, ok := w.roots[folder]
	if !ok {
		return notWatchedYet
	}
	state := r.state
	state.Limit = watchLimit()
	if w.system != nil {
		for _, watched := range w.system.WatchList() {
			if library.Within(folder, watched) {
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
