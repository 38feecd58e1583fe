package app

import (
	"context"
	"log/slog"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

const (
	// returnInterval is how often memory that a burst of work has left behind is looked for. A scan, a new search index and
	// the start leave more than all that lives; the runtime gives it back as well, over many minutes (ADR 27, ADR 30).
	returnInterval = 30 * time.Second
	// returnFirst is when that is done for the first time: the walk of a large library goes on then, and its scan needs most
	// memory of all soon after, at which the pages of the start do not count.
	returnFirst = time.Second
	// returnSecond is how much later it is done again, which a small library is scanned by.
	returnSecond = 9 * time.Second
	// returnAbove is the memory in bytes that is worth a collection.
	returnAbove = 16 << 20
)

// returnMemory gives memory that is not needed any more back to the system until ctx is done.
func returnMemory(ctx context.Context, log *slog.Logger) error {
	pauses := []time.Duration{returnFirst, returnSecond, returnInterval}
	tick := time.NewTimer(pauses[0])
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		starting := len(pauses) > 1
		if starting {
			pauses = pauses[1:]
		}
		tick.Reset(pauses[0])
		if !starting && !wasted(heap()) {
			continue
		}
		debug.FreeOSMemory()
		if err := returnProgramPages(); err != nil {
			log.Debug("pages of the program stay in memory", "error", err)
		}
	}
}

// scanGrowth is the heap's growth between two collections, in percent of what lives, while a scan runs.
const scanGrowth = 50

// heapGrowth lets the heap grow less while a scan runs. The first scan of a large library needs more memory than anything
// else, and most of it is garbage: collecting it twice as often costs little of a scan, and keeps the machine's memory
// for its other work (ADR 35).
type heapGrowth struct {
	mu       sync.Mutex
	scanning bool
	usual    int // the percentage outside of scans, by GOGC or Go's own
}

// set is told when a scan begins and when it has ended.
func (h *heapGrowth) set(scanning bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if scanning == h.scanning {
		return
	}
	h.scanning = scanning
	if !scanning {
		debug.SetGCPercent(h.usual)
		return
	}
	if h.usual = debug.SetGCPercent(scanGrowth); h.usual < scanGrowth { // GOGC asks for less still, or for none
		debug.SetGCPercent(h.usual)
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
