package player

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player/way"
)

// MediaPrefix is the path of the media handler.
const MediaPrefix = "/media/"

// Caller is a viewer who is signed in on a device and starts a playback.
type Caller struct {
	Viewer id.Viewer
	SignIn id.SignIn
	Agent  string // User-Agent of the device
	Local  bool   // the device is on this machine or in a private network

	Device     *way.Device // what it can do; nil = unknown, the ladder is played
	CarriedBPS int64       // throughput that its connection carried last time, bit/s; 0 = unknown
	Quality    way.Quality
}

// Start begins a playback of title t by c. f is the file to play, a version or a part; "" is the version and part where
// the viewer stopped, otherwise the best. startMS is where to begin in it, in milliseconds; nil is where the viewer
// stopped, and without f it begins in the best version. When other sessions hold every stream slot of the account it gives a StreamLimit. The first missing segments are encoded
// at once, unless the playback begins with the Original stream.
func (s *Service) Start(ctx context.Context, c Caller, t id.Title, f id.File, startMS *int64) (Playback, error) {
	v := c.Viewer
	p, at, err := s.choose(ctx, v, t, f, startMS)
	if err != nil {
		return Playback{}, err
	}
	limit, err := s.limit(ctx, v.Account)
	if err != nil {
		return Playback{}, err
	}
	l, start, err := s.begin(ctx, c, p, at)
	if err != nil && at.remembered { // the version that was watched last cannot be planned
		best, bestErr := s.opts.Catalogue.Playable(ctx, v, t, "")
		if bestErr != nil || best.File == p.File {
			return Playback{}, err
		}
		l, start, err = s.begin(ctx, c, best, at)
	}
	if err != nil {
		return Playback{}, err
	}
	session := l.session
	s.slots.allow(v.Account, limit)
	leave, _, err := s.slots.take(l.stream(), session.Started)
	if err != nil {
		return Playback{}, err
	}
	defer func() { leave(s.opts.Clock()) }()
	if err := s.add(ctx, l); err != nil {
		s.slots.drop(session)
		return Playback{}, err
	}
	if l.way.Kind == way.Ladder {
		s.opts.Segments.Warm(session.ID, l.asset.known(), start)
	}
	s.publish("started", session)
	return s.playback(l, start)
}

// begin makes the session of a playback of p, which is not stored yet, and gives where in its file it starts, in milliseconds.
func (s *Service) begin(ctx context.Context, c Caller, p Playable, at beginAt) (*activeSession, int64, error) {
	now := s.opts.Clock()
	l := &activeSession{
		session: Session{
			ID: id.New[id.Session](), Viewer: c.Viewer, SignIn: c.SignIn, Title: p.Title, File: p.File, Asset: p.Asset.ID,
			Agent: c.Agent[:min(agentLength, len(c.Agent))], Started: now, Expires: now.Add(sessionLife),
		},
		name: p.Name, source: p.Source, seen: now, active: true,
	}
	l.asset.begun, l.asset.plan = p.Asset, p.Plan
	s.chooseWay(ctx, l, c, p.Away)
	length, err := s.settle(ctx, l)
	if err != nil {
		return nil, 0, err
	}
	l.span = p.span(length)
	start := at.in(l.span)
	l.reachTime(start)
	return l, start, nil
}

// beginAt is the position at which a playback is to begin, in milliseconds.
type beginAt struct {
	ms         int64
	inFile     bool // it is one in the file, not in the title
	remembered bool // the file is the version that the viewer watched last
}

// in gives the position in the file that has a span.
func (b beginAt) in(s span) int64 {
	if b.inFile {
		return clamp(b.ms, s.ownMS)
	}
	return s.inside(b.ms)
}

// choose gives the file that a playback begins with and the position; the arguments are those of Start.
func (s *Service) choose(
	ctx context.Context, v id.Viewer, t id.Title, f id.File, startMS *int64,
) (p Playable, at beginAt, err error) {
	if startMS != nil {
		p, err = s.opts.Catalogue.Playable(ctx, v, t, f)
		return p, beginAt{ms: *startMS, inFile: true}, err
	}
	all, err := s.Progress(ctx, v.Profile, []id.Title{t})
	if err != nil {
		return p, at, err
	}
	at.ms = all[t].ResumeMS()
	if at.remembered = f == "" && at.ms > 0; at.remembered {
		p, err = s.watchedVersion(ctx, v, t, all[t].File)
	} else {
		p, err = s.opts.Catalogue.Playable(ctx, v, t, f)
	}
	if err != nil {
		return p, at, err
	}
	if part := p.partAt(at.ms); f == "" && part != p.File {
		p, err = s.opts.Catalogue.Playable(ctx, v, t, part)
	}
	return p, at, err
}

// watchedVersion gives the version of a title that its viewer watched last, which f is of. One that cannot be played, or
// whose disk is away, gives way to the best.
func (s *Service) watchedVersion(ctx context.Context, v id.Viewer, t id.Title, f id.File) (Playable, error) {
	watched, err := s.opts.Catalogue.Playable(ctx, v, t, f)
	if err == nil && !watched.Away {
		return watched, nil
	}
	best, bestErr := s.opts.Catalogue.Playable(ctx, v, t, "")
	if err == nil && (bestErr != nil || best.Away) {
		return watched, nil
	}
	return best, bestErr
}

// add stores a new session. EndSignIn finds it either in the Store or in memory.
func (s *Service) add(ctx context.Context, l *activeSession) error {
	s.loading.Lock()
	defer s.loading.Unlock()
	if err := s.opts.Store.AddSession(ctx, l.session); err != nil {
		return fmt.Errorf("store a new session: %w", err)
	}
	s.cache(l)
	return nil
}

