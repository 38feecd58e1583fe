package original

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"movify/pkg/mp4"
)

func trackID(kind string, n int) string { return kind + strconv.Itoa(n) }

// codec is how a track's samples are labelled.
type codec struct {
	entry  string // type of the sample entry
	config []byte // the box of the codec in it
	name   string // RFC 6381

	units        Units
	transfer     int    // characteristics of ITU-T H.273 that the configuration says; 0 for none
	supplemental string // as media.Copy has it

	channels int // of sound
}

// pictureCodec reads the configuration of a video codec that browsers play.
func pictureCodec(t mp4.Track, sets bool) (codec, bool) {
	switch t.Format {
	case "avc1", "avc3":
		return avc(t, sets)
	case "hvc1", "hev1":
		return hevc(t, sets)
	case "av01":
		return av1(t)
	case "vp09":
		return vp9(t)
	}
	return codec{}, false
}

// avc reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1). In avc1 all parameter sets are in the record;
// sets says that others stand before pictures, which makes it avc3, whatever the file calls it (section 5.4.2.1).
func avc(t mp4.Track, sets bool) (codec, bool) {
	const counted = 5 // bytes before the number of sequence parameter sets
	b, ok := t.Part("avcC")
	if !ok || len(b) < 7 || b[0] != 1 {
		return codec{}, false
	}
	entry := "avc1"
	if sets || t.Format == "avc3" && b[counted]&0x1f == 0 {
		entry = "avc3"
	}
	return codec{
		entry: entry, config: mp4.MakeBox("avcC", b), name: fmt.Sprintf("%s.%02X%02X%02X", entry, b[1], b[2], b[3]),
		units: Units{Codec: "h264", Length: int(b[4]&3) + 1, Record: b, InBand: entry == "avc3"},
	}, true
}

// hevc reads an HEVCDecoderConfigurationRecord (section 8.3.3.1). Apple's devices take nothing but hvc1, in which all
// parameter sets are in the record: a track called hev1 whose record has them, and whose pictures have none, is one.
func hevc(t mp4.Track, sets bool) (codec, bool) {
	const fixed = 23
	b, ok := t.Part("hvcC")
	if !ok || len(b) < fixed || b[0] != 1 {
		return codec{}, false
	}
	b = append([]byte(nil), b...)
	c := codec{entry: t.Format, units: Units{Codec: "hevc", Length: int(b[21]&3) + 1, Record: b}}
	switch {
	case sets:
		c.entry = "hev1"
	case t.Format == "hev1" && completeArrays(b[fixed-1:]):
		c.entry = "hvc1"
	}
	c.units.InBand = c.entry == "hev1"
	c.config, c.name = mp4.MakeBox("hvcC", b), c.entry+"."+hevcName(b)
	if !c.dolbyVision(t) {
		return codec{}, false
	}
	return c, true
}

// completeArrays marks the arrays of parameter sets as complete, when all three kinds are there.
func completeArrays(b []byte) bool {
	const complete = 0x80
	var starts []int
	kinds := map[byte]bool{}
	at := 1
	for range b[0] {
		if len(b) < at+3 {
			return false
		}
		kind := b[at] & 0x3f
		if kind >= hevcVPS && kind <= hevcPPS {
			starts = append(starts, at)
		}
		count := int(binary.BigEndian.Uint16(b[at+1:]))
		kinds[kind] = count > 0
		at += 3
		for range count {
			if len(b) < at+2 {
				return false
			}
			at += 2 + int(binary.BigEndian.Uint16(b[at:]))
		}
	}
	if at > len(b) || !kinds[hevcVPS] || !kinds[hevcVPS+1] || !kinds[hevcPPS] {
		return false
	}
	for _, at := range starts {
		b[at] |= complete
	}
	return true
}

