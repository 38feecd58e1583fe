package header

// h264 reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1) and its first sequence parameter set
// (ITU-T H.264 section 7.3.2.1.1). Pictures that may be interlaced are not read: which field comes first stands in
// them.
func h264(config []byte) (picture, bool) {
	const fixed = 6
	if len(config) < fixed+2 || config[0] != 1 || config[5]&0x1f == 0 {
		return picture{}, false
	}
	length := int(config[6])<<8 | int(config[7])
	if length < 4 || len(config) < fixed+2+length {
		return picture{}, false
	}
	nal := config[fixed+2:][:length]
	if nal[0]&0x1f != 7 {
		return picture{}, false
	}
	return h264Parameters(unescape(nal[1:]))
}

func h264Parameters(sps []byte) (picture, bool) {
	r := &bitReader{b: sps}
	p := picture{codec: "h264", primaries: unspecified, transfer: unspecified, matrix: unspecified}
	idc, constraints := int(r.u(8)), r.u(8)
	p.level = int(r.u(8))
	p.profile = h264Profile(idc, constraints)
	r.ue() // seq_parameter_set_id
	chroma, luma, depth := 1, 8, 8
	switch idc {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		if chroma = int(r.ue()); chroma == 3 && r.flag() { // separate_colour_plane_flag
			return picture{}, false
		}
		luma, depth = int(r.ue())+8, int(r.ue())+8
		r.skip(1)     // qpprime_y_zero_transform_bypass_flag
		if r.flag() { // seq_scaling_matrix_present_flag
			lists := 8
			if chroma == 3 {
				lists = 12
			}
			for n := range lists {
				if r.flag() {
					r.skipScalingList(n)
				}
			}
		}
	}
	r.ue() // log2_max_frame_num_minus4
	switch r.ue() {
	case 0:
		r.ue()
	case 1:
		r.skip(1)
		r.se()
		r.se()
		for range min(r.ue(), 255) {
			r.se()
		}
	}
	r.ue() // max_num_ref_frames
	r.skip(1)
	p.width, p.height = 16*int(r.ue()+1), 16*int(r.ue()+1)
	if !r.flag() { // frame_mbs_only_flag
		return picture{}, false
	}
	p.fieldOrder = "progressive"
	r.skip(1)     // direct_8x8_inference_flag
	if r.flag() { // frame_cropping_flag
		left, right, top, bottom := int(r.ue()), int(r.ue()), int(r.ue()), int(r.ue())
		x, y := chromaStep(chroma)
		p.width -= (left + right) * x
		p.height -= (top + bottom) * y
	}
	full := false
	if r.flag() { // vui_parameters_present_flag
		full = p.vui(r)
	}
	p.pixels = pixelFormat(chroma, luma, depth, full)
	return p, p.ok(r)
}

// ok reports whether a parameter set was read to where its facts are and makes sense.
func (p picture) ok(r *bitReader) bool {
	const rgb = 0
	return !r.short && p.pixels != "" && p.profile != "" && p.matrix != rgb && saneSize(p.width, p.height)
}

// saneSize bounds what a picture may measure, as every level of the codecs does.
func saneSize(width, height int) bool {
	return width > 0 && height > 0 && width <= 16384 && height <= 16384
}

// chromaStep is CropUnitX and CropUnitY of a frame.
func chromaStep(chroma int) (x, y int) {
	switch chroma {
	case 1:
		return 2, 2
	case 2:
		return 2, 1
	}
	return 1, 1
}

// skipScalingList passes list n by (section 7.3.2.1.1.1): six of 16 entries, then those of 64.
func (r *bitReader) skipScalingList(n int) {
	size := 16
	if n >= 6 {
		size = 64
	}
	last, next := int64(8), int64(8)
	for range size {
		if next != 0 {
			next = (last + r.se() + 256) % 256
		}
		if next != 0 {
			last = next
		}
	}
}

// h264Profile names a profile_idc with its constraint flags (section A.2); "" for one that says little.
func h264Profile(idc int, constraints uint64) string {
	const set1, set3 = 0x40, 0x10
	switch idc {
	case 66:
		if constraints&set1 != 0 {
			return "Constrained Baseline"
		}
		return "Baseline"
	case 77:
		return "Main"
	case 88:
		return "Extended"
	case 100:
		return "High"
	}
	if constraints&set3 != 0 { // the profiles of intra pictures only
		return ""
	}
	return map[int]string{110: "High 10", 122: "High 4:2:2", 244: "High 4:4:4 Predictive"}[idc]
}
