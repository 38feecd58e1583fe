package library

import (
	"context"
	"time"

	"movify/pkg/id"
)

// plan is a pace as others may read it.
type plan struct {
	every time.Duration
	due   time.Time
}

// pace is when a root is looked through next without being told.
type pace struct {
	every  time.Duration // until the next look; 0 = never
	looked time.Time     // when it was last looked at
}

// pace plans the next look at a root after one.
func (sc *scanner) pace(r Root, changed bool) {
	mode := sc.watchState(r).Mode
	every := sc.o.rhythm().interval(watched{
		mode: mode, away: r.State != Present, fixed: time.Duration(r.PollS) * time.Second, last: sc.paces[r.ID].every,
		changed: changed, cost: time.Duration(r.CostMS) * time.Millisecond,
	})
	sc.paces[r.ID] = pace{every, sc.o.Clock()}
	sc.plan()
}

// plan sets the clock for the root that is due first and makes the plan known.
func (sc *scanner) plan() {
	now := sc.o.Clock()
	var first time.Time
	plans := make(map[id.Root]plan, len(sc.paces))
	for root, p := range sc.paces {
		if p.every <= 0 {
			continue
		}
		due := sc.o.rhythm().due(p.looked.Add(p.every))
		plans[root] = plan{p.every, due}
		if first.IsZero() || due.Before(first) {
			first = due
		}
	}
	sc.mu.Lock()
	sc.plans = plans
	sc.mu.Unlock()
	if sc.clock == nil {
		return
	}
	if first.IsZero() {
		sc.clock.Stop()
		return
	}
	sc.clock.Reset(max(time.Millisecond, first.Sub(now)))
}

// turn looks through the roots that are due.
func (sc *scanner) turn(ctx context.Context) {
	now := sc.o.Clock()
	begun := false
	for _, r := range sc.readRoots(ctx) {
		p, ok := sc.paces[r.ID]
		if !ok || p.every <= 0 || now.Before(sc.o.rhythm().due(p.looked.Add(p.every))) {
			continue
		}
		// A poll is too frequent to be told as a scan, and nor is it one to look whether a disk is back.
		if r.State == Present && sc.watchState(r).Mode == WatchEvents && !begun {
			begun = true
			sc.begin()
		}
		sc.root(ctx, r)
	}
	sc.plan()
}

// retime plans anew after somebody changed how roots are watched, and forgets those that were removed.
func (sc *scanner) retime(ctx context.Context) {
	before := sc.paces
	sc.paces = make(map[id.Root]pace, len(before))
	for _, r := range sc.readRoots(ctx) {
		if p, ok := before[r.ID]; ok {
			sc.pace(r, true)
			sc.paces[r.ID] = pace{sc.paces[r.ID].every, p.looked}
		}
	}
	sc.plan()
}
