package mp4

import (
	"fmt"
	"slices"
)

// AVCConfig is an AVCDecoderConfigurationRecord, the payload of an avcC box (ISO/IEC 14496-15 section 5.3.3.1).
type AVCConfig struct {
	Profile, Compatibility, Level byte
	NALLength                     int      // bytes of the length before each NAL unit
	SPS, PPS                      [][]byte // whole NAL units, header included
	Extension                     []byte   // chroma format and bit depths, from the High profile on; may be empty
}

// Limits of the record: its counts have five and eight bits.
const (
	maxSPS = 31
	maxPPS = 255
)

// ParseAVCConfig reads the payload of an avcC box, such as Init.Config. A record that is cut off is ErrMalformed.
func ParseAVCConfig(b []byte) (AVCConfig, error) {
	c := cursor{b: b}
	c.skip(1)
	out := AVCConfig{Profile: c.u8(), Compatibility: c.u8(), Level: c.u8(), NALLength: int(c.u8()&3) + 1}
	out.SPS = parameterSets(&c, c.u8()&maxSPS)
	out.PPS = parameterSets(&c, c.u8())
	if c.short {
		return AVCConfig{}, fmt.Errorf("%w: short avcC", ErrMalformed)
	}
	out.Extension = slices.Clone(c.b)
	return out, nil
}

func parameterSets(c *cursor, count byte) [][]byte {
	out := make([][]byte, 0, count)
	for range count {
		if c.short {
			return nil
		}
		length := int(c.u8())<<8 | int(c.u8())
		out = append(out, slices.Clone(c.take(length)))
	}
	return out
}

// Bytes is the payload of the avcC box. More parameter sets than its counts can hold are ErrMalformed.
func (c AVCConfig) Bytes() ([]byte, error) {
	if len(c.SPS) > maxSPS || len(c.PPS) > maxPPS {
		return nil, fmt.Errorf("%w: %d and %d parameter sets", ErrMalformed, len(c.SPS), len(c.PPS))
	}
	out := []byte{1, c.Profile, c.Compatibility, c.Level, 0xfc | byte(c.NALLength-1), 0xe0 | byte(len(c.SPS))}
	out = appendSets(out, c.SPS)
	out = appendSets(append(out, byte(len(c.PPS))), c.PPS)
	return append(out, c.Extension...), nil
}

func appendSets(out []byte, sets [][]byte) []byte {
	for _, s := range sets {
		out = append(be.AppendUint16(out, uint16(len(s))), s...)
	}
	return out
}

// SPSNumber is the seq_parameter_set_id of a sequence parameter set (ITU-T H.264 section 7.3.2.1.1); ok is false for bytes
// that are none.
func SPSNumber(sps []byte) (number int, ok bool) {
	const fixed = 4 // header, profile, constraints, level
	if len(sps) <= fixed || sps[0]&0x1f != nalSPS {
		return 0, false
	}
	r := expGolomb{b: sps[fixed:]}
	return r.next()
}

// PPSNumbers are the pic_parameter_set_id of a picture parameter set and the number of the sequence parameter set that it
// refers to (section 7.3.2.2).
func PPSNumbers(pps []byte) (number, sps int, ok bool) {
	if len(pps) < 2 || pps[0]&0x1f != nalPPS {
		return 0, 0, false
	}
	r := expGolomb{b: pps[1:]}
	number, ok = r.next()
	if sps, ok2 := r.next(); ok && ok2 {
		return number, sps, true
	}
	return 0, 0, false
}

// slicePPS is the pic_parameter_set_id in the header of a slice (section 7.3.3).
func slicePPS(slice []byte) (number int, ok bool) {
	r := expGolomb{b: slice[1:]}
	r.next() // first_mb_in_slice
	r.next() // slice_type
	return r.next()
}

// expGolomb reads unsigned Exp-Golomb numbers (section 9.1) of at most 16 leading zeros. Emulation prevention bytes are not
// taken out: three zero bytes do not occur in the few numbers that are read here.
type expGolomb struct {
	b  []byte
	at int // bits read
}

func (r *expGolomb) bit() (int, bool) {
	if r.at/8 >= len(r.b) {
		return 0, false
	}
	bit := int(r.b[r.at/8]>>(7-r.at%8)) & 1
	r.at++
	return bit, true
}

func (r *expGolomb) next() (int, bool) {
	const longest = 16
	zeros := 0
	for {
		bit, ok := r.bit()
		if !ok || zeros > longest {
			return 0, false
		}
		if bit == 1 {
			break
		}
		zeros++
	}
	value := 1
	for range zeros {
		bit, ok := r.bit()
		if !ok {
			return 0, false
		}
		value = value<<1 | bit
	}
	return value - 1, true
}

