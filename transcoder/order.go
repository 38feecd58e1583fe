package transcoder

import (
	"context"
	"io"
	"slices"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// Order is one run of an encoder: segments [From, To) of some renditions of one asset, from one reading of the file.
type Order struct {
	Path       string // absolute
	Asset      media.Asset
	Renditions []media.Rendition
	From, To   int
	// Class decides the preset and the priority of the process: JIT is fast, the others are thorough and nice.
	Class queue.Class
	// Careful makes a run slow and safe, after one that broke: one decoding thread.
	Careful bool
	// Makers says who makes the pictures of each rendition; nil: Software makes all. That of a sound has no meaning.
	Makers []Maker
	// HeaderOnly asks for the Init Section alone, of one rendition: a blank picture is encoded, and the file is not read.
	HeaderOnly bool
}

// Maker is who makes the pictures of rendition n.
func (o Order) Maker(n int) Maker {
	if n >= len(o.Makers) {
		return Software
	}
	return o.Makers[n]
}

// makerOf is who makes the pictures of a rendition of the order.
func (o Order) makerOf(r id.Rendition) Maker {
	n := slices.IndexFunc(o.Renditions, func(x media.Rendition) bool { return x.ID == r })
	return o.Maker(max(n, 0))
}

// Frames is the number of video frames in the order.
func (o Order) Frames() int { return o.Asset.Grid.Frames[o.To] - o.Asset.Grid.Frames[o.From] }

// Encoder starts encoding processes. It is met by transcoder/ffmpeg.
type Encoder interface {
	// Start begins to encode. Output n of the result carries rendition n as fragmented MP4 whose fragments lie on the
	// asset's grid: the first video fragment begins at boundary From; audio may begin earlier. When ctx ends the
	// process is killed.
	Start(ctx context.Context, o Order) (Encode, error)
}

// Encode is a running encoder. The caller of Start reads all outputs and then calls Wait.
type Encode interface {
	// Output is the stream of rendition n. The encoder pauses while it is not read.
	Output(n int) io.Reader
	// Kill ends the process at once; Wait still has to be called.
	Kill()
	// Wait returns when the process has ended and everything it held is released. The error carries the end of the
	// encoder's log; a process that was killed is an error too.
	Wait() (Usage, error)
}

// Usage is the CPU time of an encode, and its warnings.
type Usage struct {
	CPU      time.Duration // user and system time of the process
	Warnings int           // lines the decoder wrote about damaged input
}
