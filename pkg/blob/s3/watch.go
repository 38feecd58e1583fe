package s3

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// errStalled ends a try that nothing comes of.
var errStalled = errors.New("nothing came from the storage in time")

const (
	// enough is how many bytes in one Stall are progress. A body that only drips ends.
	enough = 16 << 10
	// buffered is what may lie in this machine's buffers and count as sent, and slowest the line, in bytes a second, that
	// still gets it out.
	buffered = 4 << 20
	slowest  = 64 << 10
)

// watch is the context of one try and the clock over it.
type watch struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	answer time.Duration
	stall  time.Duration
}

// newWatch starts the clock: the try ends unless something comes within answer.
func newWatch(ctx context.Context, answer, stall time.Duration) *watch {
	w := &watch{answer: answer, stall: stall}
	w.ctx, w.cancel = context.WithCancelCause(ctx)
	w.timer = time.AfterFunc(answer, func() { w.cancel(errStalled) })
	return w
}

// allow gives the try this much more time from now.
func (w *watch) allow(d time.Duration) { w.timer.Reset(d) }

// pause stops the clock while nobody waits for the storage.
func (w *watch) pause() { w.timer.Stop() }

// end lets everything go.
func (w *watch) end() {
	w.timer.Stop()
	w.cancel(nil)
}

// verdict says errStalled for what the clock ended; outer is the caller's context.
func (w *watch) verdict(outer context.Context, err error) error {
	if err != nil && outer.Err() == nil && errors.Is(context.Cause(w.ctx), errStalled) {
		return errStalled
	}
	return err
}

// upload is the body of a try that sends. It restarts the clock with every piece that the network takes, and is dead when
// the try has ended, although the transport may still hold it.
type upload struct {
	w     *watch
	drain time.Duration // what the machine's buffers may take to empty

	mu   sync.Mutex
	src  io.Reader
	left int64
	dead bool
}

func (w *watch) upload(src io.ReaderAt, offset, size int64) *upload {
	return &upload{w: w, drain: time.Duration(min(size, buffered)) * time.Second / slowest, left: size, src: io.NewSectionReader(src, offset, size)}
}

// Read gives the next piece.
func (u *upload) Read(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.dead {
		return 0, io.ErrClosedPipe
	}
	n, err := u.src.Read(p)
	if u.left -= int64(n); u.left > 0 {
		u.w.allow(u.w.stall)
	} else {
		u.w.allow(u.w.answer + u.drain)
	}
	return n, err
}

// kill makes every later Read fail. The source is the caller's again.
func (u *upload) kill() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.dead = true
}
