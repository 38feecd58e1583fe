package player

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strings"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// content is what one answer may send: bytes that lie in one piece after the other, each of which is opened when its turn
// comes. It reads and seeks as http.ServeContent wants it to, and what is in a file can leave it as that file.
type content struct {
	size int64
	// open gives the piece that holds the byte at, and the offset of the piece's first byte.
	open func(at int64) (p piece, start int64, err error)

	at    int64 // the next byte to send
	now   piece
	start int64 // of now
	read  int64 // where the body of now stands
	err   error // what kept a byte from being sent that was promised
}

// piece is an open blob whose release is still to be called.
type piece struct {
	blob.Object
	release func()
}

var errShort = errors.New("the stored bytes end before their size")

// whole is the content of one piece that is open already.
func whole(p piece) *content { return &content{size: p.Size, now: p} }

func (c *content) close() {
	if c.now.Body != nil {
		c.now.Body.Close()
		c.now.release()
		c.now = piece{}
	}
}

// Seek only notes the place: an answer to HEAD opens nothing.
func (c *content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the first byte")
	}
	c.at = offset
	return offset, nil
}

// Read is for who asks for bytes one by one; what is sent goes by sender.ReadFrom.
func (c *content) Read(b []byte) (int, error) {
	src, left, err := c.next()
	if err != nil {
		return 0, err
	}
	n, err := src.Read(b[:min(int64(len(b)), left)])
	c.sent(int64(n))
	if n > 0 {
		return n, nil
	}
	if err == io.EOF {
		err = errShort
	}
	c.err = err
	return 0, err
}

// next gives what the next byte is to be read from and how many bytes it has: the file itself where there is one, at its
// right position, which is what makes sendfile possible.
func (c *content) next() (src io.Reader, left int64, err error) {
	if c.at >= c.size {
		return nil, 0, io.EOF
	}
	if c.now.Body == nil || c.at < c.start || c.at >= c.start+c.now.Size {
		c.close()
		c.read = 0
		if c.now, c.start, err = c.open(c.at); err != nil {
			c.err = err
			return nil, 0, err
		}
	}
	in := c.at - c.start
	if f := c.now.File; f != nil {
		src = f
		_, err = f.Seek(c.now.Offset+in, io.SeekStart)
	} else {
		src = stream{c}
		if in != c.read {
			_, err = c.now.Body.Seek(in, io.SeekStart)
		}
	}
	if err != nil {
		c.err = err
	}
	c.read = in
	return src, c.now.Size - in, err
}

// sent notes that n bytes of what next gave are gone.
func (c *content) sent(n int64) {
	c.at += n
	c.read += n
}

// sender is the ResponseWriter that http.ServeContent gets for a content.
type sender struct {
	http.ResponseWriter
	*content
}

