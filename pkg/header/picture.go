package header

import (
	"errors"
	"fmt"

	"movify/pkg/media"
)

// picture holds the fields of a video codec's configuration.
type picture struct {
	codec         string
	profile       string
	level         int
	width, height int
	sar           media.Ratio
	pixels        string
	fieldOrder    string
	// Code points of ITU-T H.273. spoken says that the codec has them; the container's are not used then.
	primaries, transfer, matrix int
	spoken                      bool
}

// unspecified is the code point "unspecified" of ITU-T H.273.
const unspecified = 2

// pixelFormat is ffmpeg's name of a format of planar Y'CbCr; "" for one that is none.
func pixelFormat(chroma, luma, depth int, full bool) string {
	if luma != depth {
		return ""
	}
	name := map[int]string{1: "420", 2: "422", 3: "444"}[chroma]
	switch {
	case name == "":
		return ""
	case depth == 8 && full:
		return "yuvj" + name + "p"
	case depth == 8:
		return "yuv" + name + "p"
	case depth == 10 || depth == 12:
		return fmt.Sprintf("yuv%sp%dle", name, depth)
	}
	return ""
}

// The names ffmpeg gives the code points of ITU-T H.273; "" for one it does not name and for unspecified.
func primariesName(n int) string {
	return map[int]string{
		1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020", 10: "smpte428",
		11: "smpte431", 12: "smpte432", 22: "ebu3213",
	}[n]
}

func transferName(n int) string {
	return map[int]string{
		1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100", 10: "log316",
		11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084",
		17: "smpte428", 18: "arib-std-b67",
	}[n]
}

func matrixName(n int) string {
	return map[int]string{
		1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc", 10: "bt2020c",
		11: "smpte2085", 12: "chroma-derived-nc", 13: "chroma-derived-c", 14: "ictcp",
	}[n]
}

// sampleAspect is the table of aspect_ratio_idc (ITU-T H.264 table E-1, H.265 table E.1).
func sampleAspect(idc int) media.Ratio {
	table := [...]media.Ratio{
		{}, {Num: 1, Den: 1}, {Num: 12, Den: 11}, {Num: 10, Den: 11}, {Num: 16, Den: 11}, {Num: 40, Den: 33},
		{Num: 24, Den: 11}, {Num: 20, Den: 11}, {Num: 32, Den: 11}, {Num: 80, Den: 33}, {Num: 18, Den: 11},
		{Num: 15, Den: 11}, {Num: 64, Den: 33}, {Num: 160, Den: 99}, {Num: 4, Den: 3}, {Num: 3, Den: 2}, {Num: 2, Den: 1},
	}
	if idc >= len(table) {
		return media.Ratio{}
	}
	return table[idc]
}

// vui reads the beginning of a VUI, which H.264 (section E.1.1) and H.265 (section E.2.1) share. It gives whether the
// range is full.
func (p *picture) vui(r *bitReader) (full bool) {
	if r.flag() { // aspect_ratio_info_present_flag
		const extended = 255
		if idc := int(r.u(8)); idc == extended {
			p.sar = reduce(int64(r.u(16)), int64(r.u(16)), 1<<31-1)
		} else {
			p.sar = sampleAspect(idc)
		}
	}
	if r.flag() { // overscan_info_present_flag
		r.skip(1)
	}
	if r.flag() { // video_signal_type_present_flag
		r.skip(3) // video_format
		full = r.flag()
		if r.flag() { // colour_description_present_flag
			p.primaries, p.transfer, p.matrix = int(r.u(8)), int(r.u(8)), int(r.u(8))
			p.spoken = true
		}
	}
	return full
}

// reduce is the fraction nearest to num/den with neither part above limit, by its continued fraction; zero when one of
// them is not positive.
func reduce(num, den, limit int64) media.Ratio {
	if num <= 0 || den <= 0 {
		return media.Ratio{}
	}
	for a, b := num, den; ; a, b = b, a%b {
		if b == 0 {
			num, den = num/a, den/a
			break
		}
	}
	if num <= limit && den <= limit {
		return media.Ratio{Num: int(num), Den: int(den)}
	}
	// p0/q0 and p1/q1 are the last two convergents, n/d is the rest of the fraction.
	p0, q0, p1, q1 := int64(0), int64(1), int64(1), int64(0)
	for n, d := num, den; d != 0; {
		a := n / d
		p2, q2 := a*p1+p0, a*q1+q0
		if p2 > limit || q2 > limit {
			// The largest part of the step that still fits, if it is nearer than the convergent before.
			if p1 > 0 {
				a = (limit - p0) / p1
			}
			if q1 > 0 {
				a = min(a, (limit-q0)/q1)
			}
			if d*(2*a*q1+q0) > n*q1 {
				p1, q1 = a*p1+p0, a*q1+q0
			}
			break
		}
		p0, q0, p1, q1 = p1, q1, p2, q2
		n, d = d, n-a*d
	}
	return media.Ratio{Num: int(p1), Den: int(q1)}
}

// track makes a track of the codec's configuration and of the container's code points, which count where the codec has
// none.
func (p picture) track(primaries, transfer, matrix int) (media.VideoTrack, error) {
	v := media.VideoTrack{
		Codec: p.codec, Profile: p.profile, Level: p.level, Width: p.width, Height: p.height,
		PixelFormat: p.pixels, FieldOrder: p.fieldOrder,
	}
	coloured := primaries != unspecified || transfer != unspecified || matrix != unspecified
	switch {
	case p.spoken:
		primaries, transfer, matrix = p.primaries, p.transfer, p.matrix
	case p.codec == "vp9":
		matrix = unspecified // its frames have the last word
	case coloured && p.codec != "h264":
		// Decoders differ in whether silence is an answer.
		return v, errors.New("colours that only the container knows")
	}
	v.ColorPrimaries, v.ColorTransfer = primariesName(primaries), transferName(transfer)
	v.ColorSpace = matrixName(matrix)
	return v, nil
}
