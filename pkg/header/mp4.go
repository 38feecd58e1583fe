package header

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"

	"movify/pkg/media"
	"movify/pkg/mp4"
)

func readMP4(r io.ReaderAt, size int64) (media.Probe, error) {
	h, err := mp4.ReadHeader(r, size)
	if err != nil {
		return media.Probe{}, err
	}
	switch {
	case h.Fragmented:
		return media.Probe{}, errors.New("fragments")
	case h.Timescale == 0 || h.Duration == 0 || h.Duration > 1<<53:
		return media.Probe{}, errors.New("no length")
	case h.Matrix != [9]int32{0: 1 << 16, 4: 1 << 16, 8: 1 << 30}:
		return media.Probe{}, errors.New("a movie that is turned as a whole")
	case h.CoversFirst:
		return media.Probe{}, errors.New("a cover before a track")
	}
	p := media.Probe{
		Format: "mov,mp4,m4a,3gp,3g2,mj2", DurationUS: rescale(h.Duration, 1_000_000, uint64(h.Timescale)),
		Tags: media.CleanTags(mp4Tags(h)),
	}
	if apart := p.DurationUS - longestTrack(h); apart > trackSlack || -apart > trackSlack {
		return media.Probe{}, errors.New("a length that its tracks contradict")
	}
	if beginsAt(h) > farFrom/1000 {
		return media.Probe{}, errors.New("it does not begin at zero")
	}
	for n, t := range h.Tracks {
		if err := addMP4Track(&p, n, t, h); err != nil {
			return media.Probe{}, fmt.Errorf("track %d: %w", n, err)
		}
	}
	for n, c := range h.Covers {
		codec := map[uint32]string{13: "mjpeg", 14: "png"}[c.Kind]
		if codec == "" {
			return media.Probe{}, fmt.Errorf("a cover of kind %d", c.Kind)
		}
		v, err := cover(r, codec, c.Offset, c.Size)
		if err != nil {
			return media.Probe{}, err
		}
		v.Index = len(h.Tracks) + n
		p.Video = append(p.Video, v)
	}
	return p, layMP4(&p, r, h)
}

// trackSlack is how far the length of a movie may be from that of its longest track without doubt, microseconds.
const trackSlack = 500_000

// longestTrack is the length of the longest track by its sample times, microseconds. Where an edit list shows less, or
// shows it later, it says so (ISO/IEC 14496-12 section 8.6.6).
func longestTrack(h mp4.Header) int64 {
	var longest int64
	for _, t := range h.Tracks {
		if t.Timescale == 0 || t.Handler == "tmcd" || t.Times.Ticks == 0 {
			continue
		}
		ticks, empty, edited := rescale(t.Times.Ticks, 1_000_000, uint64(t.Timescale)), int64(0), int64(0)
		for _, e := range t.Edits {
			length := rescale(e.Duration, 1_000_000, uint64(h.Timescale))
			if e.Media < 0 {
				empty += length
			} else {
				edited += length
			}
		}
		if edited > 0 && (edited < ticks || len(t.Edits) > 2) {
			ticks = edited
		}
		longest = max(longest, empty+ticks)
	}
	return longest
}

// beginsAt is the time of the first sample by the edit lists, microseconds.
func beginsAt(h mp4.Header) int64 {
	first := int64(math.MaxInt64)
	for _, t := range h.Tracks {
		if t.Handler != "vide" && t.Handler != "soun" {
			continue
		}
		var empty int64
		for _, e := range t.Edits {
			if e.Media >= 0 {
				break
			}
			empty += rescale(e.Duration, 1_000_000, uint64(h.Timescale))
		}
		first = min(first, empty)
	}
	return first
}

// rescale is n×times/by to the nearest, halves up.
func rescale(n, times, by uint64) int64 {
	high, low := bits.Mul64(n, times)
	low, carry := bits.Add64(low, by/2, 0)
	high += carry
	if high >= by {
		return 0
	}
	q, _ := bits.Div64(high, low, by)
	return int64(q)
}