// ReadFrom sends the next bytes of the content: http.ServeContent wraps it in a limit and offers that. The connection is
// offered the pieces themselves instead, each as a limit around a file or a body.
func (s sender) ReadFrom(src io.Reader) (total int64, err error) {
	limit, ok := src.(*io.LimitedReader)
	if !ok || limit.R != io.Reader(s.content) {
		return io.Copy(s.ResponseWriter, src)
	}
	for limit.N > 0 {
		from, left, err := s.next()
		if err != nil {
			return total, err
		}
		want := min(left, limit.N)
		n, err := io.Copy(s.ResponseWriter, &io.LimitedReader{R: from, N: want})
		s.sent(n)
		total, limit.N = total+n, limit.N-n
		if err == nil && n < want {
			s.err = errShort
			err = errShort
		}
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// stream is a body that is no file. It remembers a failure of the store, to tell it from a viewer who went away.
type stream struct{ *content }

func (s stream) Read(b []byte) (int, error) {
	n, err := s.now.Body.Read(b)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// send answers a request with a content, or a part of it. An answer that was begun and cannot be finished ends with the
// connection: a viewer must never take half a segment for a whole one.
func (h mediaHandler) send(w http.ResponseWriter, r *http.Request, c *content) {
	if strings.Contains(r.Header.Get("Range"), ",") { // nobody plays many ranges at once: they get the whole
		r = r.Clone(r.Context())
		r.Header.Del("Range")
	}
	http.ServeContent(sender{w, c}, r, "", time.Time{}, c)
	if c.err == nil {
		return
	}
	if r.Context().Err() == nil {
		_, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, MediaPrefix), "/")
		h.log.Warn("a media answer broke off", "file", name, "error", c.err)
	}
	panic(http.ErrAbortHandler)
}

// await opens a blob that may have to be made first, for no longer than a request may wait. How long its bytes are read
// after that is up to the viewer.
func (h mediaHandler) await(ctx context.Context, open func(context.Context) (blob.Object, error)) (piece, error) {
	ctx, cancel := context.WithCancel(ctx)
	timer := time.AfterFunc(h.opts.Wait, cancel)
	o, err := open(ctx)
	late := !timer.Stop()
	if err == nil && late {
		o.Body.Close()
	}
	if err != nil || late {
		cancel()
		if late {
			err = context.DeadlineExceeded
		}
		return piece{}, err
	}
	return piece{o, cancel}, nil
}

// tag is the ETag of a file of an asset. It says the same whether the bytes lie in a file of their own or in a packed
// rendition; a segment that was lost and made again has another size as good as always.
func tag(a id.Asset, r id.Rendition, file string, size int64) string {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s/%s/%s", a, r, file)
	return fmt.Sprintf(`"%x-%x"`, sum.Sum64(), size)
}

// object waits for a blob and sends it. Nothing is written before the blob is there, so that a failure can still be told
// by its status.
func (h mediaHandler) object(w http.ResponseWriter, r *http.Request, l *live, rendition id.Rendition, file string,
	open func(context.Context) (blob.Object, error),
) {
	p, err := h.await(r.Context(), open)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	c := whole(p)
	defer c.close()
	w.Header().Set("Content-Type", typeSegment)
	w.Header().Set("Cache-Control", forever)
	w.Header().Set("ETag", tag(l.asset.ID, rendition, file, p.Size))
	h.send(w, r, c)
}

// packed serves a rendition as the one file it is packed in. A range of it is a request for the segment it begins in;
// where the store can be reached by the viewer, the answer is where to read it.
func (h mediaHandler) packed(w http.ResponseWriter, r *http.Request, l *live, rendition id.Rendition, p media.Packing) {
	size := p.Offsets[p.Segments()]
	first, ranged := firstByte(r.Header.Get("Range"), size)
	n := l.upcoming()
	if first >= p.Head() {
		n = p.At(first)
		l.reach(n)
	}
	if ranged && first < size && r.Method == http.MethodGet && h.redirected(w, r, l, rendition, n) {
		return
	}
	c := &content{size: size, open: func(at int64) (piece, int64, error) {
		from, length := part(p, at)
		o, err := h.await(r.Context(), func(ctx context.Context) (blob.Object, error) {
			return h.opts.Segments.Packed(ctx, l.session.ID, l.asset, rendition, from, length)
		})
		return o, from, err
	}}
	defer c.close()
	if r.Method == http.MethodGet && first < size {
		c.at = first
		if _, _, err := c.next(); err != nil { // while its failure still has a status
			h.fail(w, r, err)
			return
		}
		c.at = 0
	}
	w.Header().Set("Content-Type", typeSegment)
	w.Header().Set("Cache-Control", forever)
	w.Header().Set("ETag", tag(l.asset.ID, rendition, media.PackedName, size))
	h.send(w, r, c)
}

// part gives the piece of a packed rendition that holds a byte: what stands before the segments in two, then each
// segment.
func part(p media.Packing, at int64) (from, length int64) {
	switch {
	case at < p.Init:
		return 0, p.Init
	case at < p.Head():
		return p.Init, p.Index
	}
	return p.Segment(p.At(at))
}
