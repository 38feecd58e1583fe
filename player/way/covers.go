package way

import (
	"strconv"
	"strings"
)

// covers reports whether a device that plays one of the listed CODECS strings plays a stream of the given one (RFC 6381): a
// listed string of the same codec has a profile that includes the stream's, and a level at least as high. Levels bound
// the size and rate of pictures. The tiers of HEVC and AV1 bound nothing but the bit rate, which the choice looks at by
// itself, and browsers ask their decoders for none.
func covers(listed []string, stream string, engine Engine) bool {
	want, ok := parse(stream)
	if !ok || engine == Native && !want.native {
		return false
	}
	for _, text := range listed {
		if have, ok := parse(text); ok && have.includes(want) {
			return true
		}
	}
	return false
}

// coding is a CODECS string taken apart.
type coding struct {
	family  string // "avc", "hevc", "av1", "vp9", or of sounds the whole string
	profile int
	level   int
	depth   int   // bits of a sample; 0 where the profile says it
	also    int64 // other profiles whose decoders play the stream: bit n = profile n (general_profile_compatibility_flag)
	native  bool  // a browser's own HLS plays this kind of sample entry
}

// includes reports whether a decoder of c decodes a stream of w.
func (c coding) includes(w coding) bool {
	if c.family != w.family || w.level > c.level || c.depth != 0 && w.depth > c.depth {
		return false
	}
	switch c.family {
	case "avc":
		return avcIncludes(c.profile, w.profile)
	case "hevc":
		const main, main10 = 1, 2
		return c.profile == w.profile || c.profile == main10 && w.profile == main ||
			c.profile < 32 && w.also>>c.profile&1 == 1
	case "av1":
		return w.profile <= c.profile // AV1 section A.2: each profile decodes the ones before it
	}
	return c.profile == w.profile
}

// avcIncludes is the order of the profiles of H.264 (Rec. ITU-T H.264 section A.2). Streams of Baseline are taken for
// Constrained Baseline: none with the tools that Main lacks is known outside test suites.
func avcIncludes(decoder, stream int) bool {
	rank := map[int]int{66: 1, 77: 2, 100: 3, 110: 4, 122: 5, 244: 6}
	return decoder == stream || rank[stream] > 0 && rank[stream] < rank[decoder]
}

func parse(text string) (coding, bool) {
	parts := strings.Split(strings.TrimSpace(text), ".")
	switch strings.ToLower(parts[0]) {
	case "avc1", "avc3":
		return parseAVC(parts)
	case "hvc1", "hev1":
		return parseHEVC(parts)
	case "av01":
		return parseAV1(parts)
	case "vp09":
		return parseVP9(parts)
	}
	return parseSound(text)
}

// parseAVC reads avc1.PPCCLL (RFC 6381 section 3.3): profile, constraints and level in hexadecimal digits.
func parseAVC(parts []string) (coding, bool) {
	if len(parts) != 2 || len(parts[1]) != 6 {
		return coding{}, false
	}
	n, err := strconv.ParseUint(parts[1], 16, 32)
	c := coding{family: "avc", profile: int(n >> 16), level: int(n & 0xff), native: parts[0] == "avc1"}
	return c, err == nil && c.level > 0
}

// parseHEVC reads hvc1.2.4.L153.B0 (ISO/IEC 14496-15 section E.3): profile, compatibility flags in reverse, tier and level,
// constraints.
func parseHEVC(parts []string) (coding, bool) {
	if len(parts) < 4 || len(parts[3]) < 2 || strings.Trim(parts[3][:1], "LH") != "" {
		return coding{}, false
	}
	profile, err1 := strconv.ParseUint(parts[1], 10, 6) // one with a profile space before it is none that is known
	flags, err2 := strconv.ParseUint(parts[2], 16, 32)
	level, err3 := strconv.ParseUint(parts[3][1:], 10, 8)
	c := coding{
		family: "hevc", profile: int(profile), also: int64(flags), level: int(level), native: parts[0] == "hvc1",
	}
	return c, err1 == nil && err2 == nil && err3 == nil && c.level > 0
}

// parseAV1 reads av01.P.LLT.DD (AV1 in ISOBMFF section 5). Level 31 bounds nothing.
func parseAV1(parts []string) (coding, bool) {
	if len(parts) < 4 || len(parts[2]) != 3 || strings.Trim(parts[2][2:], "MH") != "" {
		return coding{}, false
	}
	profile, err1 := strconv.ParseUint(parts[1], 10, 3)
	level, err2 := strconv.ParseUint(parts[2][:2], 10, 5)
	depth, err3 := strconv.ParseUint(parts[3], 10, 4)
	c := coding{family: "av1", profile: int(profile), level: int(level), depth: int(depth), native: true}
	return c, err1 == nil && err2 == nil && err3 == nil && c.level < 31
}

// parseVP9 reads vp09.PP.LL.DD (VP Codec ISO Media File Format Binding section 2).
func parseVP9(parts []string) (coding, bool) {
	if len(parts) < 4 {
		return coding{}, false
	}
	profile, err1 := strconv.ParseUint(parts[1], 10, 2)
	level, err2 := strconv.ParseUint(parts[2], 10, 8)
	depth, err3 := strconv.ParseUint(parts[3], 10, 4)
	c := coding{family: "vp9", profile: int(profile), level: int(level), depth: int(depth), native: true}
	return c, err1 == nil && err2 == nil && err3 == nil
}

// parseSound reads the string of a sound, whose decoder has no levels. A decoder of MPEG-1 layer 3 plays that of MPEG-2 as
// well, one of HE-AAC its second version.
func parseSound(text string) (coding, bool) {
	name := strings.ToLower(strings.TrimSpace(text))
	switch name {
	case "mp4a.69":
		name = "mp4a.6b"
	case "mp4a.40.29":
		name = "mp4a.40.5"
	}
	return coding{family: name, native: true}, name != ""
}
