package sampleentry

import (
	"fmt"
	"slices"
)

// avc takes an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1) as it is. Without parameter sets in it
// they can only be among the frames.
func avc(p Picture) (string, []byte, error) {
	const fixed, version, sets = 7, 1, 0x1f
	if len(p.Private) < fixed || p.Private[0] != version {
		return "", nil, fmt.Errorf("%w: no AVC configuration", ErrMalformed)
	}
	kind := "avc1"
	if p.InBand || p.Private[5]&sets == 0 {
		kind = "avc3"
	}
	return kind, box("avcC", p.Private), nil
}

// hevc takes an HEVCDecoderConfigurationRecord (section 8.3.3.1). That of an hvc1 has to say that its arrays hold all
// parameter sets there are (section 8.4.1.1), which a CodecPrivate need not say.
func hevc(p Picture) (string, []byte, error) {
	const fixed, version = 23, 1
	if len(p.Private) < fixed || p.Private[0] != version {
		return "", nil, fmt.Errorf("%w: no HEVC configuration", ErrMalformed)
	}
	record := slices.Clone(p.Private)
	arrays, found := record[fixed:], map[byte]bool{}
	for range record[fixed-1] {
		const complete, kinds = 0x80, 0x3f
		if len(arrays) < 3 {
			return "", nil, fmt.Errorf("%w: an HEVC configuration that is cut off", ErrMalformed)
		}
		found[arrays[0]&kinds] = true
		if !p.InBand {
			arrays[0] |= complete
		}
		count := int(be.Uint16(arrays[1:]))
		arrays = arrays[3:]
		for range count {
			if len(arrays) < 2 || len(arrays)-2 < int(be.Uint16(arrays)) {
				return "", nil, fmt.Errorf("%w: an HEVC configuration that is cut off", ErrMalformed)
			}
			arrays = arrays[2+int(be.Uint16(arrays)):]
		}
	}
	const vps, sps, pps = 32, 33, 34
	if p.InBand || !found[vps] || !found[sps] || !found[pps] {
		return "hev1", box("hvcC", p.Private), nil
	}
	return "hvc1", box("hvcC", record), nil
}

// av1 takes an AV1CodecConfigurationRecord (AV1 in ISOBMFF section 2.3.3) as it is.
func av1(p Picture) (string, []byte, error) {
	const fixed, marked = 4, 0x81
	if len(p.Private) < fixed || p.Private[0] != marked {
		return "", nil, fmt.Errorf("%w: no AV1 configuration", ErrMalformed)
	}
	return "av01", box("av1C", p.Private), nil
}
