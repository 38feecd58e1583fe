package player

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player/tsview"
	"movify/player/way"
)

// TransportPlaylists are the playlists of the same streams for players that take MPEG-TS. sound is in the segments of a picture;
// "" for none.
type TransportPlaylists struct {
	Multivariant func(a media.Asset, m map[id.Rendition]media.Measure, start id.Rendition) (string, error)
	Media        func(a media.Asset, r media.Rendition, sound id.Rendition) (string, error)
	Original     func(
		o media.Original, copies []id.Rendition, a media.Asset, m map[id.Rendition]media.Measure,
	) (media.OriginalPlaylist, error)
	OriginalMedia func(o media.Original, a media.Asset, c media.Copy, sound id.Rendition) (string, error)
	OriginalSound func(o media.Original, a media.Asset, r media.Rendition) (string, error)
}

const typeTransport = "video/mp2t"

// maxTransport is the largest segment that is put into a transport stream, bytes: it is made in memory. maxTransports is how many
// are made at once.
const (
	maxTransport  = 24 << 20
	maxTransports = 2
)

var errTransportSize = fault.New(
	fault.Unsupported, "transport_size", "This part of the stream is too large for players of MPEG-TS.",
)

// asTransport reports whether a playlist is asked for with segments that are transport streams.
func asTransport(r *http.Request) bool {
	return r.URL.Query().Get(media.ContainerParam) == media.TransportStream
}

// soundOf is the sound that is to be in the segments of a picture.
func soundOf(r *http.Request) id.Rendition { return id.Rendition(r.URL.Query().Get(media.SoundParam)) }

// ladderPart gives a segment of a rendition of the ladder with its Init Section.
func (h mediaHandler) ladderPart(
	r *http.Request, l *activeSession, a media.Asset, rendition id.Rendition, n int,
) (p tsview.Part, err error) {
	if p.Segment, err = h.readBlob(r, func(ctx context.Context) (blob.Object, error) {
		return h.opts.Segments.Segment(ctx, l.session.ID, a, rendition, n)
	}); err != nil {
		return p, err
	}
	p.Init, err = h.readBlob(r, func(ctx context.Context) (blob.Object, error) {
		return h.opts.Segments.Init(ctx, l.session.ID, a, rendition, n)
	})
	return p, err
}

// readBlob waits for a blob and reads it.
func (h mediaHandler) readBlob(r *http.Request, open func(context.Context) (blob.Object, error)) ([]byte, error) {
	p, err := h.await(r.Context(), open)
	if err != nil {
		return nil, err
	}
	defer p.release()
	defer p.Body.Close()
	if p.Size > maxTransport {
		return nil, errTransportSize
	}
	b := make([]byte, p.Size)
	if _, err := io.ReadFull(p.Body, b); err != nil {
		return nil, err
	}
	return b, nil
}

// copyPart does the same for a copied track.
func copyPart(stream CopiedStream, c media.Copy, n int) (p tsview.Part, err error) {
	if p.Init, err = stream.Init(c.ID); err != nil {
		return p, err
	}
	parts, err := stream.Segment(c.ID, n)
	if err != nil {
		return p, err
	}
	defer parts.Close()
	if parts.Size > maxTransport {
		return p, errTransportSize
	}
	p.Segment = make([]byte, 0, parts.Size)
	for at := int64(0); at < parts.Size; at = int64(len(p.Segment)) {
		o, start, err := parts.Open(at)
		if err != nil {
			return p, err
		}
		b := make([]byte, o.Size-(at-start))
		if o.File != nil {
			_, err = o.File.ReadAt(b, o.Offset+at-start)
		} else if _, err = o.Body.Seek(at-start, io.SeekStart); err == nil {
			_, err = io.ReadFull(o.Body, b)
		}
		o.Body.Close()
		if err != nil {
			return p, err
		}
		p.Segment = append(p.Segment, b...)
	}
	return p, nil
}

// transport sends segment n of a rendition of the ladder as a transport stream, with the sound that is asked for.
func (h mediaHandler) transport(
	w http.ResponseWriter, r *http.Request, l *activeSession, a media.Asset, rendition media.Rendition, n int,
) {
	wanted := []id.Rendition{rendition.ID}
	if sound := soundOf(r); sound != "" && rendition.Kind == media.Video {
		if s, ok := a.Ladder.Find(sound); !ok || s.Kind != media.Audio {
			notFound(w)
			return
		}
		wanted = append(wanted, sound)
	}
	if rendition.Kind == media.Video {
		l.watch(way.Ladder, way.Lines(rendition.Width, rendition.Height))
	}
	l.reach(n, a.Grid)
	h.sendTransport(w, r, l, n, func() (parts []tsview.Part, err error) {
		for _, one := range wanted {
			p, err := h.ladderPart(r, l, a, one, n)
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
		return parts, nil
	})
}

// copiedTransport does the same for a copied track. Where the sound has ended the picture is alone.
func (h mediaHandler) copiedTransport(
	w http.ResponseWriter, r *http.Request, l *activeSession, stream CopiedStream, c media.Copy, n int,
) {
	copies := []media.Copy{c}
	if sound := soundOf(r); sound != "" && c.Kind == media.Video {
		s, ok := stream.Media().Find(sound)
		if !ok || s.Kind != media.Audio {
			notFound(w)
			return
		}
		if n < s.Segments() {
			copies = append(copies, s)
		}
	}
	if c.Kind == media.Video {
		l.watch(way.Original, way.Lines(c.Width, c.Height))
	}
	l.reachTime(c.Bounds[n+1])
	h.sendTransport(w, r, l, n, func() (parts []tsview.Part, err error) {
		for _, one := range copies {
			p, err := copyPart(stream, one, n)
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
		return parts, nil
	})
}

// sendTransport makes a segment of the parts and sends it. It is in memory meanwhile.
func (h mediaHandler) sendTransport(
	w http.ResponseWriter, r *http.Request, l *activeSession, n int, parts func() ([]tsview.Part, error),
) {
	data, err := h.makeTransport(r.Context(), n, parts)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", typeTransport)
	w.Header().Set("Cache-Control", forever)
	w.Header().Set("ETag", tag(l.asset.id(), soundOf(r), r.URL.Path[len(MediaPrefix):], int64(len(data))))
	http.ServeContent(w, withRange(r, int64(len(data))), "", time.Time{}, bytes.NewReader(data))
}

// makeTransport waits for its turn after the parts are there: they may have to be encoded first.
func (h mediaHandler) makeTransport(ctx context.Context, n int, parts func() ([]tsview.Part, error)) ([]byte, error) {
	all, err := parts()
	if err != nil {
		return nil, err
	}
	select {
	case h.transports <- struct{}{}:
		defer func() { <-h.transports }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	data, err := tsview.Segment(n, all...)
	var f *fault.Fault
	if err != nil && !errors.As(err, &f) {
		err = tsview.ErrCodec.Because(err)
	}
	return data, err
}
