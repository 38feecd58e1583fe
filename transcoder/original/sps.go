package original

import "encoding/binary"

// reorderOf gives how many pictures at most come before another in decoding order and are shown after it, by the sequence
// parameter sets of a record; ok is false where they do not say.
func (u Units) reorderOf() (most int, ok bool) {
	for _, set := range u.sequenceSets() {
		n, said := avcReorder(set)
		if u.Codec == "hevc" {
			n, said = hevcReorder(set)
		}
		if !said {
			return 0, false
		}
		most, ok = max(most, n), true
	}
	return most, ok
}

// sequenceSets gives the sequence parameter sets of the record (ISO/IEC 14496-15 sections 5.3.3.1 and 8.3.3.1).
func (u Units) sequenceSets() (out [][]byte) {
	const avcCounted, hevcCounted, hevcSPS = 5, 22, hevcVPS + 1
	b := u.Record
	take := func(count int, keep bool) {
		for ; count > 0 && len(b) >= 2; count-- {
			size := int(binary.BigEndian.Uint16(b))
			if len(b) < 2+size {
				b = nil
				return
			}
			if keep {
				out = append(out, b[2:2+size])
			}
			b = b[2+size:]
		}
	}
	switch {
	case u.Codec == "h264" && len(b) > avcCounted:
		count := int(b[avcCounted] & 0x1f)
		b = b[avcCounted+1:]
		take(count, true)
	case u.Codec == "hevc" && len(b) > hevcCounted:
		arrays := int(b[hevcCounted])
		b = b[hevcCounted+1:]
		for ; arrays > 0 && len(b) >= 3; arrays-- {
			kind, count := int(b[0]&0x3f), int(binary.BigEndian.Uint16(b[1:]))
			b = b[3:]
			take(count, kind == hevcSPS)
		}
	}
	return out
}

// avcReorder reads max_num_reorder_frames of a sequence parameter set (ITU-T H.264 sections 7.3.2.1.1 and E.2.1). A picture order
// count of type 2 is that of decoding (section 8.2.1.3).
func avcReorder(nal []byte) (n int, ok bool) {
	b := bitReader{b: withoutEmulation(nal)}
	b.skip(8)
	profile := b.bits(8)
	constraints := b.bits(8)
	b.skip(8)
	b.exp()
	const cavlc444 = 44
	switch profile {
	case 100, 110, 122, 244, cavlc444, 83, 86, 118, 128, 138, 139, 134, 135:
		b.avcHigh()
	}
	b.exp()
	kind := b.exp()
	switch kind {
	case 0:
		b.exp()
	case 1:
		b.skip(1)
		b.exp()
		b.exp()
		for count := b.exp(); count > 0 && !b.short; count-- {
			b.exp()
		}
	}
	b.exp()
	b.skip(1)
	b.exp()
	b.exp()
	if b.bits(1) == 0 { // frame_mbs_only_flag
		b.skip(1)
	}
	b.skip(1)
	if b.bits(1) == 1 { // cropping
		b.exps(4)
	}
	if b.bits(1) == 1 {
		if n, ok = b.avcRestriction(); ok {
			return n, true
		}
	}
	const set3 = 0x10 // with it these profiles have nothing but key frames (section E.2.1)
	intra := profile == cavlc444 || profile == 86 || profile >= 100 && profile <= 122 || profile == 244
	return 0, !b.short && (kind == 2 || intra && constraints&set3 != 0)
}

// avcHigh passes what the set of a High profile has more.
func (b *bitReader) avcHigh() {
	lists := 8
	if b.exp() == 3 {
		b.skip(1)
		lists = 12
	}
	b.exps(2)
	b.skip(1)
	if b.bits(1) == 0 {
		return
	}
	for n := range lists {
		if b.bits(1) == 0 {
			continue
		}
		size := 16
		if n >= 6 {
			size = 64
		}
		last, next := 8, 8
		for range size {
			if next != 0 {
				next = (last + b.signed()) & 0xff
			}
			if next != 0 {
				last = next
			}
		}
	}
}

// avcRestriction reads the VUI parameters up to the bitstream restriction (section E.1.1).
func (b *bitReader) avcRestriction() (n int, ok bool) {
	const extended = 255
	if b.bits(1) == 1 && b.bits(8) == extended {
		b.skip(32)
	}
	if b.bits(1) == 1 {
		b.skip(1)
	}
	if b.bits(1) == 1 {
		b.skip(4)
		if b.bits(1) == 1 {
			b.skip(24)
		}
	}
	if b.bits(1) == 1 {
		b.exps(2)
	}
	if b.bits(1) == 1 {
		b.skip(65)
	}
	hrd := false
	for range 2 { // NAL and VCL
		if b.bits(1) == 1 {
			b.avcHRD()
			hrd = true
		}
	}
	if hrd {
		b.skip(1)
	}
	b.skip(1)
	if b.bits(1) == 0 {
		return 0, false
	}
	b.skip(1)
	b.exps(4)
	n = b.exp()
	return n, !b.short && n <= mostHeld
}

func (b *bitReader) avcHRD() {
	count := b.exp() + 1
	b.skip(8)
	for ; count > 0 && !b.short; count-- {
		b.exps(2)
		b.skip(1)
	}
	b.skip(20)
}

// hevcReorder reads sps_max_num_reorder_pics of the highest sub-layer (ITU-T H.265 section 7.3.2.2.1).
func hevcReorder(nal []byte) (n int, ok bool) {
	b := bitReader{b: withoutEmulation(nal)}
	b.skip(16 + 4)
	layers := b.bits(3)
	b.skip(1 + 96) // profile, tier and level (section 7.3.3)
	present := make([][2]int, layers)
	for n := range present {
		present[n] = [2]int{b.bits(1), b.bits(1)}
	}
	if layers > 0 {
		b.skip(2 * (8 - layers))
	}
	for _, p := range present {
		b.skip(88*p[0] + 8*p[1])
	}
	b.exp()
	if b.exp() == 3 {
		b.skip(1)
	}
	b.exps(2)
	if b.bits(1) == 1 {
		b.exps(4)
	}
	b.exps(3)
	first := layers
	if b.bits(1) == 1 {
		first = 0
	}
	for range layers - first + 1 {
		b.exp()
		n = b.exp()
		b.exp()
	}
	return n, !b.short && n < mostHeld
}

// withoutEmulation gives the payload of a NAL unit without the bytes that keep it from looking like a start code.
func withoutEmulation(nal []byte) []byte {
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

// bitReader reads bits, and the Exp-Golomb codes of ITU-T H.264 section 9.1. Behind the end it gives zeros and is short.
type bitReader struct {
	b     []byte
	at    int // bits
	short bool
}

func (b *bitReader) bits(n int) (v int) {
	for range n {
		v <<= 1
		if b.at>>3 >= len(b.b) {
			b.short = true
			continue
		}
		v |= int(b.b[b.at>>3]>>(7-b.at&7)) & 1
		b.at++
	}
	return v
}

func (b *bitReader) skip(n int) {
	if b.at += n; b.at > 8*len(b.b) {
		b.short = true
	}
}

// exp reads an unsigned code; one of more than 32 bits is none.
func (b *bitReader) exp() int {
	zeros := 0
	for b.bits(1) == 0 && !b.short {
		if zeros++; zeros > 32 {
			b.short = true
		}
	}
	return 1<<zeros - 1 + b.bits(zeros)
}

func (b *bitReader) exps(n int) {
	for range n {
		b.exp()
	}
}

func (b *bitReader) signed() int {
	v := b.exp()
	if v&1 == 1 {
		return (v + 1) / 2
	}
	return -v / 2
}
