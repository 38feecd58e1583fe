package header

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // covers
	_ "image/png"  // covers
	"io"
	"math"
	"strings"
	"time"

	"movify/pkg/matroska"
	"movify/pkg/media"
)

// Track types (RFC 9559 section 5.1.4.1.3).
const (
	typeVideo     = 1
	typeAudio     = 2
	typeSubtitles = 17
)

func readMatroska(r io.ReaderAt, size int64) (media.Probe, error) {
	info, err := matroska.Inspect(r, size)
	if err != nil {
		return media.Probe{}, err
	}
	if info.Truncated {
		return media.Probe{}, errors.New("cut off")
	}
	h, err := matroska.ReadHeader(r, size)
	if err != nil {
		return media.Probe{}, err
	}
	if last := h.LastCueNS; last > 0 && (last > h.DurationNS || h.DurationNS-last > max(cueSlack, h.DurationNS/20)) {
		return media.Probe{}, errors.New("a length that its index contradicts")
	}
	if h.FirstCueNS > farFrom {
		return media.Probe{}, errors.New("it does not begin at zero")
	}
	p := media.Probe{Format: "matroska,webm", DurationUS: h.DurationNS / 1000, Tags: media.CleanTags(matroskaTags(h))}
	for n, t := range h.Tracks {
		if err := addTrack(&p, n, t); err != nil {
			return media.Probe{}, fmt.Errorf("track %d: %w", n, err)
		}
	}
	if err := addAttachments(&p, r, h); err != nil {
		return media.Probe{}, err
	}
	layMatroska(&p, h)
	return p, nil
}

// cueSlack is how far behind the last of its Cues a film may end without doubt, nanoseconds: the longest groups of
// pictures, and sound that goes on behind them.
const cueSlack = int64(30 * time.Second)

// farFrom is how late a film may begin, nanoseconds, for its length to be that of its header, which counts from zero.
const farFrom = int64(10 * time.Second)

func addTrack(p *media.Probe, index int, t matroska.Track) error {
	if t.Sealed {
		return errors.New("encrypted or compressed")
	}
	language := languageOf(t)
	switch t.Type {
	case typeVideo:
		v, err := matroskaVideo(t)
		v.Index, v.Default = index, t.Default
		p.Video = append(p.Video, v)
		return err
	case typeAudio:
		a, err := matroskaAudio(t)
		a.Index, a.Language, a.Title, a.Default = index, language, t.Name, t.Default
		p.Audio = append(p.Audio, a)
		return err
	case typeSubtitles:
		codec := matroskaSubtitles(t.Codec)
		if codec == "" {
			return fmt.Errorf("subtitles in %q", t.Codec)
		}
		p.Subtitles = append(p.Subtitles, media.SubtitleTrack{
			Index: index, Codec: codec, Language: language, Title: t.Name,
			Default: t.Default, Forced: t.Forced, HearingImpaired: t.Hearing,
		})
		return nil
	}
	return fmt.Errorf("type %d", t.Type)
}

func matroskaVideo(t matroska.Track) (media.VideoTrack, error) {
	var pic picture
	ok := false
	switch t.Codec {
	case "V_MPEG4/ISO/AVC":
		pic, ok = h264(t.Private)
	case "V_MPEGH/ISO/HEVC":
		pic, ok = hevc(t.Private)
	case "V_AV1":
		pic, ok = av1(t.Private)
	case "V_VP8", "V_VP9":
		pic, ok = picture{
			codec: strings.ToLower(t.Codec[2:]), fieldOrder: "progressive", width: int(t.Video.Width),
			height: int(t.Video.Height),
		}, true
	}
	if !ok || !saneSize(int(t.Video.Width), int(t.Video.Height)) {
		return media.VideoTrack{}, fmt.Errorf("pictures in %q", t.Codec)
	}
	if t.Video.StereoMode != 0 || t.Video.Projected || t.Video.Interlaced == 1 {
		return media.VideoTrack{}, errors.New("pictures that are not plain")
	}
	v, err := pic.track(int(t.Video.Primaries), int(t.Video.Transfer), int(t.Video.Matrix))
	if err != nil {
		return media.VideoTrack{}, err
	}
	v.SAR = matroskaAspect(t.Video)
	v.AverageRate = reduce(int64(time.Second), int64(min(t.FrameNS, math.MaxInt64)), 30_000)
	if rate := v.AverageRate.Float(); rate > 5 && rate < 1000 {
		v.FrameRate = v.AverageRate
	}
	for _, a := range t.Additions {
		if a.Type == 'd'<<24|'v'<<16|'c'<<8|'C' || a.Type == 'd'<<24|'v'<<16|'v'<<8|'C' {
			v.DolbyVision = dolbyVision(a.Extra)
		}
	}
	return v, nil
}

// matroskaAspect is the shape of a pixel: libavformat keeps it in fractions of at most 255.
func matroskaAspect(v matroska.Video) media.Ratio {
	const unknownUnit = 4
	if v.DisplayUnit >= unknownUnit {
		return media.Ratio{}
	}
	width, height := v.DisplayWidth, v.DisplayHeight
	if width == 0 {
		width = v.Width
	}
	if height == 0 {
		height = v.Height
	}
	if width > 1<<20 || height > 1<<20 {
		return media.Ratio{}
	}
	return reduce(int64(v.Height*width), int64(v.Width*height), 255)
}

