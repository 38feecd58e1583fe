//go:build !linux

package scan

import "time"

// startCPUTimer measures elapsed time until the returned function is called, because this system has no processor time
// per thread.
func startCPUTimer() func() time.Duration {
	begun := time.Now()
	return func() time.Duration { return time.Since(begun) }
}
