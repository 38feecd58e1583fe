package scan

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/id"
)

// WatchOptions says how a root is watched.
type WatchOptions struct {
	Method library.WatchMethod // "" = MethodAuto
	Poll   time.Duration       // fixed interval of a polled root; 0 = adaptive
}

// Bounds of WatchOptions.Poll.
const (
	shortestPoll = 5 * time.Second
	longestPoll  = 24 * time.Hour
)

// check returns the fault of invalid watch options.
func (w WatchOptions) check() error {
	switch {
	case w.Method != "" && !w.Method.Known():
		return library.ErrBadWatch
	case w.Poll != 0 && (w.Poll < shortestPoll || w.Poll > longestPoll):
		return library.ErrBadPoll
	}
	return nil
}

// SetWatch sets how a root is watched. Options of the configuration file cannot be changed here.
func (s *Service) SetWatch(ctx context.Context, root id.Root, w WatchOptions) (library.Root, error) {
	if err := w.check(); err != nil {
		return library.Root{}, err
	}
	r, err := s.changeRoot(ctx, root, func(r *library.Root) error {
		if _, fixed := s.o.WatchOptions[r.Path]; fixed {
			return library.ErrWatchConfigured
		}
		r.WatchMethod, r.PollS = w.Method, int(w.Poll/time.Second)
		return nil
	})
	if err != nil {
		return library.Root{}, err
	}
	if s.o.Watcher != nil {
		s.o.Watcher.Add(ctx, r.Path, r.WatchMethod)
	}
	s.scheduleWake.Set()
	return s.Root(ctx, root)
}

// AcceptLoss confirms that the missing files of a root were deleted, or that the disk mounted there now replaces the
// earlier one. The scan it requests marks the missing files as Missing.
func (s *Service) AcceptLoss(ctx context.Context, root id.Root) (library.Root, error) {
	r, err := s.changeRoot(ctx, root, func(r *library.Root) error {
		if !r.Acceptable() {
			return library.ErrNothingLost
		}
		r.Held, r.AcceptedMS = library.Held{}, s.now()
		return nil
	})
	if err != nil {
		return library.Root{}, err
	}
	s.mu.Lock()
	s.acceptedLosses[root] = true
	s.mu.Unlock()
	s.enqueueHint(library.Hint{Paths: []string{r.Path}})
	return s.Root(ctx, root)
}

// takeAcceptedLoss reports whether AcceptLoss was called for a root since the last call.
func (s *Service) takeAcceptedLoss(root id.Root) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	accepted := s.acceptedLosses[root]
	delete(s.acceptedLosses, root)
	return accepted
}

// NotifyPaths queues a scan of files and folders that another program reports as changed. Each must lie in a library
// folder and exist, or be known from before. It does not wait; a file that is still being written waits until it is
// stable.
func (s *Service) NotifyPaths(ctx context.Context, paths []string) error {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return fmt.Errorf("list the library folders: %w", err)
	}
	clean := make([]string, 0, len(paths))
	known := make(map[id.Root][]library.KnownFile)
	for _, p := range paths {
		p = filepath.Clean(p)
		inside := false
		for _, r := range roots {
			if inside = filepath.IsAbs(p) && r.Contains(p); !inside {
				continue
			}
			if err := s.checkNotified(ctx, r, p, known); err != nil {
				return err
			}
			break
		}
		if !inside {
			return library.ErrOutside.Saying("The path " + naming.Display(p) + " is in none of the library folders. " +
				"If another program names it, both must see the library under the same path.")
		}
		clean = append(clean, p)
	}
	s.enqueueHint(library.Hint{Paths: clean})
	return nil
}