// Types of NAL units (ITU-T H.264 table 7-1).
const (
	nalSlice  = 1
	nalIDR    = 5
	nalSPS    = 7
	nalPPS    = 8
	nalFiller = 12
	nalSPSExt = 13
)

// OutOfBand takes parameter sets and filler out of a length-prefixed sample: under avc1 parameter sets lie in the sample entry
// alone (ISO/IEC 14496-15 section 5.3.1). It returns an error for a set that the configuration does not have, and for
// a slice that refers to none of its picture parameter sets: the sample would not be decoded with it.
func (c AVCConfig) OutOfBand(sample []byte) ([]byte, error) {
	out := make([]byte, 0, len(sample))
	for len(sample) > 0 {
		unit, rest, ok := nalUnit(sample, c.NALLength)
		if !ok {
			return nil, fmt.Errorf("%w: a NAL unit is longer than its sample", ErrMalformed)
		}
		keep, err := c.keeps(unit)
		if err != nil {
			return nil, err
		}
		if keep {
			out = append(out, sample[:len(sample)-len(rest)]...)
		}
		sample = rest
	}
	return out, nil
}

func (c AVCConfig) keeps(unit []byte) (bool, error) {
	switch unit[0] & 0x1f {
	case nalSPS, nalPPS:
		if !c.Has(unit) {
			return false, fmt.Errorf("%w: a parameter set changes within the stream", ErrMalformed)
		}
		return false, nil
	case nalFiller, nalSPSExt:
		return false, nil
	case nalSlice, nalIDR:
		number, ok := slicePPS(unit)
		for _, pps := range c.PPS {
			if known, _, _ := PPSNumbers(pps); ok && known == number {
				return true, nil
			}
		}
		return false, fmt.Errorf("%w: a slice refers to no parameter set", ErrMalformed)
	}
	return true, nil
}

// Has reports whether the configuration has that parameter set, byte for byte.
func (c AVCConfig) Has(set []byte) bool {
	same := func(s []byte) bool { return slices.Equal(s, set) }
	return slices.ContainsFunc(c.SPS, same) || slices.ContainsFunc(c.PPS, same)
}

// nalUnit splits the first NAL unit off a length-prefixed sample. An empty unit is not ok.
func nalUnit(sample []byte, nalLength int) (unit, rest []byte, ok bool) {
	if len(sample) <= nalLength {
		return nil, nil, false
	}
	size := 0
	for _, b := range sample[:nalLength] {
		size = size<<8 | int(b)
	}
	if sample = sample[nalLength:]; size <= 0 || size > len(sample) {
		return nil, nil, false
	}
	return sample[:size], sample[size:], true
}

// WithAVCConfig returns the Init Section with another AVCDecoderConfigurationRecord in its one track.
func (i Init) WithAVCConfig(c AVCConfig) (Init, error) {
	config, err := c.Bytes()
	if err != nil {
		return Init{}, err
	}
	ftyp, rest, ok := firstBox(i.Bytes)
	if !ok {
		return Init{}, fmt.Errorf("%w: init without boxes", ErrMalformed)
	}
	moov, _, ok := firstBox(rest)
	if !ok {
		return Init{}, fmt.Errorf("%w: init without moov", ErrMalformed)
	}
	path := []string{"trak", "mdia", "minf", "stbl", "stsd", "avc1", "avcC"}
	moov.Raw, moov.header = makeBox("moov", replaced(moov.Payload(), path, config)), 8
	return ParseInit(ftyp, moov)
}

// SplitInit gives the two boxes of an Init Section as it was stored.
func SplitInit(b []byte) (ftyp, moov Box, err error) {
	ftyp, rest, ok := firstBox(b)
	moov, _, ok2 := firstBox(rest)
	if !ok || !ok2 {
		return Box{}, Box{}, fmt.Errorf("%w: init without boxes", ErrMalformed)
	}
	return ftyp, moov, nil
}

func firstBox(b []byte) (box Box, rest []byte, ok bool) {
	for kind, payload := range children(b) {
		header := 8
		if be.Uint32(b) == 1 {
			header = 16
		}
		size := header + len(payload)
		return Box{Type: kind, Raw: b[:size], header: header}, b[size:], true
	}
	return Box{}, nil, false
}

// replaced copies the boxes of a payload with another payload in the box at the end of a path of types.
func replaced(payload []byte, path []string, with []byte) []byte {
	if len(path) == 0 {
		return with
	}
	var out []byte
	for kind, p := range children(payload) {
		if kind == path[0] {
			fixed := min(fixedPart(kind), len(p))
			p = slices.Concat(p[:fixed], replaced(p[fixed:], path[1:], with))
		}
		out = append(out, makeBox(kind, p)...)
	}
	return out
}

// fixedPart is how many bytes stand before the boxes inside a box.
func fixedPart(kind string) int {
	switch kind {
	case "stsd":
		return 8
	case "avc1":
		return visualEntry
	}
	return 0
}
