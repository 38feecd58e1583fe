package scan

import (
	"time"

	"movify/library"
)

// Default bounds of the interval of a polled root.
const (
	defaultPollMin = 30 * time.Second
	defaultPollMax = 10 * time.Minute

	// unreachableInterval is the interval at which an unavailable root is checked: mounting a disk over a folder raises
	// no event.
	unreachableInterval = 30 * time.Second

	// pollShare bounds the processor time of polling to 1/pollShare of one processor.
	pollShare = 100
)

// Window is a part of every day in local time, from From to To after midnight. It may span midnight.
type Window struct{ From, To time.Duration }

// pollSchedule decides when roots are scanned without a hint.
type pollSchedule struct {
	shortest, longest time.Duration // bounds of the interval of a polled root
	rescan            time.Duration // interval of a root watched by inotify
	quietHours        []Window      // no scan begins in them
}

// pollInput is the state of a root that its interval depends on.
type pollInput struct {
	mode    library.WatchMode
	away    bool          // the root is unavailable
	fixed   time.Duration // set by the owner; 0 = adaptive
	last    time.Duration // the current interval; 0 = none
	changed bool          // the last scan found a change
	cost    time.Duration // processor time of the last scan
}

// interval returns the time until the next scan; 0 = none is scheduled. A polled root is scanned sooner after a change,
// later while nothing changes, and never so often that the processor is kept busy.
func (r pollSchedule) interval(w pollInput) time.Duration {
	switch {
	case w.mode == library.WatchHook:
		return 0
	case w.away:
		return min(unreachableInterval, r.rescan)
	case w.mode == library.WatchEvents:
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

// afterQuietHours moves a time that lies in quiet hours to their end. Its time zone is the one that the quiet hours are
// given in.
func (r pollSchedule) afterQuietHours(at time.Time) time.Time {
	// Windows may adjoin, so after a move all are checked again, at most once per window.
	for range r.quietHours {
		for _, w := range r.quietHours {
			at = w.end(at)
		}
	}
	return at
}

// end returns the end of the window for a time in it, and any other time unchanged.
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