// checkNotified returns ErrPathNotFound when a path neither exists nor is known. The known files of a root are read
// once, into known: a tool that has cleaned up names many deleted files.
func (s *Service) checkNotified(
	ctx context.Context, r library.Root, path string, known map[id.Root][]library.KnownFile,
) error {
	_, err := s.o.FS.Stat(path)
	// A path that no disk can hold (a zero byte, a name that is too long) never existed.
	never := errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENAMETOOLONG)
	if !never && !library.IsNotExist(err) || path == r.Path {
		return nil
	}
	if _, read := known[r.ID]; !read && !never {
		all, err := s.o.Store.KnownFiles(ctx, r.ID, r.Path)
		if err != nil {
			return fmt.Errorf("list the known files: %w", err)
		}
		known[r.ID] = all
	}
	if never || !slices.ContainsFunc(known[r.ID], func(k library.KnownFile) bool { return library.Within(path, k.Path) }) {
		return library.ErrPathNotFound.Saying("There is nothing at " + naming.Display(path) + ", and nothing was.")
	}
	return nil
}

// BinnedFile is a missing file in the bin.
type BinnedFile struct {
	library.File
	PurgeMS int64 // when it is purged; 0 = never
}

// Bin lists up to limit missing files, latest first, and counts all of them.
func (s *Service) Bin(ctx context.Context, limit int) (files []BinnedFile, total int, err error) {
	found, total, err := s.o.Store.Bin(ctx, limit)
	if err != nil {
		return nil, 0, err
	}
	for _, f := range found {
		b := BinnedFile{File: f}
		if s.o.BinDays > 0 {
			b.PurgeMS = f.SinceMS + int64(s.o.BinDays)*day.Milliseconds()
		}
		files = append(files, b)
	}
	return files, total, nil
}

// Forget purges one file from the bin. Its title goes with it when it has no other file and no profile has progress or
// marks of it.
func (s *Service) Forget(ctx context.Context, f id.File) error {
	if err := s.o.Store.ForgetFile(ctx, f); err != nil {
		return err
	}
	s.publish("scan", nil)
	return nil
}

// Root returns one root as Roots does.
func (s *Service) Root(ctx context.Context, root id.Root) (library.Root, error) {
	roots, err := s.Roots(ctx)
	if err != nil {
		return library.Root{}, err
	}
	for _, r := range roots {
		if r.ID == root {
			return r, nil
		}
	}
	return library.Root{}, library.ErrRootNotFound
}

// changeRoot reads a root, applies a change and saves it, while nothing else is written.
func (s *Service) changeRoot(
	ctx context.Context, root id.Root, how func(*library.Root) error,
) (out library.Root, err error) {
	err = s.o.Importer.Exclusively(func() error {
		out, err = s.changeRootNow(ctx, root, how)
		return err
	})
	return out, err
}

func (s *Service) changeRootNow(
	ctx context.Context, root id.Root, how func(*library.Root) error,
) (library.Root, error) {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return library.Root{}, fmt.Errorf("list the library folders: %w", err)
	}
	for _, r := range roots {
		if r.ID != root {
			continue
		}
		was := r
		if err := how(&r); err != nil || r == was {
			return r, err
		}
		if err := s.o.Store.SaveRoot(ctx, r); err != nil {
			return library.Root{}, fmt.Errorf("keep a library folder: %w", err)
		}
		if r.State != was.State || r.Held != was.Held || r.WatchMethod != was.WatchMethod ||
			r.Ladder != was.Ladder {
			s.publish("scan", nil)
		}
		return r, nil
	}
	return library.Root{}, library.ErrRootNotFound
}

// updateRoot saves a change of a root. A root that was removed in the meantime is not saved.
func (sc *scanner) updateRoot(ctx context.Context, r library.Root, how func(*library.Root)) library.Root {
	changed, err := sc.changeRoot(ctx, r.ID, func(r *library.Root) error { how(r); return nil })
	switch {
	case err == nil:
		return changed
	case !errors.Is(err, library.ErrRootNotFound):
		sc.logError(ctx, "keep the state of a library folder", err)
	}
	how(&r)
	return r
}