func addMP4Track(p *media.Probe, index int, t mp4.Track, h mp4.Header) error {
	if t.External {
		return errors.New("samples in another file")
	}
	switch t.Handler {
	case "vide":
		v, err := mp4Video(t)
		v.Index, v.Default = index, t.Enabled
		p.Video = append(p.Video, v)
		return err
	case "soun":
		a, err := mp4Audio(t)
		a.Index, a.Default = index, t.Enabled
		if err == nil {
			a.Language, err = mp4Language(t.Language)
		}
		p.Audio = append(p.Audio, a)
		return err
	case "text", "sbtl", "subt", "subp", "clcp":
		if isChapterTrack(t, h) {
			return nil // ffprobe calls it data
		}
		return addMP4Subtitles(p, index, t)
	case "tmcd", "meta", "hint", "":
		return nil
	}
	return fmt.Errorf("handler %q", t.Handler)
}

func mp4Video(t mp4.Track) (media.VideoTrack, error) {
	if t.Entries != 1 || t.Samples < 2 || t.Timescale == 0 || t.Times.Ticks == 0 || t.Times.Samples == 0 {
		return media.VideoTrack{}, errors.New("no plain table of pictures")
	}
	width, height := t.PictureSize()
	pic, ok := mp4Picture(t)
	if !ok || !saneSize(width, height) {
		return media.VideoTrack{}, fmt.Errorf("pictures in %q", t.Format)
	}
	if fiel, ok := t.Part("fiel"); ok && (len(fiel) < 1 || fiel[0] != 1) {
		return media.VideoTrack{}, errors.New("interlaced pictures")
	}
	primaries, transfer, matrix := colr(t)
	v, err := pic.track(primaries, transfer, matrix)
	if err != nil {
		return v, err
	}
	if v.Rotation, err = rotation(t.Matrix); err != nil {
		return v, err
	}
	v.SAR = mp4Aspect(t, width, height, pic.sar)
	v.AverageRate = reduce(int64(t.Timescale)*int64(t.Times.Samples), int64(t.Times.Ticks), 1<<31-1)
	if t.Times.Runs == 1 || t.Times.Runs == 2 && t.Times.LastCount == 1 {
		v.FrameRate = reduce(int64(t.Timescale), int64(t.Times.First), 1<<31-1)
	}
	if b, ok := t.Part("st3d"); ok && len(b) > 4 { // Spherical Video V2: 1 is top and bottom, 2 left and right
		v.Stereo = b[4] == 1 || b[4] == 2
	}
	for _, box := range [...]string{"dvcC", "dvvC", "dvwC"} {
		if b, ok := t.Part(box); ok {
			v.DolbyVision = dolbyVision(b)
		}
	}
	return v, nil
}

func mp4Picture(t mp4.Track) (picture, bool) {
	switch t.Format {
	case "avc1", "avc3":
		b, _ := t.Part("avcC")
		return h264(b)
	case "hvc1", "hev1", "dvh1", "dvhe":
		b, _ := t.Part("hvcC")
		return hevc(b)
	case "av01":
		b, _ := t.Part("av1C")
		return av1(b)
	}
	return picture{}, false
}

// colr reads the code points of a colr box (ISO/IEC 14496-12 section 12.1.5, and QuickTime's nclc).
func colr(t mp4.Track) (primaries, transfer, matrix int) {
	b, _ := t.Part("colr")
	if len(b) < 10 || string(b[:3]) != "ncl" {
		return unspecified, unspecified, unspecified
	}
	return int(b[4])<<8 | int(b[5]), int(b[6])<<8 | int(b[7]), int(b[8])<<8 | int(b[9])
}

// rotation is the angle ffprobe gives of a matrix that turns by quarters.
func rotation(m [9]int32) (int, error) {
	const one = 1 << 16
	switch [4]int32{m[0], m[1], m[3], m[4]} {
	case [4]int32{one, 0, 0, one}:
		return 0, nil
	case [4]int32{0, one, -one, 0}:
		return -90, nil
	case [4]int32{0, -one, one, 0}:
		return 90, nil
	case [4]int32{-one, 0, 0, -one}:
		return -180, nil
	}
	return 0, errors.New("a picture that is turned or mirrored")
}

