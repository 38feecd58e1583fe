package library

import "time"

// settling is a file that changed lately.
type settling struct {
	task
	since  time.Time // when it was first seen as it is
	urgent bool
}

// admit queues a file that has settled and keeps an eye on one that may still be written to.
func (sc *scanner) admit(t task, urgent bool) {
	if e, ok := sc.inWork[t.entry.path]; ok && e == t.entry {
		return
	}
	if w, ok := sc.settling[t.entry.path]; ok && w.entry == t.entry {
		return
	}
	age := sc.o.Clock().Sub(time.Unix(0, t.entry.modTimeNS))
	if age >= sc.o.Settle && t.entry.size > 0 {
		sc.enqueue(t, urgent)
		return
	}
	if len(sc.settling) == 0 {
		sc.timer.Reset(sc.o.Settle)
	}
	sc.settling[t.entry.path] = settling{t, sc.o.Clock(), urgent}
}

// settle looks again at the files that may still be written to; the same size and time twice, and it is whole.
func (sc *scanner) settle() {
	now := sc.o.Clock()
	next := time.Duration(-1)
	for path, w := range sc.settling {
		e, there, err := sc.look(path)
		switch {
		case err != nil || !there:
			delete(sc.settling, path)
			continue
		case e != w.entry || now.Before(w.since): // it changed, or the clock was put back
			w.entry, w.since = e, now
			sc.settling[path] = w
		case now.Sub(w.since) >= sc.o.Settle:
			delete(sc.settling, path)
			sc.enqueue(w.task, w.urgent)
			continue
		}
		if left := max(time.Millisecond, sc.o.Settle-now.Sub(w.since)); next < 0 || left < next {
			next = left
		}
	}
	if next >= 0 {
		sc.timer.Reset(next)
	}
}

func (sc *scanner) enqueue(t task, urgent bool) {
	sc.inWork[t.entry.path] = t.entry
	if urgent {
		sc.urgent = append(sc.urgent, t)
		return
	}
	sc.backlog = append(sc.backlog, t)
}
