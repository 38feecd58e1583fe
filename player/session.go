package player

import (
	"context"
	"sync"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player/way"
)

const (
	// sessionLife is how long a session may go on: a film with a long pause, and no more than a day.
	sessionLife = 24 * time.Hour
	// idleActive is how long a player may be silent before encoding for it stops.
	idleActive = 30 * time.Second
	// idleMemory is how long a silent session stays in memory.
	idleMemory = 4 * time.Hour
	// agentLength is how many bytes of a User-Agent are stored.
	agentLength = 512
)

// Session is one playback of a title by a viewer, as it is stored.
type Session struct {
	ID     id.Session
	Viewer id.Viewer
	SignIn id.SignIn // the login it was begun with; it dies with it
	Title  id.Title
	File   id.File
	Asset  id.Asset
	Agent  string // User-Agent of the device it was begun on, at most 512 bytes
	// Way is the stream that it began with, and why; Copies are the sounds that its device plays as they are. A session from
	// before they were stored has no Way.
	Way     way.Way
	Copies  []id.Rendition
	Started time.Time
	Expires time.Time // its tokens are refused from here on
	Ended   time.Time // zero until it ends
}

// Playback is a session as its player needs it.
type Playback struct {
	Session    Session
	Name       string
	Asset      media.Asset // without a Grid until it is planned
	DurationMS int64       // how long the file is
	Manifest   string      // path of the ladder's Multivariant Playlist; it holds the token
	StartMS    int64       // where to begin
	// For a film in several files: which of how many parts this is, and the part after it. BeforeMS and WholeMS are how
	// long the parts before it and all of them are; for a file that is the whole title they are 0 and its length.
	Part, Parts       int
	NextPart          id.File
	BeforeMS, WholeMS int64
	// Way is the stream to begin with, Original the Original stream when the device plays that; nil when it does not.
	Way      way.Way
	Original *OriginalPlayback
	// TokenExpires is when the token of Manifest stops working by itself. Session gives another.
	TokenExpires time.Time
}

// activeSession is a session in memory.
type activeSession struct {
	name   string
	asset  packaging
	span   span
	source media.SourceFile

	// The way of the playback, and the sounds that its device plays as they are.
	way    way.Way
	copies []id.Rendition

	mu       sync.Mutex
	original CopiedStream // once it is open
	picture  watchedPicture
	because  way.Code // why its player went to another stream by itself; "" = it did not say
	session  Session
	inflight int       // requests under way
	seen     time.Time // the last request or report
	active   bool      // Segments.Leave has not been called since the last request
	ahead    ahead     // where the player will go on
	bindings tokenBindings
	warned   time.Time // when a refused request was last reported as an incident
}

// maxInflight is up to how many requests of a session are answered at once. Players make six at most, as browsers do.
const maxInflight = 64

// enter records a request or report, and keeps the session active until the returned function is called. It fails once
// the session has ended, and with ErrBusy for too many at once.
func (l *activeSession) enter(now time.Time) (leave func(now time.Time), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.session.Ended.IsZero() || !now.Before(l.session.Expires) {
		return nil, ErrEnded
	}
	if l.inflight >= maxInflight {
		return nil, ErrBusy
	}
	l.inflight++
	l.active, l.seen = true, now
	return func(now time.Time) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.inflight--
		l.seen = now
	}, nil
}

// reach records that segment n of a grid was requested.
func (l *activeSession) reach(n int, g media.Grid) {
	l.goOn(ahead{segment: min(n+1, g.Segments()-1)})
}

// reachTime records that the film up to a time was requested, in milliseconds.
func (l *activeSession) reachTime(ms int64) { l.goOn(ahead{timeMS: ms, timed: true}) }

func (l *activeSession) goOn(at ahead) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ahead = at
}

// upcoming is the segment of the grid that the player will request next.
func (l *activeSession) upcoming(g media.Grid) int {
	l.mu.Lock()
	at := l.ahead
	l.mu.Unlock()
	return at.in(g)
}

// watchedPicture is the picture that the device asked for last.
type watchedPicture struct {
	Kind  way.Kind
	Lines int // its height, as way.Lines counts it; 0 = none was asked for yet
}

// watch records that a segment of a picture was requested.
func (l *activeSession) watch(k way.Kind, lines int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.picture = watchedPicture{k, lines}
}

// end marks the session as over; was is false when it was over already.
func (l *activeSession) end(now time.Time) (was bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	was = l.session.Ended.IsZero()
	if was {
		l.session.Ended = now
	}
	l.active = false
	return was
}

// stream is the session as the account lists it.
func (l *activeSession) stream() Stream {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.session
	return Stream{
		Session: x.ID, Viewer: x.Viewer, Title: x.Title, Name: l.name, Agent: x.Agent, Since: x.Started,
		Way: l.picture.Kind, Lines: l.picture.Lines, Why: l.why(), Asset: x.Asset,
	}
}

// snapshot copies the session as it is now.
func (l *activeSession) snapshot() Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.session
}

// session gives a session from memory, or reads it from the Store when this process has not used it yet.
func (s *Service) session(ctx context.Context, x id.Session) (*activeSession, error) {
	if l := s.cached(x); l != nil {
		return l, nil
	}
	s.loading.Lock()
	defer s.loading.Unlock()
	if l := s.cached(x); l != nil {
		return l, nil
	}
	session, err := s.opts.Store.Session(ctx, x)
	if err != nil {
		return nil, err
	}
	l := &activeSession{session: session, seen: s.opts.Clock()}
	l.way, l.copies = session.Way, session.Copies
	if l.way.Kind == "" {
		l.way = way.Choose(nil, way.File{}, way.Network{}, way.Limits{}, way.Auto)
	}
	l.picture.Kind = l.way.Kind
	if session.Ended.IsZero() {
		p, err := s.opts.Catalogue.Playable(ctx, session.Viewer, session.Title, session.File)
		if err != nil { // its file is gone; the title may have another
			if p, err = s.opts.Catalogue.Playable(ctx, session.Viewer, session.Title, ""); err != nil {
				return nil, err
			}
		}
		if p.Asset.ID != session.Asset {
			// The file was replaced or is packaged in another way now: its old URLs would mix two grids.
			l.session.Ended = s.opts.Clock()
		}
		l.name, l.source = p.Name, p.Source
		l.asset.begun, l.asset.plan = p.Asset, p.Plan
		length, err := s.settle(ctx, l)
		if err != nil {
			return nil, err
		}
		l.span = p.span(length)
		limit, err := s.limit(ctx, session.Viewer.Account)
		if err != nil {
			return nil, err
		}
		s.slots.allow(session.Viewer.Account, limit)
		at, err := s.resumeAt(ctx, session.Viewer.Profile, session.Title)
		if err != nil {
			return nil, err
		}
		// A missing Init Section is made by a run that begins at the viewer's position.
		l.reachTime(l.span.inside(at))
	}
	s.cache(l)
	return l, nil
}

func (s *Service) cached(x id.Session) *activeSession {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.sessions[x]
}

func (s *Service) cache(l *activeSession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[l.session.ID] = l
}

// ownSession is session for a viewer: a session of another viewer does not exist.
func (s *Service) ownSession(ctx context.Context, v id.Viewer, x id.Session) (*activeSession, error) {
	l, err := s.session(ctx, x)
	if err != nil {
		return nil, err
	}
	if l.snapshot().Viewer != v {
		return nil, ErrNoSession
	}
	return l, nil
}
