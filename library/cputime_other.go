//go:build !linux

package library

import "time"

// costing measures the time from now until the function it gives is called: there is no finer clock here.
func costing() func() time.Duration {
	begun := time.Now()
	return func() time.Duration { return time.Since(begun) }
}
