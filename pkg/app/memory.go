package app

import (
	"context"
	"log/slog"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// returnInterval is how often memory that a burst of work has left behind is looked for. A scan, a new search index and
	// the start leave more than all that lives; the runtime gives it back as well, over many minutes (ADR 27, ADR 30).
	returnInterval = 30 * time.Second
	// returnFirst is when that is done for the first time, which a small library is scanned by.
	returnFirst = 10 * time.Second
	// returnAbove is the memory in bytes that is worth a collection.
	returnAbove = 16 << 20
)

// returnMemory gives memory that is not needed any more back to the system until ctx is done.
func returnMemory(ctx context.Context, log *slog.Logger) error {
	tick := time.NewTimer(returnFirst)
	defer tick.Stop()
	for started := true; ; started = false {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		tick.Reset(returnInterval)
		if !started && !wasted(heap()) {
			continue
		}
		debug.FreeOSMemory()
		if err := returnProgramPages(); err != nil {
			log.Debug("pages of the program stay in memory", "error", err)
		}
	}
}

// heap gives how much memory the Go heap holds, and how much of it lived at the last collection, in bytes.
func heap() (held, live uint64) {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"},
		{Name: "/memory/classes/heap/free:bytes"}, {Name: "/gc/heap/live:bytes"},
	}
	metrics.Read(samples)
	for _, s := range samples[:3] {
		held += s.Value.Uint64()
	}
	return held, samples[3].Value.Uint64()
}

// wasted reports whether the heap holds so much more than lives that it should be given back.
func wasted(held, live uint64) bool { return held > live+live/2+returnAbove }
