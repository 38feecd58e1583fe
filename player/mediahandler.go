package player

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player/way"
)

const (
	typePlaylist = "application/vnd.apple.mpegurl" // RFC 8216bis section 10
	typeSegment  = "video/mp4"

	forever = "private, max-age=31536000, immutable" // under this token these bytes never change
	askEach = "private, no-cache"                    // changes while the ladder is made
)

// retryAfter is when a player may ask again for a segment that took too long.
const retryAfter = "2"

// NewMediaHandler gives the handler of everything under MediaPrefix. It is plain net/http, without middleware that
// wraps the ResponseWriter, so that a file goes out by sendfile. The device that first shows a token may read the media
// of its session until the token expires or the session ends, as long as the account has a stream slot for it; no
// cookie is read, and no other site may read it (no CORS).
//
//	/media/{token}/multivariant.m3u8
//	/media/{token}/{rendition}/media.m3u8
//	/media/{token}/{rendition}/init.mp4
//	/media/{token}/{rendition}/00042.m4s
//	/media/{token}/{rendition}/all.mp4      once the rendition is packed
//	/media/{token}/{rendition}/00042.ts     made of the segment while it is sent
//	/media/{token}/original/multivariant.m3u8?copies=a1,a2
//	/media/{token}/original/{copy}/…        media.m3u8, init.mp4, 00042.m4s
//	/media/{token}/original/{rendition}/…   the same of a sound of the ladder
//
// With container=ts a playlist names segments that are transport streams, for players that take nothing else; with sound=a1 a
// rendition of the picture has that sound in its segments.
func NewMediaHandler(s *Service) http.Handler {
	return mediaHandler{s, make(chan struct{}, maxTransports)}
}

type mediaHandler struct {
	*Service
	transports chan struct{} // holds one for each transport stream that is being made
}

func (h mediaHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	rest, ok := strings.CutPrefix(r.URL.Path, MediaPrefix)
	token, name, cut := strings.Cut(rest, "/")
	if !ok || !cut || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
		notFound(w)
		return
	}
	l, leave, err := h.admit(r, token)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer func() { leave(h.opts.Clock()) }()
	h.serve(w, r, l, name)
}

// admit checks the media token of a request and enters its session.
func (h mediaHandler) admit(r *http.Request, token string) (*activeSession, func(time.Time), error) {
	now := h.opts.Clock()
	x, bound, expires, err := h.opts.Tokens.Open(token)
	if err != nil {
		return nil, nil, ErrToken.Because(err)
	}
	if !now.Before(expires) && h.cached(x) == nil {
		return nil, nil, ErrToken // only a session in memory outlives its token
	}
	l, err := h.session(r.Context(), x)
	if errors.Is(err, ErrNoSession) {
		return nil, nil, ErrToken.Because(err)
	}
	if err != nil {
		return nil, nil, err
	}
	if !bound(l.asset.id()) {
		return nil, nil, h.refused(r, l, ErrToken)
	}
	if err := l.bind(expires, h.device(r), now); err != nil {
		return nil, nil, h.refused(r, l, err)
	}
	leave, err := h.enter(l, now)
	if err != nil {
		return nil, nil, h.refused(r, l, err)
	}
	return l, leave, nil
}

// enter records a media request of a session, which takes its stream slot or keeps it.
func (s *Service) enter(l *activeSession, now time.Time) (leave func(time.Time), err error) {
	rest, err := l.enter(now)
	if err != nil {
		return nil, err
	}
	release, fresh, err := s.slots.take(l.stream(), now)
	if err != nil {
		rest(now)
		return nil, err
	}
	if fresh {
		s.streamsChanged(l.stream().Viewer.Account)
	}
	return func(now time.Time) {
		rest(now)
		release(now)
		if session := l.snapshot(); !session.Ended.IsZero() { // stopped meanwhile: its slot was freed before
			s.slots.drop(session)
		}
	}, nil
}

