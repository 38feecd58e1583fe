package keeper

import (
	"context"
	"errors"
	"time"

	"movify/pkg/blob"
)

// move brings everything from one home to the other. Each phase begins by recording itself together with the Place it
// needs, so that whoever goes on after a crash arranges the house the same way. What is recorded comes first: people
// read and write by the old arrangement for a moment longer, and that still holds.
func (r *runner) move(ctx context.Context) error {
	for {
		var err error
		switch r.task.Phase {
		case Beginning:
			r.task.Started = r.o.Now()
			err = r.enter(ctx, Copying, Place{Home: r.task.From, Target: r.task.To})
		case Copying:
			err = r.copying(ctx)
		case Returning:
			err = r.returning(ctx)
		case Tidying:
			if err = r.tidying(ctx, r.task.From, r.task.To); err == nil {
				return r.leave(ctx, Done, "")
			}
		case Clearing:
			if err = r.tidying(ctx, r.task.To, r.task.From); err == nil {
				return r.leave(ctx, Cancelled, "")
			}
		}
		if err != nil {
			return err
		}
	}
}

// enter records the next phase and the Place that holds from then on.
func (r *runner) enter(ctx context.Context, phase Phase, p Place) error {
	next := r.task
	next.State, next.Phase, next.Cursor, next.Left, next.Error = Running, phase, "", r.o.Now(), ""
	if err := r.save(context.WithoutCancel(ctx), next, &p); err != nil {
		return err
	}
	r.task, r.failed = next, 0
	return nil
}

// copying ends with everybody living in the new home.
func (r *runner) copying(ctx context.Context) error {
	from, to := r.task.From, r.task.To
	pair, err := r.arrange(ctx, Place{Home: from, Target: to})
	if err != nil {
		return err
	}
	old, dest, err := r.bare(ctx, from, to)
	if err != nil {
		return err
	}
	if r.task.Total == 0 {
		if err := r.attempt(ctx, func(ctx context.Context) error { return r.survey(ctx, old) }); err != nil {
			return err
		}
	}
	pair.Verified(r.task.Cursor)
	if err := r.attempt(ctx, func(ctx context.Context) error { return r.copyAll(ctx, old, pair) }); err != nil {
		return err
	}
	// A listing may have missed what changed beside it, and a cursor may be older than a home that somebody emptied:
	// nobody moves in before a whole comparison finds nothing missing.
	if err := r.attempt(ctx, func(ctx context.Context) error { return r.complete(ctx, old, dest, pair) }); err != nil {
		return err
	}
	return r.enter(ctx, Tidying, Place{Home: to, Left: from})
}

// returning ends with everybody living in the old home as if there had been no move.
func (r *runner) returning(ctx context.Context) error {
	home, left := r.task.From, r.task.To
	pair, err := r.arrange(ctx, Place{Home: home, Target: left, Back: true})
	if err != nil {
		return err
	}
	src, dest, err := r.bare(ctx, left, home)
	if err != nil {
		return err
	}
	// Clocks differ by minutes at most: a store refuses whoever is further off.
	since := r.task.Started.Add(-time.Hour)
	err = r.attempt(ctx, func(ctx context.Context) error {
		return compare(ctx, src, dest, func(b both) error {
			if b.there || b.ModTime.Before(since) {
				return nil // older than the move: not written by it
			}
			return r.copyOne(ctx, pair, b.Key)
		})
	})
	if err != nil {
		return err
	}
	return r.enter(ctx, Clearing, Place{Home: home, Left: left})
}

// turn hears the wish to cancel. It gives true when the task has ended with that. The step that was broken off may have
// recorded another phase than it came to know of, so the record is asked.
func (r *runner) turn(ctx context.Context) (ended bool, err error) {
	if r.task, err = r.o.Store.Last(ctx); err != nil {
		return false, err
	}
	behind := "Copies were left behind in "
	switch {
	case r.task.State.Ended():
		return true, nil
	case r.task.Kind == Collect || r.task.Phase == Beginning:
		return true, r.end(ctx, Cancelled, "", nil)
	case r.task.Phase == Copying && r.task.Cancels == 1:
		return false, r.enter(ctx, Returning, Place{Home: r.task.From, Target: r.task.To, Back: true})
	case r.task.Phase == Tidying: // everybody has moved
		return true, r.leave(ctx, Done, behind+string(r.task.From)+".")
	}
	// Asked again: what was written to the other home lately is given up, and what was copied stays there.
	return true, r.leave(ctx, Cancelled, behind+string(r.task.To)+".")
}

