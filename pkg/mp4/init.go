package mp4

import (
	"fmt"
	"slices"
)

// Init is a parsed Init Section of one track.
type Init struct {
	Bytes     []byte // ftyp + moov
	Timescale int    // ticks per second
	Handler   string // "vide" or "soun"
	Codecs    string // RFC 6381: "avc1.64001F", "mp4a.40.2"
	Config    []byte // payload of avcC or esds: equal configs make segments interchangeable
	NALLength int    // bytes of the length before each NAL unit (ISO/IEC 14496-15), video only

	defaults defaults
}

// defaults of samples, from trex and overridden by tfhd.
type defaults struct{ duration, size, flags uint32 }

// ParseInit reads an Init Section of exactly one track.
func ParseInit(ftyp, moov Box) (Init, error) {
	if ftyp.Type != "ftyp" || moov.Type != "moov" {
		return Init{}, fmt.Errorf("%w: init begins with %q, %q", ErrMalformed, ftyp.Type, moov.Type)
	}
	in := Init{Bytes: slices.Concat(ftyp.Raw, moov.Raw)}
	tracks := 0
	for t, trak := range children(moov.Payload()) {
		if t != "trak" {
			continue
		}
		if tracks++; tracks > 1 {
			return Init{}, fmt.Errorf("%w: more than one track", ErrMalformed)
		}
		if err := in.readTrack(trak); err != nil {
			return Init{}, err
		}
	}
	if tracks == 0 {
		return Init{}, fmt.Errorf("%w: no track", ErrMalformed)
	}
	if trex, ok := find(moov.Payload(), "mvex", "trex"); ok {
		c := cursor{b: trex}
		c.skip(12) // version, track_ID, description index
		in.defaults = defaults{duration: c.u32(), size: c.u32(), flags: c.u32()}
		if c.short {
			return Init{}, fmt.Errorf("%w: short trex", ErrMalformed)
		}
	}
	return in, nil
}

func (i *Init) readTrack(trak []byte) error {
	mdhd, ok := find(trak, "mdia", "mdhd")
	if !ok {
		return fmt.Errorf("%w: no mdhd", ErrMalformed)
	}
	c := cursor{b: mdhd}
	if version := c.u32() >> 24; version == 1 {
		c.skip(16)
	} else {
		c.skip(8)
	}
	i.Timescale = int(c.u32())
	hdlr, ok := find(trak, "mdia", "hdlr")
	if !ok || len(hdlr) < 12 {
		return fmt.Errorf("%w: no hdlr", ErrMalformed)
	}
	i.Handler = string(hdlr[8:12])
	stsd, ok := find(trak, "mdia", "minf", "stbl", "stsd")
	if !ok || len(stsd) < 8 || c.short {
		return fmt.Errorf("%w: no stsd", ErrMalformed)
	}
	for entry, p := range children(stsd[8:]) {
		switch entry {
		case "avc1", "avc3":
			return i.readAVC(entry, p)
		case "mp4a":
			return i.readAAC(p)
		}
		return fmt.Errorf("%w: sample entry %q", ErrMalformed, entry)
	}
	return fmt.Errorf("%w: empty stsd", ErrMalformed)
}

// Fixed parts before the child boxes of a sample entry (ISO/IEC 14496-12 sections 12.1.3 and 12.2.3).
const (
	visualEntry = 78
	audioEntry  = 28
)

func (i *Init) readAVC(entry string, p []byte) error {
	if len(p) < visualEntry {
		return fmt.Errorf("%w: short %s", ErrMalformed, entry)
	}
	avcC, ok := find(p[visualEntry:], "avcC")
	if !ok || len(avcC) < 7 {
		return fmt.Errorf("%w: no avcC", ErrMalformed)
	}
	i.Config = avcC
	i.Codecs = fmt.Sprintf("%s.%02X%02X%02X", entry, avcC[1], avcC[2], avcC[3])
	i.NALLength = int(avcC[4]&3) + 1
	return nil
}

func (i *Init) readAAC(p []byte) error {
	if len(p) < audioEntry {
		return fmt.Errorf("%w: short mp4a", ErrMalformed)
	}
	esds, ok := find(p[audioEntry:], "esds")
	if !ok {
		return fmt.Errorf("%w: no esds", ErrMalformed)
	}
	i.Config = esds
	kind, err := audioObjectType(esds)
	if err != nil {
		return err
	}
	i.Codecs = fmt.Sprintf("mp4a.40.%d", kind)
	return nil
}

// audioObjectType gives the kind of an AudioSpecificConfig.
func audioObjectType(esds []byte) (int, error) {
	_, config, err := decoderConfig(esds)
	if err != nil {
		return 0, err
	}
	if len(config) == 0 {
		return 0, fmt.Errorf("%w: short esds", ErrMalformed)
	}
	return int(config[0] >> 3), nil
}

// DecoderConfig gives the object type indication in the payload of an esds box (ISO/IEC 14496-1 section 7.2.6.6), such
// as 0x40 for AAC, and the DecoderSpecificInfo; zero values when the box is malformed.
func DecoderConfig(esds []byte) (object byte, config []byte) {
	object, config, err := decoderConfig(esds)
	if err != nil {
		return 0, nil
	}
	return object, config
}

// decoderConfig walks the descriptors of section 7.2.6 down to the DecoderSpecificInfo; it may be missing at the
// end of the box.
func decoderConfig(esds []byte) (object byte, config []byte, err error) {
	const esDescriptor, decoder, decoderSpecific = 3, 4, 5
	c := cursor{b: esds}
	c.skip(4)
	for !c.short && len(c.b) > 0 {
		tag := c.u8()
		length := 0
		for n := range 4 {
			b := c.u8()
			if length = length<<7 | int(b&0x7f); b&0x80 == 0 || n == 3 {
				break
			}
		}
		switch tag {
		case esDescriptor:
			c.skip(2)
			if c.u8() != 0 {
				return 0, nil, fmt.Errorf("%w: esds with optional fields", ErrMalformed)
			}
		case decoder:
			object = c.u8()
			c.skip(12)
		case decoderSpecific:
			if config = c.b; length < len(config) {
				config = config[:length]
			}
			return object, config, nil
		default:
			if object != 0 { // a codec that needs no more, as MP3
				return object, nil, nil
			}
			return 0, nil, fmt.Errorf("%w: descriptor %d in esds", ErrMalformed, tag)
		}
	}
	return 0, nil, fmt.Errorf("%w: short esds", ErrMalformed)
}

// WithEditList returns the moov with an edit list in its one track that starts the presentation at mediaTime ticks
// (ISO/IEC 14496-12 section 8.6.6). Players that honour it show the first composed sample at zero although its
// composition offset is positive.
func WithEditList(moov Box, mediaTime uint32) Box {
	var out []byte
	for t, p := range children(moov.Payload()) {
		if t != "trak" {
			out = append(out, makeBox(t, p)...)
			continue
		}
		var trak []byte
		for t, q := range children(p) {
			trak = append(trak, makeBox(t, q)...)
			if t == "tkhd" {
				elst := makeBox("elst", words(0, 1, 0, mediaTime, 0x00010000))
				trak = append(trak, makeBox("edts", elst)...)
			}
		}
		out = append(out, makeBox("trak", trak)...)
	}
	return Box{Type: "moov", Raw: makeBox("moov", out), header: 8}
}
