package original

import (
	"fmt"
	"math/bits"

	"movify/pkg/mp4"
)

// soundCodec reads the configuration of a sound codec that is copied.
func soundCodec(t mp4.Track) (codec, bool) {
	channels, _, rate := t.Sound()
	box := func(kind string, least int) ([]byte, bool) {
		b, ok := t.Part(kind)
		return b, ok && len(b) >= least
	}
	switch t.Format {
	case "mp4a":
		b, ok := t.Part("esds")
		if !ok {
			b, ok = t.Part("wave", "esds") // QuickTime
		}
		if !ok {
			return codec{}, false
		}
		return mpegSound(b, channels)
	case ".mp3": // QuickTime
		return mpegSound(mp3Descriptor(rate), channels)
	case "Opus":
		b, ok := box("dOps", 11)
		if !ok {
			return codec{}, false
		}
		return codec{entry: "Opus", config: mp4.MakeBox("dOps", b), name: "Opus", channels: int(b[1])}, b[1] > 0
	case "fLaC":
		b, ok := box("dfLa", 4+4+34)
		if !ok {
			return codec{}, false
		}
		channels = int(b[4+4+12]>>1&7) + 1 // of STREAMINFO (RFC 9639 section 8.2)
		return codec{entry: "fLaC", config: mp4.MakeBox("dfLa", b), name: "fLaC", channels: channels}, true
	case "ac-3":
		b, ok := box("dac3", 3)
		if !ok {
			return codec{}, false
		}
		acmod, low := b[1]>>3&7, b[1]>>2&1
		return codec{
			entry: "ac-3", config: mp4.MakeBox("dac3", b), name: "ac-3", channels: dolbyChannels(acmod) + int(low),
		}, true
	case "ec-3":
		b, ok := box("dec3", 5)
		if !ok {
			return codec{}, false
		}
		return codec{entry: "ec-3", config: mp4.MakeBox("dec3", b), name: "ec-3", channels: enhancedChannels(b)}, true
	}
	return codec{}, false
}

// Object type indications (ISO/IEC 14496-1 table 5).
const (
	mpeg4Audio = 0x40
	mpeg2Part3 = 0x69
	mpeg1Part3 = 0x6b
)

// mpegSound reads an esds: AAC of the kinds that browsers play, and MP3.
func mpegSound(esds []byte, channels int) (codec, bool) {
	object, config := mp4.DecoderConfig(esds)
	c := codec{entry: "mp4a", config: mp4.MakeBox("esds", esds), channels: channels}
	switch object {
	case mpeg2Part3, mpeg1Part3:
		c.name = fmt.Sprintf("mp4a.%02X", object)
		return c, channels > 0
	case mpeg4Audio:
	default:
		return c, false
	}
	if len(config) < 2 {
		return c, false
	}
	const lowComplexity, replicated, parametric = 2, 5, 29
	kind := int(config[0] >> 3)
	if kind != lowComplexity && kind != replicated && kind != parametric {
		return c, false
	}
	c.name = fmt.Sprintf("mp4a.40.%d", kind)
	if set := int(config[1] >> 3 & 0xf); config[0]&7 != 7 || config[1]>>7 != 1 { // the rate is no number of its own
		if own := [16]int{1: 1, 2, 3, 4, 5, 6, 8}[set]; own > 0 {
			c.channels = own
		}
	}
	if kind == parametric {
		c.channels = 2
	}
	return c, c.channels > 0
}

// mp3Descriptor is the esds of MP3 (ISO/IEC 14496-1 section 7.2.6): the descriptors of the stream, its decoder and its
// packets.
func mp3Descriptor(rate int) []byte {
	const audioStream, leastMPEG1 = 5<<2 | 1, 32000
	object := byte(mpeg1Part3)
	if rate < leastMPEG1 {
		object = mpeg2Part3
	}
	decoder := append([]byte{4, 13, object, audioStream}, make([]byte, 11)...)
	out := append([]byte{0, 0, 0, 0, 3, byte(3 + len(decoder) + 3), 0, 1, 0}, decoder...)
	return append(out, 6, 1, 2)
}

// dolbyChannels are those of acmod (ETSI TS 102 366 table 4.3), without the one for low frequencies.
func dolbyChannels(acmod byte) int { return [...]int{2, 1, 2, 3, 3, 4, 4, 5}[acmod&7] }

// enhancedChannels counts those of a dec3 box (section F.6): of its first independent substream and of the substreams that
// add to it, whose places chan_loc lists; those in the low five bits but one are pairs.
func enhancedChannels(b []byte) int {
	acmod, low, dependent := b[3]>>1&7, b[3]&1, b[4]>>1&0xf
	count := dolbyChannels(acmod) + int(low)
	if dependent > 0 && len(b) >= 6 {
		location := uint16(b[4]&1)<<8 | uint16(b[5])
		const pairs = 0x1 | 0x2 | 0x10 | 0x20 | 0x40 // Lc/Rc, Lrs/Rrs, Lsd/Rsd, Lw/Rw, Lvh/Rvh
		count += bits.OnesCount16(location) + bits.OnesCount16(location&pairs)
	}
	return count
}
