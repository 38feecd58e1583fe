// Package tsview makes MPEG-TS segments of the fragmented MP4 ones of a stream, for players that take nothing else: Apple's
// before iOS 10, and old televisions. It knows H.264 and AAC, which is what those decode. It takes the bytes of a segment and
// gives others, keeps nothing, and equal arguments give equal bytes. Pictures and frames of sound stay as they are, and so do their times,
// in ticks of 90 kHz behind Zero.
package tsview

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"movify/pkg/fault"
	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/pkg/mpegts"
)

// ErrCodec is returned for a codec that has no place in the transport streams that old players take.
var ErrCodec = fault.New(
	fault.Unsupported, "transport_codec", "There is no form of this stream that players of MPEG-TS take.",
)

// Zero is the time of the first picture of a film, ticks of 90 kHz: times of decoding lie before it.
const Zero = 10 * hz

const hz = 90_000

// Fits reports whether a rendition can be put into a transport stream.
func Fits(r media.Rendition) bool {
	if r.Kind == media.Video {
		return strings.HasPrefix(r.Codecs, "avc1.") || strings.HasPrefix(r.Codecs, "avc3.")
	}
	return strings.HasPrefix(r.Codecs, "mp4a.40.")
}

// Part is a segment of one rendition and its Init Section.
type Part struct {
	Init, Segment []byte
}

// Segment gives segment number of a transport stream of some renditions, the picture first where there is one.
func Segment(number int, parts ...Part) ([]byte, error) {
	var streams []mpegts.Elementary
	for _, p := range parts {
		s, err := elementary(p)
		if err != nil {
			return nil, fmt.Errorf("put segment %d into a transport stream: %w", number, err)
		}
		streams = append(streams, s)
	}
	return mpegts.Segment(number, streams...), nil
}

func elementary(p Part) (mpegts.Elementary, error) {
	in, delay, err := readInit(p.Init)
	if err != nil {
		return mpegts.Elementary{}, err
	}
	samples, err := readSegment(in, p.Segment)
	if err != nil {
		return mpegts.Elementary{}, err
	}
	t := times{delay: delay, scale: int64(in.Timescale)}
	if in.Handler == "vide" {
		return pictures(in, samples, t)
	}
	return sounds(in, samples, t)
}

// readInit reads an Init Section, and by how much its edit list moves the times (ISO/IEC 14496-12 section 8.6.6).
func readInit(b []byte) (in mp4.Init, delay int64, err error) {
	r := bytes.NewReader(b)
	ftyp, err := mp4.ReadBox(r, int64(len(b)))
	if err != nil {
		return in, 0, err
	}
	moov, err := mp4.ReadBox(r, int64(len(b)))
	if err != nil {
		return in, 0, err
	}
	if in, err = mp4.ParseInit(ftyp, moov); err != nil {
		return in, 0, ErrCodec.Because(err)
	}
	h, err := mp4.ReadHeader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return in, 0, err
	}
	if len(h.Tracks) == 1 && len(h.Tracks[0].Edits) == 1 {
		delay = max(0, h.Tracks[0].Edits[0].Media)
	}
	if in.Timescale <= 0 {
		return in, 0, fmt.Errorf("%w: no timescale", mp4.ErrMalformed)
	}
	return in, delay, nil
}

// readSegment reads the samples of a segment: of each moof and the mdat behind it.
func readSegment(in mp4.Init, b []byte) (out []mp4.Sample, err error) {
	var moof mp4.Box
	for r := bytes.NewReader(b); ; {
		box, err := mp4.ReadBox(r, int64(len(b)))
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch box.Type {
		case "moof":
			moof = box
		case "mdat":
			samples, err := in.Samples(moof, box)
			if err != nil {
				return nil, err
			}
			out = append(out, samples...)
		}
	}
}

// times turns those of samples into those of a transport stream.
type times struct {
	delay, scale int64
}

func (t times) of(ticks int64) int64 {
	ticks += Zero/hz*t.scale - t.delay
	return ticks/t.scale*hz + (ticks%t.scale*hz*2+t.scale)/(2*t.scale)
}

func (t times) frame(s mp4.Sample) mpegts.Frame {
	dts, pts := t.of(s.DTS), t.of(s.PTS())
	return mpegts.Frame{DTS: min(dts, pts), PTS: pts, Key: s.Key}
}

// startCode comes before each NAL unit (ITU-T H.264 annex B).
const startCode = "\x00\x00\x00\x01"

// Types of NAL units (ITU-T H.264 table 7-1).
const (
	typeSPS       = 7
	typeSeparator = 9
)

// separator is an access unit delimiter, with which each picture of a transport stream begins: any slice may follow.
const separator = startCode + "\x09\xf0"