// mp4Aspect is the sample aspect ratio: of pasp, else of the presentation's size, else of the codec.
func mp4Aspect(t mp4.Track, width, height int, own media.Ratio) media.Ratio {
	if b, ok := t.Part("pasp"); ok && len(b) >= 8 {
		word := func(at int) int64 {
			return int64(b[at])<<24 | int64(b[at+1])<<16 | int64(b[at+2])<<8 | int64(b[at+3])
		}
		if r := reduce(word(0), word(4), 32767); r.Known() {
			return r
		}
	}
	if w, h := int64(t.Width>>16), int64(t.Height>>16); w > 0 && h > 0 && (w != int64(width) || h != int64(height)) {
		return reduce(int64(height)*w, int64(width)*h, 1<<31-1)
	}
	return own
}

// aacObject is an object type indication (ISO/IEC 14496-1 table 5).
const aacObject = 0x40

func mp4Audio(t mp4.Track) (media.AudioTrack, error) {
	channels, width, rate := t.Sound()
	if t.Entries != 1 || t.Samples == 0 || channels == 0 {
		return media.AudioTrack{}, errors.New("no plain table of sound")
	}
	a := media.AudioTrack{Channels: channels, SampleRate: rate}
	switch t.Format {
	case "mp4a":
		b, ok := t.Part("esds")
		if !ok {
			b, _ = t.Part("wave", "esds") // QuickTime
		}
		object, config := mp4.DecoderConfig(b)
		if object == aacObject {
			return aac(a, config)
		}
		return a, fmt.Errorf("sound of object type %#x", object)
	case "ac-3":
		b, _ := t.Part("dac3")
		return dac3(a, b)
	case "ec-3":
		b, _ := t.Part("dec3")
		return dec3(a, b)
	case "Opus":
		a.Codec, a.SampleRate = "opus", 48_000
	case "fLaC":
		a.Codec = "flac"
	case "sowt", "twos":
		if width != 16 {
			return a, fmt.Errorf("sound in %q of %d bits", t.Format, width)
		}
		a.Codec = map[string]string{"sowt": "pcm_s16le", "twos": "pcm_s16be"}[t.Format]
	default:
		return a, fmt.Errorf("sound in %q", t.Format)
	}
	if a.SampleRate == 0 {
		return a, errors.New("sound without a rate")
	}
	a.Layout = layout(a.Codec, a.Channels)
	return a, nil
}

func addMP4Subtitles(p *media.Probe, index int, t mp4.Track) error {
	codec := map[string]string{"tx3g": "mov_text", "text": "mov_text", "c608": "eia_608", "wvtt": "webvtt"}[t.Format]
	if codec == "" {
		return fmt.Errorf("subtitles in %q", t.Format)
	}
	language, err := mp4Language(t.Language)
	s := media.SubtitleTrack{Index: index, Codec: codec, Language: language, Default: t.Enabled}
	p.Subtitles = append(p.Subtitles, s)
	return err
}

// mp4Language is a language as ffprobe gives it. Of the Macintosh codes only English is read.
func mp4Language(code uint16) (string, error) {
	switch {
	case code >= 0x400 && code != 0x7fff:
		var out [3]byte
		for n := range out {
			out[n] = byte(code>>(10-5*n)&0x1f) + 0x60
		}
		return string(out[:]), nil
	case code == 0:
		return "eng", nil
	case code == 0x7fff:
		return "", nil
	}
	return "", fmt.Errorf("language %d", code)
}

// isChapterTrack reports whether another track refers to this one for its chapters.
func isChapterTrack(t mp4.Track, h mp4.Header) bool {
	for _, other := range h.Tracks {
		for _, r := range other.Refers {
			for _, n := range r.Tracks {
				if r.Type == "chap" && n == t.ID {
					return true
				}
			}
		}
	}
	return false
}
