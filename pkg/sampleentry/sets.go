package sampleentry

import "fmt"

// Types of NAL units (ITU-T H.264 table 7-1 and ITU-T H.265 table 7-1).
const (
	avcSPS, avcPPS            = 7, 8
	hevcVPS, hevcSPS, hevcPPS = 32, 33, 34
)

// FromSets describes a track of pictures by its parameter sets: NAL units, without start codes, as they stand in band in a
// transport stream. codec is "V_MPEG4/ISO/AVC" or "V_MPEGH/ISO/HEVC". The Picture has the record of the codec, the size
// that is shown, and the colour and the shape of pixels where the sets say them.
func FromSets(codec string, sets [][]byte) (Picture, error) {
	p := Picture{Codec: codec}
	err := error(ErrUnknown)
	switch codec {
	case "V_MPEG4/ISO/AVC":
		err = p.fromAVC(byKind(sets, func(nal []byte) int { return int(nal[0] & 0x1f) }))
	case "V_MPEGH/ISO/HEVC":
		err = p.fromHEVC(byKind(sets, func(nal []byte) int { return int(nal[0] >> 1 & 0x3f) }))
	}
	if err != nil {
		return Picture{}, fmt.Errorf("read the parameter sets of %s: %w", codec, err)
	}
	return p, nil
}

// byKind sorts NAL units by their type. Those that a record cannot hold are left out.
func byKind(sets [][]byte, kind func(nal []byte) int) map[int][][]byte {
	const shortest, longest = 4, 1<<16 - 1
	out := map[int][][]byte{}
	for _, nal := range sets {
		if len(nal) >= shortest && len(nal) <= longest {
			out[kind(nal)] = append(out[kind(nal)], nal)
		}
	}
	return out
}

// counted writes NAL units, each behind its length.
func counted(out []byte, nals [][]byte) []byte {
	for _, nal := range nals {
		out = append(be.AppendUint16(out, uint16(len(nal))), nal...)
	}
	return out
}

// sequence is what a sequence parameter set says.
type sequence struct {
	chroma, luma, depth int // chroma_format_idc, bit depths
	width, height       int // of what is shown, pixels
}

// crop takes the edges away that are not shown, in units of the chroma format; rows is how many lines a unit has more, 2
// where fields are coded.
func (s *sequence) crop(r *reader, rows int) {
	left, right, top, bottom := int(r.ue()), int(r.ue()), int(r.ue()), int(r.ue())
	x, y := 1, 1
	if s.chroma == 1 || s.chroma == 2 {
		x = 2
	}
	if s.chroma == 1 {
		y = 2
	}
	s.width -= x * (left + right)
	s.height -= y * rows * (top + bottom)
}

// sane reports whether a picture has a size and a depth that the codecs have.
func (s sequence) sane() bool {
	const most, deepest = 1 << 14, 16
	return s.width > 0 && s.height > 0 && s.width <= most && s.height <= most &&
		s.chroma <= 3 && s.luma <= deepest && s.depth <= deepest
}

// fromAVC writes an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1).
func (p *Picture) fromAVC(nals map[int][][]byte) error {
	const mostSPS, mostPPS, lengthOfFour, reserved = 31, 255, 0xff, 0xe0
	all, pictures := nals[avcSPS], nals[avcPPS]
	if len(all) == 0 || len(pictures) == 0 || len(all) > mostSPS || len(pictures) > mostPPS {
		return fmt.Errorf("%w: %d sequence and %d picture parameter sets", ErrMalformed, len(all), len(pictures))
	}
	first := all[0]
	s, err := p.avcSequence(first)
	if err != nil {
		return err
	}
	p.Private = counted([]byte{1, first[1], first[2], first[3], lengthOfFour, reserved | byte(len(all))}, all)
	p.Private = counted(append(p.Private, byte(len(pictures))), pictures)
	switch first[1] {
	case 66, 77, 88: // the profiles without the fields that follow
	default:
		p.Private = append(p.Private, 0xfc|byte(s.chroma), 0xf8|byte(s.luma-8), 0xf8|byte(s.depth-8), 0)
	}
	return nil
}

