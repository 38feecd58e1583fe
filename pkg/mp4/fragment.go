package mp4

import "fmt"

// Sample is one coded picture or audio frame. Times are ticks of the track's timescale.
type Sample struct {
	DTS      int64
	Duration uint32
	CTO      int32 // composition time minus decoding time
	Key      bool  // a sync sample
	Data     []byte
}

// PTS is the composition time.
func (s Sample) PTS() int64 { return s.DTS + int64(s.CTO) }

// End is the decoding time at which the next sample begins.
func (s Sample) End() int64 { return s.DTS + int64(s.Duration) }

// Flags and field bits of tfhd and trun (ISO/IEC 14496-12 sections 8.8.7 and 8.8.8) and of a sample (8.8.3.1).
const (
	tfhdBaseDataOffset  = 0x000001
	tfhdDescription     = 0x000002
	tfhdDuration        = 0x000008
	tfhdSize            = 0x000010
	tfhdFlags           = 0x000020
	tfhdBaseIsMoof      = 0x020000
	trunDataOffset      = 0x000001
	trunFirstFlags      = 0x000004
	trunDuration        = 0x000100
	trunSize            = 0x000200
	trunFlags           = 0x000400
	trunCompositionTime = 0x000800

	sampleIsSync       = 0x02000000 // depends on nothing
	sampleIsNotSync    = 0x01010000 // depends on others, is not a sync sample
	sampleNonSyncBit   = 0x00010000
	maxSamplesFragment = 1 << 16
)

// Samples joins a moof with the mdat that follows it. The samples' Data are slices of mdat. Fragments of more than one
// track are ErrMalformed.
func (i Init) Samples(moof, mdat Box) ([]Sample, error) {
	var samples []Sample
	var sizes []uint32
	tracks := 0
	for t, traf := range children(moof.Payload()) {
		if t != "traf" {
			continue
		}
		if tracks++; tracks > 1 {
			return nil, fmt.Errorf("%w: more than one track in a fragment", ErrMalformed)
		}
		var err error
		if samples, sizes, err = i.traf(traf); err != nil {
			return nil, err
		}
	}
	data := mdat.Payload()
	for n := range samples {
		size := int(sizes[n])
		if size > len(data) {
			return nil, fmt.Errorf("%w: mdat ends inside sample %d", ErrMalformed, n)
		}
		samples[n].Data, data = data[:size:size], data[size:]
	}
	if len(data) != 0 {
		return nil, fmt.Errorf("%w: %d bytes of mdat belong to no sample", ErrMalformed, len(data))
	}
	return samples, nil
}

func (i Init) traf(traf []byte) (samples []Sample, sizes []uint32, err error) {
	def := i.defaults
	var time int64
	for t, p := range children(traf) {
		switch t {
		case "tfhd":
			def, err = readTfhd(p, def)
		case "tfdt":
			time, err = readTfdt(p)
		case "trun":
			samples, sizes, err = appendTrun(samples, sizes, p, def, &time)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return samples, sizes, nil
}

func readTfhd(p []byte, def defaults) (defaults, error) {
	c := cursor{b: p}
	bits := c.u32()
	c.skip(4) // track_ID
	if bits&tfhdBaseDataOffset != 0 {
		c.skip(8)
	}
	if bits&tfhdDescription != 0 {
		c.skip(4)
	}
	if bits&tfhdDuration != 0 {
		def.duration = c.u32()
	}
	if bits&tfhdSize != 0 {
		def.size = c.u32()
	}
	if bits&tfhdFlags != 0 {
		def.flags = c.u32()
	}
	if c.short {
		return def, fmt.Errorf("%w: short tfhd", ErrMalformed)
	}
	return def, nil
}

// readTfdt gives the base media decode time. ffmpeg stores an encoder's priming as the two's complement of a negative
// time, so the 64-bit field is read as signed.
func readTfdt(p []byte) (int64, error) {
	c := cursor{b: p}
	var time int64
	if version := c.u32() >> 24; version == 1 {
		time = int64(c.u64())
	} else {
		time = int64(c.u32())
	}
	if c.short {
		return 0, fmt.Errorf("%w: short tfdt", ErrMalformed)
	}
	return time, nil
}

func appendTrun(samples []Sample, sizes []uint32, p []byte, def defaults, time *int64) ([]Sample, []uint32, error) {
	c := cursor{b: p}
	bits, count := c.u32(), c.u32()
	if count > maxSamplesFragment || len(samples)+int(count) > maxSamplesFragment {
		return nil, nil, fmt.Errorf("%w: %d more samples in a fragment of %d", ErrMalformed, count, len(samples))
	}
	if bits&trunDataOffset != 0 {
		c.skip(4)
	}
	first, hasFirst := uint32(0), bits&trunFirstFlags != 0
	if hasFirst {
		first = c.u32()
	}
	for n := range count {
		s := Sample{DTS: *time, Duration: def.duration}
		size, flags := def.size, def.flags
		if n == 0 && hasFirst {
			flags = first
		}
		if bits&trunDuration != 0 {
			s.Duration = c.u32()
		}
		if bits&trunSize != 0 {
			size = c.u32()
		}
		if bits&trunFlags != 0 {
			flags = c.u32()
		}
		if bits&trunCompositionTime != 0 {
			s.CTO = int32(c.u32())
		}
		s.Key = flags&sampleNonSyncBit == 0
		*time += int64(s.Duration)
		samples, sizes = append(samples, s), append(sizes, size)
	}
	if c.short {
		return nil, nil, fmt.Errorf("%w: short trun", ErrMalformed)
	}
	return samples, sizes, nil
}
