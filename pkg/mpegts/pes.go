package mpegts

// PES is the header of a PES packet (ISO/IEC 13818-1 section 2.4.3.6).
type PES struct {
	// PTS and DTS are its times in ticks of 90 kHz, 33 bits; −1 = it has none. DTS is PTS where only that is there.
	PTS, DTS  int64
	Header    int // bytes before what it carries
	Scrambled bool
}

// ParsePES reads the header of the PES packet that begins with b; ok is false when b is none, or ends before its header does.
func ParsePES(b []byte) (p PES, ok bool) {
	const fixed, marker, hasPTS, hasDTS, clockBytes = 9, 0x80, 0x80, 0x40, 5
	if len(b) < fixed || b[0] != 0 || b[1] != 0 || b[2] != 1 || b[6]&0xc0 != marker {
		return p, false
	}
	p = PES{PTS: -1, DTS: -1, Header: fixed + int(b[8]), Scrambled: b[6]&0x30 != 0}
	if len(b) < p.Header {
		return p, false
	}
	if b[7]&hasPTS != 0 && b[8] >= clockBytes {
		p.PTS = clock(b[fixed:])
		p.DTS = p.PTS
		if b[7]&hasDTS != 0 && b[8] >= 2*clockBytes {
			p.DTS = clock(b[fixed+clockBytes:])
		}
	}
	return p, true
}

// clock reads the 33 bits of a time between its marker bits.
func clock(b []byte) int64 {
	return int64(b[0]>>1&7)<<30 | int64(b[1])<<22 | int64(b[2]>>1)<<15 | int64(b[3])<<7 | int64(b[4]>>1)
}

// Unwrap gives the time nearest to another that has the 33 bits of a clock: clocks start over after 26 hours.
func Unwrap(bits, near int64) int64 { return near + passed(moment{clock: near}, moment{clock: bits}) }
