package player

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// DefaultStreams is how many playbacks of an account may run at once when nothing says otherwise.
const DefaultStreams = 4

// leaseLife is how long a playback keeps its place after its last media request. A viewer is promised half a minute.
const leaseLife = 25 * time.Second

// ErrStreamLimit is what a StreamLimit is.
var ErrStreamLimit = fault.New(fault.Limited, "stream_limit", "As many devices play as this account has places.")

// Limits knows how many playbacks of an account may run at once.
type Limits interface {
	Streams(ctx context.Context, a id.Account) (int, error)
}

// Stream is a playback that holds a place.
type Stream struct {
	Session id.Session
	Viewer  id.Viewer
	Title   id.Title
	Name    string // of the title
	Agent   string // User-Agent of the device it was begun on
	Since   time.Time
}

// StreamLimit refuses a playback of Viewer, because others hold every place of the account.
type StreamLimit struct {
	*fault.Fault
	Viewer  id.Viewer
	Limit   int
	Streams []Stream // the others, the longest first
}

// RetryAfter is when a place is free at the latest whose player has gone.
func (StreamLimit) RetryAfter() time.Duration { return leaseLife }

// Unwrap gives the fault.
func (l StreamLimit) Unwrap() error { return l.Fault }

// leases is who holds the places of each account. A place is taken by a media request or by pressing play, and is lost by
// silence: nothing that a player says elsewhere counts. It lives in memory: after a restart the players that go on take
// their places again with their next request.
type leases struct {
	wait time.Duration // how long a request may wait for what is being made

	mu       sync.Mutex
	accounts map[id.Account]*places
}

// places are those of one account.
type places struct {
	limit int
	held  map[id.Session]*lease
}

// lease is one playback's hold on a place.
type lease struct {
	stream   Stream
	until    time.Time
	inflight int // requests under way
}

func newLeases(wait time.Duration) *leases {
	return &leases{wait: wait, accounts: make(map[id.Account]*places)}
}

// allow sets how many places an account has.
func (s *leases) allow(a id.Account, limit int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of(a).limit = limit
}

// of gives the places of an account. The lock is held.
func (s *leases) of(a id.Account) *places {
	p := s.accounts[a]
	if p == nil {
		p = &places{limit: DefaultStreams, held: make(map[id.Session]*lease)}
		s.accounts[a] = p
	}
	return p
}

// take gives a playback a place, or lets it keep the one it has, until leave is called and leaseLife after that. fresh is
// true for one that had none. When the others hold every place it gives a StreamLimit.
func (s *leases) take(x Stream, now time.Time) (leave func(now time.Time), fresh bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.of(x.Viewer.Account)
	l := p.held[x.Session]
	if l == nil || !now.Before(l.until) {
		others := p.others(x.Session, now)
		if len(others) >= p.limit {
			return nil, false, StreamLimit{ErrStreamLimit.Saying(fmt.Sprintf("%d of %d in use: as many devices play as this account has places.",
				len(others), p.limit)), x.Viewer, p.limit, others}
		}
		l, fresh = &lease{stream: x}, true
		p.held[x.Session] = l
	}
	l.inflight++
	// A request that hangs on a dead connection must not hold the place for ever.
	l.until = now.Add(s.wait + leaseLife)
	return func(now time.Time) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if l.inflight--; l.inflight == 0 && now.Before(l.until) { // else the place was lost while the request hung
			l.until = now.Add(leaseLife)
		}
	}, fresh, nil
}

// others lists who else holds a place at now, the longest first.
func (p *places) others(x id.Session, now time.Time) []Stream {
	out := []Stream{}
	for session, l := range p.held {
		if session != x && now.Before(l.until) {
			out = append(out, l.stream)
		}
	}
	slices.SortFunc(out, func(a, b Stream) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Session, b.Session)) })
	return out
}

// drop frees the place of a playback that has ended.
func (s *leases) drop(x Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.accounts[x.Viewer.Account]; p != nil {
		delete(p.held, x.ID)
	}
}

// sweep forgets the places that were lost by now and gives the accounts they were of.
func (s *leases) sweep(now time.Time) []id.Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	var changed []id.Account
	for a, p := range s.accounts {
		before := len(p.held)
		for session, l := range p.held {
			if !now.Before(l.until) {
				delete(p.held, session)
			}
		}
		if len(p.held) < before {
			changed = append(changed, a)
		}
	}
	return changed
}

// playing lists who holds the places of an account at now.
func (s *leases) playing(a id.Account, now time.Time) []Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of(a).others("", now)
}

// limit reads how many places an account has.
func (s *Service) limit(ctx context.Context, a id.Account) (int, error) {
	if s.opts.Limits == nil {
		return DefaultStreams, nil
	}
	n, err := s.opts.Limits.Streams(ctx, a)
	if err != nil {
		return 0, fmt.Errorf("read how many streams an account may have: %w", err)
	}
	return n, nil
}

// Streams lists the playbacks of an account that hold a place, the longest first, and how many places it has.
func (s *Service) Streams(ctx context.Context, a id.Account) ([]Stream, int, error) {
	limit, err := s.limit(ctx, a)
	if err != nil {
		return nil, 0, err
	}
	s.leases.allow(a, limit) // what was changed since somebody pressed play counts from now on
	return s.leases.playing(a, s.opts.Clock()), limit, nil
}

// StopStream ends a playback of an account, whichever profile it is of. One of another account does not exist; ending it
// twice is no error.
func (s *Service) StopStream(ctx context.Context, a id.Account, x id.Session) error {
	l, err := s.live(ctx, x)
	if err != nil {
		return err
	}
	if l.snapshot().Viewer.Account != a {
		return ErrNoSession
	}
	return s.stop(ctx, l, nil)
}

// lapse frees the places of players that fell silent and tells their accounts.
func (s *Service) lapse(now time.Time) {
	for _, a := range s.leases.sweep(now) {
		s.streamsChanged(a)
	}
}

func (s *Service) streamsChanged(a id.Account) {
	if s.opts.Bus != nil {
		s.opts.Bus.Publish(event.Notice{Topic: event.Viewer, Kind: "streams", For: event.Addressee{Account: a}})
	}
}
