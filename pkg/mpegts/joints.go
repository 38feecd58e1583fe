package mpegts

import (
	"fmt"
	"io"
	"slices"
)

const (
	// samples is into how many steps a large file is divided. The first clock behind each step is read: some 64 KiB a
	// step, so that a file of any size costs 16 to 128 MiB.
	samples = 256
	// readAll is up to how many bytes every packet of a file is read.
	readAll = 16 << 20
	// searched is how far behind a step a clock is looked for, bytes.
	searched = 512 << 10
	// MaxJoints bounds how many are found: each stream costs a decoder. The last one has the rest of the file.
	MaxJoints = 15
	// readWhole is the distance of two clocks, bytes, from which on the packets between them are read one by one.
	readWhole = 512 << 10
	// refined is how many bytes are read to find the places of the joints between the clocks of the steps. A joint takes
	// some MiB; a file that never has a clock where one is looked for must not be read from end to end.
	refined   = 256 << 20
	clockHz   = 90_000
	clockBits = 33
)

// Joints finds where a file of size bytes begins again: the offset of the first packet of every stream but the first,
// ascending. A clock that goes back is a joint, and so are one that jumps ahead by more than a minute, and eight times as
// far as the bytes between account for, and one that comes in packets of another PID. Of a file of more than 16 MiB a stream
// shorter than a 256th may be missed. At most 400 MiB are read. A file that is no transport stream is ErrNotTS.
func Joints(r io.ReaderAt, size int64) ([]int64, error) {
	s, err := open(r, size)
	if err != nil {
		return nil, fmt.Errorf("find joints: %w", err)
	}
	joints, err := s.joints()
	if err != nil {
		return nil, fmt.Errorf("find joints: %w", err)
	}
	return joints, nil
}

// moment is a clock and the packet that carries it.
type moment struct {
	off   int64
	pid   uint16
	clock int64
}

func (s *stream) joints() ([]int64, error) {
	clocks := s.sample
	if s.size <= readAll {
		clocks = s.all
	}
	moments, err := clocks()
	if err != nil || len(moments) < 2 {
		return nil, err
	}
	rate := usualRate(moments)
	s.left = refined
	var out []int64
	for n := 1; n < len(moments); n++ {
		from, to := moments[n-1], moments[n]
		for len(out) < MaxJoints && broken(from, to, rate) {
			joint, next, err := s.between(from, to, rate)
			if err != nil {
				return nil, err
			}
			if joint == 0 {
				break
			}
			out = append(out, joint)
			from = next
		}
	}
	return out, nil
}

// all reads every clock of the file: of the PID that carried the one before, while it goes on, then of another.
func (s *stream) all() ([]moment, error) {
	var clocks, out []moment
	err := s.each(0, s.size, func(p packet) bool {
		if p.clock >= 0 && !p.damaged {
			clocks = append(clocks, moment{p.off, p.pid, p.clock})
		}
		return true
	})
	for n := 0; n < len(clocks); {
		at := clocks[n]
		out = append(out, at)
		next := n + 1
		for next < len(clocks) && clocks[next].pid != at.pid && clocks[next].off-at.off <= searched {
			next++
		}
		if next == len(clocks) || clocks[next].pid != at.pid {
			next = n + 1
		}
		n = next
	}
	return out, err
}

// sample reads a clock behind every step: of the PID that carried the one before, else of any.
func (s *stream) sample() ([]moment, error) {
	step := s.size / samples
	var out []moment
	for off := int64(0); off < s.size; off += step {
		if len(out) > 0 && out[len(out)-1].off >= off {
			continue
		}
		m, ok, err := s.clockAfter(off, min(s.size, off+searched), out)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, m)
		}
	}
	return out, nil
}

