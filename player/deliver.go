package player

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// mediaBody is the io.ReadSeeker of one response, made of one or more blob parts that follow each other. Each part is
// opened when it is read. It has what http.ServeContent needs, and gives out the file of a part, for sendfile.
type mediaBody struct {
	size int64
	// open opens the part that holds the byte at, and gives the offset of the part's first byte.
	open func(at int64) (p blobPart, start int64, err error)
	// check is blob.Parts.Check; the last bytes of a response wait for it.
	check func() error

	at    int64 // the next byte to send
	now   blobPart
	start int64 // of now
	read  int64 // how far the body of now was read
	err   error // why a byte could not be sent that Content-Length promised
}

// blobPart is an open blob; release is called when its body is closed.
type blobPart struct {
	blob.Object
	release func()
}

var errShort = errors.New("the stored bytes end before their size")

// single is the body of one part that is open already.
func single(p blobPart) *mediaBody { return &mediaBody{size: p.Size, now: p} }

func (c *mediaBody) close() {
	if c.now.Body != nil {
		c.now.Body.Close()
		c.now.release()
		c.now = blobPart{}
	}
}

// Seek only records the offset: the response to HEAD opens nothing.
func (c *mediaBody) Seek(offset int64, whence int) (int64, error) {
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

// Read implements io.Reader; a response is sent with sender.ReadFrom.
func (c *mediaBody) Read(b []byte) (int, error) {
	src, left, err := c.next()
	if err != nil {
		return 0, err
	}
	n, err := src.Read(b[:min(int64(len(b)), left)])
	if n > 0 {
		if err := c.checked(); err != nil {
			return 0, err
		}
		c.sent(int64(n))
		return n, nil
	}
	if err == io.EOF {
		err = errShort
	}
	c.err = err
	return 0, err
}

// next gives the reader of the next byte and how many bytes it has left: the file itself where there is one, at its
// right position, so that the kernel can send it.
func (c *mediaBody) next() (src io.Reader, left int64, err error) {
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

// prepare opens the part that the response to a GET begins in, before the header is written: so a failure has its status.
func (c *mediaBody) prepare(r *http.Request, first int64) error {
	if r.Method != http.MethodGet || first >= c.size {
		return nil
	}
	c.at = first
	_, _, err := c.next()
	c.at = 0
	return err
}

// checked is the error of check, which it records.
func (c *mediaBody) checked() error {
	if c.check == nil {
		return nil
	}
	err := c.check()
	if err != nil {
		c.err = err
	}
	return err
}

// sent records that n bytes of the reader of next were sent.
func (c *mediaBody) sent(n int64) {
	c.at += n
	c.read += n
}

// stretch is how many bytes are sent between two moves of the write deadline. A connection of 4 KiB/s sends them in time.
const stretch = 256 << 10

// sender is the ResponseWriter that http.ServeContent gets for a mediaBody. A viewer who does not read for stall loses the
// connection, which would otherwise be held for ever; a player that was paused asks again for the rest.
type sender struct {
	http.ResponseWriter
	*mediaBody
	stall   time.Duration
	buffers *sync.Pool // of *[copied]byte
}

// copied is how many bytes that are in no file are read and sent at once.
const copied = 32 << 10

// copy sends n bytes of a part. A file is given to the connection itself, which would allocate a buffer for everything else.
func (s sender) copy(from io.Reader, n int64) (int64, error) {
	limited := &io.LimitedReader{R: from, N: n}
	if _, ok := from.(*os.File); ok {
		return io.Copy(s.ResponseWriter, limited)
	}
	buffer, ok := s.buffers.Get().(*[copied]byte)
	if !ok {
		buffer = new([copied]byte)
	}
	defer s.buffers.Put(buffer)
	return io.CopyBuffer(struct{ io.Writer }{s.ResponseWriter}, limited, buffer[:])
}

// ReadFrom sends the next bytes of the body: http.ServeContent wraps it in a LimitedReader and passes that. The
// connection gets the parts themselves instead, each as a LimitedReader around a file or a body.
func (s sender) ReadFrom(src io.Reader) (total int64, err error) {
	limit, ok := src.(*io.LimitedReader)
	if !ok || limit.R != io.Reader(s.mediaBody) {
		return io.Copy(s.ResponseWriter, src)
	}
	connection := http.NewResponseController(s.ResponseWriter)
	for limit.N > 0 {
		from, left, err := s.next()
		if err != nil {
			return total, err
		}
		// A writer without deadlines (in a test) has no slow client either.
		_ = connection.SetWriteDeadline(time.Now().Add(s.stall))
		want := min(left, limit.N, stretch)
		n, err := s.pass(from, want, want == limit.N)
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

// withheld is how many bytes at the end of a response are read before the file they come from is checked, and sent after.
const withheld = 4 << 10

// pass sends n bytes to the connection. When they are the last ones of a response, the end of them is sent only after all
// were read and nothing had changed: a response with bytes of two files is never finished.
func (s sender) pass(from io.Reader, n int64, last bool) (sent int64, err error) {
	if s.check == nil || !last {
		return s.copy(from, n)
	}
	end := make([]byte, min(n, withheld))
	if rest := n - int64(len(end)); rest > 0 {
		sent, err = s.copy(from, rest)
		if err != nil || sent < rest {
			return sent, err
		}
	}
	if _, err := io.ReadFull(from, end); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return sent, nil // the caller sees that bytes are missing
	} else if err != nil {
		s.err = err
		return sent, err
	}
	if err := s.checked(); err != nil {
		return sent, err
	}
	written, err := s.ResponseWriter.Write(end)
	return sent + int64(written), err
}

// stream is a body that is no file. It records an error of the store, to tell it from a viewer who closed the
// connection.
type stream struct{ *mediaBody }

func (s stream) Read(b []byte) (int, error) {
	n, err := s.now.Body.Read(b)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// send answers a request with a body, or a range of it. A response that was begun and cannot be finished closes the
// connection: a player must not take half a segment for a complete one.
func (h mediaHandler) send(w http.ResponseWriter, r *http.Request, c *mediaBody) {
	if strings.Contains(r.Header.Get("Range"), ",") { // no player asks for several ranges at once: all bytes are sent
		r = r.Clone(r.Context())
		r.Header.Del("Range")
	}
	http.ServeContent(sender{w, c, h.opts.Stall, &h.buffers}, withRange(r, c.size), "", time.Time{}, c)
	if c.err == nil {
		return
	}
	if r.Context().Err() == nil {
		_, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, MediaPrefix), "/")
		h.log.Warn("send a media response", "file", name, "error", c.err)
	}
	panic(http.ErrAbortHandler)
}

// await opens a blob that may have to be made first, and waits for Options.Wait at most. Reading its bytes may take
// longer.
func (h mediaHandler) await(ctx context.Context, open func(context.Context) (blob.Object, error)) (blobPart, error) {
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
		return blobPart{}, err
	}
	return blobPart{o, cancel}, nil
}

// tag is the ETag of a file of an asset. It is the same for a loose segment and for one in a packed rendition. A
// segment that is made again gets another tag, because its size is practically never the same.
func tag(a id.Asset, r id.Rendition, file string, size int64) string {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s/%s/%s", a, r, file)
	return fmt.Sprintf(`"%x-%x"`, sum.Sum64(), size)
}

// object waits for a blob and sends it. Nothing is written before the blob is open, so that a failure has its status.
func (h mediaHandler) object(
	w http.ResponseWriter, r *http.Request, l *activeSession, rendition id.Rendition, file string,
	open func(context.Context) (blob.Object, error),
) {
	p, err := h.await(r.Context(), open)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	c := single(p)
	defer c.close()
	w.Header().Set("Content-Type", typeSegment)
	w.Header().Set("Cache-Control", forever)
	w.Header().Set("ETag", tag(l.asset.id(), rendition, file, p.Size))
	h.send(w, r, c)
}

// packed serves a packed rendition as one file. A range of it counts as a request for the segment it begins in; where
// the viewer can reach the store, the response is a redirect to it.
func (h mediaHandler) packed(
	w http.ResponseWriter, r *http.Request, l *activeSession, rendition id.Rendition, p media.Packing,
) {
	size := p.Offsets[p.Segments()]
	first, ranged := firstByte(r.Header.Get("Range"), size)
	grid := l.asset.known().Grid
	n := l.upcoming(grid)
	if first >= p.Head() && first < size {
		n = p.At(first)
		l.reach(n, grid)
	}
	if ranged && first < size && r.Method == http.MethodGet && h.redirected(w, r, l, rendition, n) {
		return
	}
	c := &mediaBody{size: size, open: func(at int64) (blobPart, int64, error) {
		from, length := part(p, at)
		o, err := h.await(r.Context(), func(ctx context.Context) (blob.Object, error) {
			return h.opts.Segments.Packed(ctx, l.session.ID, l.asset.known(), rendition, from, length)
		})
		return o, from, err
	}}
	defer c.close()
	if err := c.prepare(r, first); err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", typeSegment)
	w.Header().Set("Cache-Control", forever)
	w.Header().Set("ETag", tag(l.asset.id(), rendition, media.PackedName, size))
	h.send(w, r, c)
}

// part gives the byte range of a packed rendition that holds a byte: the Init Section, the segment index, or a segment.
func part(p media.Packing, at int64) (from, length int64) {
	switch {
	case at < p.Init:
		return 0, p.Init
	case at < p.Head():
		return p.Init, p.Index
	}
	return p.Segment(p.At(at))
}
