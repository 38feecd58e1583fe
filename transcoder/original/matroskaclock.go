package original

import (
	"encoding/binary"
	"errors"
	"slices"

	"movify/pkg/matroska"
	"movify/pkg/media"
)

// setClock gives the track the ticks of its rate when all pictures that were seen are at whole numbers of the length that the
// header says, and those of the file otherwise.
func (p *matroskaPicture) setClock(t matroska.Track, tick uint64, views []stretch) {
	origin := views[0].pictures[0]
	p.clock = plainClock(origin, tick)
	if rate, frame := pictureRate(t.FrameNS); rate > 0 {
		clock := media.FrameClock{Origin: origin, TickNS: tick, Rate: rate, Frame: frame}
		proven := true
		for _, v := range views {
			proven = proven && allExact(clock, v.pictures)
		}
		if proven {
			p.clock = clock
		}
	}
	p.track.Init.Timescale = uint32(p.clock.Rate)
	p.first, _ = p.clock.Time(origin)
	p.frame = p.meanFrame(views)
}

// meanFrame is how long pictures last on average.
func (p *matroskaPicture) meanFrame(views []stretch) int64 {
	const held = mostHeld // at the end of a view others are missing between pictures, which are decoded later
	length, count := int64(0), int64(0)
	for _, v := range views {
		shown := slices.Sorted(slices.Values(v.pictures))
		if len(shown) > 2*held {
			shown = shown[:len(shown)-held]
		}
		from, _ := p.clock.Time(shown[0])
		to, _ := p.clock.Time(shown[len(shown)-1])
		length, count = length+to-from, count+int64(len(shown))-1
	}
	if count == 0 {
		return max(1, int64(p.clock.Frame)) // a film of one picture
	}
	return max(1, (length+count/2)/count)
}

// allExact reports whether times are whole numbers of frames.
func allExact(clock media.FrameClock, ticks []int64) bool {
	for _, t := range ticks {
		if _, exact := clock.Time(t); !exact {
			return false
		}
	}
	return true
}

// plainClock is one whose units are the ticks of a file, or microseconds where a second has no whole number of them.
func plainClock(origin int64, tick uint64) media.FrameClock {
	rate := uint64(1_000_000)
	if tick >= 1000 && second%tick == 0 {
		rate = second / tick
	}
	return media.FrameClock{Origin: origin, TickNS: tick, Rate: rate}
}

// pictureRate finds the rate whose rounded frame length a header has: a whole number of pictures in a second, or one of
// 1000/1001. rate is in units a second, frame in units; 0 for another one.
func pictureRate(ns uint64) (rate, frame uint64) {
	const least, most, off = second / 1000, 2 * second, 2
	if ns < least || ns > most {
		return 0, 0
	}
	for _, frame := range [...]uint64{1000, 1001} {
		count := (second*frame/1000 + ns/2) / ns
		if count == 0 {
			continue
		}
		exact := (second*frame/1000 + count/2) / count
		if exact+off >= ns && exact <= ns+off {
			return count * 1000, frame
		}
	}
	return 0, 0
}

// soundFrame is how many samples a frame of a codec has, by its configuration and its first frame; 0 when they do not say.
func soundFrame(t matroska.Track, first []byte) int64 {
	switch t.Codec {
	case "A_MPEG/L3":
		if t.Audio.Rate < 32_000 {
			return 576
		}
		return 1152
	case "A_OPUS":
		return opusFrame(first)
	case "A_FLAC":
		const blocks = 8 // offset of the least and the largest block in fLaC and STREAMINFO (RFC 9639 section 8.2)
		if b := t.Private; len(b) >= blocks+4 && string(b[blocks:blocks+2]) == string(b[blocks+2:blocks+4]) {
			return int64(binary.BigEndian.Uint16(b[blocks:]))
		}
		return 0
	case "A_AC3":
		return 1536
	case "A_EAC3":
		return enhancedFrame(first)
	}
	return 1024 // AAC
}

// opusFrame is the length of an Opus packet at 48 kHz, by its table of contents (RFC 6716 section 3.1).
func opusFrame(b []byte) int64 {
	if len(b) == 0 {
		return 0
	}
	config := b[0] >> 3
	var each int64
	switch {
	case config < 12: // SILK
		each = [...]int64{480, 960, 1920, 2880}[config&3]
	case config < 16: // both
		each = [...]int64{480, 960}[config&1]
	default: // CELT
		each = [...]int64{120, 240, 480, 960}[config&3]
	}
	switch b[0] & 3 {
	case 0:
		return each
	case 3:
		if len(b) < 2 {
			return 0
		}
		return each * int64(b[1]&0x3f)
	}
	return 2 * each
}

// enhancedFrame is the length of a frame of Enhanced AC-3: blocks of 256 samples (ETSI TS 102 366 section E.1.3.1.5).
func enhancedFrame(b []byte) int64 {
	if len(b) < 5 || b[4]>>6 == 3 {
		return 1536
	}
	return 256 * [...]int64{1, 2, 3, 6}[b[4]>>4&3]
}

// errNoLength is the reason of a lace of frames that say nothing of their length.
var errNoLength = errors.New("frames of unknown length in one Block")
