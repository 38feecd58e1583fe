// Package transcoder plans the asset of a file and makes it. It owns the segment grid, the ladder, the packager that
// cuts an encoder's output on the grid, the asset indexes (transcoder/index), the just-in-time and background runs that
// make missing segments, and the reconciler that publishes jobs for them. It never knows a title's name or who watches,
// and it starts no process itself: an Encoder does (transcoder/ffmpeg).
//
// Invariants: a grid never changes once its plan is stored; a segment is written once and never again; every segment of
// a rendition fits every other, whichever run made it; no segment is encoded twice; an index is built from Stage alone;
// packing changes no byte of a segment and interrupts no playback.
package transcoder