// avcSequence reads a sequence parameter set (ITU-T H.264 section 7.3.2.1.1).
func (p *Picture) avcSequence(nal []byte) (s sequence, err error) {
	r := &reader{b: unescaped(nal[1:])}
	s = sequence{chroma: 1, luma: 8, depth: 8}
	profile := r.bits(8)
	r.bits(16)
	r.ue()
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		if s.chroma = int(r.ue()); s.chroma == 3 {
			r.bits(1)
		}
		s.luma, s.depth = 8+int(r.ue()), 8+int(r.ue())
		r.bits(1)
		if r.flag() {
			r.scalingLists(s.chroma)
		}
	}
	r.ue()
	switch r.ue() { // pic_order_cnt_type
	case 0:
		r.ue()
	case 1:
		r.bits(1)
		r.ue()
		r.ue()
		for range min(r.ue(), 255) {
			r.ue()
		}
	}
	r.ue()
	r.bits(1)
	s.width, s.height = 16*(1+int(r.ue())), 16*(1+int(r.ue()))
	rows := 1
	if !r.flag() { // frame_mbs_only_flag
		rows = 2
		s.height *= rows
		r.bits(1)
	}
	r.bits(1)
	if r.flag() {
		s.crop(r, rows)
	}
	if r.flag() {
		p.usability(r)
	}
	if r.short || !s.sane() {
		return s, fmt.Errorf("%w: a sequence parameter set of %d × %d pixels", ErrMalformed, s.width, s.height)
	}
	p.Width, p.Height = s.width, s.height
	return s, nil
}

// scalingLists passes scaling lists by (section 7.3.2.1.1.1).
func (r *reader) scalingLists(chroma int) {
	lists := 8
	if chroma == 3 {
		lists = 12
	}
	for n := range lists {
		if !r.flag() {
			continue
		}
		size, last, next := 16, 8, 8
		if n >= 6 {
			size = 64
		}
		for range size {
			if next != 0 {
				next = (last + r.se()) & 0xff
			}
			if next != 0 {
				last = next
			}
		}
	}
}

// pixelShapes are those of aspect_ratio_idc (ITU-T H.264 table E-1, the same in ITU-T H.265), from 1 on.
var pixelShapes = [...][2]uint32{
	{1, 1}, {12, 11}, {10, 11}, {16, 11}, {40, 33}, {24, 11}, {20, 11}, {32, 11},
	{80, 33}, {18, 11}, {15, 11}, {64, 33}, {160, 99}, {4, 3}, {3, 2}, {2, 1},
}

// usability reads the shape of pixels and the colour, with which the VUI parameters begin (ITU-T H.264 section E.1.1, the same
// in ITU-T H.265).
func (p *Picture) usability(r *reader) {
	const ownShape, unspecified = 255, 2
	if r.flag() {
		shape := r.bits(8)
		across, down := uint32(1), uint32(1)
		switch {
		case shape == ownShape:
			across, down = uint32(r.bits(16)), uint32(r.bits(16))
		case shape >= 1 && int(shape) <= len(pixelShapes):
			across, down = pixelShapes[shape-1][0], pixelShapes[shape-1][1]
		}
		if across != down {
			p.AspectAcross, p.AspectDown = across, down
		}
	}
	if r.flag() {
		r.bits(1)
	}
	if r.flag() {
		r.bits(3)
		c := Colour{Primaries: unspecified, Transfer: unspecified, Matrix: unspecified, Full: r.flag()}
		described := r.flag()
		if described {
			c.Primaries, c.Transfer, c.Matrix = uint16(r.bits(8)), uint16(r.bits(8)), uint16(r.bits(8))
		}
		if described || c.Full {
			p.Colour = &c
		}
	}
}

// unescaped takes the bytes out of a NAL unit that keep start codes out of it (ITU-T H.264 section 7.4.1).
func unescaped(nal []byte) []byte {
	out := make([]byte, 0, len(nal))
	zeros := 0
	for _, c := range nal {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if zeros++; c != 0 {
			zeros = 0
		}
		out = append(out, c)
	}
	return out
}
