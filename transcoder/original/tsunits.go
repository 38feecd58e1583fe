package original

import (
	"bytes"
	"fmt"
)

// tsUnit is a NAL unit of a byte stream (ITU-T H.264 annex B, ITU-T H.265 annex B).
type tsUnit struct {
	from, to int64    // in the bytes of the stream
	head     []byte   // its first bytes; of a parameter set all, up to maxSet
	pes      pesPlace // in which it begins
}

// headBytes are those of a NAL unit of which the kind and the beginning of a slice are read, messageBytes those of supplemental
// enhancement information.
const (
	headBytes    = 3
	messageBytes = 64
)

// unitScanner finds the NAL units of a byte stream: what stands between start codes, without the zeros before those.
type unitScanner struct {
	hevc  bool
	found func(tsUnit) error
	at    int64 // bytes so far
	zeros int64 // with which those end
	open  bool  // a start code was met
	unit  tsUnit
}

func (s *unitScanner) add(b []byte, pes pesPlace) error {
	done := 0
	for from := 0; ; {
		n := bytes.IndexByte(b[from:], 1)
		if n < 0 {
			break
		}
		n += from
		from = n + 1
		zeros := s.zerosBefore(b[:n])
		if zeros < 2 {
			continue
		}
		s.read(b[done:n], pes)
		if err := s.close(s.at + int64(n) - zeros); err != nil {
			return err
		}
		s.open, done = true, from
		s.unit = tsUnit{from: s.at + int64(from), head: s.unit.head[:0]}
	}
	s.read(b[done:], pes)
	s.zeros = s.zerosBefore(b)
	s.at += int64(len(b))
	return nil
}

// zerosBefore is with how many zeros b ends, those before it included.
func (s *unitScanner) zerosBefore(b []byte) int64 {
	n := len(b)
	for n > 0 && b[n-1] == 0 {
		n--
	}
	if n == 0 {
		return s.zeros + int64(len(b))
	}
	return int64(len(b) - n)
}

// read keeps the first bytes of the open unit.
func (s *unitScanner) read(b []byte, pes pesPlace) {
	if !s.open || len(b) == 0 {
		return
	}
	if len(s.unit.head) == 0 {
		s.unit.pes = pes
		s.unit.head = append(s.unit.head, b[0])
		b = b[1:]
	}
	most := headBytes
	switch kind := kindOf(s.unit.head, s.hevc); {
	case kind.set:
		most = maxSet + 1
	case kind.message:
		most = messageBytes
	}
	s.unit.head = append(s.unit.head, b[:min(len(b), max(0, most-len(s.unit.head)))]...)
}

// close ends the open unit. One without bytes is none.
func (s *unitScanner) close(end int64) error {
	if !s.open || end <= s.unit.from {
		return nil
	}
	s.open = false
	s.unit.to = end
	s.unit.head = s.unit.head[:min(int64(len(s.unit.head)), end-s.unit.from)]
	return s.found(s.unit)
}

// finish ends the stream.
func (s *unitScanner) finish() error { return s.close(s.at - s.zeros) }

// unitKind says what a NAL unit is.
type unitKind struct {
	slice  bool // of a picture
	first  bool // the first one of it
	entry  bool // of a picture at which decoding can begin
	begins bool // it stands before the slices of a picture (ITU-T H.264 section 7.4.1.2.3, ITU-T H.265 section 7.4.2.4.4)
	set    bool // a parameter set
	// Of H.264: supplemental enhancement information.
	message bool
}

// kindOf reads the first bytes of a NAL unit.
func kindOf(head []byte, hevc bool) unitKind {
	if hevc {
		return hevcKind(head)
	}
	const first, message, separator, prefix, reserved = 0x80, 6, 9, 14, 18
	kind := head[0] & 0x1f
	slice := kind >= avcSlice && kind <= avcIDR
	return unitKind{
		slice: slice, first: slice && len(head) > 1 && head[1]&first != 0, entry: kind == avcIDR,
		set:     kind == avcSPS || kind == avcPPS,
		message: kind == message,
		begins:  kind > avcIDR && kind <= separator || kind >= prefix && kind <= reserved,
	}
}

