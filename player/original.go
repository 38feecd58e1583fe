package player

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player/way"
)

// Faults of the Original stream.
var (
	ErrNoOriginal = fault.New(
		fault.NotFound, "original_not_found", "This file has no Original stream.",
	)
	ErrOriginalSlow = fault.New(
		fault.Unavailable, "original_slow", "The file's index takes too long to read.",
	)
	ErrOriginalBroken = fault.New(
		fault.Unavailable, "original_unreadable", "The file cannot be read at the moment.",
	)
)

// openWithin is how long a start waits for the index of a film. It goes on being read, and the next start finds it.
const openWithin = 2 * time.Second

// CopiedStream is the Original stream of an open file. Each call insists that the file has not changed.
type CopiedStream interface {
	Media() media.Original
	// Init gives the Init Section of a copied track.
	Init(r id.Rendition) ([]byte, error)
	// Segment gives segment n of a copied track; the caller closes it.
	Segment(r id.Rendition, n int) (blob.Parts, error)
}

// OriginalPlayback is the Original stream of a playback as its device plays it.
type OriginalPlayback struct {
	Manifest      string // path of its Multivariant Playlist; it holds the token
	Name          string // "1080p"
	Width, Height int    // of the picture as it is shown
	media.OriginalPlaylist
}

// copied gives the Original stream of a session's file.
func (s *Service) copied(ctx context.Context, l *activeSession) (CopiedStream, error) {
	if s.opts.Originals == nil || l.source.Path == "" {
		return nil, ErrNoOriginal
	}
	l.mu.Lock()
	stream := l.original
	l.mu.Unlock()
	if stream != nil {
		return stream, nil
	}
	stream, err := s.opts.Originals(ctx, l.asset.begun, l.source)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.original = stream
	l.mu.Unlock()
	return stream, nil
}

// chooseWay decides which stream a new session begins with, and which sounds its device plays as they are.
func (s *Service) chooseWay(ctx context.Context, l *activeSession, c Caller, away bool) {
	f := way.File{Away: away}
	f.Track, _ = l.asset.begun.Picture()
	if c.Device != nil && !away {
		f.Original, f.Unfit = s.fitness(ctx, l)
	}
	n := way.Network{Local: c.Local}
	if c.Device != nil {
		n.CarriedBPS = c.CarriedBPS
		l.copies = way.Copies(*c.Device, f.Original)
	}
	l.way = way.Choose(c.Device, f, n, way.Limits{}, c.Quality)
	l.session.Way, l.session.Copies = l.way, l.copies
	l.picture.Kind = l.way.Kind
	if l.way.Kind == way.Original {
		l.picture.Lines = way.Lines(f.Original.Picture.Width, f.Original.Picture.Height)
	}
}

// fitness gives the Original stream of a session's file, or the reason why there is none.
func (s *Service) fitness(ctx context.Context, l *activeSession) (media.Original, *fault.Fault) {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	stream, err := s.copied(ctx, l)
	if err == nil {
		return stream.Media(), nil
	}
	f := fault.Of(err)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		f = ErrOriginalSlow
	case f.Kind == fault.Internal:
		s.log.Warn("open an Original stream, the ladder is played", "asset", l.asset.id(), "error", err)
		f = ErrOriginalBroken
	}
	return media.Original{}, f
}

// reopen opens the Original stream of a session that was read from the Store after a restart. A file that is unfit by now has none:
// its player learns that from its next segment.
func (s *Service) reopen(ctx context.Context, l *activeSession) {
	if l.way.Offered {
		s.fitness(ctx, l)
	}
}

// originalPlayback describes the Original stream of a session for its device; nil when it has none that the device plays.
func (s *Service) originalPlayback(l *activeSession, token string) (*OriginalPlayback, error) {
	l.mu.Lock()
	stream := l.original
	l.mu.Unlock()
	if !l.way.Offered || stream == nil {
		return nil, nil
	}
	o := stream.Media()
	p, err := s.opts.Playlists.Original(o, l.copies, l.asset.begun, s.opts.Segments.Measures(l.asset.begun))
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(l.copies))
	for n, r := range l.copies {
		ids[n] = string(r)
	}
	return &OriginalPlayback{
		Manifest: MediaPrefix + token + "/" + originalFolder + "/" + media.MultivariantName + "?" + copiesParam + "=" +
			strings.Join(ids, ","),
		Name: way.Name(o.Picture.Width, o.Picture.Height), Width: o.Picture.Width, Height: o.Picture.Height,
		OriginalPlaylist: p,
	}, nil
}

// Words of the paths of the Original stream.
const (
	originalFolder = "original"
	copiesParam    = "copies"
)

