package header

// bitReader reads a payload bit by bit, most significant first, and remembers that it ran out, so that a parser checks
// once at its end.
type bitReader struct {
	b     []byte
	at    int // bits read
	short bool
}

func (r *bitReader) u(n int) uint64 {
	var v uint64
	for range n {
		if r.at >= 8*len(r.b) {
			r.short = true
			return 0
		}
		v = v<<1 | uint64(r.b[r.at/8]>>(7-r.at%8)&1)
		r.at++
	}
	return v
}

func (r *bitReader) flag() bool { return r.u(1) == 1 }

func (r *bitReader) skip(n int) {
	if r.at += n; r.at > 8*len(r.b) {
		r.at, r.short = 8*len(r.b), true
	}
}

// ue reads an unsigned Exp-Golomb code (ITU-T H.264 section 9.1); one of more than 32 bits counts as running out.
func (r *bitReader) ue() uint64 {
	zeros := 0
	for !r.short && r.u(1) == 0 {
		if zeros++; zeros > 32 {
			r.short = true
		}
	}
	if r.short {
		return 0
	}
	return 1<<zeros - 1 + r.u(zeros)
}

// se reads a signed Exp-Golomb code.
func (r *bitReader) se() int64 {
	v := r.ue()
	if v%2 == 0 {
		return -int64(v / 2)
	}
	return int64(v+1) / 2
}

// uvlc reads the variable length code of AV1 (section 4.10.3), which is that of Exp-Golomb.
func (r *bitReader) uvlc() uint64 { return r.ue() }

// unescape takes the bytes out of a NAL unit that keep start codes out of it (ITU-T H.264 section 7.4.1).
func unescape(nal []byte) []byte {
	out := make([]byte, 0, len(nal))
	zeros := 0
	for _, c := range nal {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if out = append(out, c); c == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return out
}
