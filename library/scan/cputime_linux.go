package scan

import (
	"runtime"
	"syscall"
	"time"
)

// startCPUTimer measures the processor time of the goroutine until the returned function is called, which must happen
// on the same goroutine.
func startCPUTimer() func() time.Duration {
	runtime.LockOSThread()
	begun := threadCPUTime()
	return func() time.Duration {
		defer runtime.UnlockOSThread()
		return threadCPUTime() - begun
	}
}

// threadCPUTime returns user and system time of this thread (getrusage(2)).
func threadCPUTime() time.Duration {
	const thread = 1 // RUSAGE_THREAD
	var used syscall.Rusage
	if err := syscall.Getrusage(thread, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
