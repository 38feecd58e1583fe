package library

import (
	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of requests about ladders.
var (
	ErrBadLadder = fault.New(
		fault.Invalid, "bad_transcode", "Films of a folder are prepared always, when_watched or never.",
	)
	ErrLadderConfigured = fault.New(
		fault.Conflict, "transcode_configured",
		"The configuration file says when the films of this folder are prepared. Change it there.",
	)
	ErrLadderNever = fault.New(
		fault.Conflict, "transcode_never",
		"Nothing is prepared in this folder. Choose another setting for the folder first.",
	)
)

// Footage sums up the present files of a root whose pictures have one height.
type Footage struct {
	Root       id.Root
	Height     int // of the picture as displayed, in pixels; 0 = not known
	Files      int
	DurationMS int64 // of all of them together
}