// Session gives a playback of v that has not ended, with a new token; StartMS is the viewer's present position.
func (s *Service) Session(ctx context.Context, v id.Viewer, x id.Session) (Playback, error) {
	l, err := s.ownSession(ctx, v, x)
	if err != nil {
		return Playback{}, err
	}
	session := l.snapshot()
	if _, err := s.opts.Catalogue.Playable(ctx, v, session.Title, session.File); err != nil {
		return Playback{}, err
	}
	if !session.Ended.IsZero() {
		return Playback{}, ErrEnded
	}
	s.reopen(ctx, l)
	at, err := s.resumeAt(ctx, v.Profile, session.Title)
	if err != nil {
		return Playback{}, err
	}
	return s.playback(l, l.span.inside(at))
}

func (s *Service) playback(l *activeSession, start int64) (Playback, error) {
	session := l.snapshot()
	expires := l.issue(s.opts.Clock(), s.opts.TokenLife)
	token, err := s.opts.Tokens.Seal(session.ID, session.Asset, expires)
	if err != nil {
		return Playback{}, fmt.Errorf("seal a media token: %w", err)
	}
	original, err := s.originalPlayback(l, token)
	if err != nil {
		return Playback{}, fmt.Errorf("describe the Original stream: %w", err)
	}
	return Playback{
		Way: l.way, Original: original,
		Session: session, Name: l.name, Asset: l.asset.known(), DurationMS: l.span.ownMS, StartMS: start,
		TokenExpires: expires, Manifest: MediaPrefix + token + "/" + media.MultivariantName,
		Part: l.span.number, Parts: l.span.parts, NextPart: l.span.next, BeforeMS: l.span.beforeMS, WholeMS: l.span.wholeMS,
	}, nil
}

// Stop ends a playback of v and stores its position, in milliseconds; nil is the last one reported. Its URLs are
// refused from now on. Stopping twice is no error.
func (s *Service) Stop(ctx context.Context, v id.Viewer, x id.Session, positionMS *int64) error {
	l, err := s.ownSession(ctx, v, x)
	if err != nil {
		return err
	}
	return s.stop(ctx, l, positionMS)
}

func (s *Service) stop(ctx context.Context, l *activeSession, positionMS *int64) error {
	now := s.opts.Clock()
	if !l.end(now) {
		return nil
	}
	session := l.snapshot()
	s.slots.drop(session)
	if positionMS != nil {
		s.setPosition(l, *positionMS, now)
	}
	s.opts.Segments.Leave(session.ID)
	s.publish("ended", session)
	if err := s.opts.Store.EndSession(ctx, session.ID, now); err != nil {
		return fmt.Errorf("store the end of a session: %w", err)
	}
	return s.Flush(ctx)
}

// EndSignIn ends every playback begun with a sign-in. From its return on, their URLs are refused and their positions
// are stored.
func (s *Service) EndSignIn(ctx context.Context, in id.SignIn) error {
	return s.endAll(ctx, func(x Session) bool { return x.SignIn == in },
		func(now time.Time) error { return s.opts.Store.EndSignIn(ctx, in, now) })
}

// EndProfile is EndSignIn for the playbacks of a profile.
func (s *Service) EndProfile(ctx context.Context, p id.Profile) error {
	return s.endAll(ctx, func(x Session) bool { return x.Viewer.Profile == p },
		func(now time.Time) error { return s.opts.Store.EndProfile(ctx, p, now) })
}

// EndAccount is EndSignIn for the playbacks of an account.
func (s *Service) EndAccount(ctx context.Context, a id.Account) error {
	return s.endAll(ctx, func(x Session) bool { return x.Viewer.Account == a },
		func(now time.Time) error { return s.opts.Store.EndAccount(ctx, a, now) })
}

// EndHidden ends the playbacks of titles that their viewers may not see any more: a title was rated or a profile was
// limited meanwhile. A session that is not in memory is checked when it is requested.
func (s *Service) EndHidden(ctx context.Context) error {
	for _, l := range s.all() {
		session := l.snapshot()
		if !session.Ended.IsZero() {
			continue
		}
		_, err := s.opts.Catalogue.Playable(ctx, session.Viewer, session.Title, session.File)
		if err == nil || fault.Of(err).Kind != fault.NotFound && fault.Of(err).Kind != fault.Forbidden {
			continue
		}
		if err := s.stop(ctx, l, nil); err != nil {
			return err
		}
	}
	return nil
}

// endAll ends the sessions that match, in the Store by end and in memory, and stores their positions.
func (s *Service) endAll(ctx context.Context, match func(Session) bool, end func(now time.Time) error) error {
	now := s.opts.Clock()
	// The Store first: a session that is read while this runs must come out as ended.
	if err := end(now); err != nil {
		return fmt.Errorf("store the end of sessions: %w", err)
	}
	s.endCached(match, now)
	// Their positions are stored now: the account may be deleted next, and nothing may be written for it afterwards.
	return s.Flush(ctx)
}

// endCached ends the sessions in memory that match.
func (s *Service) endCached(match func(Session) bool, now time.Time) {
	s.loading.Lock() // a session that was read before the Store had its end is in memory by now
	defer s.loading.Unlock()
	for _, l := range s.all() {
		if session := l.snapshot(); match(session) && l.end(now) {
			s.slots.drop(session)
			s.opts.Segments.Leave(session.ID)
			s.publish("ended", session)
		}
	}
}

// all lists the sessions in memory.
func (s *Service) all() []*activeSession {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]*activeSession, 0, len(s.sessions))
	for _, l := range s.sessions {
		out = append(out, l)
	}
	return out
}

// clamp limits a position to [0, duration): playing cannot begin at the very end.
func clamp(ms, duration int64) int64 {
	if ms < 0 || ms >= duration {
		return max(0, min(ms, duration-1))
	}
	return ms
}
