package app

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// returnInterval is how often memory that a burst of work has left behind is looked for. A scan and a new search
	// index leave more than all that lives; the runtime gives it back as well, over many minutes (ADR 27).
	returnInterval = 30 * time.Second
	// returnAbove is the free memory in bytes that is worth a collection, beyond what the runtime keeps until the heap
	// has doubled.
	returnAbove = 16 << 20
)

// returnMemory gives memory that is not needed any more back to the system until ctx is done.
func returnMemory(ctx context.Context) error {
	tick := time.NewTicker(returnInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if wasted(heap()) {
				debug.FreeOSMemory()
			}
		}
	}
}

// heap gives how much of the Go heap is free and held, and how much lived at the last collection, in bytes.
func heap() (free, live uint64) {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/free:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64(), samples[1].Value.Uint64()
}

// wasted reports whether so much of the heap is free that it should be given back.
func wasted(free, live uint64) bool { return free > returnAbove+live }
