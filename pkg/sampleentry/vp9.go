package sampleentry

import "fmt"

// vp9Frame is what the uncompressed header of a key frame says (VP9 bitstream section 6.2).
type vp9Frame struct {
	profile, depth uint64
	space          uint64 // color_space
	full           bool
	chroma         uint64 // as the vpcC has it; 4:2:0 is 0 or 1 by the place of its samples
}

// vp9 makes a vpcC (VP Codec ISO Media File Format Binding, section "VP Codec Configuration Box") of a key frame and the
// Colour: the CodecPrivate of WebM holds less, and is often missing.
func vp9(p Picture) (string, []byte, error) {
	f, err := vp9Header(p.First)
	if err != nil {
		return "", nil, err
	}
	primaries, transfer, matrix, full := uint16(2), uint16(2), uint16(2), f.full
	left := false
	if c := p.Colour; c != nil {
		primaries, transfer, matrix, left = c.Primaries, c.Transfer, c.Matrix, c.Left
	}
	if matrix == 2 {
		matrix = vp9Matrix(f.space)
	}
	const colocated = 1
	if f.chroma <= colocated && !left {
		f.chroma = colocated
	}
	bits := byte(f.depth<<4 | f.chroma<<1)
	if full {
		bits |= 1
	}
	config := []byte{
		1, 0, 0, 0, // version and flags
		byte(f.profile), vp9Level(p), bits, byte(primaries), byte(transfer), byte(matrix),
		0, 0, // no initialization data
	}
	return "vp09", box("vpcC", config), nil
}

// vp9Matrix is the code point of ITU-T H.273 of a color_space (VP9 bitstream section 7.2.2).
func vp9Matrix(space uint64) uint16 {
	return map[uint64]uint16{1: 5, 2: 1, 3: 6, 4: 7, 5: 9, 7: 0, 0: 2, 6: 2}[space]
}

// vp9Header reads the beginning of a key frame.
func vp9Header(frame []byte) (f vp9Frame, err error) {
	const marker, sync, rgb = 2, 0x498342, 7
	r := reader{b: frame}
	mark := r.bits(2)
	f.profile = r.bits(1) | r.bits(1)<<1
	if f.profile == 3 {
		r.bits(1)
	}
	shown, kind := r.bits(1), r.bits(1) // show_existing_frame, frame_type
	r.bits(2)                           // show_frame, error_resilient_mode
	if mark != marker || shown != 0 || kind != 0 || r.bits(24) != sync {
		return f, fmt.Errorf("%w: no key frame of VP9", ErrMalformed)
	}
	f.depth = 8
	if f.profile >= 2 {
		f.depth = 10 + 2*r.bits(1)
	}
	across, down := uint64(1), uint64(1) // 4:2:0
	if f.space = r.bits(3); f.space != rgb {
		f.full = r.bits(1) == 1
		if f.profile == 1 || f.profile == 3 {
			across, down = r.bits(1), r.bits(1)
		}
	} else {
		f.full, across, down = true, 0, 0
	}
	switch {
	case across == 0 && down == 0:
		f.chroma = 3
	case across == 1 && down == 0:
		f.chroma = 2
	case across == 0: // 4:4:0, which the box has no number for
		return f, fmt.Errorf("%w: VP9 in 4:4:0", ErrUnknown)
	}
	if r.short {
		return f, fmt.Errorf("%w: a frame of VP9 that is cut off", ErrMalformed)
	}
	return f, nil
}

// vp9Level is the level of a track: that of its CodecPrivate, or the least for its size and rate (VP9 levels, table of
// the WebM project). 0 = not known.
func vp9Level(p Picture) byte {
	const idLevel = 2
	for b := p.Private; len(b) >= 3 && b[1] == 1; b = b[3:] { // features: an ID, a length, a value
		if b[0] == idLevel {
			return b[2]
		}
	}
	if p.FrameNS == 0 {
		return 0
	}
	size := float64(p.Width) * float64(p.Height)
	rate := size * 1e9 / float64(p.FrameNS)
	for _, l := range []struct {
		level      byte
		rate, size float64 // luma samples, in a second and in a picture
	}{
		{10, 829_440, 36_864}, {11, 2_764_800, 73_728}, {20, 4_608_000, 122_880}, {21, 9_216_000, 245_760},
		{30, 20_736_000, 552_960}, {31, 36_864_000, 983_040}, {40, 83_558_400, 2_228_224}, {41, 160_432_128, 2_228_224},
		{50, 311_951_360, 8_912_896}, {51, 588_251_136, 8_912_896}, {52, 1_176_502_272, 8_912_896},
		{60, 1_176_502_272, 35_651_584}, {61, 2_353_004_544, 35_651_584}, {62, 4_706_009_088, 35_651_584},
	} {
		if rate <= l.rate && size <= l.size {
			return l.level
		}
	}
	return 0
}
