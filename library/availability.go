package library

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"movify/pkg/fault"
)

// checkAvailability says whether the folder of a root is there and can be looked through, and on what disk. why is the reason it
// cannot. The empty folder of a root that has files counts as away: so looks the mount point of a disk that is not mounted.
func (s *Service) checkAvailability(path string, hasFiles bool) (d Disk, why *fault.Fault) {
	info, err := s.o.FS.Stat(path)
	switch {
	case isNotExist(err):
		return Disk{}, ErrRootAway
	case err != nil:
		return Disk{}, availabilityFault(err)
	case !info.IsDir():
		return Disk{}, ErrRootAway
	}
	if d, err = s.o.FS.Disk(path); err != nil {
		return Disk{}, availabilityFault(err)
	}
	items, err := s.o.FS.ReadDir(path)
	if err != nil {
		return Disk{}, availabilityFault(err)
	}
	if hasFiles && !slices.ContainsFunc(items, func(i fs.DirEntry) bool { return !Ignored(i.Name()) }) {
		return d, ErrRootEmpty
	}
	return d, nil
}

// availabilityFault says in words why a folder cannot be looked through.
func availabilityFault(err error) *fault.Fault {
	switch {
	case isNotExist(err):
		return ErrRootAway.Because(err)
	case errors.Is(err, fs.ErrPermission):
		return ErrRootDenied.Because(err)
	}
	return ErrDiskTrouble.Because(err)
}

// suspectUnmount says why what was seen of a root is not to be believed. A disk that goes away in the middle of a walk leaves folders
// out without an error.
func (s *Service) suspectUnmount(r Root, before Disk, d scanDiff) *fault.Fault {
	after, why := s.checkAvailability(r.Path, true)
	switch {
	case why != nil:
		return why
	case after != before:
		return ErrRootChanging
	case r.Disk.ID != "" && r.Disk.ID != after.ID && d.atPath == 0:
		return ErrOtherDisk
	}
	return nil
}

// A scan that loses more than this of a root is taken for an accident until somebody says otherwise.
const (
	massDeletionMin   = 5  // fewer may go: somebody tidies a small library
	massDeletionMax   = 50 // more never do
	massDeletionShare = 10 // one in so many files of the root is the most

	// massDeletionWindow is how long losses are added up: what deletes a library file by file is heard file by file.
	massDeletionWindow = time.Hour
)

// isMassDeletion reports whether the loss of so many files of a root, that had so many in all, is to be held. The loss of all of
// them always is, unless there was but one.
func isMassDeletion(lost, of int) bool {
	return lost >= massDeletionMin && (lost > massDeletionMax || lost*massDeletionShare > of) || lost >= of && of > 1
}

// checkMassDeletion says whether the loss of so many files of a root is to be held, and how many it had.
func (s *Service) checkMassDeletion(ctx context.Context, r Root, lost int) (held bool, of int, err error) {
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

// countNotMissing counts the files among known that are not missing.
func countNotMissing(known []KnownFile) int {
	n := 0
	for _, k := range known {
		if k.State != Missing {
			n++
		}
	}
	return n
}
