package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"movify/pkg/blob"
)

// Open reads the blob with one GET. Body ends with ctx.
func (s *Store) Open(ctx context.Context, key string) (blob.Object, error) {
	o, err := s.open(ctx, key, 0, whole)
	if err != nil {
		return blob.Object{}, fmt.Errorf("open blob %q: %w", key, err)
	}
	return o, nil
}

// OpenRange reads the range with one GET. Body ends with ctx.
func (s *Store) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	o, err := s.open(ctx, key, offset, length)
	if err != nil {
		return blob.Object{}, fmt.Errorf("open %d bytes of blob %q from %d: %w", length, key, offset, err)
	}
	return o, nil
}

// whole, as a length, means up to the end.
const whole = -1 << 62

func (s *Store) open(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	if err := check(ctx, key); err != nil {
		return blob.Object{}, err
	}
	if offset < 0 || length < 0 && length != whole {
		return blob.Object{}, blob.ErrRange
	}
	b := &body{s: s, ctx: ctx, name: s.prefix + key, first: offset, size: length}
	if length == 0 {
		// HTTP has no range of zero bytes.
		info, err := s.stat(ctx, key)
		if err == nil && offset > info.Size {
			err = blob.ErrRange
		}
		info.Size = 0
		return blob.Object{Info: info, Body: b}, err
	}
	at, err := b.begin()
	if err != nil {
		return blob.Object{}, err
	}
	return blob.Object{Info: blob.Info{Key: key, Size: b.size, ModTime: at}, Body: b}, nil
}

// body is an open object, or a range of one: the running GET, and the parameters to start another.
type body struct {
	s     *Store
	ctx   context.Context
	name  string
	first int64 // offset in the object
	size  int64 // of the range
	etag  string
	total int64 // of the object

	pos     int64
	stream  io.ReadCloser // nil when none runs
	at      int64         // its position
	w       *watch        // its timeout
	waited  time.Duration // spent in reads of the stream
	brought int64         // bytes received in that time
	closed  bool
}

// begin sends the first GET and reads size, ETag and time from the response.
func (b *body) begin() (modTime time.Time, err error) {
	for try := 1; ; try++ {
		modTime, err = b.get()
		if err == nil {
			b.s.budget.earn()
			return modTime, nil
		}
		if !b.s.again(b.ctx, "get", b.name, try+1, err) {
			return modTime, meaning(b.ctx, reading, err)
		}
	}
}

// get starts a stream at pos.
func (b *body) get() (modTime time.Time, err error) {
	var opts minio.GetObjectOptions
	from := b.first + b.pos
	switch {
	case b.size != whole:
		opts.Set("Range", "bytes="+strconv.FormatInt(from, 10)+"-"+strconv.FormatInt(b.first+b.size-1, 10))
	case from > 0:
		opts.Set("Range", "bytes="+strconv.FormatInt(from, 10)+"-")
	}
	if b.etag != "" {
		if err := opts.SetMatchETag(b.etag); err != nil {
			return time.Time{}, err
		}
	}
	w := newWatch(b.ctx, b.s.times.Answer, b.s.times.Stall)
	stream, info, header, err := b.s.core.GetObject(w.ctx, b.s.bucket, b.name, opts)
	if err == nil {
		if err = b.learn(from, info, header); err != nil {
			err = errors.Join(err, stream.Close())
		}
	}
	if err = w.verdict(b.ctx, err); err != nil {
		w.end()
		return time.Time{}, err
	}
	w.pause()
	b.stream, b.at, b.w, b.waited, b.brought = stream, b.pos, w, 0, 0
	return info.LastModified.UTC(), nil
}

// learn compares the response with the request.
func (b *body) learn(from int64, info minio.ObjectInfo, header http.Header) error {
	start, end, total := int64(0), info.Size-1, info.Size
	if span := header.Get("Content-Range"); span != "" {
		if _, err := fmt.Sscanf(strings.TrimSpace(span), "bytes %d-%d/%d", &start, &end, &total); err != nil {
			return errors.Join(ErrLacking, fmt.Errorf("range %q of an answer: %w", span, err))
		}
	}
	switch {
	case total < 0:
		return errors.Join(ErrLacking, errors.New("the answer has no length"))
	case b.etag != "" && (b.etag != info.ETag || b.total != total):
		return ErrChanged
	case b.size != whole && b.first > total-b.size:
		return blob.ErrRange
	}
	size := b.size
	if size == whole {
		size = total - b.first
	}
	if start != from || end != b.first+size-1 || info.Size >= 0 && info.Size != end-start+1 {
		return errors.Join(
			ErrLacking,
			fmt.Errorf("asked for bytes %d to %d, got %d to %d (%d bytes)", from, b.first+size-1, start, end, info.Size),
		)
	}
	b.etag, b.total, b.size = info.ETag, total, size
	return nil
}

// Read returns the next bytes. A broken stream is resumed where it broke.
func (b *body) Read(p []byte) (int, error) {
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	if b.pos >= b.size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	p = p[:min(int64(len(p)), b.size-b.pos)]
	for try := 1; ; try++ {
		n, err := b.read(p)
		if n > 0 {
			b.pos += int64(n)
			b.at += int64(n)
			if b.pos == b.size {
				b.s.budget.earn()
				b.drop(true)
			} else if err != nil {
				b.drop(false)
			}
			return n, nil
		}
		b.drop(false)
		if b.etag == "" || !b.s.again(b.ctx, "get the rest", b.name, try+1, err) {
			return 0, fmt.Errorf("read blob %q: %w", b.name, b.why(err))
		}
	}
}

// why explains the error that ended a read. The object existed before, so a 404 or a failed condition now means that it
// was replaced.
func (b *body) why(err error) error {
	err = meaning(b.ctx, reading, err)
	if errors.Is(err, errCondition) {
		return because(ErrChanged, err)
	}
	return err
}

// read reads from a stream that is at pos.
func (b *body) read(p []byte) (int, error) {
	if b.stream != nil && b.at != b.pos {
		b.drop(false)
	}
	if b.stream == nil {
		if _, err := b.get(); err != nil {
			return 0, err
		}
	}
	// Only the time in here counts: a slow viewer is not a stalled storage.
	b.w.allow(b.w.stall - b.waited)
	begun := time.Now()
	n, err := b.stream.Read(p)
	b.w.pause()
	b.waited += time.Since(begun)
	if b.brought += int64(n); b.brought >= enough {
		b.waited, b.brought = 0, 0
	}
	if errors.Is(err, io.EOF) && n == 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, b.w.verdict(b.ctx, err)
}

// drop ends the stream. One that was read to its end leaves its connection for the next request.
func (b *body) drop(finished bool) {
	if b.stream == nil {
		return
	}
	if finished {
		b.w.allow(b.w.stall)
		_, _ = b.stream.Read(make([]byte, 1)) // reads io.EOF
	}
	_ = b.stream.Close() // nothing is read from it any more
	b.w.end()
	b.stream = nil
}

// Seek moves the position of the next Read. It sends no request.
func (b *body) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += b.pos
	case io.SeekEnd:
		offset += b.size
	}
	if offset < 0 || whence < io.SeekStart || whence > io.SeekEnd {
		return 0, fmt.Errorf("seek in blob %q: no such place", b.name)
	}
	b.pos = offset
	return offset, nil
}

// Close ends the read.
func (b *body) Close() error {
	b.drop(false)
	b.closed = true
	return nil
}
