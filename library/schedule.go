package library

import "time"

// The bounds of how often a root is looked through when nobody says otherwise.
const (
	defaultPollMin = 30 * time.Second
	defaultPollMax = 10 * time.Minute

	// unreachableInterval is how often a root that is away is looked for: mounting a disk over a folder tells nobody.
	unreachableInterval = 30 * time.Second

	// pollShare is how much of its time a poll may take of one processor: one part in so many.
	pollShare = 100
)

// Window is a part of every day by the clock on the wall: from From up to To after midnight. It may go past midnight.
type Window struct{ From, To time.Duration }

// pollSchedule says when roots are looked through though nothing is heard of them.
type pollSchedule struct {
	shortest, longest time.Duration // between two looks at a polled root
	rescan            time.Duration // between two looks at one that is heard
	quietHours        []Window      // when no look begins
}

// pollInput is what a rhythm depends on.
type pollInput struct {
	mode    WatchMode
	away    bool
	fixed   time.Duration // somebody's wish; 0 = none
	last    time.Duration // the interval until now; 0 = none
	changed bool          // the last look found a change
	cost    time.Duration // processor time of the last look
}

// interval gives the time until the next look; 0 = there is none. A polled root is looked at more often after a change and
// less often while it is quiet, and never so often that it keeps a processor busy.
func (r pollSchedule) interval(w pollInput) time.Duration {
	switch {
	case w.mode == WatchHook:
		return 0
	case w.away:
		return min(unreachableInterval, r.rescan)
	case w.mode == WatchEvents:
		return r.rescan
	case w.fixed > 0:
		return w.fixed
	}
	next := w.last + w.last/2
	if w.changed || w.last == 0 {
		next = r.shortest
	}
	return min(max(next, r.shortest, w.cost*pollShare), max(r.longest, r.shortest))
}

// afterQuietHours moves a time out of the quiet windows. Its zone is the one that the windows are meant in.
func (r pollSchedule) afterQuietHours(at time.Time) time.Time {
	// Windows may follow each other, so all are asked again after a move, as often as there are windows.
	for range r.quietHours {
		for _, w := range r.quietHours {
			at = w.end(at)
		}
	}
	return at
}

// end gives the end of the window for a time in it, and other times as they are.
func (w Window) end(at time.Time) time.Time {
	if w.From == w.To {
		return at
	}
	const day = 24 * time.Hour
	clock := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute +
		time.Duration(at.Second())*time.Second + time.Duration(at.Nanosecond())
	until := w.To
	switch {
	case w.From < w.To && clock >= w.From && clock < w.To:
	case w.From > w.To && clock >= w.From:
		until += day
	case w.From > w.To && clock < w.To:
	default:
		return at
	}
	// By the calendar, not by adding hours: a night in which the clocks change has another length.
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, int(until/time.Second), 0, at.Location())
}