// serve gives the file of that name.
func (h mediaHandler) serve(w http.ResponseWriter, r *http.Request, l *activeSession, name string) {
	folder, file, _ := strings.Cut(name, "/")
	if folder == originalFolder {
		h.serveOriginal(w, r, l, file)
		return
	}
	a, err := h.ladder(r.Context(), l)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if name == media.MultivariantName {
		write := h.opts.Playlists.Multivariant
		if asTransport(r) {
			write = h.opts.Playlists.Transport.Multivariant
		}
		text, err := write(a, h.opts.Segments.Measures(a), h.opts.Segments.StartRung(a))
		h.playlist(w, r, text, askEach, err)
		return
	}
	rendition, ok := a.Ladder.Find(id.Rendition(folder))
	if !ok {
		notFound(w)
		return
	}
	switch file {
	case media.PlaylistName:
		h.mediaPlaylist(w, r, a, rendition)
	case media.PackedName:
		p, ok := h.opts.Segments.Packing(a, rendition.ID)
		if !ok {
			notFound(w)
			return
		}
		h.packed(w, r, l, rendition.ID, p)
	default:
		h.loose(w, r, l, a, rendition, file)
	}
}

// loose gives an Init Section or a single segment of a rendition.
func (h mediaHandler) loose(
	w http.ResponseWriter, r *http.Request, l *activeSession, a media.Asset, rendition media.Rendition, file string,
) {
	n, isSegment := media.ParseSegmentName(file)
	transport, isTransport := media.ParseTransportName(file)
	switch {
	case isTransport && transport < a.Grid.Segments():
		h.transport(w, r, l, a, rendition, transport)
	case file == media.InitName:
		h.object(w, r, l, rendition.ID, file, func(ctx context.Context) (blob.Object, error) {
			return h.opts.Segments.Init(ctx, l.session.ID, a, rendition.ID, l.upcoming(a.Grid))
		})
	case isSegment && n < a.Grid.Segments():
		if rendition.Kind == media.Video {
			l.watch(way.Ladder, way.Lines(rendition.Width, rendition.Height))
		}
		l.reach(n, a.Grid)
		h.object(w, r, l, rendition.ID, file, func(ctx context.Context) (blob.Object, error) {
			return h.opts.Segments.Segment(ctx, l.session.ID, a, rendition.ID, n)
		})
	default:
		notFound(w)
	}
}

// mediaPlaylist lists single segments, or with Links the byte ranges of the packed rendition as soon as there is one.
func (h mediaHandler) mediaPlaylist(
	w http.ResponseWriter, r *http.Request, a media.Asset, rendition media.Rendition,
) {
	if asTransport(r) {
		text, err := h.opts.Playlists.Transport.Media(a, rendition, soundOf(r))
		h.playlist(w, r, text, forever, err)
		return
	}
	cache, packing := forever, (*media.Packing)(nil)
	if h.opts.Links != nil {
		cache = askEach
		if p, ok := h.opts.Segments.Packing(a, rendition.ID); ok {
			packing = &p
		}
	}
	text, err := h.opts.Playlists.Media(a, rendition, packing)
	h.playlist(w, r, text, cache, err)
}

func (h mediaHandler) playlist(w http.ResponseWriter, r *http.Request, text, cache string, err error) {
	if err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", typePlaylist)
	w.Header().Set("Cache-Control", cache)
	sum := sha256.Sum256([]byte(text))
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sum[:16]))
	http.ServeContent(w, withRange(r, int64(len(text))), "", time.Time{}, strings.NewReader(text))
}

// fail answers with a status and one line of text. A token never appears in the log.
func (h mediaHandler) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the connection is closed
	}
	var full StreamLimit
	if errors.As(err, &full) && h.opts.Full != nil {
		w.Header().Set("Cache-Control", "no-store")
		h.opts.Full(w, r, full)
		return
	}
	f := fault.Of(err)
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		status = http.StatusServiceUnavailable
		f = f.Saying("This part is still being made.")
	case errors.As(err, &full):
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(int(full.RetryAfter().Seconds())))
	case f.Kind == fault.Unavailable, f.Kind == fault.Limited:
		status = http.StatusServiceUnavailable
	case f.Kind == fault.Forbidden, f.Kind == fault.Unauthenticated:
		status = http.StatusForbidden
	case f.Kind == fault.NotFound:
		status = http.StatusNotFound
	case f.Kind == fault.Unsupported, f.Kind == fault.Conflict, f.Kind == fault.Invalid:
		status = http.StatusUnprocessableEntity
	default:
		_, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, MediaPrefix), "/")
		h.log.Error("media request failed", "file", name, "error", err)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, f.Message, status)
}

func notFound(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "There is nothing here.", http.StatusNotFound)
}
