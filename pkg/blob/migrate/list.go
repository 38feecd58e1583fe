package migrate

import (
	"context"
	"fmt"
	"iter"

	"movify/pkg/blob"
)

// List merges both stores in key order; a key that both have is listed once, as Stat describes it. The old store is
// always read before the new one: a blob that is deleted from the old store is in the new one before.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		o, stopOld := newListCursor(s.o.Old.List(ctx, prefix))
		defer stopOld()
		n, stopNew := newListCursor(s.o.New.List(ctx, prefix))
		defer stopNew()
		for {
			if err := o.fill(); err != nil {
				yield(blob.Info{}, err)
				return
			}
			if err := n.fill(); err != nil {
				yield(blob.Info{}, err)
				return
			}
			if !o.has && !n.has {
				return
			}
			if err := ctx.Err(); err != nil {
				yield(blob.Info{}, fmt.Errorf("list blobs %q: %w", prefix, err))
				return
			}
			if !yield(s.next(o, n), nil) {
				return
			}
		}
	}
}

// next takes the lesser key of both cursors.
func (s *Store) next(o, n *listCursor) blob.Info {
	switch {
	case !n.has || o.has && o.info.Key < n.info.Key:
		return o.take()
	case !o.has || n.info.Key < o.info.Key:
		return n.take()
	}
	fromOld, fromNew := o.take(), n.take()
	if s.readOrder(fromOld.Key)[0] == s.o.New {
		return fromNew
	}
	return fromOld
}

// listCursor holds the next entry of a listing.
type listCursor struct {
	next  func() (blob.Info, error, bool)
	info  blob.Info
	has   bool
	ended bool
}

func newListCursor(seq iter.Seq2[blob.Info, error]) (*listCursor, func()) {
	next, stop := iter.Pull2(seq)
	return &listCursor{next: next}, stop
}

// fill reads the next entry unless one is held.
func (h *listCursor) fill() error {
	if h.has || h.ended {
		return nil
	}
	info, err, ok := h.next()
	if err != nil {
		return err
	}
	h.info, h.has, h.ended = info, ok, !ok
	return nil
}

func (h *listCursor) take() blob.Info {
	h.has = false
	return h.info
}
