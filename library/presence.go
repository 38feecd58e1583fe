package library

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"movify/pkg/fault"
)

// presence says whether the folder of a root is there and can be looked through, and on what disk. why is the reason it
// cannot. The empty folder of a root that has files counts as away: so looks the mount point of a disk that is not mounted.
func (s *Service) presence(path string, hasFiles bool) (d Disk, why *fault.Fault) {
	info, err := s.o.Disk.Stat(path)
	switch {
	case absent(err):
		return Disk{}, ErrRootAway
	case err != nil:
		return Disk{}, unreachable(err)
	case !info.IsDir():
		return Disk{}, ErrRootAway
	}
	if d, err = s.o.Disk.Disk(path); err != nil {
		return Disk{}, unreachable(err)
	}
	items, err := s.o.Disk.ReadDir(path)
	if err != nil {
		return Disk{}, unreachable(err)
	}
	if hasFiles && !slices.ContainsFunc(items, func(i fs.DirEntry) bool { return !Ignored(i.Name()) }) {
		return d, ErrRootEmpty
	}
	return d, nil
}

// unreachable says in words why a folder cannot be looked through.
func unreachable(err error) *fault.Fault {
	switch {
	case absent(err):
		return ErrRootAway.Because(err)
	case errors.Is(err, fs.ErrPermission):
		return ErrRootDenied.Because(err)
	}
	return ErrDiskTrouble.Because(err)
}

// doubt says why what was seen of a root is not to be believed. A disk that goes away in the middle of a walk leaves folders
// out without an error.
func (s *Service) doubt(r Root, before Disk, d difference) *fault.Fault {
	after, why := s.presence(r.Path, true)
	switch {
	case why != nil:
		return why
	case after != before:
		return ErrRootChanging
	case r.Disk.ID != "" && r.Disk.ID != after.ID && d.found == 0:
		return ErrOtherDisk
	}
	return nil
}

// A scan that loses more than this of a root is taken for an accident until somebody says otherwise.
const (
	fewLost   = 5  // fewer may go: somebody tidies a small library
	manyLost  = 50 // more never do
	lostInAll = 10 // one in so many files of the root is the most

	// lossMemory is how long losses are added up: what deletes a library file by file is heard file by file.
	lossMemory = time.Hour
)

// tooMany reports whether the loss of so many files of a root, that had so many in all, is to be held. The loss of all of
// them always is, unless there was but one.
func tooMany(lost, of int) bool {
	return lost >= fewLost && (lost > manyLost || lost*lostInAll > of) || lost >= of && of > 1
}

// verdict says whether the loss of so many files of a root is to be held, and how many it had.
func (s *Service) verdict(ctx context.Context, r Root, lost int) (held bool, of int, err error) {
	since := max(s.o.Clock().Add(-lossMemory).UnixMilli(), r.AcceptedMS+1)
	lately, err := s.o.Store.LostSince(ctx, r.ID, since)
	if err != nil {
		return false, 0, err
	}
	sizes, err := s.o.Store.RootSizes(ctx)
	if err != nil {
		return false, 0, err
	}
	of = sizes[r.ID] + lately
	return r.Held.Missing > 0 || tooMany(lost+lately, of), of, nil
}

// had counts the files among known that are not missing.
func had(known []Known) int {
	n := 0
	for _, k := range known {
		if k.State != Missing {
			n++
		}
	}
	return n
}
