package matroskatest

import (
	"encoding/binary"
	"maps"
	"slices"
)

// Remux is how a file that ffmpeg wrote is written anew, with Cues of the key frames of track 1 at its end. The zero value of each
// field changes nothing.
type Remux struct {
	Head    []byte // elements that are added to the EBML header
	Before  []byte // elements of the Segment before its first Cluster
	Front   bool   // the Cues are before the Clusters too
	Endless bool   // Segment and Clusters are of unknown size
	Inside  []byte // elements of each Cluster behind its time
	// Group are the elements beside the Block of a BlockGroup, for tracks whose Blocks are in BlockGroups.
	Group map[byte][]byte
	// CueMore are elements that are added to each CueTrackPositions.
	CueMore []byte
	More    map[int][]byte // elements that are added to TrackEntries, by their positions
	// Frame changes a frame of a track; nil leaves all as they are.
	Frame func(track byte, frame []byte) []byte
	// Lace puts so many frames of a track into one Block, by lacing of a Kind; EBML where that is 0.
	Lace map[byte]int
	Kind byte
	// Cue changes a CuePoint; nil leaves all as they are.
	Cue func(c Cue) Cue
}

// Cue is what a CuePoint says. Cluster counts from the data of the Segment, Relative from that of the Cluster; −1 says nothing.
type Cue struct {
	Ticks, Track      uint64
	Cluster, Relative int64
}

const (
	timestamp   = 0xE7
	simpleBlock = 0xA3
	blockGroup  = 0xA0
	block       = 0xA1
	keyFlag     = 0x80
	cues        = 0x1C53BB6B

	referenceBlock = 0xFB
)

// Write writes the file.
func (m Remux) Write(file []byte) []byte {
	var head, body []byte
	for id, data := range elements(file) {
		switch id {
		case ebml:
			head = Element(ebml, data, m.Head)
		case segment:
			body = m.segment(data)
		}
	}
	return append(head, m.element(segment, body)...)
}

// element is one of known or of unknown size.
func (m Remux) element(id uint32, body []byte) []byte {
	if m.Endless {
		return Endless(id, body)
	}
	return Element(id, body)
}

func (m Remux) segment(data []byte) []byte {
	out := append(rewriteSegment(withoutClusters(data), m.More, nil), m.Before...)
	var clusters []byte
	var found []Cue // their Clusters count from the first one
	w := lacer{Remux: m, waiting: map[byte]*lace{}}
	for id, data := range elements(data) {
		if id == cluster {
			begun := len(found)
			body := w.cluster(data, &found)
			for n := range found[begun:] {
				found[begun+n].Cluster = int64(len(clusters))
			}
			clusters = append(clusters, m.element(cluster, body)...)
		}
	}
	if !m.Front {
		return slices.Concat(out, clusters, m.index(found, len(out)))
	}
	from := len(out) + len(m.index(found, 0)) // all numbers have one length
	return slices.Concat(out, m.index(found, from), clusters)
}

// index are the Cues when the first Cluster is at an offset of the Segment's data.
func (m Remux) index(found []Cue, first int) []byte {
	var points []byte
	for _, c := range found {
		if c.Cluster += int64(first); m.Cue != nil {
			c = m.Cue(c)
		}
		points = append(points, c.element(m.CueMore)...)
	}
	return Element(cues, points)
}

func withoutClusters(data []byte) (out []byte) {
	for id, data := range elements(data) {
		if id == info || id == tracks {
			out = append(out, Element(id, data)...)
		}
	}
	return out
}

func (c Cue) element(more []byte) []byte {
	place := [][]byte{Number(0xF7, c.Track), Number(0xF1, uint64(c.Cluster))}
	if c.Relative >= 0 {
		place = append(place, Number(0xF0, uint64(c.Relative)))
	}
	return Element(0xBB, Number(0xB3, c.Ticks), Element(0xB7, append(place, more)...))
}

// lacer writes the Blocks of Clusters.
type lacer struct {
	Remux
	waiting map[byte]*lace
}

// lace is a Block that is not full: it takes the place of its first frame when it is.
type lace struct {
	ticks  uint16
	frames [][]byte
}

func (w lacer) cluster(data []byte, found *[]Cue) (out []byte) {
	var time uint64
	for id, data := range elements(data) {
		switch id {
		case timestamp:
			out = append(append(out, Element(timestamp, data)...), w.Inside...)
			for _, c := range data {
				time = time<<8 | uint64(c)
			}
		case simpleBlock, blockGroup:
			flags := byte(0)
			if id == blockGroup {
				flags = keyFlag // of sound, in what ffmpeg writes
				for id, inner := range elements(data) {
					if id == block {
						data = inner
					}
				}
			}
			track, ticks := data[0]&0x7f, binary.BigEndian.Uint16(data[1:])
			flags |= data[3] & keyFlag
			if track == 1 && flags&keyFlag != 0 {
				*found = append(*found, Cue{Ticks: time + uint64(int64(int16(ticks))), Track: 1, Relative: int64(len(out))})
			}
			out = append(out, w.block(track, ticks, flags, data[4:])...)
		}
	}
	for _, track := range slices.Sorted(maps.Keys(w.waiting)) {
		out = append(out, w.flush(track)...)
	}
	return out
}

func (w lacer) block(track byte, ticks uint16, flags byte, frame []byte) []byte {
	if w.Frame != nil {
		frame = w.Frame(track, frame)
	}
	if w.Lace[track] < 2 {
		return w.unlaced(track, ticks, flags, frame)
	}
	l := w.waiting[track]
	if l == nil {
		l = &lace{ticks: ticks}
		w.waiting[track] = l
	}
	if l.frames = append(l.frames, frame); len(l.frames) < w.Lace[track] {
		return nil
	}
	return w.flush(track)
}

func (w lacer) unlaced(track byte, ticks uint16, flags byte, frame []byte) []byte {
	more, grouped := w.Group[track]
	if !grouped {
		return Element(simpleBlock, BlockData(track, int16(ticks), flags, frame))
	}
	parts := [][]byte{Element(block, BlockData(track, int16(ticks), 0, frame)), more}
	if flags&keyFlag == 0 {
		parts = append(parts, Element(referenceBlock, []byte{0xd8})) // 40 ticks before
	}
	return Element(blockGroup, parts...)
}

func (w lacer) flush(track byte) []byte {
	l := w.waiting[track]
	delete(w.waiting, track)
	kind := byte(EBML)
	if w.Kind != 0 {
		kind = w.Kind
	}
	if len(l.frames) == 1 {
		kind = Unlaced
	}
	return Element(simpleBlock, BlockData(track, int16(l.ticks), keyFlag|kind, l.frames...))
}
