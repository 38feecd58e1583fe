package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"movify/pkg/blob"
	"movify/pkg/media"
)

// maxNamed is how many garbage blobs a task lists by name.
const maxNamed = 200

// UploadAborter is met by a backend whose engine can be left with uploads that were never completed.
type UploadAborter interface {
	// AbortUploads aborts the uploads that began before a time, or with dry only counts them.
	AbortUploads(ctx context.Context, before time.Time, dry bool) (int, error)
}

// collect finds unreferenced blobs, and removes them unless the task is a dry run.
func (r *runner) collect(ctx context.Context) error {
	r.task.State, r.task.Started = Running, r.o.Now()
	r.task.Done, r.task.Total, r.task.DoneBytes, r.task.TotalBytes, r.task.Garbage = 0, 0, 0, 0, nil
	if err := r.saveProgress(ctx); err != nil {
		return err
	}
	p, err := r.o.Store.Layout(ctx)
	if err != nil {
		return err
	}
	var finished blob.Store
	if err := r.retry(ctx, func(ctx context.Context) (err error) {
		finished, err = r.o.Backends.Uncached(ctx, p.Backend)
		return err
	}); err != nil {
		return err
	}
	// Stage first: it is the index, and must not list blobs that are gone.
	for _, s := range []blob.Store{r.o.Stage, finished} {
		if s == nil {
			continue
		}
		if err := r.sweep(ctx, s, finished); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return r.end(ctx, Failed, message(err), nil)
		}
	}
	if u, ok := finished.(UploadAborter); ok {
		n, err := u.AbortUploads(ctx, r.o.Now().Add(-r.o.MinAge), r.task.DryRun)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return r.end(ctx, Failed, message(err), nil)
		}
		if n > 0 {
			r.record(Garbage{Key: fmt.Sprintf("%d uploads", n), Reason: "begun over a day ago and never finished"})
		}
	}
	return r.end(ctx, Done, "", nil)
}

// sweep collects the garbage of one store, owner by owner.
func (r *runner) sweep(ctx context.Context, s, finished blob.Store) error {
	refs, err := r.o.References.References(ctx)
	if err != nil {
		return err
	}
	before := r.o.Now().Add(-r.o.MinAge)
	for blobs, err := range groupByOwner(ctx, s) {
		if err != nil {
			return err
		}
		complete := false
		if hasOtherPolicy(blobs, refs.Policy) {
			current := media.Asset{Prefix: media.AssetPrefix(blobs[0].Owner, refs.Policy)}
			if complete, err = r.isComplete(ctx, current, finished); err != nil {
				return err
			}
		}
		found := findGarbage(blobs, refs, before, complete)
		if len(found) > 0 && !r.task.DryRun {
			// A file may have reappeared, or a session may have started, since the walk began.
			now, err := r.o.References.References(ctx)
			if err != nil {
				return err
			}
			found = findGarbage(blobs, now, before, complete)
		}
		for _, g := range found {
			if !r.task.DryRun {
				if err := s.Delete(ctx, g.Key); err != nil {
					return err
				}
			}
			r.record(g)
			if err := r.countBlob(ctx, g.Size); err != nil {
				return err
			}
		}
	}
	return nil
}

// record adds a blob to the garbage that was found.
func (r *runner) record(g Garbage) {
	r.task.Total++
	r.task.TotalBytes += g.Size
	if len(r.task.Garbage) < maxNamed {
		r.task.Garbage = append(r.task.Garbage, g)
	}
}

// isComplete reports whether all renditions of an asset are packed.
func (r *runner) isComplete(ctx context.Context, a media.Asset, finished blob.Store) (bool, error) {
	for _, s := range []blob.Store{r.o.Stage, finished} {
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

// groupByOwner walks a store, the blobs of one owner at a time. Blobs that are never collected are left out.
func groupByOwner(ctx context.Context, s blob.Store) iter.Seq2[[]parsedBlob, error] {
	return func(yield func([]parsedBlob, error) bool) {
		var group []parsedBlob
		for info, err := range s.List(ctx, "") {
			if err != nil {
				yield(nil, err)
				return
			}
			b := parseBlob(info)
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
