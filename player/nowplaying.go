package player

import (
	"context"
	"strings"

	"movify/pkg/id"
	"movify/player/way"
)

// Playbacks lists the playbacks of all accounts that hold a stream slot, the longest first.
func (s *Service) Playbacks() []Stream {
	held := s.slots.everyone(s.opts.Clock())
	for n, x := range held {
		if l := s.cached(x.Session); l != nil { // its slot knows it as of its last media request
			held[n] = l.stream()
		}
	}
	return held
}

// StopPlayback ends a playback of any account, and stores the position that it reported last. Ending it twice is no
// error.
func (s *Service) StopPlayback(ctx context.Context, x id.Session) error {
	l, err := s.session(ctx, x)
	if err != nil {
		return err
	}
	return s.stop(ctx, l, nil)
}

// TellWay records why the stream plays that a player of v has gone to by itself: the code of the reason, one of way's or of
// the web app's. The server sees which stream is requested, and not why.
func (s *Service) TellWay(ctx context.Context, v id.Viewer, x id.Session, because way.Code) error {
	l, err := s.ownSession(ctx, v, x)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.because = because
	return nil
}

// why is the stream of a session's picture and the reason. It has no Code when the player went to another stream than the
// one that it began with and has not said why. It runs under mu.
func (l *activeSession) why() way.Way {
	kind := l.picture.Kind
	switch {
	case l.because != "" && l.because != l.way.Code && kindOf(l.because) == kind:
		return way.Way{Kind: kind, Code: l.because}
	case kind == l.way.Kind:
		return l.way
	}
	return way.Way{Kind: kind}
}

// kindOf is the stream that a reason is for: the codes of reasons begin with it.
func kindOf(c way.Code) way.Kind {
	if strings.HasPrefix(string(c), string(way.Original)+"_") {
		return way.Original
	}
	return way.Ladder
}
