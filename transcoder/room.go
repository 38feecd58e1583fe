package transcoder

import (
	"context"
	"sync"

	"movify/pkg/id"
)

// room knows how much waits in Stage, asset by asset.
type room struct {
	mu    sync.Mutex
	of    map[id.Asset]int64
	bytes int64
}

func newRoom() *room { return &room{of: map[id.Asset]int64{}} }

// set notes how many bytes of single segments an asset has in Stage.
func (r *room) set(a id.Asset, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bytes += bytes - r.of[a]
	if r.of[a] = bytes; bytes == 0 {
		delete(r.of, a)
	}
}

// used is how many bytes wait in Stage, and how many of them are of one of those assets.
func (r *room) used(assets ...id.Asset) (all, theirs int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range assets {
		theirs += r.of[a]
	}
	return r.bytes, theirs
}

// isFull reports whether more waits in Stage than may, and how much of that belongs to some assets.
func (s *Service) isFull(assets ...id.Asset) (full bool, theirs int64) {
	all, theirs := s.room.used(assets...)
	return s.opts.StageBytes > 0 && all > s.opts.StageBytes, theirs
}

// awaitRoom holds a background run back while too much waits in Stage to be packed. When nothing does, waiting would not
// help: one long film may be larger than the bound, and is packed only when all of it is there.
func (s *Service) awaitRoom(ctx context.Context) error {
	for {
		pending, changed := s.finishing.pending()
		if full, theirs := s.isFull(pending...); !full || theirs == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
