package storage

import (
	"context"
	"errors"
	"time"

	"movify/pkg/blob"
)

// move copies everything from one backend to the other. Each phase begins by recording itself together with the Layout
// it needs, so that the process that continues after a crash restores the same layout. The record is written before the
// switch: for a moment blobs are still read and written by the previous layout, which remains valid.
func (r *runner) move(ctx context.Context) error {
	for {
		var err error
		switch r.task.Phase {
		case NotStarted:
			r.task.Started = r.o.Now()
			err = r.enterPhase(ctx, Copying, Layout{Backend: r.task.From, Target: r.task.To})
		case Copying:
			err = r.copyPhase(ctx)
		case RollingBack:
			err = r.rollBackPhase(ctx)
		case DeletingOriginals:
			if err = r.deletePhase(ctx, r.task.From, r.task.To); err == nil {
				return r.finishMove(ctx, Done, "")
			}
		case DeletingCopies:
			if err = r.deletePhase(ctx, r.task.To, r.task.From); err == nil {
				return r.finishMove(ctx, Cancelled, "")
			}
		}
		if err != nil {
			return err
		}
	}
}

// enterPhase records the next phase and the Layout that holds from then on.
func (r *runner) enterPhase(ctx context.Context, phase Phase, p Layout) error {
	next := r.task
	next.State, next.Phase, next.Cursor, next.RetiredReadAt, next.Error = Running, phase, "", r.o.Now(), ""
	if err := r.save(context.WithoutCancel(ctx), next, &p); err != nil {
		return err
	}
	r.task, r.failures = next, 0
	return nil
}

// copyPhase ends when the new backend alone is read and written.
func (r *runner) copyPhase(ctx context.Context) error {
	from, to := r.task.From, r.task.To
	copier, err := r.switchLayout(ctx, Layout{Backend: from, Target: to})
	if err != nil {
		return err
	}
	old, dest, err := r.openUncached(ctx, from, to)
	if err != nil {
		return err
	}
	if r.task.Total == 0 {
		if err := r.retry(ctx, func(ctx context.Context) error { return r.countAll(ctx, old) }); err != nil {
			return err
		}
	}
	copier.Verified(r.task.Cursor)
	if err := r.retry(ctx, func(ctx context.Context) error { return r.copyAll(ctx, old, copier) }); err != nil {
		return err
	}
	// A listing may miss changes made during it, and a stored cursor may be older than the target, which an operator
	// may have emptied: the switch waits for a whole comparison that finds nothing missing.
	if err := r.retry(ctx, func(ctx context.Context) error { return r.copyMissing(ctx, old, dest, copier) }); err != nil {
		return err
	}
	return r.enterPhase(ctx, DeletingOriginals, Layout{Backend: to, Retired: from})
}

// rollBackPhase ends when the old backend is read and written as if there had been no move.
func (r *runner) rollBackPhase(ctx context.Context) error {
	backend, target := r.task.From, r.task.To
	copier, err := r.switchLayout(ctx, Layout{Backend: backend, Target: target, Rollback: true})
	if err != nil {
		return err
	}
	src, dest, err := r.openUncached(ctx, target, backend)
	if err != nil {
		return err
	}
	// Clocks differ by minutes at most: an S3 store refuses requests with a larger difference.
	since := r.task.Started.Add(-time.Hour)
	err = r.retry(ctx, func(ctx context.Context) error {
		return compare(ctx, src, dest, func(b pairedBlob) error {
			if b.inOther || b.ModTime.Before(since) {
				return nil // older than the move: not written by it
			}
			return r.copyOne(ctx, copier, b.Key)
		})
	})
	if err != nil {
		return err
	}
	return r.enterPhase(ctx, DeletingCopies, Layout{Backend: backend, Retired: target})
}

// handleCancel carries out a cancel request. ended is true when that ended the task. The interrupted step may have
// recorded another phase than r.task holds, so the record is read again.
func (r *runner) handleCancel(ctx context.Context) (ended bool, err error) {
	if r.task, err = r.o.Store.Last(ctx); err != nil {
		return false, err
	}
	leftIn := "Copies were left behind in "
	switch {
	case r.task.State.Ended():
		return true, nil
	case r.task.Kind == Collect || r.task.Phase == NotStarted:
		return true, r.end(ctx, Cancelled, "", nil)
	case r.task.Phase == Copying && r.task.CancelRequests == 1:
		return false, r.enterPhase(ctx, RollingBack, Layout{Backend: r.task.From, Target: r.task.To, Rollback: true})
	case r.task.Phase == DeletingOriginals: // nothing is read from the old backend any more
		return true, r.finishMove(ctx, Done, leftIn+string(r.task.From)+".")
	}
	// Cancelled twice: blobs written only to the other backend are given up, and the copies stay there.
	return true, r.finishMove(ctx, Cancelled, leftIn+string(r.task.To)+".")
}

