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
	"movify/player/way"
)

// DefaultStreams is how many playbacks of an account may run at once without Options.Limits.
const DefaultStreams = 4

// slotLife is how long a playback keeps its stream slot after its last media request. Viewers are promised half a
// minute.
const slotLife = 25 * time.Second

// ErrStreamLimit is the fault of a StreamLimit.
var ErrStreamLimit = fault.New(fault.Limited, "stream_limit", "As many devices play as this account has places.")

// Limits gives the concurrent stream limit of an account.
type Limits interface {
	Streams(ctx context.Context, a id.Account) (int, error)
}

// Stream is a playback that holds a stream slot.
type Stream struct {
	Session id.Session
	Viewer  id.Viewer
	Title   id.Title
	Name    string // of the title
	Agent   string // User-Agent of the device it was begun on
	Since   time.Time
	Way     way.Kind // of the picture that it asked for last
	Lines   int      // height of that, as way.Lines counts it; 0 = none was asked for yet
	Why     way.Way  // the same stream, and why it; without a Code when the reason is not known
	Asset   id.Asset // of its file
}

// StreamLimit refuses a playback of Viewer, because other sessions hold every stream slot of the account.
type StreamLimit struct {
	*fault.Fault
	Viewer  id.Viewer
	Limit   int
	Streams []Stream // the others, the longest first
}

// RetryAfter is when the slot of a player that has gone silent is free at the latest.
func (StreamLimit) RetryAfter() time.Duration { return slotLife }

// Unwrap gives the fault.
func (l StreamLimit) Unwrap() error { return l.Fault }

// streamSlots holds the stream slots of each account: a concurrent stream limit. A slot is taken by a media request or
// by starting a playback, and expires without media requests: position reports do not renew it. It is in memory: after
// a restart the players take their slots again with their next request.
type streamSlots struct {
	wait time.Duration // how long a request may wait for a segment

	mu       sync.Mutex
	accounts map[id.Account]*accountSlots
}

// accountSlots are the slots of one account.
type accountSlots struct {
	limit int
	held  map[id.Session]*slot
}

// slot is a stream slot that a playback holds.
type slot struct {
	stream   Stream
	until    time.Time
	inflight int // requests under way
}

func newStreamSlots(wait time.Duration) *streamSlots {
	return &streamSlots{wait: wait, accounts: make(map[id.Account]*accountSlots)}
}

// allow sets how many slots an account has.
func (s *streamSlots) allow(a id.Account, limit int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of(a).limit = limit
}

// of gives the slots of an account. It runs under mu.
func (s *streamSlots) of(a id.Account) *accountSlots {
	p := s.accounts[a]
	if p == nil {
		p = &accountSlots{limit: DefaultStreams, held: make(map[id.Session]*slot)}
		s.accounts[a] = p
	}
	return p
}

// take gives a playback a slot, or renews the one it has, until leave is called and slotLife after that. fresh is true
// for a playback that had none. When other sessions hold every slot it gives a StreamLimit.
func (s *streamSlots) take(x Stream, now time.Time) (leave func(now time.Time), fresh bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.of(x.Viewer.Account)
	l := p.held[x.Session]
	if l == nil || !now.Before(l.until) {
		others := p.others(x.Session, now)
		if len(others) >= p.limit {
			text := "%d of %d in use: as many devices play as this account has places."
			return nil, false, StreamLimit{
				ErrStreamLimit.Saying(fmt.Sprintf(text, len(others), p.limit)), x.Viewer, p.limit, others,
			}
		}
		l, fresh = &slot{}, true
		p.held[x.Session] = l
	}
	l.stream = x
	l.inflight++
	// A request that hangs on a dead connection must not hold the slot for ever.
	l.until = now.Add(s.wait + slotLife)
	return func(now time.Time) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if l.inflight--; l.inflight == 0 && now.Before(l.until) { // else the slot expired while the request hung
			l.until = now.Add(slotLife)
		}
	}, fresh, nil
}

// others lists the other sessions that hold a slot at now, the longest first.
func (p *accountSlots) others(x id.Session, now time.Time) []Stream {
	out := []Stream{}
	for session, l := range p.held {
		if session != x && now.Before(l.until) {
			out = append(out, l.stream)
		}
	}
	slices.SortFunc(out, longest)
	return out
}

// longest orders streams by when they began.
func longest(a, b Stream) int {
	return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Session, b.Session))
}

// everyone lists the sessions of all accounts that hold a slot at now, the longest first.
func (s *streamSlots) everyone(now time.Time) []Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Stream{}
	for _, p := range s.accounts {
		out = append(out, p.others("", now)...)
	}
	slices.SortFunc(out, longest)
	return out
}

// drop frees the slot of a playback that has ended.
func (s *streamSlots) drop(x Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.accounts[x.Viewer.Account]; p != nil {
		delete(p.held, x.ID)
	}
}

// sweep removes the slots that have expired by now and gives their accounts.
func (s *streamSlots) sweep(now time.Time) []id.Account {
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

// playing lists the sessions that hold a slot of an account at now.
func (s *streamSlots) playing(a id.Account, now time.Time) []Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of(a).others("", now)
}

// limit reads how many slots an account has.
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

// Streams lists the playbacks of an account that hold a stream slot, the longest first, and how many slots it has.
func (s *Service) Streams(ctx context.Context, a id.Account) ([]Stream, int, error) {
	limit, err := s.limit(ctx, a)
	if err != nil {
		return nil, 0, err
	}
	s.slots.allow(a, limit) // a limit that was changed since the last playback began counts from now on
	return s.slots.playing(a, s.opts.Clock()), limit, nil
}

// StopStream ends a playback of an account, whichever profile it is of. One of another account does not exist; ending
// it twice is no error.
func (s *Service) StopStream(ctx context.Context, a id.Account, x id.Session) error {
	l, err := s.session(ctx, x)
	if err != nil {
		return err
	}
	if l.snapshot().Viewer.Account != a {
		return ErrNoSession
	}
	return s.stop(ctx, l, nil)
}

// expireSlots frees the slots of silent players and sends notices to their accounts.
func (s *Service) expireSlots(now time.Time) {
	for _, a := range s.slots.sweep(now) {
		s.streamsChanged(a)
	}
}

func (s *Service) streamsChanged(a id.Account) {
	if s.opts.Bus != nil {
		s.opts.Bus.Publish(event.Notice{Topic: event.Viewer, Kind: "streams", For: event.Addressee{Account: a}})
	}
}