// watchState returns how changes of a root are noticed.
func (s *Service) watchState(r library.Root) library.WatchState {
	switch {
	case r.WatchMethod == library.MethodHook:
		return library.WatchState{Mode: library.WatchHook, Reason: "Only paths that are reported to the server are scanned."}
	case s.o.Watcher == nil:
		return library.WatchState{
			Mode: library.WatchPoll, Reason: "There are no change events; the folder is scanned from time to time.",
		}
	}
	return s.o.Watcher.State(r.Path)
}

// pollSchedule returns the scan schedule of the options.
func (o Options) pollSchedule() pollSchedule {
	return pollSchedule{shortest: o.PollMin, longest: o.PollMax, rescan: o.Rescan, quietHours: o.QuietHours}
}

// applyWatchOptions saves the watch options of the configuration.
func (s *Service) applyWatchOptions(ctx context.Context) error {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return fmt.Errorf("list the library folders: %w", err)
	}
	for _, r := range roots {
		w, fixed := s.o.WatchOptions[r.Path]
		if !fixed {
			continue
		}
		if err := w.check(); err != nil {
			return err
		}
		if _, err = s.changeRoot(ctx, r.ID, func(r *library.Root) error {
			r.WatchMethod, r.PollS = w.Method, int(w.Poll/time.Second)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// Roots lists the library folders, oldest first.
func (s *Service) Roots(ctx context.Context) ([]library.Root, error) {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return nil, err
	}
	sizes, err := s.o.Store.RootSizes(ctx)
	if err != nil {
		return nil, err
	}
	for i, r := range roots {
		roots[i].Files = sizes[r.ID]
		roots[i].Watch = s.watchState(r)
		_, roots[i].WatchConfigured = s.o.WatchOptions[r.Path]
		roots[i].LadderInForce = r.Ladder.Or(s.DefaultLadder())
		_, roots[i].LadderConfigured = s.o.LadderSettings[r.Path]
		s.mu.Lock()
		if p, ok := s.scanPlans[r.ID]; ok {
			roots[i].ScanInterval, roots[i].NextMS = p.interval, p.due.UnixMilli()
		}
		s.mu.Unlock()
	}
	return roots, nil
}

// AddRoot adds a folder to the library and scans it.
func (s *Service) AddRoot(ctx context.Context, path string) (added library.Root, err error) {
	err = s.o.Importer.Exclusively(func() error {
		added, err = s.addRoot(ctx, path)
		return err
	})
	return added, err
}

func (s *Service) addRoot(ctx context.Context, path string) (library.Root, error) {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return library.Root{}, err
	}
	if path, err = checkRoot(path, roots); err != nil {
		return library.Root{}, err
	}
	// What the configuration names is not checked like this: who writes it may want the folder around both, and scans never
	// enter the server's own.
	if err := checkPlace(path, s.o.Exclude); err != nil {
		return library.Root{}, err
	}
	r := library.Root{ID: id.New[id.Root](), Path: path, State: library.Present, SinceMS: s.now(), AddedMS: s.now()}
	if err := s.o.Store.SaveRoot(ctx, r); err != nil {
		return library.Root{}, err
	}
	s.enqueueHint(library.Hint{Paths: []string{path}})
	return r, nil
}

// RemoveRoot removes a folder from the library. Nothing on disk changes, and its files stay in the store as Missing, in
// case the folder is added again.
func (s *Service) RemoveRoot(ctx context.Context, root id.Root) error {
	return s.o.Importer.Exclusively(func() error { return s.removeRoot(ctx, root) })
}

func (s *Service) removeRoot(ctx context.Context, root id.Root) error {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return err
	}
	for _, r := range roots {
		if r.ID != root {
			continue
		}
		why := library.ErrRootRemoved
		if err := s.o.Store.RemoveRoot(ctx, root, why.Code, why.Message, s.now()); err != nil {
			return err
		}
		if s.o.Watcher != nil {
			s.o.Watcher.Remove(r.Path)
		}
		s.scheduleWake.Set()
		s.publish("scan", nil)
		s.o.OnChange()
		return nil
	}
	return library.ErrRootNotFound
}
