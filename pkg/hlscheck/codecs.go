package hlscheck

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// readPicture reads a VisualSampleEntry (ISO/IEC 14496-12 section 12.1.3).
func (t *track) readPicture(e box, trak []byte) error {
	f := fields{b: e.body}
	f.take(24)
	t.width, t.height = int(f.uint(2)), int(f.uint(2))
	f.take(50)
	if f.err != nil {
		return fmt.Errorf("%s: %w", e.kind, f.err)
	}
	t.readShape(f.b, trak)
	for _, c := range []struct {
		entry, config string
		read          func(*track, []byte) error
	}{
		{"avc1", "avcC", (*track).readAVC},
		{"avc3", "avcC", (*track).readAVC},
		{"hvc1", "hvcC", (*track).readHEVC},
		{"hev1", "hvcC", (*track).readHEVC},
		{"av01", "av1C", (*track).readAV1},
		{"vp09", "vpcC", (*track).readVP9},
	} {
		if c.entry != e.kind {
			continue
		}
		config, ok := find(f.b, c.config)
		if !ok {
			return fmt.Errorf("its %s has no %s", e.kind, c.config)
		}
		return c.read(t, config.body)
	}
	return fmt.Errorf("a sample description %q is of no video codec that players take in this form", e.kind)
}

// readShape reads how large the picture is on the screen: cropped by clap, stretched by pasp (section 12.1.4) and turned by the
// matrix of its track (section 8.3.2).
func (t *track) readShape(entry, trak []byte) {
	w, h := float64(t.width), float64(t.height)
	quotient := func(b []byte) float64 {
		f := fields{b: b}
		return float64(f.uint(4)) / float64(f.uint(4))
	}
	if b, ok := find(entry, "clap"); ok && len(b.body) >= 16 {
		if x, y := quotient(b.body), quotient(b.body[8:]); x >= 1 && x <= w && y >= 1 && y <= h {
			w, h = x, y
		}
	}
	if b, ok := find(entry, "pasp"); ok && len(b.body) >= 8 {
		if stretched := w * quotient(b.body); stretched >= 1 && stretched < 1<<15 {
			w = stretched
		}
	}
	if tkhd, ok := find(trak, "tkhd"); ok {
		f := fields{b: tkhd.body}
		version, _ := f.full()
		f.take(20)
		if version == 1 {
			f.take(12)
		}
		f.take(16)
		a := f.uint(4)
		f.take(12)
		if d := f.uint(4); f.err == nil && a == 0 && d == 0 {
			w, h = h, w
		}
	}
	t.shown = [2]int{int(math.Round(w)), int(math.Round(h))}
}

// readHEVC reads an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 8.3.3.1) and names it as section E.3 says.
func (t *track) readHEVC(b []byte) error {
	if len(b) < 23 {
		return errors.New("its hvcC is short")
	}
	t.nalLength = int(b[21]&3) + 1
	name := fmt.Sprintf("%s.%s%d.%x.%c%d", t.entry, strings.Trim(string(" ABC"[b[1]>>6]), " "), b[1]&31,
		bits.Reverse32(binary.BigEndian.Uint32(b[2:])), "LH"[b[1]>>5&1], b[12])
	rest := ""
	for _, c := range b[6:12] {
		if rest += fmt.Sprintf(".%x", c); c != 0 {
			name, rest = name+rest, ""
		}
	}
	t.name = name
	if t.entry == "hvc1" && b[22] == 0 {
		return errors.New("its hvcC has no parameter sets, and hvc1 has them nowhere else")
	}
	return nil
}

// readAV1 reads an AV1CodecConfigurationRecord (AV1 in ISOBMFF section 2.3).
func (t *track) readAV1(b []byte) error {
	if len(b) < 4 || b[0] != 0x81 {
		return errors.New("its av1C is short, or of another version")
	}
	depth := 8 + 2*int(b[2]>>6&1) + 2*int(b[2]>>5&1)
	t.name = fmt.Sprintf("av01.%d.%02d%c.%02d", b[1]>>5, b[1]&31, "MH"[b[2]>>7], depth)
	return nil
}

