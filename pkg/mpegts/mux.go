package mpegts

import (
	"encoding/binary"
	"slices"
)

// Stream types that are written (ISO/IEC 13818-1 table 2-34).
const (
	TypeH264 = 0x1b
	TypeAAC  = 0x0f // with ADTS headers
)

// Elementary is a stream that is written.
type Elementary struct {
	Type   byte
	Frames []Frame // in decoding order
}

// Frame is what one PES packet carries: a picture with start codes, or some frames of sound. Times are ticks of 90 kHz, of
// 33 bits, and later than a second.
type Frame struct {
	PTS, DTS int64
	Key      bool
	Data     []byte
}

// PIDs that are written.
const (
	pmtPID   = 0x1000
	firstPID = 0x100
)

// Segment writes a part of a transport stream with one program of some streams, the first of which has the clock. number is that
// of the segment: equal arguments give equal bytes. It begins with the tables, and players may read segments one after
// the other: the counters of the tables are the number's, and those of a stream begin with 0 and end with 15 in each.
func Segment(number int, streams ...Elementary) []byte {
	w := writer{counters: make([]byte, len(streams))}
	w.table(pat, byte(number), association())
	w.table(pmtPID, byte(number), program(streams))
	next := make([]int, len(streams))
	for {
		earliest, at := -1, int64(0)
		for n, s := range streams {
			if next[n] < len(s.Frames) && (earliest < 0 || s.Frames[next[n]].DTS < at) {
				earliest, at = n, s.Frames[next[n]].DTS
			}
		}
		if earliest < 0 {
			return w.out
		}
		w.frame(earliest, streams[earliest], next[earliest])
		next[earliest]++
	}
}

// writer writes packets.
type writer struct {
	out      []byte
	counters []byte // of the streams: that of the next packet
}

func association() []byte {
	const id, version, programNumber = 1, 0xc1, 1
	return section(associationTable, []byte{0, id, version, 0, 0, 0, programNumber, 0xe0 | pmtPID>>8, pmtPID & 0xff})
}

func program(streams []Elementary) []byte {
	const programNumber, version = 1, 0xc1
	body := []byte{0, programNumber, version, 0, 0, 0xe0 | firstPID>>8, firstPID & 0xff, 0xf0, 0}
	for n, s := range streams {
		body = append(body, s.Type, 0xe0|firstPID>>8, byte(n), 0xf0, 0)
	}
	return section(mapTable, body)
}

// section is a section of a table with its length and checksum (section 2.4.4).
func section(table byte, body []byte) []byte {
	const checksum, syntax = 4, 0xb000
	out := binary.BigEndian.AppendUint16([]byte{table}, uint16(syntax|len(body)+checksum))
	out = append(out, body...)
	return binary.BigEndian.AppendUint32(out, crc(out))
}

// table writes a table that fits into a packet.
func (w *writer) table(pid uint16, counter byte, section []byte) {
	const start, payload, pointer, stuffing = 0x40, 0x10, 0, 0xff
	w.out = append(w.out, syncByte, start|byte(pid>>8), byte(pid), payload|counter&0xf, pointer)
	w.out = append(w.out, section...)
	w.out = append(w.out, slices.Repeat([]byte{stuffing}, packetSize-5-len(section))...)
}

// frame writes frame n of a stream. The last one is put into as many packets more as let the counter end with 15.
func (w *writer) frame(number int, s Elementary, n int) {
	const header, clockField, randomField = 4, 8, 2
	f := s.Frames[n]
	head := pesHeader(s.Type, f)
	pes := append(head, f.Data...)
	field := 0 // bytes of the adaptation field of the first packet
	switch {
	case number == 0:
		field = clockField
	case f.Key:
		field = randomField
	}
	const room = packetSize - header
	packets := 1 + max(0, len(pes)-(room-field)+room-1)/room
	spread := n+1 == len(s.Frames)
	if spread {
		packets += (16 - (int(w.counters[number])+packets)&0xf) & 0xf
	}
	for k := 0; k < packets; k++ {
		size := min(len(pes), room-field)
		if spread {
			left := packets - k
			share := (len(pes) + left - 1) / left
			if k == 0 { // the header is not divided where there is enough behind it
				share = max(share, min(len(head), len(pes)-left+1))
			}
			size = min(size, share)
		}
		w.packet(number, f, pes[:size], k == 0)
		pes, field = pes[size:], 0
	}
}

// packet writes a packet of a stream. Behind the first of a frame the adaptation field holds nothing.
func (w *writer) packet(number int, f Frame, payload []byte, first bool) {
	const header, adapted, hasPayload, startBit, stuffing = 4, 0x20, 0x10, 0x40, 0xff
	const clockFlag, randomFlag = 0x10, 0x40
	start, control := byte(0), byte(hasPayload)
	if first {
		start = startBit
	}
	room := packetSize - header - len(payload)
	if room > 0 {
		control |= adapted
	}
	w.out = append(w.out, syncByte, start|firstPID>>8, byte(firstPID&0xff+number), control|w.counters[number])
	w.counters[number] = (w.counters[number] + 1) & 0xf
	if room > 0 {
		from := len(w.out)
		w.out = append(w.out, byte(room-1))
		flags := byte(0)
		if first && f.Key {
			flags |= randomFlag
		}
		if first && number == 0 {
			flags |= clockFlag
		}
		if room > 1 {
			w.out = append(w.out, flags)
		}
		if flags&clockFlag != 0 {
			w.out = append(w.out, clockBytes(f.DTS-early)...)
		}
		w.out = append(w.out, slices.Repeat([]byte{stuffing}, room-(len(w.out)-from))...)
	}
	w.out = append(w.out, payload...)
}

// early is by how much the clock is behind the time of decoding when a frame comes, ticks: so it is there in time.
const early = clockHz * 7 / 10

// clockBytes is a PCR of ticks of 90 kHz (section 2.4.3.4).
func clockBytes(ticks int64) []byte {
	ticks &= 1<<clockBits - 1
	return []byte{byte(ticks >> 25), byte(ticks >> 17), byte(ticks >> 9), byte(ticks >> 1), byte(ticks<<7) | 0x7e, 0}
}

// pesHeader is the header of a PES packet. One of a picture does not say its length.
func pesHeader(kind byte, f Frame) []byte {
	const videoID, audioID, aligned, timed, timedTwice = 0xe0, 0xc0, 0x84, 0x80, 0xc0
	id, flags, times := byte(audioID), byte(timed), timeBytes(2, f.PTS)
	if f.DTS != f.PTS {
		flags, times = timedTwice, append(timeBytes(3, f.PTS), timeBytes(1, f.DTS)...)
	}
	length := 3 + len(times) + len(f.Data)
	if kind == TypeH264 {
		id, length = videoID, 0
	}
	return append([]byte{0, 0, 1, id, byte(length >> 8), byte(length), aligned, flags, byte(len(times))}, times...)
}

// timeBytes is a time between its marker bits (section 2.4.3.6).
func timeBytes(prefix byte, ticks int64) []byte {
	return []byte{
		prefix<<4 | byte(ticks>>29)&0xe | 1, byte(ticks >> 22), byte(ticks>>14) | 1, byte(ticks >> 7), byte(ticks<<1) | 1,
	}
}
