package s3

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// errStalled ends an attempt without progress.
var errStalled = errors.New("nothing came from the storage in time")

const (
	// enough is how many bytes in one Stall count as progress. A body that only drips is ended.
	enough = 16 << 10
	// buffered is how many sent bytes the kernel may hold, and slowest the rate, in bytes a second, at which it still
	// sends them.
	buffered = 4 << 20
	slowest  = 64 << 10
)

// watch is the context of one attempt and its timeout.
type watch struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	answer time.Duration
	stall  time.Duration
}

// newWatch starts the timeout: the attempt ends without a response within answer.
func newWatch(ctx context.Context, answer, stall time.Duration) *watch {
	w := &watch{answer: answer, stall: stall}
	w.ctx, w.cancel = context.WithCancelCause(ctx)
	w.timer = time.AfterFunc(answer, func() { w.cancel(errStalled) })
	return w
}

// allow restarts the timeout with d.
func (w *watch) allow(d time.Duration) { w.timer.Reset(d) }

// pause stops the timeout while no caller waits for the storage.
func (w *watch) pause() { w.timer.Stop() }

// end releases the timer and the context.
func (w *watch) end() {
	w.timer.Stop()
	w.cancel(nil)
}

// verdict returns errStalled for an attempt that the timeout ended; outer is the caller's context.
func (w *watch) verdict(outer context.Context, err error) error {
	if err != nil && outer.Err() == nil && errors.Is(context.Cause(w.ctx), errStalled) {
		return errStalled
	}
	return err
}

// uploadBody is the body of a sending attempt. It restarts the timeout with every piece that the network takes, and fails
// all reads when the attempt has ended, although the transport may still hold it.
type uploadBody struct {
	w     *watch
	drain time.Duration // the time that the kernel's buffers may take to drain

	mu   sync.Mutex
	src  io.Reader
	left int64
	dead bool
}

func (w *watch) uploadBody(src io.ReaderAt, offset, size int64) *uploadBody {
	return &uploadBody{
		w: w, drain: time.Duration(min(size, buffered)) * time.Second / slowest, left: size,
		src: io.NewSectionReader(src, offset, size),
	}
}

// Read returns the next piece.
func (u *uploadBody) Read(p []byte) (int, error) {
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

// kill makes every later Read fail. The source belongs to the caller again.
func (u *uploadBody) kill() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.dead = true
}