// readVP9 reads a VPCodecConfigurationRecord (VP Codec ISO Media File Format Binding).
func (t *track) readVP9(b []byte) error {
	if len(b) < 12 || b[0] != 1 {
		return errors.New("its vpcC is short, or of another version")
	}
	t.name = fmt.Sprintf("vp09.%02d.%02d.%02d", b[4], max(10, b[5]), b[6]>>4)
	return nil
}

// readSound reads an AudioSampleEntry (ISO/IEC 14496-12 section 12.2.3).
func (t *track) readSound(e box) error {
	f := fields{b: e.body}
	f.take(16)
	channels := int(f.uint(2))
	f.take(10)
	if f.err != nil {
		return fmt.Errorf("%s: %w", e.kind, f.err)
	}
	config := map[string]string{"mp4a": "esds", "Opus": "dOps", "fLaC": "dfLa", "ac-3": "dac3", "ec-3": "dec3"}[e.kind]
	if config == "" {
		return fmt.Errorf("a sample description %q is of no audio codec that players take in this form", e.kind)
	}
	b, ok := find(f.b, config)
	if !ok {
		return fmt.Errorf("its %s has no %s", e.kind, config)
	}
	t.name = e.kind
	switch {
	case e.kind == "mp4a":
		t.name, t.channels = "", channels // of MP3; AAC says its own
		return t.readMPEG(b.body)
	case e.kind == "Opus" && len(b.body) > 1:
		t.channels = int(b.body[1])
	case e.kind == "ac-3" && len(b.body) > 2:
		t.channels = [...]int{2, 1, 2, 3, 3, 4, 4, 5}[b.body[1]>>3&7] + int(b.body[1]>>2&1)
	}
	return nil
}

// entered reports whether decoding can begin at a picture: at an IDR picture in H.264, an IRAP picture in HEVC (ITU-T H.265
// section 7.4.2.2), a key frame in VP9 (section 7.2) and AV1 (section 7.20).
func (t track) entered(sample []byte) bool {
	switch t.entry {
	case "hvc1", "hev1":
		return beginsWith(sample, t.nalLength, func(head byte) (slice, entry bool) {
			kind := head >> 1 & 63
			return kind < 32, kind >= 16 && kind <= 23
		})
	case "vp09":
		b := bitReader{b: sample}
		marker, low, high := b.read(2), b.read(1), b.read(1)
		if low == 1 && high == 1 {
			b.read(1)
		}
		return marker == 2 && b.read(1) == 0 && b.read(1) == 0 // not one that was shown before; a key frame
	case "av01":
		return av1KeyFrame(sample)
	}
	return beginsWith(sample, t.nalLength, func(head byte) (slice, entry bool) {
		kind := head & 31
		return kind >= 1 && kind <= 5, kind == 5
	})
}

// av1KeyFrame reports whether a temporal unit begins with a sequence header and a key frame (AV1 section 5.3 and 5.9).
func av1KeyFrame(unit []byte) bool {
	const sequence, frameHeader, frame = 1, 3, 6
	seen := false
	for f := (fields{b: unit}); len(f.b) > 0 && f.err == nil; {
		head := f.uint(1)
		if head&4 != 0 {
			f.take(1)
		}
		size := len(f.b)
		if head&2 != 0 {
			size = f.leb128()
		}
		body := f.take(size)
		switch head >> 3 & 15 {
		case sequence:
			seen = true
		case frameHeader, frame:
			return seen && len(body) > 0 && body[0]&0xe0 == 0 // not one that was shown before; frame_type 0
		}
	}
	return false
}

// leb128 reads a number of AV1 section 4.10.5.
func (f *fields) leb128() int {
	v := 0
	for n := range 4 {
		b := int(f.uint(1))
		if v |= b & 127 << (7 * n); b < 128 {
			return v
		}
	}
	f.err = errTruncated
	return 0
}