// leave ends a move: everybody lives in one home alone.
func (r *runner) leave(ctx context.Context, s State, words string) error {
	home := Place{Home: r.task.From}
	if r.task.Phase == Tidying {
		home = Place{Home: r.task.To}
	}
	if err := r.end(ctx, s, words, &home); err != nil {
		return err
	}
	_, err := r.o.Homes.Arrange(ctx, home)
	return err
}

// arrange lets people in, as often as it takes.
func (r *runner) arrange(ctx context.Context, p Place) (pair Pair, err error) {
	err = r.attempt(ctx, func(ctx context.Context) error {
		pair, err = r.o.Homes.Arrange(ctx, p)
		return err
	})
	return pair, err
}

// bare opens two homes, as often as it takes.
func (r *runner) bare(ctx context.Context, a, b Home) (x, y blob.Store, err error) {
	err = r.attempt(ctx, func(ctx context.Context) error {
		if x, err = r.o.Homes.Bare(ctx, a); err != nil {
			return err
		}
		y, err = r.o.Homes.Bare(ctx, b)
		return err
	})
	return x, y, err
}

// survey counts what is to be moved.
func (r *runner) survey(ctx context.Context, old blob.Store) error {
	count, bytes := 0, int64(0)
	for info, err := range old.List(ctx, "") {
		if err != nil {
			return err
		}
		count, bytes = count+1, bytes+info.Size
	}
	r.task.Total, r.task.TotalBytes = count, bytes
	return r.keep(ctx)
}

// copyAll copies everything behind the cursor, in key order.
func (r *runner) copyAll(ctx context.Context, old blob.Store, pair Pair) error {
	for info, err := range old.List(ctx, "") {
		if err != nil {
			return err
		}
		if info.Key <= r.task.Cursor {
			continue
		}
		if err := r.copyOne(ctx, pair, info.Key); err != nil {
			return err
		}
		pair.Verified(info.Key)
		r.task.Cursor = info.Key
		if err := r.progress(ctx, info.Size); err != nil {
			return err
		}
	}
	return nil
}

// copyOne copies a blob; one that is gone meanwhile needs no copy.
func (r *runner) copyOne(ctx context.Context, pair Pair, key string) error {
	if _, err := pair.Copy(ctx, key); err != nil && !errors.Is(err, blob.ErrNotFound) {
		return err
	}
	return nil
}

// complete compares both homes until nothing is missing in the new one, and copies what is.
func (r *runner) complete(ctx context.Context, old, dest blob.Store, pair Pair) error {
	for missing := true; missing; {
		missing = false
		err := compare(ctx, old, dest, func(b both) error {
			if b.there && b.other.Size == b.Size {
				return nil
			}
			missing = true
			return r.copyOne(ctx, pair, b.Key)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// tidying lets people live in home alone, and removes the blobs of the one that was left once nobody can hold an address
// there any more. A blob that home does not have stays.
func (r *runner) tidying(ctx context.Context, left, home Home) error {
	if _, err := r.arrange(ctx, Place{Home: home, Left: left}); err != nil {
		return err
	}
	src, dest, err := r.bare(ctx, left, home)
	if err != nil {
		return err
	}
	if err := r.wait(ctx, r.task.Left.Add(r.o.Grace)); err != nil {
		return err
	}
	return r.attempt(ctx, func(ctx context.Context) error {
		return compare(ctx, src, dest, func(b both) error {
			if !b.there || b.other.Size != b.Size {
				r.o.Logger.Warn("not removed, as it is only there", "key", b.Key, "home", left)
				return nil
			}
			return src.Delete(ctx, b.Key)
		})
	})
}

// wait returns at a time, or early with ctx's error.
func (r *runner) wait(ctx context.Context, until time.Time) error {
	select {
	case <-time.After(until.Sub(r.o.Now())):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
