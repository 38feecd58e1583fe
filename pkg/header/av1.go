package header

// av1 reads an AV1CodecConfigurationRecord (AV1 in ISOBMFF section 2.3.3) and, when it is there, the sequence header in
// it (AV1 section 5.5).
func av1(config []byte) (picture, bool) {
	const fixed, marked = 4, 0x81
	if len(config) < fixed || config[0] != marked {
		return picture{}, false
	}
	p := picture{
		codec: "av1", fieldOrder: "progressive", primaries: unspecified, transfer: unspecified,
		matrix: unspecified,
	}
	profile := int(config[1] >> 5)
	p.profile = map[int]string{0: "Main", 1: "High", 2: "Professional"}[profile]
	p.level = int(config[1] & 0x1f)
	depth := 8
	if config[2]&0x40 != 0 {
		depth = 10
	}
	if config[2]&0x20 != 0 {
		depth = 12
	}
	chroma := map[byte]int{0x0c: 1, 0x08: 2, 0x00: 3}[config[2]&0x0c]
	if mono := config[2]&0x10 != 0; mono {
		chroma = 0
	}
	p.pixels = pixelFormat(chroma, depth, depth, false)
	sequence, ok := sequenceHeader(config[fixed:])
	if !ok {
		return picture{}, false
	}
	r := &bitReader{b: sequence}
	p.av1Sequence(r, profile)
	return p, p.ok(r)
}

// sequenceHeader finds the payload of the sequence header among OBUs (section 5.3).
func sequenceHeader(b []byte) ([]byte, bool) {
	for len(b) > 0 {
		kind, extended, sized := b[0]>>3&0xf, b[0]&4 != 0, b[0]&2 != 0
		b = b[1:]
		if extended && len(b) > 0 {
			b = b[1:]
		}
		size := len(b)
		if sized {
			n, used := leb128(b)
			if used == 0 || n > uint64(len(b)-used) {
				return nil, false
			}
			b, size = b[used:], int(n)
		}
		if kind == 1 {
			return b[:size], true
		}
		b = b[size:]
	}
	return nil, false
}

// leb128 reads a number of AV1 section 4.10.5 and how many bytes it took, 0 when there is none.
func leb128(b []byte) (v uint64, used int) {
	for n := range min(8, len(b)) {
		v |= uint64(b[n]&0x7f) << (7 * n)
		if b[n]&0x80 == 0 {
			return v, n + 1
		}
	}
	return 0, 0
}

// av1Sequence reads a sequence header up to its colours.
func (p *picture) av1Sequence(r *bitReader, profile int) {
	r.skip(3 + 1) // seq_profile, still_picture
	if r.flag() { // reduced_still_picture_header
		r.short = true // a picture, not a film
		return
	}
	r.av1Operation()
	wide, high := int(r.u(4))+1, int(r.u(4))+1
	p.width, p.height = int(r.u(wide))+1, int(r.u(high))+1
	p.av1Tools(r)
	p.av1Colours(r, profile)
}

// av1Operation passes timing and operating points by.
func (r *bitReader) av1Operation() {
	model, delay := false, 0
	if r.flag() { // timing_info_present_flag
		r.skip(64)
		if r.flag() { // equal_picture_interval
			r.uvlc()
		}
		if model = r.flag(); model {
			delay = int(r.u(5)) + 1
			r.skip(32 + 5 + 5)
		}
	}
	display := r.flag()
	for range r.u(5) + 1 {
		r.skip(12)
		if level := r.u(5); level > 7 {
			r.skip(1)
		}
		if model && r.flag() {
			r.skip(2*delay + 1)
		}
		if display && r.flag() {
			r.skip(4)
		}
	}
}

// av1Tools passes by what turns coding tools on.
func (p *picture) av1Tools(r *bitReader) {
	if r.flag() { // frame_id_numbers_present_flag
		r.skip(4 + 3)
	}
	r.skip(3) // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
	r.skip(4) // interintra, masked compound, warped motion, dual filter
	order := r.flag()
	if order {
		r.skip(2)
	}
	const chosen = 2
	screen := uint64(chosen)
	if !r.flag() { // seq_choose_screen_content_tools
		screen = r.u(1)
	}
	if screen > 0 && !r.flag() { // seq_choose_integer_mv
		r.skip(1)
	}
	if order {
		r.skip(3)
	}
	r.skip(3) // superres, cdef, restoration
}

// av1Colours reads color_config up to its code points.
func (p *picture) av1Colours(r *bitReader, profile int) {
	deep := r.flag() // high_bitdepth
	if profile == 2 && deep {
		r.skip(1)
	}
	if profile != 1 {
		r.skip(1) // mono_chrome
	}
	if r.flag() { // color_description_present_flag
		p.primaries, p.transfer, p.matrix = int(r.u(8)), int(r.u(8)), int(r.u(8))
		p.spoken = true
	}
}