// finishMove ends a move: from now on one backend is read and written.
func (r *runner) finishMove(ctx context.Context, s State, text string) error {
	final := Layout{Backend: r.task.From}
	if r.task.Phase == DeletingOriginals {
		final = Layout{Backend: r.task.To}
	}
	if err := r.end(ctx, s, text, &final); err != nil {
		return err
	}
	_, err := r.o.Backends.Switch(ctx, final)
	return err
}

// switchLayout is Backends.Switch, repeated until it succeeds.
func (r *runner) switchLayout(ctx context.Context, p Layout) (copier Copier, err error) {
	err = r.retry(ctx, func(ctx context.Context) error {
		copier, err = r.o.Backends.Switch(ctx, p)
		return err
	})
	return copier, err
}

// openUncached opens two backends, repeated until it succeeds.
func (r *runner) openUncached(ctx context.Context, a, b Backend) (x, y blob.Store, err error) {
	err = r.retry(ctx, func(ctx context.Context) error {
		if x, err = r.o.Backends.Uncached(ctx, a); err != nil {
			return err
		}
		y, err = r.o.Backends.Uncached(ctx, b)
		return err
	})
	return x, y, err
}

// countAll counts the blobs to be moved and their bytes.
func (r *runner) countAll(ctx context.Context, old blob.Store) error {
	count, bytes := 0, int64(0)
	for info, err := range old.List(ctx, "") {
		if err != nil {
			return err
		}
		count, bytes = count+1, bytes+info.Size
	}
	r.task.Total, r.task.TotalBytes = count, bytes
	return r.saveProgress(ctx)
}

// copyAll copies all blobs behind the cursor, in key order.
func (r *runner) copyAll(ctx context.Context, old blob.Store, copier Copier) error {
	for info, err := range old.List(ctx, "") {
		if err != nil {
			return err
		}
		if info.Key <= r.task.Cursor {
			continue
		}
		if err := r.copyOne(ctx, copier, info.Key); err != nil {
			return err
		}
		copier.Verified(info.Key)
		r.task.Cursor = info.Key
		if err := r.countBlob(ctx, info.Size); err != nil {
			return err
		}
	}
	return nil
}

// copyOne copies a blob; one that was deleted meanwhile needs no copy.
func (r *runner) copyOne(ctx context.Context, copier Copier, key string) error {
	if _, err := copier.Copy(ctx, key); err != nil && !errors.Is(err, blob.ErrNotFound) {
		return err
	}
	return nil
}

// copyMissing compares both backends until nothing is missing in the new one, and copies the missing blobs.
func (r *runner) copyMissing(ctx context.Context, old, dest blob.Store, copier Copier) error {
	for missing := true; missing; {
		missing = false
		err := compare(ctx, old, dest, func(b pairedBlob) error {
			if b.inOther && b.other.Size == b.Size {
				return nil
			}
			missing = true
			return r.copyOne(ctx, copier, b.Key)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deletePhase switches to one backend alone, and removes the blobs of the retired one once no link to them can be valid
// any more. A blob that the backend in use does not have stays.
func (r *runner) deletePhase(ctx context.Context, retired, backend Backend) error {
	if _, err := r.switchLayout(ctx, Layout{Backend: backend, Retired: retired}); err != nil {
		return err
	}
	src, dest, err := r.openUncached(ctx, retired, backend)
	if err != nil {
		return err
	}
	if err := r.wait(ctx, r.task.RetiredReadAt.Add(r.o.RetiredLife)); err != nil {
		return err
	}
	return r.retry(ctx, func(ctx context.Context) error {
		return compare(ctx, src, dest, func(b pairedBlob) error {
			if !b.inOther || b.other.Size != b.Size {
				r.o.Logger.Warn("a blob is not removed: the backend in use does not have it", "key", b.Key, "retired", retired)
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
