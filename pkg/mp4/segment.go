package mp4

// Segment writes the canonical media segment of samples: one moof and one mdat. sequence is mfhd's number, counted from
// 1. shift is added to every composition offset; with it and the edit list of WithEditList offsets stay positive
// (version 0 readers) while the timeline does not move. Audio has no composition offsets: pass video false.
func Segment(sequence uint32, samples []Sample, shift int32, video bool) []byte {
	moof := makeMoof(sequence, samples, shift, video, 0)
	moof = makeMoof(sequence, samples, shift, video, uint32(len(moof)+8)) // data begins after mdat's header
	size := 8
	for _, s := range samples {
		size += len(s.Data)
	}
	out := make([]byte, 0, len(moof)+size)
	out = append(out, moof...)
	out = be.AppendUint32(out, uint32(size))
	out = append(out, "mdat"...)
	for _, s := range samples {
		out = append(out, s.Data...)
	}
	return out
}

func makeMoof(sequence uint32, samples []Sample, shift int32, video bool, dataOffset uint32) []byte {
	bits := uint32(trunDataOffset | trunDuration | trunSize)
	if video {
		bits |= trunFlags | trunCompositionTime
	}
	trun := words(1<<24|bits, uint32(len(samples)), dataOffset)
	for _, s := range samples {
		trun = append(trun, words(s.Duration, uint32(len(s.Data)))...)
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
	const slice, idr = 1, 5
	for len(sample) > nalLength {
		size := 0
		for _, b := range sample[:nalLength] {
			size = size<<8 | int(b)
		}
		sample = sample[nalLength:]
		if size <= 0 || size > len(sample) {
			return false
		}
		switch sample[0] & 0x1f {
		case idr:
			return true
		case slice, 2, 3, 4:
			return false
		}
		sample = sample[size:]
	}
	return false
}