func hevcKind(head []byte) unitKind {
	const first, separator, information, reserved, free, freeToo = 0x80, 35, 39, 41, 44, 48
	kind := head[0] >> 1 & 0x3f
	if head[0]&1 != 0 || len(head) > 1 && head[1]>>3 != 0 { // of another layer (section 7.4.2.2)
		return unitKind{}
	}
	slice := kind <= hevcLastSlice
	return unitKind{
		slice: slice, first: slice && len(head) > 2 && head[2]&first != 0,
		entry: kind >= hevcFirstIRAP && kind <= hevcLastIRAP, set: kind >= hevcVPS && kind <= hevcPPS,
		begins: kind >= hevcVPS && kind <= separator || kind == information || kind >= reserved && kind <= free ||
			kind >= freeToo && kind < freeToo+8,
	}
}

// tsPictureUnits are an access unit: the NAL units of one picture.
type tsPictureUnits struct {
	pes     pesPlace // in which it begins
	timed   bool     // it is the first that begins there: the times are its own
	aligned bool     // it begins with that
	entry   bool     // decoding can begin here
	// recovery says that it is a recovery point (ITU-T H.264 section D.2.8). Containers take one for a key frame.
	recovery bool
	size     int64 // as a sample: of the units, each behind a length of four bytes
	units    [][2]int64
}

// maxUnitsOfPicture bounds the NAL units of a picture: one of the highest level has 600 slices.
const maxUnitsOfPicture = 4096

// pictureReader divides a byte stream into pictures.
type pictureReader struct {
	unitScanner
	picture tsPictureUnits
	sliced  bool  // a slice of it was met
	begun   int   // number of the PES packet in which the last picture began
	end     int64 // of the last unit
	set     func(nal []byte) error
	done    func(tsPictureUnits) error
}

func newPictureReader(hevc bool, set func(nal []byte) error, done func(tsPictureUnits) error) *pictureReader {
	r := &pictureReader{set: set, done: done}
	r.unitScanner = unitScanner{hevc: hevc, found: r.unit}
	return r
}

func (r *pictureReader) unit(u tsUnit) error {
	kind := kindOf(u.head, r.hevc)
	if r.sliced && (kind.begins || kind.first) {
		if err := r.emit(); err != nil {
			return err
		}
	}
	p := &r.picture
	if len(p.units) == 0 {
		p.pes, p.timed, p.aligned = u.pes, r.begun != u.pes.number, r.end <= u.pes.from
		r.begun = u.pes.number
	}
	p.units = append(p.units, [2]int64{u.from, u.to})
	p.size += 4 + u.to - u.from
	if p.size > maxBytes || len(p.units) > maxUnitsOfPicture {
		return ErrDense.Because(fmt.Errorf("a picture of %d bytes in %d units", p.size, len(p.units)))
	}
	if kind.slice && !r.sliced {
		r.sliced, p.entry = true, kind.entry
	}
	r.end = u.to
	p.recovery = p.recovery || kind.message && tellsRecovery(u.head[1:])
	if kind.set {
		return r.set(u.head)
	}
	return nil
}

// tellsRecovery reports whether one of the messages of a NAL unit is that of a recovery point (ITU-T H.264 section 7.3.2.3.1).
func tellsRecovery(messages []byte) bool {
	const recoveryPoint = 6
	number := func() (n int) {
		for len(messages) > 0 {
			b := messages[0]
			messages = messages[1:]
			if n += int(b); b != 0xff {
				break
			}
		}
		return n
	}
	for len(messages) > 1 {
		kind, size := number(), number()
		if kind == recoveryPoint {
			return true
		}
		messages = messages[min(size, len(messages)):]
	}
	return false
}

// emit gives out the picture. What has no slice is none.
func (r *pictureReader) emit() error {
	p, sliced := r.picture, r.sliced
	r.picture, r.sliced = tsPictureUnits{units: p.units[:0]}, false
	if !sliced {
		return nil
	}
	return r.done(p)
}

func (r *pictureReader) finish() error {
	if err := r.unitScanner.finish(); err != nil {
		return err
	}
	return r.emit()
}
