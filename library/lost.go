package library

import (
	"context"
	"slices"
	"strings"
	"time"

	"movify/pkg/id"
)

// loss is a known file that was not at its place.
type loss struct {
	Known
	root id.Root
	at   time.Time // when that was seen
}

// graceful is how long losses wait for files that may still be written to: one of them may be a lost file under a new name.
const graceful = time.Minute

// bury makes the files that are gone, and did not turn up elsewhere, Missing, root by root.
func (sc *scanner) bury(ctx context.Context) {
	allowed := sc.allowed
	if len(sc.gone) == 0 {
		clear(allowed)
		return
	}
	if len(sc.settling) > 0 {
		for _, l := range sc.gone {
			if sc.o.Clock().Sub(l.at) < graceful {
				return
			}
		}
	}
	lost := make(map[id.Root][]Known)
	for _, l := range sc.gone {
		lost[l.root] = append(lost[l.root], l.Known)
	}
	clear(sc.gone)
	sc.allowed = make(map[id.Root]bool)
	for _, r := range sc.readRoots(ctx) {
		if files := lost[r.ID]; len(files) > 0 {
			slices.SortFunc(files, func(a, b Known) int { return strings.Compare(a.Path, b.Path) })
			sc.buryIn(ctx, r, files, allowed[r.ID])
		}
	}
}

// buryIn makes lost files of one root Missing, or holds them.
func (sc *scanner) buryIn(ctx context.Context, r Root, lost []Known, allowed bool) {
	var dead, away []Known
	for _, k := range lost {
		switch _, there, err := sc.look(k.Path); {
		case err != nil:
			away = append(away, k)
		case !there:
			dead = append(dead, k)
		}
	}
	// What is not there counts only when the disk was: it may have gone since it was looked through.
	if disk, why := sc.presence(r.Path, !allowed); why != nil || disk.ID != r.Disk.ID {
		sc.root(ctx, r)
		return
	}
	sc.move(ctx, slices.DeleteFunc(away, func(k Known) bool { return k.State == Unreachable }), Unreachable, ErrDiskTrouble)
	if len(dead) == 0 {
		return
	}
	if !allowed {
		held, of, err := sc.verdict(ctx, r, len(dead))
		if err != nil {
			sc.trouble(ctx, "count what is lost", err)
			return
		}
		if held {
			sc.hold(ctx, r, dead, of)
			return
		}
	}
	sc.move(ctx, dead, Missing, nil)
	if allowed {
		sc.amend(ctx, r, func(r *Root) { r.AcceptedMS = sc.now() }) // these are no part of a loss to come
	}
}

// hold makes lost files Unreachable until they are back or the loss is accepted.
func (sc *scanner) hold(ctx context.Context, r Root, lost []Known, of int) {
	lost = slices.DeleteFunc(lost, func(k Known) bool { return k.State == Unreachable && k.Code == ErrHeld.Code })
	sc.move(ctx, lost, Unreachable, ErrHeld)
	if r.Held.Missing == 0 {
		sc.o.Logger.Warn("so many files of a library folder are gone that they are held", "root", r.ID, "files", len(lost), "of", of)
	}
	sc.amend(ctx, r, func(r *Root) {
		if r.Held.Missing == 0 {
			r.Held = Held{Of: of, SinceMS: sc.now()}
		}
		r.Held.Missing += len(lost)
	})
	sc.stirred = true
}

// recount sees whether what is held of roots has come back.
func (sc *scanner) recount(ctx context.Context) {
	if !sc.stirred {
		return
	}
	sc.stirred = false
	for _, r := range sc.readRoots(ctx) {
		if r.Held.Missing == 0 {
			continue
		}
		n, err := sc.o.Store.InRoot(ctx, r.ID, Unreachable, ErrHeld.Code)
		if err != nil {
			sc.trouble(ctx, "count what is held", err)
			return
		}
		if n != r.Held.Missing {
			sc.amend(ctx, r, func(r *Root) {
				if r.Held.Missing = n; n == 0 {
					r.Held = Held{}
				}
			})
		}
	}
}

const (
	sweepEvery = time.Hour
	day        = 24 * time.Hour
)

// forget removes from the bin what has lain there for long enough. What is missing of a root that is away or held stays.
func (sc *scanner) forget(ctx context.Context) {
	now := sc.o.Clock()
	if sc.o.BinDays <= 0 || now.Sub(sc.swept) < sweepEvery && !now.Before(sc.swept) {
		return
	}
	sc.swept = now
	before := now.Add(-time.Duration(sc.o.BinDays) * day).UnixMilli()
	for ctx.Err() == nil {
		n, err := sc.o.Store.Forget(ctx, before, batch)
		if err != nil {
			sc.trouble(ctx, "empty the bin", err)
			return
		}
		if n > 0 {
			sc.o.Logger.Info("files that were missing for long are forgotten", "files", n)
		}
		if n < batch {
			return
		}
	}
}
