package mp4

import "fmt"

// TrackInit describes the one track of an Init Section that is written rather than taken from an encoder.
type TrackInit struct {
	Video     bool
	Timescale uint32 // ticks per second
	Language  uint16 // as in Track
	Matrix    [9]int32
	Width     uint32 // of the presentation, 16.16 fixed point
	Height    uint32
	Entry     []byte // the whole sample entry, as SampleEntry gives it
	MediaTime uint32 // of the edit list, ticks, as for WithEditList; 0 for none
}

// WriteInit writes an Init Section: a ftyp with the brands of CMAF (ISO/IEC 23000-19 section 7.2), and a moov with one track
// without samples, as a fragmented file begins (ISO/IEC 14496-12 section 8.8).
func WriteInit(t TrackInit) []byte {
	const major, minor = "iso6", 0
	ftyp := makeBox("ftyp", []byte(major), words(minor), []byte("iso6cmfcmp41"))
	track := [][]byte{t.tkhd()}
	if t.MediaTime > 0 {
		track = append(track, makeBox("edts", makeBox("elst", words(0, 1, 0, t.MediaTime, 1<<16))))
	}
	track = append(track, t.mdia())
	trex := makeBox("trex", words(0, 1, 1, 0, 0, 0))
	return append(ftyp, makeBox("moov", mvhd(), makeBox("trak", track...), makeBox("mvex", trex))...)
}

// unity is the matrix that leaves a picture as it is.
var unity = [9]int32{0: 1 << 16, 4: 1 << 16, 8: 1 << 30}

func matrix(m [9]int32) (out []byte) {
	for _, v := range m {
		out = be.AppendUint32(out, uint32(v))
	}
	return out
}

// mvhd is a movie header (section 8.2.2) without a duration: the segments have it.
func mvhd() []byte {
	const timescale, rate, volume, nextTrack = 1000, 1 << 16, 1 << 24, 2
	return makeBox("mvhd", words(0, 0, 0, timescale, 0, rate, volume, 0, 0), matrix(unity), make([]byte, 24),
		words(nextTrack))
}

// tkhd is a track header (section 8.3.2) of a track that is enabled and in the movie.
func (t TrackInit) tkhd() []byte {
	const flags, number, fullVolume = 3, 1, 1 << 24
	volume := uint32(fullVolume)
	if t.Video {
		volume = 0
	}
	return makeBox("tkhd", words(flags, 0, 0, number, 0, 0, 0, 0, 0, volume), matrix(t.Matrix), words(t.Width, t.Height))
}

func (t TrackInit) mdia() []byte {
	handler, header := "soun", makeBox("smhd", words(0, 0))
	if t.Video {
		handler, header = "vide", makeBox("vmhd", words(1, 0, 0))
	}
	stbl := makeBox("stbl",
		makeBox("stsd", words(0, 1), t.Entry),
		makeBox("stts", words(0, 0)), makeBox("stsc", words(0, 0)),
		makeBox("stsz", words(0, 0, 0)), makeBox("stco", words(0, 0)))
	dref := makeBox("dref", words(0, 1), makeBox("url ", words(selfContained)))
	return makeBox("mdia",
		makeBox("mdhd", words(0, 0, 0, t.Timescale, 0, uint32(t.Language)<<16)),
		makeBox("hdlr", words(0, 0), []byte(handler), make([]byte, 12+1)),
		makeBox("minf", header, makeBox("dinf", dref), stbl))
}

// SampleEntry writes a sample entry of a track (ISO/IEC 14496-12 sections 12.1.3 and 12.2.3): the fixed fields of its own, in
// the plain version where QuickTime has longer ones, and the boxes given. kind is the type it gets.
func (t Track) SampleEntry(kind string, boxes ...[]byte) ([]byte, error) {
	fixed := visualEntry
	if t.Handler == "soun" {
		fixed = audioEntry
	}
	if len(t.Entry) < fixed {
		return nil, fmt.Errorf("%w: a sample entry of %d bytes", ErrMalformed, len(t.Entry))
	}
	head := append([]byte(nil), t.Entry[:fixed]...)
	clear(head[:6])
	be.PutUint16(head[6:], 1) // data_reference_index
	if t.Handler == "soun" {
		channels, bits, rate := t.Sound()
		clear(head[8:])
		be.PutUint16(head[16:], uint16(channels))
		be.PutUint16(head[18:], uint16(bits))
		if rate <= 0xffff {
			be.PutUint32(head[24:], uint32(rate)<<16)
		}
	}
	return makeBox(kind, append([][]byte{head}, boxes...)...), nil
}

// MakeBox writes a box of the payload's parts.
func MakeBox(kind string, parts ...[]byte) []byte { return makeBox(kind, parts...) }
