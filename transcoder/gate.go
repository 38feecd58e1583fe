package transcoder

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"movify/pkg/queue"
)

// gate makes runs stand aside for more urgent ones. Standing aside is not reading the encoder's pipe: the encoder stops at
// its next write, at once and without signals. There are two: background runs stand aside while a viewer's run goes on,
// and a viewer's sound, once there is some, while a viewer's first picture is made.
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

// letSoundWait is how long a just-in-time sound run stands aside for somebody's first picture before it goes on anyhow.
const letSoundWait = 10 * time.Second

// freely is how many segments of sound are made before they stand aside: enough to begin to play.
const freely = 2

// gated is an encoder's pipe that is read only while the gate is open.
type gated struct {
	ctx  context.Context
	r    io.Reader
	gate *gate
	run  *run
	now  func() time.Time
}

// sound reports whether the pipe is a viewer's sound, which goes freely at first and is never given up.
func (g gated) sound() bool { return g.run.class == queue.JIT }

func (g gated) Read(p []byte) (int, error) {
	if g.sound() && g.run.done() < freely {
		return g.r.Read(p)
	}
	opened := g.gate.open()
	select {
	case <-opened:
		return g.r.Read(p)
	default:
	}
	g.run.stand(g.now())
	patience := standAside
	if g.sound() {
		patience = letSoundWait
	}
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case <-opened:
		g.run.resume(g.now())
		return g.r.Read(p)
	case <-limit.C:
		if g.sound() {
			g.run.resume(g.now())
			return g.r.Read(p)
		}
		return 0, errStoodTooLong
	case <-g.ctx.Done():
		return 0, context.Cause(g.ctx)
	}
}
