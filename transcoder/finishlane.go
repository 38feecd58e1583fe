package transcoder

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
)

const (
	finishers = 2 // assets that are finished at once; storage is the bound, not this machine

	// The storage's troubles are waited out, longer each time.
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	// worthSaying is the pause at which people are told: what goes away by itself in seconds is not their concern.
	worthSaying = 15 * time.Second
)

// finishing is the assets that finishAsset has something to do for. Asking again for one that waits changes nothing.
type finishing struct {
	mu      sync.Mutex
	chores  map[id.Asset]*chore
	changed chan struct{} // closed and replaced at every change
}

type chore struct {
	asset media.Asset
	due   time.Time
	pause time.Duration // after the last failure, 0 = none
	busy  bool
	again bool   // asked for while busy
	words string // why it is not done, for people
}

func newFinishing() *finishing {
	return &finishing{chores: map[id.Asset]*chore{}, changed: make(chan struct{})}
}

// ring wakes the lanes and whoever waits for room. The caller holds mu.
func (f *finishing) ring() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// finish asks for finishAsset, soon. It never blocks.
func (s *Service) finish(a media.Asset) {
	f := s.finishing
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.chores[a.ID]; c != nil {
		c.again = true
		return
	}
	f.chores[a.ID] = &chore{asset: a, due: s.opts.Now()}
	f.ring()
}

// next takes the chore that is due longest; without one it says when the next is, or never by a zero time.
func (f *finishing) next(now time.Time) (c *chore, at time.Time, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.chores {
		if !x.busy && (c == nil || x.due.Before(c.due)) {
			c = x
		}
	}
	if c == nil {
		return nil, time.Time{}, f.changed
	}
	if c.due.After(now) {
		return nil, c.due, f.changed
	}
	c.busy, c.again = true, false
	return c, time.Time{}, nil
}

// done ends a chore, or puts it off after a failure.
func (f *finishing) done(c *chore, err error, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer f.ring()
	c.busy = false
	switch {
	case err != nil:
		c.pause = min(max(firstPause, 2*c.pause), longestPause)
		c.due = now.Add(c.pause/2 + rand.N(c.pause)) // apart, so that a storage that is back is not overrun
		c.words = wordsFor(err)
	case c.again:
		c.pause, c.due, c.words = 0, now, ""
	default:
		delete(f.chores, c.asset.ID)
	}
}

// hurry puts a chore before all others.
func (f *finishing) hurry(fingerprint string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for a, c := range f.chores {
		if fingerprintOf(a) == fingerprint {
			c.due, c.pause = time.Time{}, 0
		}
	}
	f.ring()
}

// pending lists the assets that wait to be finished.
func (f *finishing) pending() (assets []id.Asset, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for a := range f.chores {
		assets = append(assets, a)
	}
	return assets, f.changed
}

// finishLane finishes assets one after another.
func (s *Service) finishLane(ctx context.Context) error {
	for {
		c, at, changed := s.finishing.next(s.opts.Now())
		if c == nil {
			if err := s.until(ctx, at, changed); err != nil {
				return err
			}
			continue
		}
		err := s.finishAsset(ctx, c.asset)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			s.opts.Logger.Warn("finish an asset, will be tried again", "asset", c.asset.ID, "error", err)
		}
		s.finishing.done(c, err, s.opts.Now())
		s.announce(c.asset.ID)
	}
}

// until waits for a change or a time; a zero time never comes.
func (s *Service) until(ctx context.Context, at time.Time, changed <-chan struct{}) error {
	var due <-chan time.Time
	if !at.IsZero() {
		timer := time.NewTimer(at.Sub(s.opts.Now()))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-changed:
	case <-due:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// wordsFor says to a person why something is not stored.
func wordsFor(err error) string {
	if f := fault.Of(err); f.Kind != fault.Internal {
		return f.Message
	}
	return ErrStorage.Message
}

// Waiting is why what is finished of a file with that content is not in its place yet; "" when there is nothing to say.
// It is tried again by itself, and said only when it lasts.
func (s *Service) Waiting(fingerprint string) string {
	f := s.finishing
	f.mu.Lock()
	defer f.mu.Unlock()
	for a, c := range f.chores {
		if fingerprintOf(a) == fingerprint && c.pause >= worthSaying {
			return c.words
		}
	}
	return ""
}
