package way

import (
	"fmt"
	"slices"
	"strings"

	"movify/pkg/media"
)

// Forecast is how a file would be played on a device as far as its probe tells. What only the file's index says is not asked for: a
// film whose key frames are too far apart is taken for one that can be copied.
type Forecast struct {
	Kind Kind
	// Sound says that the picture is played as it is and the sound is encoded for it.
	Sound bool
	// Cause is why the ladder is played, in words that many files share: "HEVC Main 10", "in avi", "interlaced". "" for Original.
	Cause string
}

// UsualBrowser is what browsers of today play on most machines: H.264, VP9 and AV1 by software, HEVC only where the machine
// decodes it, on a screen of standard range.
func UsualBrowser() Device {
	return Device{
		Codecs: []string{
			"avc1.640034", "av01.0.12M.10", "vp09.00.51.08", "vp09.02.51.10",
			"mp4a.40.2", "mp4a.40.5", "mp4a.6B", "opus", "flac",
		},
		Ranges: []string{"SDR"}, Engine: MSE, Turns: true,
	}
}

// Foresee tells by the probe of a file how a device in this network would play it. ok is false for a file without a picture.
func Foresee(d Device, p media.Probe) (f Forecast, ok bool) {
	v, ok := p.Picture()
	if !ok {
		return Forecast{}, false
	}
	if cause := uncopied(p); cause != "" {
		return Forecast{Kind: Ladder, Cause: cause}, true
	}
	codecs := codecsOf(v)
	if codecs == "" {
		return Forecast{Kind: Ladder, Cause: codecName(v.Codec)}, true
	}
	picture := media.Copy{Range: "SDR"}
	picture.Codecs, picture.Width, picture.Height = codecs, v.Width, v.Height
	switch v.ColorTransfer {
	case "smpte2084":
		picture.Range = "PQ"
	case "arib-std-b67":
		picture.Range = "HLG"
	}
	w := Choose(&d, File{Original: media.Original{Picture: picture}, Track: v}, Network{Local: true}, Limits{}, Auto)
	return Forecast{Kind: w.Kind, Sound: w.Kind == Original && !firstSoundPlays(d, p), Cause: causeOf(w, codecs)}, true
}

// uncopied is why nothing is copied out of a file of this kind, in words; "" when its index may permit it.
func uncopied(p media.Probe) string {
	if len(p.Recordings) > 0 {
		return "joined recordings"
	}
	formats := strings.Split(p.Format, ",")
	if !slices.Contains(formats, "mov") && !slices.Contains(formats, "mp4") && !slices.Contains(formats, "matroska") {
		return "in " + formats[0]
	}
	return ""
}

// causeOf is the reason of a way in words without the figures of one film.
func causeOf(w Way, codecs string) string {
	switch w.Code {
	case LadderCodec:
		c, _ := parse(codecs)
		return c.name()
	case LadderFields:
		return "interlaced"
	case LadderCrop:
		return "cropped"
	case LadderTurned:
		return "turned"
	case LadderRange:
		return "HDR"
	}
	return ""
}

// name is a codec and its profile: "HEVC Main 10".
func (c coding) name() string {
	switch c.family {
	case "avc":
		return "H.264 " + named(avcProfiles, c.profile)
	case "hevc":
		return "HEVC " + named(hevcProfiles, c.profile)
	case "av1":
		return "AV1 " + named(av1Profiles, c.profile)
	}
	return fmt.Sprintf("VP9 profile %d", c.profile)
}

// codecName gives the common name of a codec that is not copied, by ffprobe's name.
func codecName(codec string) string {
	names := map[string]string{
		"mpeg1video": "MPEG-1", "mpeg2video": "MPEG-2", "mpeg4": "MPEG-4 Part 2", "vc1": "VC-1", "wmv3": "WMV 9",
		"vp8":    "VP8",
		"theora": "Theora", "dvvideo": "DV", "mjpeg": "Motion JPEG", "prores": "ProRes", "h263": "H.263", "vvc": "VVC",
	}
	if name := names[codec]; name != "" {
		return name
	}
	return codec
}

// firstSoundPlays reports whether the device plays the sound that is heard first, as it is in the file; so it does of a silent film.
func firstSoundPlays(d Device, p media.Probe) bool {
	codecs := map[string]string{
		"aac": "mp4a.40.2", "mp3": "mp4a.6B", "opus": "opus", "flac": "flac", "ac3": "ac-3", "eac3": "ec-3",
	}
	first := slices.IndexFunc(p.Audio, func(t media.AudioTrack) bool { return t.Default && !t.Disabled })
	if first < 0 {
		first = slices.IndexFunc(p.Audio, func(t media.AudioTrack) bool { return !t.Disabled })
	}
	return first < 0 || covers(d.Codecs, codecs[p.Audio[first].Codec], d.Engine)
}

// codecsOf is the CODECS string (RFC 6381) that the Original stream of a picture would have, by ffprobe's facts; "" for a codec that is
// not copied. A level that is not known is taken for the lowest.
func codecsOf(v media.VideoTrack) string {
	depth := 8
	for _, bits := range []int{10, 12} {
		if strings.Contains(v.PixelFormat, fmt.Sprintf("p%d", bits)) {
			depth = bits
		}
	}
	level := max(v.Level, 1)
	switch v.Codec {
	case "h264":
		return fmt.Sprintf("avc1.%02X00%02X", avcProfile(v.Profile), min(level, 255))
	case "hevc":
		name := strings.ReplaceAll(v.Profile, "Rext", "Range Extensions") // ffprobe's name
		return fmt.Sprintf("hvc1.%d.0.L%d.B0", profileNumber(hevcProfiles, name), level)
	case "av1":
		return fmt.Sprintf("av01.%d.%02dM.%02d", profileNumber(av1Profiles, v.Profile), min(max(v.Level, 0), 30), depth)
	case "vp9":
		var n int
		_, _ = fmt.Sscanf(v.Profile, "Profile %d", &n) // else it is the plain one
		return fmt.Sprintf("vp09.%02d.%02d.%02d", n, max(level, 10), depth)
	}
	return ""
}

// avcProfile is the profile_idc of a profile of H.264 by ffprobe's name; High for one without a name, which most films are.
func avcProfile(name string) int {
	for n, profile := range avcProfiles {
		if name == profile || strings.HasPrefix(name, profile+" Predictive") || name == profile+" Intra" {
			return n
		}
	}
	switch {
	case strings.HasSuffix(name, "Baseline"):
		return 66
	case strings.HasPrefix(name, "CAVLC 4:4:4"):
		return 244
	}
	return 100
}

// profileNumber gives the number of a profile; 1 is Main in HEVC and 0 in AV1, of which most films are.
func profileNumber(names map[int]string, name string) int {
	main := 0
	for n, profile := range names {
		if profile == name {
			return n
		}
		if profile == "Main" {
			main = n
		}
	}
	return main
}
