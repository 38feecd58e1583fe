package scan

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"movify/library"

	"movify/pkg/fault"
)

// checkAvailability reports whether the folder of a root can be scanned and on which disk it is; why is the reason it
// cannot. With hasFiles an empty folder counts as unavailable: the mount point of an unmounted disk is empty.
func (s *Service) checkAvailability(path string, hasFiles bool) (d library.Disk, why *fault.Fault) {
	info, err := s.o.FS.Stat(path)
	switch {
	case library.IsNotExist(err):
		return library.Disk{}, library.ErrRootAway
	case err != nil:
		return library.Disk{}, availabilityFault(err)
	case !info.IsDir():
		return library.Disk{}, library.ErrRootAway
	}
	if d, err = s.o.FS.Disk(path); err != nil {
		return library.Disk{}, availabilityFault(err)
	}
	items, err := s.o.FS.ReadDir(path)
	if err != nil {
		return library.Disk{}, availabilityFault(err)
	}
	if hasFiles && !slices.ContainsFunc(items, func(i fs.DirEntry) bool { return !library.Ignored(i.Name()) }) {
		return d, library.ErrRootEmpty
	}
	return d, nil
}

// availabilityFault returns the fault for a folder that cannot be scanned.
func availabilityFault(err error) *fault.Fault {
	switch {
	case library.IsNotExist(err):
		return library.ErrRootAway.Because(err)
	case errors.Is(err, fs.ErrPermission):
		return library.ErrRootDenied.Because(err)
	}
	return library.ErrDiskTrouble.Because(err)
}

// suspectUnmount returns why the result of a walk cannot be trusted: a disk that is unmounted during a walk hides
// folders without an error.
func (s *Service) suspectUnmount(r library.Root, before library.Disk, d scanDiff) *fault.Fault {
	after, why := s.checkAvailability(r.Path, true)
	switch {
	case why != nil:
		return why
	case after != before:
		return library.ErrRootChanging
	case r.Disk.ID != "" && r.Disk.ID != after.ID && d.atPath == 0:
		return library.ErrOtherDisk
	}
	return nil
}

// Limits of mass deletion: a scan that loses more files of a root is held back until the loss is accepted.
const (
	massDeletionMin   = 5  // fewer losses are never held back: tidying a small library
	massDeletionMax   = 50 // more losses always are
	massDeletionShare = 10 // in between, more than 1/10 of the root's files

	// massDeletionWindow is how long losses are added up: a tool that deletes file by file has a hint for each.
	massDeletionWindow = time.Hour
)

// isMassDeletion reports whether losing lost of so many files of a root is held back. Losing all of them always is,
// unless there was only one.
func isMassDeletion(lost, of int) bool {
	return lost >= massDeletionMin && (lost > massDeletionMax || lost*massDeletionShare > of) || lost >= of && of > 1
}

// checkMassDeletion reports whether losing so many files of a root is held back, and how many files the root had.
func (s *Service) checkMassDeletion(ctx context.Context, r library.Root, lost int) (held bool, of int, err error) {
	since := max(s.o.Clock().Add(-massDeletionWindow).UnixMilli(), r.AcceptedMS+1)
	lately, err := s.o.Store.LostSince(ctx, r.ID, since)
	if err != nil {
		return false, 0, err
	}
	sizes, err := s.o.Store.RootSizes(ctx)
	if err != nil {
		return false, 0, err
	}
	of = sizes[r.ID] + lately
	return r.Held.Missing > 0 || isMassDeletion(lost+lately, of), of, nil
}

// countNotMissing counts the known files that are not Missing.
func countNotMissing(known []library.KnownFile) int {
	n := 0
	for _, k := range known {
		if k.State != library.Missing {
			n++
		}
	}
	return n
}
