package original

import (
	"bytes"
	"errors"

	"movify/pkg/mpegts"
)

// What may be wrong with the packets of a stream.
var (
	errLostPackets = errors.New("packets of a transport stream are missing or damaged")
	errScrambled   = errors.New("packets of a transport stream are scrambled")
)

// pesPlace is a PES packet of a stream.
type pesPlace struct {
	number   int   // it is the numberth one that was met
	offset   int64 // in the file, of the packet in which it begins
	from     int64 // of its first byte, in the bytes of the stream
	pts, dts int64 // ticks of 90 kHz, 33 bits; −1 = it has none
}

// tsBytes joins the bytes that the packets of one PID carry.
type tsBytes struct {
	at      int64 // bytes so far
	pes     pesPlace
	counter int // of the last packet, −1 before the first
	last    []byte
	// take takes bytes of a payload, which are valid until it returns, and their offset in the file. Those before the first PES
	// packet are left out.
	take func(b []byte, offset int64, pes pesPlace) error
}

// packet adds a packet of the PID. One that comes twice counts once (ISO/IEC 13818-1 section 2.4.3.3).
func (s *tsBytes) packet(p mpegts.Packet) error {
	switch {
	case p.Damaged:
		return errLostPackets
	case p.Scrambled:
		return errScrambled
	case len(p.Payload) == 0:
		return nil
	}
	counter := int(p.Counter)
	if s.counter == counter && bytes.Equal(s.last, p.Payload) {
		return nil
	}
	if s.counter >= 0 && counter != (s.counter+1)&0xf {
		return errLostPackets
	}
	s.counter, s.last = counter, append(s.last[:0], p.Payload...)
	b, offset := p.Payload, p.At
	if p.Start {
		header, ok := mpegts.ParsePES(b)
		switch {
		case !ok:
			return errLostPackets
		case header.Scrambled:
			return errScrambled
		}
		s.pes = pesPlace{number: s.pes.number + 1, offset: p.Offset, from: s.at, pts: header.PTS, dts: header.DTS}
		b, offset = b[header.Header:], offset+int64(header.Header)
	}
	if s.pes.number == 0 || len(b) == 0 {
		return nil
	}
	err := s.take(b, offset, s.pes)
	s.at += int64(len(b))
	return err
}

// readPID gives the packets of one PID that begin in [from, to) to take, until that gives an error.
func readPID(file *mpegts.Reader, from, to int64, pid uint16, take func(mpegts.Packet) error) (err error) {
	failed := file.Each(from, to, func(p mpegts.Packet) bool {
		if p.PID == pid {
			err = take(p)
		}
		return err == nil
	})
	if err == nil {
		err = failed
	}
	return err
}
