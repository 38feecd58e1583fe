package original

import (
	"errors"
	"fmt"

	"movify/pkg/mpegts"
)

// tsFrame is what the header of a sound frame says.
type tsFrame struct {
	size, strip int // bytes; those of the header that a sample lacks
	samples     int
	rate        int // Hz
	channels    int
	config      uint32 // the fields that may not change
	joins       bool   // it goes on with the frame before: a substream that depends on it
}

// frameHeader is how many bytes of a frame are read to know it.
const frameHeader = 7

// frameReaders read the header of a frame, of frameHeader bytes; ok is false where there is none that can be copied.
var frameReaders = map[string]func(b []byte) (f tsFrame, ok bool){
	"A_AAC": adtsFrame, "A_MPEG/L3": mp3Frame, "A_AC3": ac3Frame, "A_EAC3": eac3Frame,
}

// aacRates are the sampling frequencies of a sampling_frequency_index (ISO/IEC 14496-3 table 1.18).
var aacRates = [...]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// adtsFrame reads an ADTS header (ISO/IEC 14496-3 section 1.A.2.2). Frames of several blocks, and those whose channels stand
// in the frame, are not copied.
func adtsFrame(b []byte) (f tsFrame, ok bool) {
	const plain, withChecksum = 7, 9
	index, channels := int(b[2]>>2&0xf), int(b[2]&1)<<2|int(b[3]>>6)
	if b[0] != 0xff || b[1]&0xf6 != 0xf0 || index >= len(aacRates) || channels == 0 || b[6]&3 != 0 {
		return f, false
	}
	f = tsFrame{
		size: int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5, strip: plain, samples: 1024, rate: aacRates[index],
		channels: channels, config: uint32(b[2])<<2 | uint32(b[3]>>6),
	}
	if channels == 7 {
		f.channels = 8
	}
	if b[1]&1 == 0 {
		f.strip = withChecksum
	}
	return f, f.size > f.strip
}

// specificConfig is the AudioSpecificConfig (section 1.6.2.1) of frames with an ADTS header: its profile, rate and channels.
func specificConfig(config uint32) []byte {
	profile, index, channels := config>>8&3, config>>4&0xf, config&7
	return []byte{byte((profile+1)<<3 | index>>1), byte(index<<7 | channels<<3)}
}

// Rates of MP3: bits by bitrate_index, and samples by sampling_frequency (ISO/IEC 11172-3 section 2.4.2.3, ISO/IEC 13818-3
// section 2.4.2.3), of MPEG-1 and of the versions of lower rates.
var (
	mp3Bits = [...][15]int{
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	}
	mp3Rates = [...]int{44100, 48000, 32000}
)

// mp3Frame reads the header of a frame of layer III.
func mp3Frame(b []byte) (f tsFrame, ok bool) {
	const layer3, version1, version2, mono = 1, 3, 2, 3
	version, bits, rate := b[1]>>3&3, int(b[2]>>4), int(b[2]>>2&3)
	if b[0] != 0xff || b[1]&0xe0 != 0xe0 || b[1]>>1&3 != layer3 || version == 1 || bits == 0 || bits == 15 || rate == 3 {
		return f, false
	}
	f = tsFrame{samples: 1152, rate: mp3Rates[rate], channels: 2, config: uint32(b[1]&0xfe)<<8 | uint32(b[2]&0xc)}
	lower := 0
	if version != version1 {
		f.samples, lower = 576, 1
		f.rate /= 2
	}
	if version != version1 && version != version2 { // 2.5
		f.rate /= 2
	}
	if b[3]>>6 == mono {
		f.channels, f.config = 1, f.config|1
	}
	f.size = f.samples/8*mp3Bits[lower][bits]*1000/f.rate + int(b[2]>>1&1)
	return f, true
}

// ac3Bits are kbit/s by frmsizecod (ETSI TS 102 366 table 4.13).
var ac3Bits = [...]int{32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640}

var dolbyRates = [...]int{48000, 44100, 32000}

// ac3Frame reads the header of a frame of AC-3 (section 4.4).
func ac3Frame(b []byte) (f tsFrame, ok bool) {
	const latest, full = 10, 8
	rate, code, id, mode := int(b[4]>>6), int(b[4]&0x3f), int(b[5]>>3), b[6]>>5
	if b[0] != 0x0b || b[1] != 0x77 || rate == 3 || code/2 >= len(ac3Bits) || id > latest {
		return f, false
	}
	bits := ac3Bits[code/2]
	words := [...]int{2 * bits, 320*bits/147 + code&1, 3 * bits}[rate]
	return tsFrame{
		size: 2 * words, samples: 1536, rate: dolbyRates[rate] >> max(0, id-full), channels: dolbyChannels(mode),
		config: uint32(rate)<<16 | uint32(id)<<8 | uint32(mode),
	}, true
}

