package keeper

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"movify/pkg/blob"
	"movify/pkg/media"
)

// shown is how much garbage a task keeps by name.
const shown = 200

// Unfinished is met by a home whose engine can be left with uploads that were never completed.
type Unfinished interface {
	// DropUnfinished ends the uploads that began before a time, or with dry only counts them.
	DropUnfinished(ctx context.Context, before time.Time, dry bool) (int, error)
}

// collect finds what nobody needs, and removes it unless that is not wished.
func (r *runner) collect(ctx context.Context) error {
	fresh := r.task
	fresh.State, fresh.Started = Running, r.o.Now()
	fresh.Done, fresh.Total, fresh.DoneBytes, fresh.TotalBytes, fresh.Garbage = 0, 0, 0, 0, nil
	r.task = fresh
	if err := r.keep(ctx); err != nil {
		return err
	}
	p, err := r.o.Store.Place(ctx)
	if err != nil {
		return err
	}
	var home blob.Store
	if err := r.attempt(ctx, func(ctx context.Context) (err error) {
		home, err = r.o.Homes.Bare(ctx, p.Home)
		return err
	}); err != nil {
		return err
	}
	// The stage first: it is the index, and must not speak of what is gone.
	for _, s := range []blob.Store{r.o.Stage, home} {
		if s == nil {
			continue
		}
		if err := r.sweep(ctx, s, home); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return r.end(ctx, Failed, words(err), nil)
		}
	}
	if u, ok := home.(Unfinished); ok {
		n, err := u.DropUnfinished(ctx, r.o.Now().Add(-r.o.Age), r.task.DryRun)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return r.end(ctx, Failed, words(err), nil)
		}
		if n > 0 {
			r.note(Garbage{Key: fmt.Sprintf("%d uploads", n), Why: "begun over a day ago and never finished"})
		}
	}
	return r.end(ctx, Done, "", nil)
}

// sweep judges one store owner by owner.
func (r *runner) sweep(ctx context.Context, s, home blob.Store) error {
	needs, err := r.o.Census.Needs(ctx)
	if err != nil {
		return err
	}
	before := r.o.Now().Add(-r.o.Age)
	for blobs, err := range owners(ctx, s) {
		if err != nil {
			return err
		}
		whole := false
		if superseding(blobs, needs.Policy) {
			current := media.Asset{Prefix: media.AssetPrefix(blobs[0].Owner, needs.Policy)}
			if whole, err = r.whole(ctx, current, home); err != nil {
				return err
			}
		}
		found := judge(blobs, needs, before, whole)
		if len(found) > 0 && !r.task.DryRun {
			// Somebody may have come home, or begun to watch, since the walk began.
			now, err := r.o.Census.Needs(ctx)
			if err != nil {
				return err
			}
			found = judge(blobs, now, before, whole)
		}
		for _, g := range found {
			if !r.task.DryRun {
				if err := s.Delete(ctx, g.Key); err != nil {
					return err
				}
			}
			r.note(g)
			if err := r.progress(ctx, g.Size); err != nil {
				return err
			}
		}
	}
	return nil
}

// note adds to what was found.
func (r *runner) note(g Garbage) {
	r.task.Total++
	r.task.TotalBytes += g.Size
	if len(r.task.Garbage) < shown {
		r.task.Garbage = append(r.task.Garbage, g)
	}
}

// whole reports whether the ladder of an asset is whole.
func (r *runner) whole(ctx context.Context, a media.Asset, home blob.Store) (bool, error) {
	for _, s := range []blob.Store{r.o.Stage, home} {
		if s == nil {
			continue
		}
		_, err := s.Stat(ctx, a.CompleteKey())
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, blob.ErrNotFound) {
			return false, err
		}
	}
	return false, nil
}

// owners walks a store, the blobs of one owner at a time. Blobs that are never collected are passed over.
func owners(ctx context.Context, s blob.Store) iter.Seq2[[]stored, error] {
	return func(yield func([]stored, error) bool) {
		var group []stored
		for info, err := range s.List(ctx, "") {
			if err != nil {
				yield(nil, err)
				return
			}
			b := parsed(info)
			o := b.owner()
			if len(group) > 0 && group[0].owner() != o {
				if !yield(group, nil) {
					return
				}
				group = nil
			}
			if o != "" {
				group = append(group, b)
			}
		}
		if len(group) > 0 {
			yield(group, nil)
		}
	}
}
