package main

import "movify/pkg/fault"

// Exit codes are part of the interface: scripts depend on them.
const (
	exitOK          = 0
	exitInternal    = 1
	exitUsage       = 2
	exitForbidden   = 3
	exitNotFound    = 4
	exitConflict    = 5
	exitUnsupported = 6
	exitUnavailable = 7
	exitInterrupted = 130
)

const exitCodesInWords = "0 done, 1 a defect or a broken machine, 2 wrong arguments or settings, 3 not allowed, " +
	"4 not found, " +
	"5 the present state does not allow it, 6 the file or stream is not good, 7 something needed is away, 130 interrupted"

// exitCode maps the kinds of fault to exit codes; no other code does.
func exitCode(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return exitUsage
	case fault.Unauthenticated, fault.Forbidden:
		return exitForbidden
	case fault.NotFound:
		return exitNotFound
	case fault.Conflict:
		return exitConflict
	case fault.Unsupported:
		return exitUnsupported
	case fault.Unavailable, fault.Limited:
		return exitUnavailable
	}
	return exitInternal
}
