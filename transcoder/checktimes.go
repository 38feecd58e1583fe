package transcoder

import (
	"hash/maphash"
	"time"
)

// checkTimes remembers when the file of each fingerprint was checked last. It holds a hash instead of the fingerprint, an
// eighth of the memory for a library of 100,000 files; should two be equal, one file is checked recheckAfter later.
type checkTimes struct {
	seed maphash.Seed
	at   map[uint64]int64 // Unix nanoseconds
}

func newCheckTimes() checkTimes {
	return checkTimes{seed: maphash.MakeSeed(), at: make(map[uint64]int64)}
}

// set records a check.
func (c checkTimes) set(fingerprint string, now time.Time) {
	c.at[maphash.String(c.seed, fingerprint)] = now.UnixNano()
}

// within reports whether the last check was less than d ago.
func (c checkTimes) within(fingerprint string, d time.Duration, now time.Time) bool {
	at, checked := c.at[maphash.String(c.seed, fingerprint)]
	return checked && now.Sub(time.Unix(0, at)) < d
}

// forget has the file checked again.
func (c checkTimes) forget(fingerprint string) { delete(c.at, maphash.String(c.seed, fingerprint)) }
