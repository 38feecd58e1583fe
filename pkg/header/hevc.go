package header

// hevc reads an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 8.3.3.1) and its first sequence parameter set.
func hevc(config []byte) (picture, bool) {
	const fixed, spsType = 23, 33
	if len(config) < fixed || config[0] != 1 {
		return picture{}, false
	}
	b := config[fixed:]
	for range config[fixed-1] {
		if len(b) < 3 {
			return picture{}, false
		}
		kind, count := b[0]&0x3f, int(b[1])<<8|int(b[2])
		b = b[3:]
		for range count {
			if len(b) < 2 {
				return picture{}, false
			}
			length := int(b[0])<<8 | int(b[1])
			if b = b[2:]; length < 2 || len(b) < length {
				return picture{}, false
			}
			if kind == spsType {
				return hevcParameters(unescape(b[2:length]))
			}
			b = b[length:]
		}
	}
	return picture{}, false
}

// hevcParameters reads ITU-T H.265 section 7.3.2.2.1.
func hevcParameters(sps []byte) (picture, bool) {
	r := &bitReader{b: sps}
	p := picture{
		codec: "hevc", fieldOrder: "progressive", primaries: unspecified, transfer: unspecified,
		matrix: unspecified,
	}
	r.skip(4) // sps_video_parameter_set_id
	layers := int(r.u(3))
	r.skip(1)
	p.hevcLevel(r, layers)
	r.ue() // sps_seq_parameter_set_id
	chroma := int(r.ue())
	if chroma == 3 && r.flag() { // separate_colour_plane_flag
		return picture{}, false
	}
	p.width, p.height = int(r.ue()), int(r.ue())
	if r.flag() { // conformance_window_flag
		left, right, top, bottom := int(r.ue()), int(r.ue()), int(r.ue()), int(r.ue())
		x, y := chromaStep(chroma)
		p.width -= (left + right) * x
		p.height -= (top + bottom) * y
	}
	luma, depth := int(r.ue())+8, int(r.ue())+8
	order := int(r.ue()) + 4 // log2_max_pic_order_cnt_lsb
	first := layers
	if r.flag() { // sps_sub_layer_ordering_info_present_flag
		first = 0
	}
	for range layers - first + 1 {
		r.ue()
		r.ue()
		r.ue()
	}
	for range 6 { // sizes and depths of blocks
		r.ue()
	}
	if enabled := r.flag(); enabled && r.flag() { // scaling_list_enabled_flag, sps_scaling_list_data_present_flag
		r.skipScalingLists()
	}
	r.skip(2)     // amp_enabled_flag, sample_adaptive_offset_enabled_flag
	if r.flag() { // pcm_enabled_flag
		r.skip(8)
		r.ue()
		r.ue()
		r.skip(1)
	}
	if !r.skipReferenceSets(int(r.ue())) {
		return picture{}, false
	}
	if r.flag() { // long_term_ref_pics_present_flag
		for range min(r.ue(), 32) {
			r.skip(order + 1)
		}
	}
	r.skip(2) // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
	full := false
	if r.flag() { // vui_parameters_present_flag
		full = p.vui(r)
		if r.flag() { // chroma_loc_info_present_flag
			r.ue()
			r.ue()
		}
		r.skip(1)     // neutral_chroma_indication_flag
		if r.flag() { // field_seq_flag: every picture is a field
			return picture{}, false
		}
	}
	p.pixels = pixelFormat(chroma, luma, depth, full && chroma == 1)
	// An SEI message may put HLG in the place of this transfer (section D.3.49), and it stands with the pictures.
	const tenBits = 14
	return p, p.ok(r) && p.transfer != tenBits
}

// hevcLevel reads profile_tier_level (section 7.3.3).
func (p *picture) hevcLevel(r *bitReader, layers int) {
	r.skip(3) // general_profile_space, general_tier_flag
	p.profile = map[int]string{1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Rext"}[int(r.u(5))]
	r.skip(32) // compatibility flags
	r.skip(2)  // general_progressive_source_flag, general_interlaced_source_flag
	r.skip(46)
	p.level = int(r.u(8))
	if layers == 0 {
		return
	}
	var profiles, levels [8]bool
	for n := range 8 {
		here := n < layers
		profiles[n], levels[n] = r.flag() && here, r.flag() && here
	}
	for n := range layers {
		if profiles[n] {
			r.skip(88)
		}
		if levels[n] {
			r.skip(8)
		}
	}
}

// skipScalingLists passes scaling_list_data by (section 7.3.4).
func (r *bitReader) skipScalingLists() {
	for size := range 4 {
		step := 1
		if size == 3 {
			step = 3
		}
		for matrix := 0; matrix < 6; matrix += step {
			if !r.flag() { // scaling_list_pred_mode_flag
				r.ue()
				continue
			}
			if size > 1 {
				r.se()
			}
			for range min(64, 1<<(4+size<<1)) {
				r.se()
			}
		}
	}
}

// skipReferenceSets passes the short-term reference picture sets by (section 7.3.7). Each may be told by its difference
// from the one before, so their sizes are kept.
func (r *bitReader) skipReferenceSets(count int) bool {
	if count > 64 {
		return false
	}
	before := 0 // pictures in the set before
	for n := range count {
		if n > 0 && r.flag() { // inter_ref_pic_set_prediction_flag
			r.skip(1)
			r.ue()
			here := 0
			for range before + 1 {
				used := r.flag()
				if used || r.flag() { // used_by_curr_pic_flag, use_delta_flag
					here++
				}
			}
			before = here
			continue
		}
		negative, positive := int(r.ue()), int(r.ue())
		if negative > 16 || positive > 16 {
			return false
		}
		for range negative + positive {
			r.ue()
			r.skip(1)
		}
		before = negative + positive
	}
	return !r.short
}
