package media

import "math/bits"

// FrameClock gives the exact times of frames that all have one length, of which a container has stored rounded ones:
// Matroska usually keeps milliseconds, and a frame of AAC at 48 kHz lasts 21⅓ of them. A time follows from the stored one
// and the clock alone, so it is the same whichever part of a film is read.
type FrameClock struct {
	Origin int64  // stored time of the track's first frame, ticks
	TickNS uint64 // nanoseconds in a tick
	Rate   uint64 // units in a second of the times that are given: 48000, or 24000 for 24000/1001 pictures in a second
	Frame  uint64 // units in a frame: 1024, or 1001
}

// Time gives the time of a frame in units, by its stored time in ticks. When a whole number of frames behind Origin is not
// more than one tick away, which both roundings together can make, that is it, and exact is true. Behind a gap, and where
// the length is another one, it is the unit nearest to the stored time.
func (c FrameClock) Time(ticks int64) (units int64, exact bool) {
	near := c.units(ticks)
	origin, tick := c.units(c.Origin), c.units(1)
	frame := int64(c.Frame)
	// With frames of less than two ticks a rounded time could be that of another one.
	if frame <= 2*tick || frame > largestTime || max(near, -near) == largestTime {
		return near, false
	}
	behind := near - origin
	count := behind / frame
	if rest := behind - count*frame; rest > frame/2 {
		count++
	} else if rest < -frame/2 {
		count--
	}
	at := origin + count*frame
	if off := at - near; off < -tick-1 || off > tick+1 { // units are rounded once more
		return near, false
	}
	return at, true
}

// units turns ticks into units, rounded; times of more than 64 bits become the largest.
func (c FrameClock) units(ticks int64) int64 {
	const second = 1_000_000_000
	magnitude, negative := uint64(ticks), ticks < 0
	if negative {
		magnitude = -magnitude
	}
	high, ns := bits.Mul64(magnitude, c.TickNS)
	if high != 0 {
		return limit(negative)
	}
	high, low := bits.Mul64(ns, c.Rate)
	low, carry := bits.Add64(low, second/2, 0)
	if high += carry; high >= second {
		return limit(negative)
	}
	units, _ := bits.Div64(high, low, second)
	if units > largestTime {
		return limit(negative)
	}
	if negative {
		return -int64(units)
	}
	return int64(units)
}

// largestTime is far behind all films, and sums of some of it fit into 64 bits.
const largestTime = 1 << 60

func limit(negative bool) int64 {
	if negative {
		return -largestTime
	}
	return largestTime
}
