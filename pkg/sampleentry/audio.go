package sampleentry

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// plainBits is the samplesize of a codec without one of its own (ISO/IEC 14496-12 section 12.2.3).
const plainBits = 16

func audioConfig(s Sound) (config, error) {
	switch codec, _, _ := strings.Cut(s.Codec, "/"); {
	case codec == "A_AAC":
		return aac(s)
	case s.Codec == "A_MPEG/L3":
		return mp3(s), nil
	case s.Codec == "A_OPUS":
		return opus(s)
	case s.Codec == "A_FLAC":
		return flac(s)
	case s.Codec == "A_AC3":
		return ac3(s)
	case s.Codec == "A_EAC3":
		return eac3(s)
	}
	return config{}, ErrUnknown
}

// Object type indications (ISO/IEC 14496-1 table 5, and the registration authority of MP4).
const (
	objectAAC   = 0x40
	objectMPEG2 = 0x69 // sound of MPEG-2, which has the rates below 32 kHz
	objectMPEG1 = 0x6B
)

// esds gives an ESDBox (ISO/IEC 14496-14 section 5.6) around a DecoderSpecificInfo, which may be missing.
func esds(object byte, specific []byte) []byte {
	const esDescriptor, decoderConfig, decoderSpecific, syncLayer, audioStream = 3, 4, 5, 6, 0x15
	if len(specific) > 0 {
		specific = descriptor(decoderSpecific, specific)
	}
	decoder := append([]byte{object, audioStream}, make([]byte, 3+4+4)...) // no buffer size, no bit rates
	stream := slices.Concat(
		[]byte{0, 0, 0}, // ES_ID, flags
		descriptor(decoderConfig, append(decoder, specific...)),
		descriptor(syncLayer, []byte{2}), // as MP4 files have it
	)
	return box("esds", make([]byte, 4), descriptor(esDescriptor, stream))
}

// descriptor writes a tag, a size of four bytes of seven bits, and data (ISO/IEC 14496-1 section 8.3.3).
func descriptor(tag byte, data []byte) []byte {
	const more = 0x80
	n := len(data)
	return append([]byte{tag, more | byte(n>>21), more | byte(n>>14), more | byte(n>>7), byte(n & 0x7f)}, data...)
}

// maxSpecific bounds an AudioSpecificConfig, bytes; one has some ten.
const maxSpecific = 1 << 10

// aac takes an AudioSpecificConfig as it is, or makes that of an old ID, which says it in words.
func aac(s Sound) (config, error) {
	specific := s.Private
	if len(specific) == 0 {
		var err error
		if specific, err = legacyAAC(s); err != nil {
			return config{}, err
		}
	}
	if len(specific) < 2 || len(specific) > maxSpecific {
		return config{}, fmt.Errorf("%w: an AudioSpecificConfig of %d bytes", ErrMalformed, len(specific))
	}
	return config{"mp4a", esds(objectAAC, specific), s.Channels, plainBits, int(s.Rate)}, nil
}

// aacRates are the sampling frequencies that an AudioSpecificConfig has an index for (ISO/IEC 14496-3 table 1.18).
var aacRates = [...]int{
	96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
}

// legacyAAC makes an AudioSpecificConfig (section 1.6.2.1) of an ID such as "A_AAC/MPEG4/LC/SBR".
func legacyAAC(s Sound) ([]byte, error) {
	const replication, extension = 5, 0x2b7
	words := strings.Split(s.Codec, "/")
	if len(words) < 3 {
		return nil, fmt.Errorf("%w: AAC without a configuration", ErrMalformed)
	}
	object, known := map[string]uint64{"MAIN": 1, "LC": 2, "SSR": 3, "LTP": 4}[words[2]]
	channels := map[int]uint64{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 8: 7}[s.Channels]
	rate := slices.Index(aacRates[:], int(s.Rate))
	if !known || channels == 0 || rate < 0 {
		return nil, fmt.Errorf("%w: AAC of %d channels at %v Hz", ErrUnknown, s.Channels, s.Rate)
	}
	var w writer
	w.bits(5, object)
	w.bits(4, uint64(rate))
	w.bits(4, channels)
	w.bits(3, 0) // frames of 1024 samples, no core coder, no extension
	if len(words) > 3 && words[3] == "SBR" {
		output := slices.Index(aacRates[:], int(max(s.OutputRate, 0)))
		if s.OutputRate == 0 {
			output = slices.Index(aacRates[:], 2*int(s.Rate))
		}
		if output < 0 {
			return nil, fmt.Errorf("%w: AAC that comes out at %v Hz", ErrUnknown, s.OutputRate)
		}
		w.bits(11, extension)
		w.bits(5, replication)
		w.bits(1, 1)
		w.bits(4, uint64(output))
	}
	return w.b, nil
}

func mp3(s Sound) config {
	object := byte(objectMPEG1)
	if s.Rate < 32_000 {
		object = objectMPEG2
	}
	return config{"mp4a", esds(object, nil), s.Channels, plainBits, int(s.Rate)}
}

// opus turns an identification header (RFC 7845 section 5.1), whose numbers are little-endian, into an
// OpusSpecificBox (Opus in ISOBMFF section 4.3.2), whose numbers are big-endian.
func opus(s Sound) (config, error) {
	const fixed, mapped, version = 19, 21, 0
	b := s.Private
	if len(b) < fixed || string(b[:8]) != "OpusHead" || b[8] > 15 { // a version of another major number
		return config{}, fmt.Errorf("%w: no header of Opus", ErrMalformed)
	}
	channels, family := b[9], b[18]
	out := []byte{version, channels, b[11], b[10], b[15], b[14], b[13], b[12], b[17], b[16], family}
	switch {
	case channels == 0 || family == 0 && channels > 2:
		return config{}, fmt.Errorf("%w: Opus of %d channels", ErrMalformed, channels)
	case family != 0 && len(b) < mapped+int(channels):
		return config{}, fmt.Errorf("%w: a header of Opus that is cut off", ErrMalformed)
	case family != 0:
		out = append(out, b[fixed:mapped+int(channels)]...)
	}
	return config{"Opus", box("dOps", out), int(channels), plainBits, 48_000}, nil
}

// flac takes the STREAMINFO of the metadata blocks (RFC 9639 section 8) into a FLACSpecificBox (FLAC in ISOBMFF section
// 3.3.2). The others are pictures and comments, which a decoder does not need.
func flac(s Sound) (config, error) {
	const magic, header, size, last = "fLaC", 4, 34, 0x80
	b, found := bytes.CutPrefix(s.Private, []byte(magic))
	if !found || len(b) < header+size || b[0]&^last != 0 || int(b[1])<<16|int(b[2])<<8|int(b[3]) != size {
		return config{}, fmt.Errorf("%w: no STREAMINFO of FLAC", ErrMalformed)
	}
	info := slices.Concat(make([]byte, 4), []byte{last, 0, 0, size}, b[header:header+size])
	r := reader{b: b[header+10:]}
	rate, channels, bits := int(r.bits(20)), int(r.bits(3))+1, int(r.bits(5))+1
	return config{"fLaC", box("dfLa", info), channels, bits, rate}, nil
}
