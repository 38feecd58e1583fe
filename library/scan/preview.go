package scan

import (
	"context"
	"fmt"
	"slices"

	"movify/library"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Diff lists the changes that a scan would make, as paths.
type Diff struct {
	Added       []string // new
	Changed     []string // known, with another size or time
	Moved       []Moved  // known, at another path
	Returned    []string // known, missing until now, unchanged
	Missing     []string // known and no longer there
	Held        []string // missing, but so many of one root that they would be held back
	Unreachable []string // known, in a folder that cannot be read
	Ignored     []Left   // folders and videos that are no part of the library, with the reason
	Unchanged   int
	Away        []Away // roots that would be unavailable
}

// Moved is a file that is at another path than before.
type Moved struct{ From, To string }

// Away is a root that is unavailable.
type Away struct{ Path, Code, Reason string }

// Left is a path that a scan ignores.
type Left struct{ Path, Code, Reason string }

// rootPreview is the difference of one root.
type rootPreview struct {
	root  library.Root
	known []library.KnownFile
	scanDiff
	passed []Ignored
}

// Preview computes the changes that a scan would make, without making them. It does not need Run. It reads only those
// new files whose size equals that of a missing file: they may have moved.
func (s *Service) Preview(ctx context.Context) (Diff, error) {
	var out Diff
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return out, fmt.Errorf("list the library folders: %w", err)
	}
	added, err := s.configuredRoots(ctx)
	if err != nil {
		return out, err
	}
	s.setRootPaths(append(roots, added...))
	var all []rootPreview
	sizes := make(map[int64]bool)
	for _, r := range append(roots, added...) {
		v, why, err := s.previewRoot(ctx, r)
		if err != nil {
			return out, err
		}
		if why != nil {
			out.Away = append(out.Away, Away{r.Path, why.Code, why.Message})
		}
		v.addLostSizes(sizes)
		all = append(all, v)
	}
	claimed := make(map[id.File]bool)
	for _, v := range all {
		for _, video := range v.added {
			old, err := s.previousPath(ctx, video, sizes, claimed)
			if err != nil {
				return out, err
			}
			if old == "" {
				out.Added = append(out.Added, video.Path)
			} else {
				out.Moved = append(out.Moved, Moved{old, video.Path})
			}
		}
	}
	for _, v := range all {
		if err := s.addPreview(ctx, &out, v, claimed); err != nil {
			return out, err
		}
	}
	return out, nil
}

// previewRoot walks a root as a scan does.
func (s *Service) previewRoot(ctx context.Context, r library.Root) (v rootPreview, why *fault.Fault, err error) {
	v.root = r
	if v.known, err = s.o.Store.KnownFiles(ctx, r.ID, r.Path); err != nil {
		return v, nil, fmt.Errorf("list the known files: %w", err)
	}
	hasFiles := countNotMissing(v.known) > 0
	disk, why := s.checkAvailability(r.Path, hasFiles)
	if why == nil {
		seen, err := s.walk(ctx, r.Path, r.Path)
		if err != nil {
			return v, nil, err
		}
		v.scanDiff, v.passed = compare(v.known, seen), seen.ignored
		if hasFiles {
			why = s.suspectUnmount(r, disk, v.scanDiff)
		}
	}
	if why != nil {
		v.scanDiff = compare(v.known, walkResult{failed: []string{r.Path}})
	}
	return v, why, nil
}

// addLostSizes adds the sizes of the known files that are not at their paths.
func (v rootPreview) addLostSizes(sizes map[int64]bool) {
	found := make(map[id.File]bool, v.atPath)
	for _, f := range v.unchanged {
		found[f] = true
	}
	for _, k := range v.returned {
		found[k.ID] = true
	}
	for _, p := range append(v.changed, v.unreadable...) {
		found[p.known.ID] = true
	}
	for _, k := range v.known {
		if !found[k.ID] {
			sizes[k.Size] = true
		}
	}
}

// previousPath returns the path that a new file had before, "" when it is really new.
func (s *Service) previousPath(
	ctx context.Context, v library.VideoFile, sizes map[int64]bool, claimed map[id.File]bool,
) (string, error) {
	if !sizes[v.Size] || v.Size == 0 {
		return "", nil
	}
	print, err := new(fingerprinter).fingerprint(v.Path)
	if err != nil {
		return "", nil // the scan would report the error
	}
	candidates, err := s.o.Store.FilesByFingerprint(ctx, print)
	if err != nil {
		return "", fmt.Errorf("look for files of the same content: %w", err)
	}
	old := library.MovedFrom(s.o.FS, candidates, claimed)
	if old.ID != "" {
		claimed[old.ID] = true
	}
	return old.Path, nil
}

// addPreview adds the changes of the known files of a root.
func (s *Service) addPreview(ctx context.Context, out *Diff, v rootPreview, claimed map[id.File]bool) error {
	unclaimed := func(known []library.KnownFile) (left []string) {
		for _, k := range known {
			if !claimed[k.ID] {
				left = append(left, k.Path)
			}
		}
		return left
	}
	for _, p := range v.changed {
		out.Changed = append(out.Changed, p.video.Path)
	}
	out.Returned = append(out.Returned, paths(v.returned)...)
	out.Unreachable = append(out.Unreachable, unclaimed(v.unreachable)...)
	for _, known := range v.leftOut {
		out.Unreachable = append(out.Unreachable, unclaimed(known)...)
	}
	slices.Sort(out.Unreachable)
	for _, p := range v.passed {
		out.Ignored = append(out.Ignored, Left{p.Path, p.Why.Code, p.Why.Message})
	}
	out.Unchanged += len(v.unchanged) + len(v.unreadable)
	out.Held = append(out.Held, unclaimed(v.held)...)
	if gone := unclaimed(v.gone); len(gone) > 0 {
		held, _, err := s.checkMassDeletion(ctx, v.root, len(gone))
		if err != nil {
			return fmt.Errorf("count what is lost: %w", err)
		}
		if held {
			out.Held = append(out.Held, gone...)
		} else {
			out.Missing = append(out.Missing, gone...)
		}
	}
	out.Missing = append(out.Missing, unclaimed(v.ignored)...)
	return nil
}
