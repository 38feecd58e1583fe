package library

import (
	"context"
	"time"

	"movify/pkg/id"
)

// scanPlan is a pace as others may read it.
type scanPlan struct {
	interval time.Duration
	due      time.Time
}

// nextScan is when a root is looked through next without being told.
type nextScan struct {
	interval  time.Duration // until the next look; 0 = never
	scannedAt time.Time     // when it was last looked at
}

// planNextScan plans the next look at a root after one.
func (sc *scanner) planNextScan(r Root, changed bool) {
	mode := sc.watchState(r).Mode
	every := sc.o.pollSchedule().interval(pollInput{
		mode: mode, away: r.State != Present, fixed: time.Duration(r.PollS) * time.Second, last: sc.schedule[r.ID].interval,
		changed: changed, cost: time.Duration(r.CostMS) * time.Millisecond,
	})
	sc.schedule[r.ID] = nextScan{every, sc.o.Clock()}
	sc.resetScanTimer()
}

// resetScanTimer sets the clock for the root that is due first and makes the plan known.
func (sc *scanner) resetScanTimer() {
	now := sc.o.Clock()
	var first time.Time
	plans := make(map[id.Root]scanPlan, len(sc.schedule))
	for root, p := range sc.schedule {
		if p.interval <= 0 {
			continue
		}
		due := sc.o.pollSchedule().afterQuietHours(p.scannedAt.Add(p.interval))
		plans[root] = scanPlan{p.interval, due}
		if first.IsZero() || due.Before(first) {
			first = due
		}
	}
	sc.mu.Lock()
	sc.scanPlans = plans
	sc.mu.Unlock()
	if sc.scanTimer == nil {
		return
	}
	if first.IsZero() {
		sc.scanTimer.Stop()
		return
	}
	sc.scanTimer.Reset(max(time.Millisecond, first.Sub(now)))
}

// scanDue looks through the roots that are due.
func (sc *scanner) scanDue(ctx context.Context) {
	now := sc.o.Clock()
	begun := false
	for _, r := range sc.listRoots(ctx) {
		p, ok := sc.schedule[r.ID]
		if !ok || p.interval <= 0 || now.Before(sc.o.pollSchedule().afterQuietHours(p.scannedAt.Add(p.interval))) {
			continue
		}
		// A poll is too frequent to be told as a scan, and nor is it one to look whether a disk is back.
		if r.State == Present && sc.watchState(r).Mode == WatchEvents && !begun {
			begun = true
			sc.beginScan()
		}
		sc.scanRoot(ctx, r)
	}
	sc.resetScanTimer()
}

// reschedule plans anew after somebody changed how roots are watched, and forgets those that were removed.
func (sc *scanner) reschedule(ctx context.Context) {
	before := sc.schedule
	sc.schedule = make(map[id.Root]nextScan, len(before))
	for _, r := range sc.listRoots(ctx) {
		if p, ok := before[r.ID]; ok {
			sc.planNextScan(r, true)
			sc.schedule[r.ID] = nextScan{sc.schedule[r.ID].interval, p.scannedAt}
		}
	}
	sc.resetScanTimer()
}
