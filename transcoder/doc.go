// Package transcoder decides how a file becomes an asset and sees to it that it does. It owns the segment grid, the
// ladder, the packager that cuts an encoder's output on the grid, the index of what is stored, the just-in-time and
// background runs that fill its holes, and the reconciler that asks for what is missing. It never knows a title's name
// or who watches, and it starts no process itself: an Encoder does (transcoder/ffmpeg).
//
// Invariants: a grid never changes once its plan is stored; a segment is written once and never again; every segment of
// a rendition fits every other, whichever run made it; nothing is encoded twice; Stage alone tells what exists; packing
// changes no byte of a segment, and nobody who watches notices it.
package transcoder