// eac3Frame reads the header of a frame of Enhanced AC-3 (section E.1.2). Frames of less than six blocks, and further programs, are
// not copied.
func eac3Frame(b []byte) (f tsFrame, ok bool) {
	const dependent, reserved, earliest, sixBlocks = 1, 3, 11, 3
	kind, substream, rate := b[2]>>6, b[2]>>3&7, int(b[4]>>6)
	if b[0] != 0x0b || b[1] != 0x77 || kind == reserved || rate == 3 || b[4]>>4&3 != sixBlocks || b[5]>>3 < earliest {
		return f, false
	}
	f = tsFrame{
		size: 2 * (1 + int(b[2]&7)<<8 + int(b[3])), samples: 1536, rate: dolbyRates[rate],
		channels: dolbyChannels(b[4] >> 1 & 7), config: uint32(rate)<<8 | uint32(b[4]&0xf), joins: kind == dependent,
	}
	return f, f.joins || substream == 0
}

// What may be wrong with the frames of a sound.
var (
	errFrames     = errors.New("what follows a sound frame is none of the same kind")
	errNoFrames   = errors.New("no sound frame of the kind that the tables say")
	errSoundTimes = errors.New("the times of a sound jump")
)

// tsSample is a sound frame in the bytes of its stream, with those that depend on it.
type tsSample struct {
	tsFrame
	pes      pesPlace // in which it begins
	marked   bool     // that says its time
	from, to int64    // in the bytes of the stream
	time     int64    // ticks of 90 kHz, without wrap
}

func (s tsSample) bytes() int64 { return s.to - s.from - int64(s.strip) }

// soundReader divides a byte stream into sound frames. It begins at the beginning of a PES packet, or behind skip bytes of it.
type soundReader struct {
	parse func(b []byte) (tsFrame, bool)
	near  func() int64 // a time of the film that the first one of the sound is near to
	skip  int64
	done  func(tsSample) error

	at     int64
	head   []byte   // of the frame whose header is being read
	from   int64    // where that begins
	pes    pesPlace // in which it begins
	left   int      // bytes of the frame that are to come
	synced bool
	now    tsSample // the sample that is being read
	timed  int      // number of the last PES packet whose time was taken
	base   int64    // that time
	since  int64    // frames since then
}

func (r *soundReader) add(b []byte, pes pesPlace) error {
	if !r.synced && (r.at != pes.from || pes.pts < 0) {
		r.at += int64(len(b))
		return nil
	}
	if skipped := min(r.skip, int64(len(b))); skipped > 0 {
		r.skip -= skipped
		r.at += skipped
		b = b[skipped:]
		r.synced = true
	}
	for len(b) > 0 {
		n := min(r.left, len(b))
		if r.left == 0 {
			if len(r.head) == 0 {
				r.from, r.pes = r.at, pes
			}
			n = min(frameHeader-len(r.head), len(b))
			r.head = append(r.head, b[:n]...)
		} else {
			r.left -= n
		}
		r.at += int64(n)
		b = b[n:]
		if len(r.head) < frameHeader {
			continue
		}
		err := r.header()
		r.head = r.head[:0]
		if errors.Is(err, errFrames) && !r.synced { // the next PES packet may begin with a frame
			r.at += int64(len(b))
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// header begins a frame.
func (r *soundReader) header() error {
	f, ok := r.parse(r.head)
	begun := r.now.size > 0
	if !ok || f.size < frameHeader || f.joins && !begun || begun && !f.joins && f.config != r.now.config {
		return errFrames
	}
	r.synced = true
	if f.joins {
		r.now.to = r.from + int64(f.size)
		r.left = f.size - frameHeader
		return nil
	}
	before := r.now
	if begun {
		if err := r.done(before); err != nil {
			return err
		}
	}
	r.now = tsSample{tsFrame: f, pes: r.pes, from: r.from, to: r.from + int64(f.size)}
	r.left = f.size - frameHeader
	r.time()
	if gap := r.now.time - before.time; begun && (gap <= 0 || gap > maxSeconds*tsClock) {
		return fmt.Errorf("%w: a frame at tick %d behind one at %d", errSoundTimes, r.now.time, before.time)
	}
	return nil
}

// tsClock is the ticks in a second of the times of a transport stream.
const tsClock = 90_000

// time gives a frame its time: that of the PES packet in which it is the first to begin, else that of those before it and their
// length.
func (r *soundReader) time() {
	s := &r.now
	if s.pes.number != r.timed && s.pes.pts >= 0 {
		r.base, r.since, s.marked = mpegts.Unwrap(s.pes.pts, r.expected()), 0, true
	}
	r.timed = s.pes.number
	s.time = r.base + r.since*int64(s.samples)*tsClock/int64(s.rate)
	r.since++
}

// expected is about when the next frame is heard.
func (r *soundReader) expected() int64 {
	if r.timed == 0 {
		return r.near()
	}
	return r.base + r.since*int64(r.now.samples)*tsClock/int64(r.now.rate)
}

// finish ends the stream. A frame that was cut off is none.
func (r *soundReader) finish() error {
	if r.now.size == 0 || r.left > 0 || len(r.head) > 0 {
		return nil
	}
	return r.done(r.now)
}