func matroskaAudio(t matroska.Track) (media.AudioTrack, error) {
	rate := t.Audio.Rate
	if t.Audio.OutputRate > 0 {
		rate = t.Audio.OutputRate
	}
	if !(rate > 0 && rate < 1<<24) || t.Audio.Channels == 0 || t.Audio.Channels > 64 {
		return media.AudioTrack{}, errors.New("sound without channels or rate")
	}
	a := media.AudioTrack{Channels: int(t.Audio.Channels), SampleRate: int(rate)}
	switch codec, _, _ := strings.Cut(t.Codec, "/"); {
	case codec == "A_AAC":
		return aac(a, t.Private)
	case codec == "A_AC3", codec == "A_EAC3", codec == "A_DTS" && t.Codec == "A_DTS",
		codec == "A_TRUEHD", codec == "A_VORBIS":
		a.Codec = strings.ToLower(codec[2:])
	case codec == "A_FLAC":
		a.Codec = "flac"
	case codec == "A_OPUS":
		a.Codec, a.SampleRate = "opus", 48_000
	case t.Codec == "A_MPEG/L3":
		a.Codec = "mp3"
	case t.Codec == "A_MPEG/L2":
		a.Codec = "mp2"
	case t.Codec == "A_PCM/INT/LIT" && t.Audio.Bits == 16:
		a.Codec = "pcm_s16le"
	case t.Codec == "A_PCM/INT/LIT" && t.Audio.Bits == 24:
		a.Codec = "pcm_s24le"
	default:
		return media.AudioTrack{}, fmt.Errorf("sound in %q", t.Codec)
	}
	if !strings.HasPrefix(a.Codec, "pcm") { // its channel layout is not known
		a.Layout = layout(a.Codec, a.Channels)
	}
	return a, nil
}

// matroskaSubtitles is ffmpeg's name of a codec; "" for one we do not know.
func matroskaSubtitles(codec string) string {
	return map[string]string{
		"S_TEXT/UTF8": "subrip", "S_TEXT/ASS": "ass", "S_TEXT/SSA": "ass", "S_ASS": "ass", "S_SSA": "ass",
		"S_TEXT/WEBVTT": "webvtt", "D_WEBVTT/SUBTITLES": "webvtt", "D_WEBVTT/CAPTIONS": "webvtt",
		"S_VOBSUB": "dvd_subtitle", "S_DVBSUB": "dvb_subtitle",
		"S_HDMV/PGS": "hdmv_pgs_subtitle", "S_HDMV/TEXTST": "hdmv_text_subtitle",
	}[codec]
}

// addAttachments adds the pictures among the attachments, which ffprobe counts as streams behind the tracks.
func addAttachments(p *media.Probe, r io.ReaderAt, h matroska.Header) error {
	index := len(h.Tracks)
	for _, a := range h.Attachments {
		if a.Name == "" || a.MediaType == "" || a.Size == 0 {
			continue // no stream
		}
		codec := map[string]string{"image/jpeg": "mjpeg", "image/png": "png"}[a.MediaType]
		if codec == "" && strings.HasPrefix(a.MediaType, "image/") {
			return fmt.Errorf("an attachment of type %q", a.MediaType)
		}
		if codec != "" {
			v, err := cover(r, codec, a.Offset, a.Size)
			if err != nil {
				return err
			}
			v.Index = index
			p.Video = append(p.Video, v)
		}
		index++
	}
	return nil
}

// cover measures an attached picture.
func cover(r io.ReaderAt, codec string, off, size int64) (media.VideoTrack, error) {
	c, kind, err := image.DecodeConfig(io.NewSectionReader(r, off, min(size, maxCover)))
	if err != nil || (kind == "jpeg") != (codec == "mjpeg") {
		return media.VideoTrack{}, fmt.Errorf("a cover that is no %s: %w", codec, err)
	}
	return media.VideoTrack{Codec: codec, Width: c.Width, Height: c.Height, AttachedPicture: true}, nil
}

// maxCover is how many bytes of a cover are read for its size.
const maxCover = 1 << 20

// closed ends chapters without an end, −1, where the next one begins, and the last with the film.
func closed(chapters []media.Chapter, endUS int64) []media.Chapter {
	for n := range chapters {
		if chapters[n].EndUS >= 0 {
			continue
		}
		chapters[n].EndUS = max(endUS, chapters[n].StartUS)
		if n+1 < len(chapters) {
			chapters[n].EndUS = chapters[n+1].StartUS
		}
	}
	return chapters
}

// microseconds rounds nanoseconds.
func microseconds(ns int64) int64 { return (ns + 500) / 1000 }

// matroskaTags gives the tags of the file by the names ffprobe has for them.
func matroskaTags(h matroska.Header) map[string]string {
	tags := map[string]string{}
	if h.Title != "" {
		tags["title"] = h.Title
	}
	if h.HasDate {
		const millennium = 978_307_200 // Unix seconds of the first moment of 2001
		tags["creation_time"] = time.Unix(millennium, h.DateNS).UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	for _, t := range h.Tags {
		if t.Track != 0 || t.Chapter != 0 || t.Attachment != 0 {
			continue
		}
		name := t.Name
		if t.TargetType != "" {
			name = t.TargetType + "/" + name
		}
		foreign := t.Language != "" && t.Language != "und"
		if t.Default || !foreign {
			tags[matroskaName(name)] = t.Value
		}
		if foreign {
			tags[name+"-"+t.Language] = t.Value
		}
	}
	return tags
}

// matroskaName is libavformat's name of a tag.
func matroskaName(name string) string {
	switch name {
	case "LEAD_PERFORMER":
		return "performer"
	case "PART_NUMBER":
		return "track"
	}
	return name
}

// dolbyVision reads the profile out of a DOVIDecoderConfigurationRecord.
func dolbyVision(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	return int(b[2] >> 1)
}

// trimmed cuts a text at its first zero byte.
func trimmed(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return string(b)
}
