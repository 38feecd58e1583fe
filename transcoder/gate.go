package transcoder

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"movify/pkg/queue"
)

// gate pauses runs while more urgent ones go on. A paused run does not read its encoder's pipe: the encoder stops at
// its next write, at once and without signals. There are two gates: background runs pause while a just-in-time run goes
// on, and just-in-time audio, after its first segments, while the first video segment of a just-in-time run is made.
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

// errPausedTooLong ends a background run that was paused so long that its encoder's memory is better freed. Its stored
// segments stay; the others are made later.
var errPausedTooLong = errors.New("paused too long")

const (
	// maxPause is how long a background run may keep a paused encoder.
	maxPause = 5 * time.Minute
	// maxAudioPause is how long a just-in-time audio run pauses for a first video segment before it goes on anyhow.
	maxAudioPause = 10 * time.Second
	// ungatedAudio is how many segments just-in-time audio makes before it pauses: enough for a player to begin.
	ungatedAudio = 2
)

// gatedReader is an encoder's pipe that is read only while the gate is open.
type gatedReader struct {
	ctx  context.Context
	r    io.Reader
	gate *gate
	run  *run
	now  func() time.Time
}

// jitAudio reports whether the pipe is just-in-time audio, which is not paused at first and never ended for a pause.
func (g gatedReader) jitAudio() bool { return g.run.class == queue.JIT }

func (g gatedReader) Read(p []byte) (int, error) {
	if g.jitAudio() && g.run.committed() < ungatedAudio {
		return g.r.Read(p)
	}
	opened := g.gate.open()
	select {
	case <-opened:
		return g.r.Read(p)
	default:
	}
	g.run.pause(g.now())
	longest := maxPause
	if g.jitAudio() {
		longest = maxAudioPause
	}
	limit := time.NewTimer(longest)
	defer limit.Stop()
	select {
	case <-opened:
		g.run.resume(g.now())
		return g.r.Read(p)
	case <-limit.C:
		if g.jitAudio() {
			g.run.resume(g.now())
			return g.r.Read(p)
		}
		return 0, errPausedTooLong
	case <-g.ctx.Done():
		return 0, context.Cause(g.ctx)
	}
}
