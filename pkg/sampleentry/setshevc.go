package sampleentry

import "fmt"

// fromHEVC writes an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 8.3.3.1). Its arrays are said to have all
// parameter sets.
func (p *Picture) fromHEVC(nals map[int][][]byte) error {
	const most, header, profile, complete, lengthOfFour = 16, 2, 12, 0x80, 3
	kinds := [...]int{hevcVPS, hevcSPS, hevcPPS}
	for _, kind := range kinds {
		if n := len(nals[kind]); n == 0 || n > most*most {
			return fmt.Errorf("%w: %d parameter sets of type %d", ErrMalformed, n, kind)
		}
	}
	b := unescaped(nals[hevcSPS][0])
	if len(b) < header+1+profile {
		return fmt.Errorf("%w: a sequence parameter set of %d bytes", ErrMalformed, len(b))
	}
	s, err := p.hevcSequence(b[header:])
	if err != nil {
		return err
	}
	layers, nested := b[header]>>1&7+1, b[header]&1
	p.Private = append([]byte{1}, b[header+1:][:profile]...)
	p.Private = append(p.Private,
		0xf0, 0, // min_spatial_segmentation_idc: none is known
		0xfc, // parallelismType: none is known
		0xfc|byte(s.chroma), 0xf8|byte(s.luma-8), 0xf8|byte(s.depth-8),
		0, 0, // avgFrameRate: not given
		layers<<3|nested<<2|lengthOfFour, byte(len(kinds)))
	for _, kind := range kinds {
		p.Private = append(p.Private, complete|byte(kind), 0, byte(len(nals[kind])))
		p.Private = counted(p.Private, nals[kind])
	}
	return nil
}

// hevcSequence reads a sequence parameter set behind its NAL unit header (ITU-T H.265 section 7.3.2.2.1).
func (p *Picture) hevcSequence(b []byte) (s sequence, err error) {
	r := &reader{b: b}
	r.bits(4)
	layers := int(r.bits(3))
	r.bits(1)
	r.profileTierLevel(layers)
	r.ue()
	if s.chroma = int(r.ue()); s.chroma == 3 {
		r.bits(1)
	}
	s.width, s.height = int(r.ue()), int(r.ue())
	if r.flag() {
		s.crop(r, 1)
	}
	s.luma, s.depth = 8+int(r.ue()), 8+int(r.ue())
	if r.short || !s.sane() {
		return s, fmt.Errorf("%w: a sequence parameter set of %d × %d pixels", ErrMalformed, s.width, s.height)
	}
	p.Width, p.Height = s.width, s.height
	if r.toUsability(layers) && r.flag() {
		shape := *p
		if shape.usability(r); !r.short {
			*p = shape
		}
	}
	return s, nil
}

// profileTierLevel passes profile_tier_level by (section 7.3.3).
func (r *reader) profileTierLevel(layers int) {
	r.bits(88)
	r.bits(8)
	if layers == 0 {
		return
	}
	var profiles, levels [8]bool
	for n := range profiles {
		profiles[n], levels[n] = r.flag() && n < layers, r.flag() && n < layers
	}
	for n := range layers {
		if profiles[n] {
			r.bits(88)
		}
		if levels[n] {
			r.bits(8)
		}
	}
}

// toUsability passes all by between the bit depths and vui_parameters_present_flag; ok is false where that cannot be read.
func (r *reader) toUsability(layers int) (ok bool) {
	order := int(r.ue()) + 4
	first := layers
	if r.flag() {
		first = 0
	}
	for range 3 * (layers - first + 1) {
		r.ue()
	}
	for range 6 { // sizes and depths of blocks
		r.ue()
	}
	if enabled := r.flag(); enabled && r.flag() {
		r.hevcScalingLists()
	}
	r.bits(2)
	if r.flag() { // pcm_enabled_flag
		r.bits(8)
		r.ue()
		r.ue()
		r.bits(1)
	}
	if !r.referenceSets(int(r.ue())) {
		return false
	}
	if r.flag() {
		for range min(r.ue(), 32) {
			r.bits(min(order, 16) + 1)
		}
	}
	r.bits(2)
	return !r.short
}

// hevcScalingLists passes scaling_list_data by (section 7.3.4).
func (r *reader) hevcScalingLists() {
	for size := range 4 {
		step := 1
		if size == 3 {
			step = 3
		}
		for matrix := 0; matrix < 6; matrix += step {
			if !r.flag() {
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

// referenceSets passes the short-term reference picture sets by (section 7.3.7). One may be told by its difference from the one
// before.
func (r *reader) referenceSets(count int) (ok bool) {
	const mostSets, mostPictures = 64, 16
	if count > mostSets {
		return false
	}
	pictures := 0 // of the set before
	for n := range count {
		if n > 0 && r.flag() {
			r.bits(1)
			r.ue()
			kept := 0
			for range pictures + 1 {
				if used := r.flag(); used || r.flag() {
					kept++
				}
			}
			pictures = kept
			continue
		}
		negative, positive := int(r.ue()), int(r.ue())
		if negative > mostPictures || positive > mostPictures {
			return false
		}
		for range negative + positive {
			r.ue()
			r.bits(1)
		}
		pictures = negative + positive
	}
	return !r.short
}
