// Package sampleentry writes the sample entries of MP4 (ISO/IEC 14496-12 sections 12.1.3 and 12.2.3) for tracks of
// Matroska and WebM, and for streams of MPEG transport streams, so that their frames can be copied. It turns a CodecPrivate,
// or parameter sets, and the first frame where those say too little, into the boxes that MP4 has in their place. It takes
// values and gives bytes, and holds no policy: which codecs a device plays is decided by its callers. A configuration it
// does not know certainly is an error, never a guess.
package sampleentry

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrUnknown is returned, wrapped, for a codec, or a form of one, that no sample entry is known for.
var ErrUnknown = errors.New("no sample entry is known")

// ErrMalformed is returned, wrapped, for a configuration or a frame that breaks the rules of its codec.
var ErrMalformed = errors.New("malformed codec configuration")

// Picture is a video track.
type Picture struct {
	Codec   string // as Matroska has it: "V_MPEG4/ISO/AVC"
	Private []byte // CodecPrivate
	First   []byte // a key frame of it; only VP9 needs one
	// InBand says that parameter sets may stand among the frames too: avc3 and hev1 instead of avc1 and hvc1 (ISO/IEC
	// 14496-15 sections 5.4.2.1 and 8.4.1).
	InBand        bool
	Width, Height int    // pixels
	FrameNS       uint64 // how long a frame lasts; 0 = not known. The level of VP9 depends on it.
	// AspectAcross and AspectDown are the shape of a pixel (pasp); 0 = not given.
	AspectAcross, AspectDown uint32
	Colour                   *Colour    // nil = not given
	Additions                []Addition // what BlockAdditionMappings say
}

// Addition is a box that belongs into the sample entry as it is, by its type as a number: a configuration of Dolby
// Vision, "dvcC" or "dvvC". Others are left out.
type Addition struct {
	Type uint64
	Data []byte
}

// Colour is how samples of a picture are to be understood.
type Colour struct {
	Primaries, Transfer, Matrix uint16 // ITU-T H.273; 2 = unspecified
	Full                        bool   // full range
	// Left says that chroma samples lie on the left of luma samples and half way between two lines.
	Left            bool
	MaxCLL, MaxFALL uint16 // candelas per square metre; 0 = not given
	Mastering       *Mastering
}

// Mastering is the display that a film was mastered on: CIE 1931 chromaticities, and luminances in candelas per square
// metre.
type Mastering struct {
	RedX, RedY, GreenX, GreenY, BlueX, BlueY, WhiteX, WhiteY float64
	LuminanceMax, LuminanceMin                               float64
}

// Sound is an audio track.
type Sound struct {
	Codec    string // as Matroska has it: "A_AAC"
	Private  []byte // CodecPrivate
	First    []byte // a frame of it; only AC-3 and Enhanced AC-3 need one
	Channels int
	Rate     float64 // Hz
	// OutputRate is that of spectral band replication, Hz; 0 = not given.
	OutputRate float64
}

var be = binary.BigEndian

// box writes a box from its payload's parts.
func box(kind string, parts ...[]byte) []byte {
	out := append(make([]byte, 4), kind...)
	for _, p := range parts {
		out = append(out, p...)
	}
	be.PutUint32(out, uint32(len(out)))
	return out
}

// halves writes 16-bit numbers.
func halves(values ...uint16) []byte {
	out := make([]byte, 0, 2*len(values))
	for _, v := range values {
		out = be.AppendUint16(out, v)
	}
	return out
}

// reference is the beginning of each sample entry: reserved, and the first data reference.
var reference = string([]byte{0, 0, 0, 0, 0, 0, 0, 1})

// Video gives the sample entry of a track of pictures: a box such as "avc1".
func Video(p Picture) ([]byte, error) {
	kind, config, err := videoConfig(p)
	if err != nil {
		return nil, fmt.Errorf("write a sample entry of %s: %w", p.Codec, err)
	}
	if p.Width < 1 || p.Height < 1 || p.Width > 1<<16-1 || p.Height > 1<<16-1 {
		return nil, fmt.Errorf("write a sample entry of %s: %w: %d × %d pixels", p.Codec, ErrMalformed, p.Width, p.Height)
	}
	const inch72 = 72 // the resolution of the template, in 16.16 fixed point
	fixed := append([]byte(reference), make([]byte, 16)...)
	fixed = append(fixed, halves(uint16(p.Width), uint16(p.Height), inch72, 0, inch72, 0, 0, 0, 1)...)
	fixed = append(fixed, make([]byte, 32)...) // compressorname
	fixed = append(fixed, halves(0x18, 0xffff)...)
	parts := [][]byte{fixed, config, p.dolbyVision(), p.aspect(), p.Colour.boxes()}
	return box(kind, parts...), nil
}

func videoConfig(p Picture) (kind string, config []byte, err error) {
	switch p.Codec {
	case "V_MPEG4/ISO/AVC":
		return avc(p)
	case "V_MPEGH/ISO/HEVC":
		return hevc(p)
	case "V_AV1":
		return av1(p)
	case "V_VP9":
		return vp9(p)
	}
	return "", nil, ErrUnknown
}

// dolbyVision gives the configuration boxes of Dolby Vision (its streams in ISOBMFF, section 2.2).
func (p Picture) dolbyVision() (out []byte) {
	for _, a := range p.Additions {
		const dvcC, dvvC, size = 0x64766343, 0x64767643, 24
		if (a.Type == dvcC || a.Type == dvvC) && len(a.Data) == size {
			out = append(out, box(string(be.AppendUint32(nil, uint32(a.Type))), a.Data)...)
		}
	}
	return out
}

// aspect gives a PixelAspectRatioBox (section 12.1.4).
func (p Picture) aspect() []byte {
	if p.AspectAcross == 0 || p.AspectDown == 0 {
		return nil
	}
	return box("pasp", be.AppendUint32(be.AppendUint32(nil, p.AspectAcross), p.AspectDown))
}

// Audio gives the sample entry of a track of sound: a box such as "mp4a".
func Audio(s Sound) ([]byte, error) {
	c, err := audioConfig(s)
	if err != nil {
		return nil, fmt.Errorf("write a sample entry of %s: %w", s.Codec, err)
	}
	if c.channels < 1 || c.channels > 255 || c.rate < 1 {
		err = fmt.Errorf("%w: %d channels at %d Hz", ErrMalformed, c.channels, c.rate)
		return nil, fmt.Errorf("write a sample entry of %s: %w", s.Codec, err)
	}
	rate := c.rate
	for rate > 1<<16-1 { // the greatest regular division that fits (FLAC in ISOBMFF section 3.3.1)
		rate /= 2
	}
	fixed := append([]byte(reference), make([]byte, 8)...)
	fixed = append(fixed, halves(uint16(c.channels), uint16(c.bits), 0, 0, uint16(rate), 0)...)
	return box(c.kind, fixed, c.box), nil
}

// config is what a codec has to say in an AudioSampleEntry.
type config struct {
	kind           string
	box            []byte
	channels, bits int
	rate           int // Hz
}
