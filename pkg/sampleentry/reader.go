package sampleentry

// reader reads fields bit by bit, most significant first, and remembers that it ran out, so that a parser checks once at
// its end.
type reader struct {
	b     []byte
	at    int // bits read
	short bool
}

func (r *reader) bits(n int) (v uint64) {
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

func (r *reader) flag() bool { return r.bits(1) == 1 }

// writer writes fields bit by bit, most significant first.
type writer struct {
	b  []byte
	at int // bits written
}

func (w *writer) bits(n int, v uint64) {
	for n--; n >= 0; n-- {
		if w.at%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.at/8] |= byte(v>>n&1) << (7 - w.at%8)
		w.at++
	}
}

// ue reads an unsigned Exp-Golomb code (ITU-T H.264 section 9.1); one of more than 32 bits is none.
func (r *reader) ue() uint64 {
	const longest = 32
	zeros := 0
	for !r.short && r.bits(1) == 0 {
		if zeros++; zeros > longest {
			r.short = true
		}
	}
	if r.short {
		return 0
	}
	return 1<<zeros - 1 + r.bits(zeros)
}

// se reads a signed one.
func (r *reader) se() int {
	v := int(r.ue())
	if v%2 == 0 {
		return -v / 2
	}
	return (v + 1) / 2
}
