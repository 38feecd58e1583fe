package transcoder

import (
	"context"
	"sync"

	"movify/pkg/id"
)

// stageQuota counts the bytes of loose segments in Stage, asset by asset.
type stageQuota struct {
	mu    sync.Mutex
	of    map[id.Asset]int64
	bytes int64
}

func newStageQuota() *stageQuota { return &stageQuota{of: map[id.Asset]int64{}} }

// set records how many bytes of loose segments an asset has in Stage.
func (q *stageQuota) set(a id.Asset, bytes int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes += bytes - q.of[a]
	if q.of[a] = bytes; bytes == 0 {
		delete(q.of, a)
	}
}

// used gives the bytes in Stage, and how many of them belong to some assets.
func (q *stageQuota) used(assets ...id.Asset) (all, theirs int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, a := range assets {
		theirs += q.of[a]
	}
	return q.bytes, theirs
}

// stageFull reports whether Stage holds more than Options.StageBytes, and how much of that belongs to some assets.
func (s *Service) stageFull(assets ...id.Asset) (full bool, theirs int64) {
	all, theirs := s.quota.used(assets...)
	return s.opts.StageBytes > 0 && all > s.opts.StageBytes, theirs
}

// awaitQuota holds a background run back while Stage is full of segments that are about to be packed. Without any of
// those, waiting would not help: one long film may be larger than the quota, and is packed only when it is complete.
func (s *Service) awaitQuota(ctx context.Context) error {
	for {
		pending, changed := s.finishQueue.pending()
		if full, theirs := s.stageFull(pending...); !full || theirs == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