// hevcName is the codec's name behind the four characters (ISO/IEC 14496-15 section E.3): profile, compatibility flags in
// reverse, tier and level, and the bytes of constraints up to the last that is not zero.
func hevcName(b []byte) string {
	space, tier := [...]string{"", "A", "B", "C"}[b[1]>>6], "L"
	if b[1]&0x20 != 0 {
		tier = "H"
	}
	parts := []string{
		fmt.Sprintf("%s%d", space, b[1]&0x1f),
		fmt.Sprintf("%X", bits.Reverse32(binary.BigEndian.Uint32(b[2:]))),
		fmt.Sprintf("%s%d", tier, b[12]),
	}
	constraints := b[6:12]
	for len(constraints) > 0 && constraints[len(constraints)-1] == 0 {
		constraints = constraints[:len(constraints)-1]
	}
	for _, c := range constraints {
		parts = append(parts, fmt.Sprintf("%X", c))
	}
	return strings.Join(parts, ".")
}

// dolbyVision reads a DOVIDecoderConfigurationRecord. Profile 8 has a base layer that others play, which HLS names in
// SUPPLEMENTAL-CODECS (RFC 8216bis section 4.4.6.2); the base layer of profile 5 has colours of its own. ok is false for
// that.
func (c *codec) dolbyVision(t mp4.Track) (ok bool) {
	for _, kind := range [...]string{"dvcC", "dvvC"} {
		b, there := t.Part(kind)
		if !there || len(b) < 5 {
			continue
		}
		profile, level, compatible := int(b[2]>>1), int(b[2]&1)<<5|int(b[3]>>3), b[4]>>4
		if compatible == 0 {
			return profile == 7 // the base layer of a Blu-ray film is HDR10, and its record does not say so
		}
		if brand := map[byte]string{1: "db1p", 2: "db2g", 4: "db4h"}[compatible]; profile == 8 && brand != "" {
			c.supplemental = fmt.Sprintf("dvh1.%02d.%02d/%s", profile, level, brand)
		}
	}
	return true
}

// av1 reads an AV1CodecConfigurationRecord (AV1 in ISOBMFF sections 2.3.3 and 5).
func av1(t mp4.Track) (codec, bool) {
	b, ok := t.Part("av1C")
	if !ok || len(b) < 4 || b[0] != 0x81 {
		return codec{}, false
	}
	depth, tier := 8, "M"
	switch {
	case b[2]&0x60 == 0x60:
		depth = 12
	case b[2]&0x40 != 0:
		depth = 10
	}
	if b[2]&0x80 != 0 {
		tier = "H"
	}
	return codec{
		entry: "av01", config: mp4.MakeBox("av1C", b),
		name: fmt.Sprintf("av01.%d.%02d%s.%02d", b[1]>>5, b[1]&0x1f, tier, depth),
	}, true
}

// vp9 reads a VPCodecConfigurationRecord (VP Codec ISO Media File Format Binding section 1).
func vp9(t mp4.Track) (codec, bool) {
	b, ok := t.Part("vpcC")
	if !ok || len(b) < 12 || b[0] != 1 {
		return codec{}, false
	}
	profile, level, depth, transfer := b[4], b[5], b[6]>>4, int(b[8])
	return codec{
		entry: "vp09", config: mp4.MakeBox("vpcC", b), transfer: transfer,
		name: fmt.Sprintf("vp09.%02d.%02d.%02d", profile, max(10, level), depth),
	}, true
}

// videoRange is the VIDEO-RANGE of the transfer characteristics that the file says.
func (c codec) videoRange(t mp4.Track) string {
	const pq, hlg = 16, 18 // ITU-T H.273 table 3
	transfer := c.transfer
	if b, ok := t.Part("colr"); ok && len(b) >= 10 && string(b[:3]) == "ncl" {
		transfer = int(b[6])<<8 | int(b[7])
	}
	switch transfer {
	case pq:
		return "PQ"
	case hlg:
		return "HLG"
	}
	return "SDR"
}
