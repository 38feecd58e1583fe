package mp4

import "slices"

// Segment writes the canonical media segment of samples: one moof and one mdat. sequence is mfhd's number, counted from
// 1. shift is added to every composition offset; with it and the edit list of WithEditList offsets stay positive
// (version 0 readers) while the timeline does not move. Audio has no composition offsets: pass video false.
func Segment(sequence uint32, samples []Sample, shift int32, video bool) []byte {
	sizes, total := make([]uint32, len(samples)), 0
	for n, s := range samples {
		sizes[n] = uint32(len(s.Data))
		total += len(s.Data)
	}
	out := SegmentHead(sequence, samples, sizes, shift, video)
	out = slices.Grow(out, total)
	for _, s := range samples {
		out = append(out, s.Data...)
	}
	return out
}

// SegmentHead is the beginning of a segment, up to the first byte of its first sample, for samples whose bytes are
// elsewhere: sizes are their lengths, which with the box's header must stay below 4 GiB.
func SegmentHead(sequence uint32, samples []Sample, sizes []uint32, shift int32, video bool) []byte {
	moof := makeMoof(sequence, samples, sizes, shift, video, 0)
	moof = makeMoof(sequence, samples, sizes, shift, video, uint32(len(moof)+8)) // data begins after mdat's header
	size := uint32(8)
	for _, n := range sizes {
		size += n
	}
	return append(be.AppendUint32(moof, size), "mdat"...)
}

// SegmentHeadSize is how many bytes the head of a segment of that many samples has.
func SegmentHeadSize(samples int, video bool) int64 {
	const fixed, each, pictureEach = 8 + 16 + 8 + 20 + 20 + 20 + 8, 8, 16 // moof, mfhd, traf, tfhd, tfdt, trun, mdat
	if video {
		return fixed + pictureEach*int64(samples)
	}
	return fixed + each*int64(samples)
}

func makeMoof(sequence uint32, samples []Sample, sizes []uint32, shift int32, video bool, dataOffset uint32) []byte {
	bits := uint32(trunDataOffset | trunDuration | trunSize)
	if video {
		bits |= trunFlags | trunCompositionTime
	}
	trun := words(1<<24|bits, uint32(len(samples)), dataOffset)
	for n, s := range samples {
		trun = append(trun, words(s.Duration, sizes[n])...)
		if video {
			flags := uint32(sampleIsNotSync)
			if s.Key {
				flags = sampleIsSync
			}
			trun = append(trun, words(flags, uint32(s.CTO+shift))...)
		}
	}
	tfdt := be.AppendUint64(words(1<<24), uint64(samples[0].DTS))
	traf := makeBox("traf",
		makeBox("tfhd", words(tfhdBaseIsMoof|tfhdFlags, 1, sampleIsSync)),
		makeBox("tfdt", tfdt),
		makeBox("trun", trun))
	return makeBox("moof", makeBox("mfhd", words(0, sequence)), traf)
}

// IsIDR reports whether a length-prefixed H.264 sample is an instantaneous decoding refresh: its first slice NAL unit
// is of type 5 (ITU-T H.264 table 7-1).
func IsIDR(sample []byte, nalLength int) bool {
	for {
		unit, rest, ok := nalUnit(sample, nalLength)
		if !ok {
			return false
		}
		switch unit[0] & 0x1f {
		case nalIDR:
			return true
		case nalSlice, 2, 3, 4:
			return false
		}
		sample = rest
	}
}
