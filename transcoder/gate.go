package transcoder

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// gate makes background runs stand aside while a viewer waits. Standing aside is not reading the encoder's pipe: the
// encoder stops at its next write, at once and without signals.
type gate struct {
	mu     sync.Mutex
	urgent int
	opened chan struct{} // closed while nothing is urgent
}

func newGate() *gate {
	g := &gate{opened: make(chan struct{})}
	close(g.opened)
	return g
}

// enter announces urgent work; the returned function ends it.
func (g *gate) enter() (leave func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.urgent++; g.urgent == 1 {
		g.opened = make(chan struct{})
	}
	var once sync.Once
	return func() {
		once.Do(func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.urgent--; g.urgent == 0 {
				close(g.opened)
			}
		})
	}
}

func (g *gate) open() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.opened
}

// errStoodTooLong ends a background run that has stood aside so long that its memory is better given back. Its segments
// are kept; the rest is made later.
var errStoodTooLong = errors.New("stood aside too long")

// standAside is how long a run may hold a still encoder.
const standAside = 5 * time.Minute

// gated is an encoder's pipe that is read only while the gate is open.
type gated struct {
	ctx  context.Context
	r    io.Reader
	gate *gate
	run  *run
	now  func() time.Time
}

func (g gated) Read(p []byte) (int, error) {
	opened := g.gate.open()
	select {
	case <-opened:
		return g.r.Read(p)
	default:
	}
	g.run.stand(g.now())
	limit := time.NewTimer(standAside)
	defer limit.Stop()
	select {
	case <-opened:
		g.run.resume(g.now())
		return g.r.Read(p)
	case <-limit.C:
		return 0, errStoodTooLong
	case <-g.ctx.Done():
		return 0, context.Cause(g.ctx)
	}
}