// pictures writes pictures with start codes, and the parameter sets before each key frame that has none.
func pictures(in mp4.Init, samples []mp4.Sample, t times) (mpegts.Elementary, error) {
	if !strings.HasPrefix(in.Codecs, "avc") {
		return mpegts.Elementary{}, ErrCodec
	}
	sets, err := parameterSets(in.Config)
	if err != nil {
		return mpegts.Elementary{}, err
	}
	out := mpegts.Elementary{Type: mpegts.TypeH264}
	for _, s := range samples {
		f := t.frame(s)
		units, err := unitsOf(s.Data, in.NALLength)
		if err != nil {
			return out, err
		}
		own := slices.ContainsFunc(units, func(u []byte) bool { return u[0]&0x1f == typeSPS })
		f.Data = append(make([]byte, 0, len(s.Data)+len(separator)+len(sets)+len(units)), separator...)
		if s.Key && !own {
			f.Data = append(f.Data, sets...)
		}
		for _, u := range units {
			if u[0]&0x1f != typeSeparator {
				f.Data = append(append(f.Data, startCode...), u...)
			}
		}
		out.Frames = append(out.Frames, f)
	}
	return out, nil
}

// unitsOf gives the NAL units of a sample.
func unitsOf(b []byte, length int) (out [][]byte, err error) {
	for len(b) > 0 {
		size := 0
		for n := range min(length, len(b)) {
			size = size<<8 | int(b[n])
		}
		if length > len(b) || size > len(b)-length {
			return nil, fmt.Errorf("%w: a NAL unit of %d bytes in %d", mp4.ErrMalformed, size, len(b))
		}
		if size > 0 {
			out = append(out, b[length:length+size])
		}
		b = b[length+size:]
	}
	return out, nil
}

// parameterSets gives those of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1) with start codes.
func parameterSets(record []byte) (out []byte, err error) {
	const fixed, counted = 5, 0x1f
	if len(record) <= fixed {
		return nil, fmt.Errorf("%w: no AVC configuration", mp4.ErrMalformed)
	}
	b, mask := record[fixed:], byte(counted)
	for range 2 { // sequence and picture parameter sets
		if len(b) == 0 {
			return nil, fmt.Errorf("%w: an AVC configuration that is cut off", mp4.ErrMalformed)
		}
		count := int(b[0] & mask)
		b, mask = b[1:], 0xff
		for range count {
			if len(b) < 2 || len(b)-2 < int(b[0])<<8|int(b[1]) {
				return nil, fmt.Errorf("%w: an AVC configuration that is cut off", mp4.ErrMalformed)
			}
			size := 2 + (int(b[0])<<8 | int(b[1]))
			out = append(append(out, startCode...), b[2:size]...)
			b = b[size:]
		}
	}
	return out, nil
}

// perPES is how many frames of sound one PES packet carries: a clock comes every 100 ms (ISO/IEC 13818-1 section 2.7.2).
const perPES = 4

// sounds writes frames of sound with ADTS headers.
func sounds(in mp4.Init, samples []mp4.Sample, t times) (mpegts.Elementary, error) {
	out := mpegts.Elementary{Type: mpegts.TypeAAC}
	_, config := mp4.DecoderConfig(in.Config)
	for n, s := range samples {
		header, err := adtsHeader(config, len(s.Data))
		if err != nil {
			return out, err
		}
		if n%perPES == 0 {
			f := t.frame(s)
			f.Key = true
			out.Frames = append(out.Frames, f)
		}
		f := &out.Frames[len(out.Frames)-1]
		f.Data = append(append(f.Data, header...), s.Data...)
	}
	return out, nil
}

// adtsHeader is the header of a frame of AAC (ISO/IEC 14496-3 section 1.A.2.2), by its AudioSpecificConfig. Bandwidth that is
// replicated is not told: decoders find it in the frames.
func adtsHeader(config []byte, size int) ([]byte, error) {
	const lowComplexity, replicated, parametric, header, longest, rates = 2, 5, 29, 7, 1<<13 - 1, 13
	if len(config) < 2 {
		return nil, ErrCodec
	}
	kind, rate, channels := config[0]>>3, config[0]&7<<1|config[1]>>7, config[1]>>3&0xf
	profiled := kind == lowComplexity || kind == replicated || kind == parametric
	if !profiled || rate >= rates || channels == 0 || channels > 7 || size+header > longest {
		return nil, ErrCodec.Because(fmt.Errorf("AAC of kind %d, rate %d, %d channels", kind, rate, channels))
	}
	size += header
	return []byte{
		0xff, 0xf1, (lowComplexity-1)<<6 | rate<<2 | channels>>2, channels&3<<6 | byte(size>>11), byte(size >> 3),
		byte(size<<5) | 0x1f, 0xfc,
	}, nil
}