// clockAfter finds the first clock in [off, end) of the PID of the last moment, or the first of another when that PID
// carries none there: a file of several programs has a clock for each.
func (s *stream) clockAfter(off, end int64, before []moment) (m moment, ok bool, err error) {
	err = s.each(off, end, func(p packet) bool {
		if p.clock < 0 || p.damaged {
			return true
		}
		same := len(before) == 0 || before[len(before)-1].pid == p.pid
		if !ok || same {
			m, ok = moment{p.off, p.pid, p.clock}, true
		}
		return !same
	})
	return m, ok, err
}

// passed is how far the clock went from a to b, ticks; negative when it went back. It counts 33 bits and starts over
// after 26 hours.
func passed(a, b moment) int64 {
	d := (b.clock - a.clock) & (1<<clockBits - 1)
	if d >= 1<<(clockBits-1) {
		d -= 1 << clockBits
	}
	return d
}

// usualRate is the median of the bytes in a second.
func usualRate(moments []moment) float64 {
	var rates []float64
	for n := 1; n < len(moments); n++ {
		if ticks := passed(moments[n-1], moments[n]); ticks > 0 {
			rates = append(rates, float64(moments[n].off-moments[n-1].off)*clockHz/float64(ticks))
		}
	}
	if len(rates) == 0 {
		return 0
	}
	slices.Sort(rates)
	return rates[len(rates)/2]
}

const (
	aheadS      = 60 // seconds
	aheadFactor = 8
)

// broken reports whether b cannot be of the stream of a.
func broken(a, b moment, rate float64) bool {
	ticks := passed(a, b)
	if a.pid != b.pid || ticks < 0 {
		return true
	}
	seconds := float64(ticks) / clockHz
	return rate > 0 && seconds > aheadS && seconds > aheadFactor*float64(b.off-a.off)/rate
}

// between finds the first packet of the stream of to, of which from is not, and the first clock of it. joint is 0 when
// no such place is found.
func (s *stream) between(from, to moment, rate float64) (joint int64, next moment, err error) {
	for to.off-from.off > readWhole {
		half := from.off + (to.off-from.off)/2
		m, ok, err := s.clockAfter(half, min(to.off, half+searched), []moment{from})
		if err == nil && !ok { // a hole
			m, ok, err = s.clockAfter(half, to.off, []moment{from})
		}
		if err != nil {
			return 0, next, err
		}
		if !ok || m.off >= to.off {
			break
		}
		if broken(from, m, rate) {
			to = m
		} else {
			from = m
		}
	}
	return s.firstOf(from, to, rate)
}

// pat and sdt are PIDs: of the table with which a stream usually begins, and of the one that ffmpeg and broadcasters put
// before it.
const pat, sdt = 0x0000, 0x0011

// firstOf reads the packets from one clock to another. The stream begins with the last table of programs before its
// first clock, else with the first packet whose counter does not go on, else with its clock.
func (s *stream) firstOf(from, to moment, rate float64) (joint int64, next moment, err error) {
	last := from
	var table, gap, tableBefore int64
	counters := map[uint16]byte{}
	err = s.each(from.off, to.off+1, func(p packet) bool {
		if p.clock >= 0 {
			m := moment{p.off, p.pid, p.clock}
			switch {
			case p.pid == last.pid && !broken(last, m, rate):
				last, table, gap = m, 0, 0
			case p.pid == to.pid && (p.pid != last.pid || broken(last, m, rate)):
				next = m
				return false
			}
		}
		switch {
		case p.pid == sdt && p.start:
			tableBefore = p.off
		case p.pid == pat && p.start:
			if table = p.off; tableBefore != 0 {
				table = tableBefore
			}
			tableBefore = 0
		default:
			tableBefore = 0
		}
		if p.payload {
			before, seen := counters[p.pid]
			if gap == 0 && seen && p.counter != before && p.counter != (before+1)&0xf {
				gap = p.off
			}
			counters[p.pid] = p.counter
		}
		return true
	})
	if err != nil || next == (moment{}) {
		return 0, next, err
	}
	switch {
	case table > 0:
		return table, next, nil
	case gap > 0:
		return gap, next, nil
	}
	return next.off, next, nil
}
