package mp4test

import "encoding/binary"

// Tables are the sample tables of a track, entry by entry. A nil ctts or stss is left out.
type Tables struct {
	Times  [][2]uint32 // stts: count, duration
	Shifts [][2]uint32 // ctts: count, composition offset
	Syncs  []uint32    // stss: numbers from 1
	Each   uint32      // size of every sample
	Sizes  []uint32    // stsz, without Each
	Count  uint32      // of samples, with Each
	Runs   [][3]uint32 // stsc: first chunk from 1, samples in each, sample entry
	Chunks []uint64    // offsets in the file
	Wide   bool        // co64 instead of stco
}

// Boxes are the tables without the stsd.
func (t Tables) Boxes() []byte {
	count := t.Count
	if t.Each == 0 {
		count = uint32(len(t.Sizes))
	}
	sizes := Words(0, t.Each, count)
	out := Box("stts", Words(0, uint32(len(t.Times))), pairs(t.Times))
	if t.Shifts != nil {
		out = append(out, Box("ctts", Words(0, uint32(len(t.Shifts))), pairs(t.Shifts))...)
	}
	if t.Syncs != nil {
		out = append(out, Box("stss", Words(0, uint32(len(t.Syncs))), Words(t.Syncs...))...)
	}
	out = append(out, Box("stsz", sizes, Words(t.Sizes...))...)
	runs := Words(0, uint32(len(t.Runs)))
	for _, r := range t.Runs {
		runs = append(runs, Words(r[:]...)...)
	}
	out = append(out, Box("stsc", runs)...)
	return append(out, t.offsets()...)
}

func (t Tables) offsets() []byte {
	offsets := Words(0, uint32(len(t.Chunks)))
	for _, at := range t.Chunks {
		if t.Wide {
			offsets = binary.BigEndian.AppendUint64(offsets, at)
		} else {
			offsets = append(offsets, Words(uint32(at))...)
		}
	}
	if t.Wide {
		return Box("co64", offsets)
	}
	return Box("stco", offsets)
}

func pairs(list [][2]uint32) (out []byte) {
	for _, p := range list {
		out = append(out, Words(p[:]...)...)
	}
	return out
}

// FilmTrack is a track of a Film.
type FilmTrack struct {
	Handler   string // "vide", "soun"
	Timescale uint32
	Entry     []byte // the sample entry
	Edits     []byte // an edts box, or nothing
	Tables    Tables
}

// DataOffset is where the samples of a Film begin.
const DataOffset = 16 + 8

// Film is an MP4 file with the samples first: ftyp, one mdat from DataOffset on, and a moov of tracks whose movie has 1000
// ticks a second.
func Film(samples []byte, tracks ...FilmTrack) []byte {
	unity := Words(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
	moov := Box("mvhd", Words(0, 0, 0, 1000, 10_000, 0x10000, 0x1000000, 0, 0), unity, make([]byte, 28))
	for n, t := range tracks {
		stbl := Box("stbl", Box("stsd", Words(0, 1), t.Entry), t.Tables.Boxes())
		moov = append(moov, Box("trak",
			Box("tkhd", Words(3, 0, 0, uint32(n)+1, 0, 0, 0, 0, 0, 0), unity, Words(320<<16, 180<<16)), t.Edits,
			Box("mdia",
				Box("mdhd", Words(0, 0, 0, t.Timescale, 0, 0x55c40000)),
				Box("hdlr", Words(0, 0), []byte(t.Handler), make([]byte, 13)),
				Box("minf", Box("dinf", Box("dref", Words(0, 1), Box("url ", Words(1)))), stbl)))...)
	}
	out := Box("ftyp", []byte("isom"), Words(0))
	return append(append(out, Box("mdat", samples)...), Box("moov", moov)...)
}
