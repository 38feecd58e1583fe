// Package original makes the Original stream of a film: its own picture, and those of its sounds that browsers play, cut
// into CMAF segments in process, from the index of the file. It starts no program and stores nothing. The same file gives
// the same bytes for the same segment, in any order and on any machine.
//
// It owns where the segments begin, the times in them, the Init Sections and the words for a film that is unfit. It never
// changes a sample. What it keeps of an open film is a line for each segment; the tables of the file are read again, slice
// by slice, when a segment is asked for. A file without an index is read once, as a whole, to make one, which its callers
// store. A file's index is believed nowhere: each sample lies inside the file, no
// segment is longer than 10 s or 16 MiB, and an index that contradicts itself is a fault.
package original