// serveOriginal gives a file of the Original stream: of a copied track, or of a sound of the ladder beside it.
func (h mediaHandler) serveOriginal(w http.ResponseWriter, r *http.Request, l *activeSession, name string) {
	ctx, cancel := context.WithTimeout(r.Context(), h.opts.Wait)
	stream, err := h.copied(ctx, l)
	cancel()
	if err != nil && fault.Of(err).Kind == fault.Unsupported { // of a file that is unfit there is nothing here
		err = ErrNoOriginal.Because(err)
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	o := stream.Media()
	if name == media.MultivariantName {
		var copies []id.Rendition
		for word := range strings.SplitSeq(r.URL.Query().Get(copiesParam), ",") {
			copies = append(copies, id.Rendition(word))
		}
		write := h.opts.Playlists.Original
		if asTransport(r) {
			write = h.opts.Playlists.Transport.Original
		}
		p, err := write(o, copies, l.asset.begun, h.opts.Segments.Measures(l.asset.begun))
		h.playlist(w, r, p.Text, askEach, err)
		return
	}
	folder, file, _ := strings.Cut(name, "/")
	if c, ok := o.Find(id.Rendition(folder)); ok {
		h.serveCopy(w, r, l, stream, c, file)
		return
	}
	h.serveSound(w, r, l, o, id.Rendition(folder), file)
}

// serveSound gives a file of a sound of the ladder that is heard with the copied picture.
func (h mediaHandler) serveSound(
	w http.ResponseWriter, r *http.Request, l *activeSession, o media.Original, name id.Rendition, file string,
) {
	a, err := h.ladder(r.Context(), l)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	rendition, ok := a.Ladder.Find(name)
	switch {
	case !ok || rendition.Kind != media.Audio:
		notFound(w)
	case file == media.PlaylistName:
		write := h.opts.Playlists.OriginalSound
		if asTransport(r) {
			write = h.opts.Playlists.Transport.OriginalSound
		}
		text, err := write(o, a, rendition)
		h.playlist(w, r, text, forever, err)
	default:
		h.loose(w, r, l, a, rendition, file)
	}
}

// serveCopy gives a file of a copied track.
func (h mediaHandler) serveCopy(
	w http.ResponseWriter, r *http.Request, l *activeSession, stream CopiedStream, c media.Copy, file string,
) {
	n, isSegment := media.ParseSegmentName(file)
	transport, isTransport := media.ParseTransportName(file)
	switch {
	case isTransport && transport < c.Segments():
		h.copiedTransport(w, r, l, stream, c, transport)
	case file == media.PlaylistName && asTransport(r):
		text, err := h.opts.Playlists.Transport.OriginalMedia(stream.Media(), l.asset.begun, c, soundOf(r))
		h.playlist(w, r, text, forever, err)
	case file == media.PlaylistName:
		text, err := h.opts.Playlists.OriginalMedia(stream.Media(), l.asset.begun, c)
		h.playlist(w, r, text, forever, err)
	case file == media.InitName:
		data, err := stream.Init(c.ID)
		if err != nil {
			h.fail(w, r, err)
			return
		}
		h.copiedHeader(w, l, c, file, int64(len(data)))
		http.ServeContent(w, withRange(r, int64(len(data))), "", time.Time{}, bytes.NewReader(data))
	case isSegment && n < c.Segments():
		if c.Kind == media.Video {
			l.watch(way.Original, way.Lines(c.Width, c.Height))
		}
		l.reachTime(c.Bounds[n+1])
		h.copiedSegment(w, r, l, stream, c, n)
		if c.Kind == media.Video {
			h.planLater(l)
		}
	default:
		notFound(w)
	}
}

// copiedSegment sends a segment: its head, and the ranges of the file behind it.
func (h mediaHandler) copiedSegment(
	w http.ResponseWriter, r *http.Request, l *activeSession, stream CopiedStream, c media.Copy, n int,
) {
	p, err := stream.Segment(c.ID, n)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer p.Close()
	body := &mediaBody{size: p.Size, check: p.Check, open: func(at int64) (blobPart, int64, error) {
		o, start, err := p.Open(at)
		return blobPart{o, func() {}}, start, err
	}}
	defer body.close()
	first, _ := firstByte(r.Header.Get("Range"), p.Size)
	if err := body.prepare(r, first); err != nil {
		h.fail(w, r, err)
		return
	}
	h.copiedHeader(w, l, c, media.SegmentName(n), p.Size)
	h.send(w, r, body)
}

// copiedHeader sets the header of a file of a copied track.
func (h mediaHandler) copiedHeader(w http.ResponseWriter, l *activeSession, c media.Copy, file string, size int64) {
	w.Header().Set("Content-Type", typeSegment)
	w.Header().Set("Cache-Control", forever)
	w.Header().Set("ETag", tag(l.asset.id(), originalFolder+"/"+c.ID, file, size))
}
