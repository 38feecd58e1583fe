package twin

import (
	"context"
	"fmt"
	"iter"

	"movify/pkg/blob"
)

// List merges both stores in key order; a key that both have is listed once, as Stat describes it. The old store is
// always asked before the new one: a blob that leaves it has reached the new one before.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		o, stopOld := pull(s.o.Old.List(ctx, prefix))
		defer stopOld()
		n, stopNew := pull(s.o.New.List(ctx, prefix))
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
			if !yield(s.lesser(o, n), nil) {
				return
			}
		}
	}
}

// lesser takes the next key off the heads.
func (s *Store) lesser(o, n *head) blob.Info {
	switch {
	case !n.has || o.has && o.info.Key < n.info.Key:
		return o.take()
	case !o.has || n.info.Key < o.info.Key:
		return n.take()
	}
	fromOld, fromNew := o.take(), n.take()
	if s.order(fromOld.Key)[0] == s.o.New {
		return fromNew
	}
	return fromOld
}

// head is the next entry of a listing.
type head struct {
	next  func() (blob.Info, error, bool)
	info  blob.Info
	has   bool
	ended bool
}

func pull(seq iter.Seq2[blob.Info, error]) (*head, func()) {
	next, stop := iter.Pull2(seq)
	return &head{next: next}, stop
}

// fill reads the next entry unless one is waiting.
func (h *head) fill() error {
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

func (h *head) take() blob.Info {
	h.has = false
	return h.info
}
