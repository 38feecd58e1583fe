package transcoder

import (
	"hash/maphash"
	"time"
)

// checkTimes remembers when the file of each fingerprint was checked last, and which extent of its ladder was wanted then.
// It holds a hash instead of the fingerprint, and the extent in the lowest bits of the time: an eighth of the memory for
// a library of 100,000 files. Should two hashes be equal, one file is checked recheckAfter later, or more often.
type checkTimes struct {
	seed maphash.Seed
	at   map[uint64]int64 // Unix nanoseconds, the lowest extentBits of which are an extent
}

// extentBits is how many bits of a time hold an extent.
const extentBits = 2

func newCheckTimes() checkTimes {
	return checkTimes{seed: maphash.MakeSeed(), at: make(map[uint64]int64)}
}

func (c checkTimes) hash(fingerprint string) uint64 { return maphash.String(c.seed, fingerprint) }

// set records a check.
func (c checkTimes) set(fingerprint string, e extent, now time.Time) {
	c.at[c.hash(fingerprint)] = now.UnixNano()&^(1<<extentBits-1) | int64(e)
}

// within reports whether the last check was less than d ago, with the same extent wanted.
func (c checkTimes) within(fingerprint string, e extent, d time.Duration, now time.Time) bool {
	at, checked := c.at[c.hash(fingerprint)]
	return checked && c.extent(fingerprint) == e && now.Sub(time.Unix(0, at&^(1<<extentBits-1))) < d
}

// extent is what was wanted at the last check, also after forget; extentNothing before the first.
func (c checkTimes) extent(fingerprint string) extent {
	return extent(c.at[c.hash(fingerprint)] & (1<<extentBits - 1))
}

// forget has the file checked again.
func (c checkTimes) forget(fingerprint string) {
	if h := c.hash(fingerprint); c.at[h] != 0 {
		c.at[h] &= 1<<extentBits - 1
	}
}
