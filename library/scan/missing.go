package scan

import (
	"context"
	"slices"
	"strings"
	"time"

	"movify/library"

	"movify/pkg/id"
)

// missingFile is a known file that was not found at its path.
type missingFile struct {
	library.KnownFile
	root id.Root
	at   time.Time // when that was noticed
}

// missingGrace is how long missing files wait for pending files: one of those may be a missing file under a new name.
const missingGrace = time.Minute

// confirmMissing marks files Missing that disappeared and did not turn up elsewhere, root by root.
func (sc *scanner) confirmMissing(ctx context.Context) {
	allowed := sc.acceptedRoots
	if len(sc.disappeared) == 0 {
		clear(allowed)
		clear(sc.secondLook)
		return
	}
	if len(sc.pendingFiles) > 0 {
		for _, l := range sc.disappeared {
			if sc.o.Clock().Sub(l.at) < missingGrace {
				return
			}
		}
	}
	second := sc.secondLook
	sc.secondLook = make(map[id.Root]bool)
	lost := make(map[id.Root][]library.KnownFile)
	for _, l := range sc.disappeared {
		lost[l.root] = append(lost[l.root], l.KnownFile)
	}
	clear(sc.disappeared)
	sc.acceptedRoots = make(map[id.Root]bool)
	for _, r := range sc.listRoots(ctx) {
		if files := lost[r.ID]; len(files) > 0 {
			slices.SortFunc(files, func(a, b library.KnownFile) int { return strings.Compare(a.Path, b.Path) })
			sc.confirmMissingIn(ctx, r, files, allowed[r.ID], second[r.ID])
		}
	}
	if len(sc.secondLook) > 0 && !sc.busy() { // else once the files of the second walk are examined
		sc.confirmMissing(ctx)
	}
}

// confirmMissingIn marks missing files of one root Missing, or holds them back after a second look.
func (sc *scanner) confirmMissingIn(
	ctx context.Context, r library.Root, lost []library.KnownFile, allowed, second bool,
) {
	var dead, away []library.KnownFile
	for _, k := range lost {
		switch _, there, err := library.StatVideo(sc.o.FS, k.Path); {
		case err != nil:
			away = append(away, k)
		case !there:
			dead = append(dead, k)
		}
	}
	// A missing file counts only while the disk is mounted: it may have been unmounted since the walk.
	if disk, why := sc.checkAvailability(r.Path, !allowed); why != nil || disk.ID != r.Disk.ID {
		sc.scanRoot(ctx, r)
		return
	}
	sc.setState(ctx, slices.DeleteFunc(away, func(k library.KnownFile) bool {
		return k.State == library.Unreachable
	}), library.Unreachable, library.ErrDiskTrouble)
	if len(dead) == 0 {
		return
	}
	if !allowed {
		held, of, err := sc.checkMassDeletion(ctx, r, len(dead))
		if err != nil {
			sc.logError(ctx, "count what is lost", err)
			return
		}
		if held && !second && r.Held.Missing == 0 {
			// A file that was renamed while the walk was under way is nowhere in it: another walk finds it.
			sc.secondLook[r.ID] = true
			sc.scanRoot(ctx, r)
			return
		}
		if held {
			sc.holdBack(ctx, r, dead, of)
			return
		}
	}
	sc.setState(ctx, dead, library.Missing, nil)
	if allowed {
		// these do not count towards the next mass deletion
		sc.updateRoot(ctx, r, func(r *library.Root) { r.AcceptedMS = sc.now() })
	}
}

// holdBack marks missing files Unreachable until they return or the loss is accepted.
func (sc *scanner) holdBack(ctx context.Context, r library.Root, lost []library.KnownFile, of int) {
	lost = slices.DeleteFunc(lost, func(k library.KnownFile) bool {
		return k.State == library.Unreachable && k.Code == library.ErrHeld.Code
	})
	sc.setState(ctx, lost, library.Unreachable, library.ErrHeld)
	if r.Held.Missing == 0 {
		sc.o.Logger.Warn(
			"mass deletion in a library folder is held back until it is accepted", "root", r.ID, "files", len(lost),
			"of", of,
		)
	}
	sc.updateRoot(ctx, r, func(r *library.Root) {
		if r.Held.Missing == 0 {
			r.Held = library.Held{Of: of, SinceMS: sc.now()}
		}
		r.Held.Missing += len(lost)
	})
	sc.dirty = true
}

// recountHeld updates how many files are held back in each root, after some returned.
func (sc *scanner) recountHeld(ctx context.Context) {
	if !sc.dirty {
		return
	}
	sc.dirty = false
	for _, r := range sc.listRoots(ctx) {
		if r.Held.Missing == 0 {
			continue
		}
		n, err := sc.o.Store.InRoot(ctx, r.ID, library.Unreachable, library.ErrHeld.Code)
		if err != nil {
			sc.logError(ctx, "count what is held", err)
			return
		}
		if n != r.Held.Missing {
			sc.updateRoot(ctx, r, func(r *library.Root) {
				if r.Held.Missing = n; n == 0 {
					r.Held = library.Held{}
				}
			})
		}
	}
}

const (
	purgeInterval = time.Hour
	day           = 24 * time.Hour
)

// purgeBin removes files from the bin that were Missing for Options.BinDays. Files of a root that is unavailable or
// held stay.
func (sc *scanner) purgeBin(ctx context.Context) {
	now := sc.o.Clock()
	if sc.o.BinDays <= 0 || now.Sub(sc.purgedAt) < purgeInterval && !now.Before(sc.purgedAt) {
		return
	}
	sc.purgedAt = now
	before := now.Add(-time.Duration(sc.o.BinDays) * day).UnixMilli()
	for ctx.Err() == nil {
		n, err := sc.o.Store.Forget(ctx, before, batchSize)
		if err != nil {
			sc.logError(ctx, "empty the bin", err)
			return
		}
		if n > 0 {
			sc.o.Logger.Info("purged missing files", "files", n)
		}
		if n < batchSize {
			return
		}
	}
}
