package scan

import (
	"context"
	"time"

	"movify/library"

	"movify/pkg/id"
)

// scanPlan is the scheduled scan of a root as readers outside the scanner see it.
type scanPlan struct {
	interval time.Duration
	due      time.Time
}

// nextScan is the schedule of one root.
type nextScan struct {
	interval  time.Duration // 0 = no scan is scheduled
	scannedAt time.Time     // when it was last scanned
}

// planNextScan schedules the scan of a root that follows the one just done.
func (sc *scanner) planNextScan(r library.Root, changed bool) {
	mode := sc.watchState(r).Mode
	every := sc.o.pollSchedule().interval(pollInput{
		mode: mode, away: r.State != library.Present, fixed: time.Duration(r.PollS) * time.Second,
		last:    sc.schedule[r.ID].interval,
		changed: changed, cost: time.Duration(r.CostMS) * time.Millisecond,
	})
	sc.schedule[r.ID] = nextScan{every, sc.o.Clock()}
	sc.resetScanTimer()
}

// resetScanTimer sets the timer to the root that is due first and publishes all plans.
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

// scanDue scans the roots that are due.
func (sc *scanner) scanDue(ctx context.Context) {
	now := sc.o.Clock()
	begun := false
	for _, r := range sc.listRoots(ctx) {
		p, ok := sc.schedule[r.ID]
		if !ok || p.interval <= 0 || now.Before(sc.o.pollSchedule().afterQuietHours(p.scannedAt.Add(p.interval))) {
			continue
		}
		// Polls and checks for a mounted disk are too frequent to be shown as scans.
		if r.State == library.Present && sc.watchState(r).Mode == library.WatchEvents && !begun {
			begun = true
			sc.beginScan()
		}
		sc.scanRoot(ctx, r)
	}
	sc.resetScanTimer()
}

// reschedule recomputes every interval after watch options changed, and drops removed roots.
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
