package ffmpeg

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"movify/pkg/media"
)

// probeJSON is what we read of ffprobe's output. Numbers come as text, absent ones not at all.
type probeJSON struct {
	Format struct {
		Name     string            `json:"format_name"`
		Start    string            `json:"start_time"`
		Duration string            `json:"duration"`
		BitRate  string            `json:"bit_rate"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
	Streams  []streamJSON `json:"streams"`
	Chapters []struct {
		Start string            `json:"start_time"`
		End   string            `json:"end_time"`
		Tags  map[string]string `json:"tags"`
	} `json:"chapters"`
}

type streamJSON struct {
	Index          int               `json:"index"`
	Kind           string            `json:"codec_type"`
	Codec          string            `json:"codec_name"`
	Profile        string            `json:"profile"`
	Level          int               `json:"level"`
	Width          int               `json:"width"`
	Height         int               `json:"height"`
	SAR            string            `json:"sample_aspect_ratio"`
	PixelFormat    string            `json:"pix_fmt"`
	FieldOrder     string            `json:"field_order"`
	ColorTransfer  string            `json:"color_transfer"`
	ColorPrimaries string            `json:"color_primaries"`
	ColorSpace     string            `json:"color_space"`
	BFrames        int               `json:"has_b_frames"`
	FrameRate      string            `json:"r_frame_rate"`
	AverageRate    string            `json:"avg_frame_rate"`
	Start          string            `json:"start_time"`
	Duration       string            `json:"duration"`
	Frames         string            `json:"nb_frames"`
	BitRate        string            `json:"bit_rate"`
	Channels       int               `json:"channels"`
	Layout         string            `json:"channel_layout"`
	SampleRate     string            `json:"sample_rate"`
	Disposition    map[string]int    `json:"disposition"`
	Tags           map[string]string `json:"tags"`
	SideData       []struct {
		Kind     string  `json:"side_data_type"`
		Layout   string  `json:"type"`
		Rotation float64 `json:"rotation"`
		Dolby    int     `json:"dv_profile"`
	} `json:"side_data_list"`
}

func parseProbe(text []byte) (media.Probe, error) {
	var j probeJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return media.Probe{}, fmt.Errorf("read ffprobe's output: %w", err)
	}
	p := media.Probe{
		Format:     j.Format.Name,
		StartUS:    microseconds(j.Format.Start),
		DurationUS: microseconds(j.Format.Duration),
		BitRate:    number(j.Format.BitRate),
		Tags:       media.CleanTags(j.Format.Tags),
	}
	for _, s := range j.Streams {
		switch s.Kind {
		case "video":
			p.Video = append(p.Video, s.video(p))
		case "audio":
			p.Audio = append(p.Audio, s.audio(p))
		case "subtitle":
			p.Subtitles = append(p.Subtitles, media.SubtitleTrack{
				Index: s.Index, Codec: s.Codec, Language: s.Tags["language"], Title: s.Tags["title"],
				Default: s.Disposition["default"] == 1, Forced: s.Disposition["forced"] == 1,
				Original: s.Disposition["original"] == 1, Commentary: s.Disposition["comment"] == 1,
				HearingImpaired: s.Disposition["hearing_impaired"] == 1,
			})
		}
	}
	for _, c := range j.Chapters {
		p.Chapters = append(
			p.Chapters,
			media.Chapter{StartUS: microseconds(c.Start), EndUS: microseconds(c.End), Title: c.Tags["title"]},
		)
	}
	slices.SortStableFunc(p.Chapters, func(a, b media.Chapter) int { return cmp.Compare(a.StartUS, b.StartUS) })
	return p.Bounded(), nil
}

func (s streamJSON) video(p media.Probe) media.VideoTrack {
	v := media.VideoTrack{
		Index: s.Index, Codec: s.Codec, Profile: s.Profile, Level: max(0, s.Level),
		Width: s.Width, Height: s.Height, SAR: ratio(s.SAR),
		FrameRate: ratio(s.FrameRate), AverageRate: ratio(s.AverageRate),
		StartUS: s.startUS(p), Frames: int(number(s.Frames)), BitRate: number(s.BitRate),
		PixelFormat: s.PixelFormat, FieldOrder: s.FieldOrder,
		ColorTransfer: s.ColorTransfer, ColorPrimaries: s.ColorPrimaries, ColorSpace: s.ColorSpace,
		BFrames: s.BFrames, AttachedPicture: s.Disposition["attached_pic"] == 1,
		Still:   s.Disposition["still_image"] == 1 || s.Disposition["timed_thumbnails"] == 1,
		Default: s.Disposition["default"] == 1,
	}
	v.DurationUS = s.durationUS(p)
	for _, d := range s.SideData {
		if d.Kind == "Stereo 3D" && (strings.HasPrefix(d.Layout, "side by side") || d.Layout == "top and bottom") {
			v.Stereo = true
		}
		if d.Rotation != 0 {
			v.Rotation = int(math.Round(d.Rotation))
		}
		if d.Dolby != 0 {
			v.DolbyVision = d.Dolby
		}
	}
	return v
}

func (s streamJSON) audio(p media.Probe) media.AudioTrack {
	return media.AudioTrack{
		Index: s.Index, Codec: s.Codec, Channels: s.Channels, Layout: s.Layout,
		SampleRate: int(number(s.SampleRate)), BitRate: number(s.BitRate),
		StartUS: s.startUS(p), DurationUS: s.durationUS(p),
		Language: s.Tags["language"], Title: s.Tags["title"], Default: s.Disposition["default"] == 1,
		Original: s.Disposition["original"] == 1, Commentary: s.Disposition["comment"] == 1,
		VisualImpaired:  s.Disposition["visual_impaired"] == 1 || s.Disposition["descriptions"] == 1,
		HearingImpaired: s.Disposition["hearing_impaired"] == 1,
	}
}

func (s streamJSON) startUS(p media.Probe) int64 {
	if s.Start == "" {
		return p.StartUS
	}
	return microseconds(s.Start)
}

// durationUS is the stream's own length. Matroska says in a tag when the stream ends on the container's clock, so its
// start on that clock is taken off.
func (s streamJSON) durationUS(p media.Probe) int64 {
	if us := microseconds(s.Duration); us > 0 {
		return us
	}
	end := clock(s.Tags["DURATION"])
	if end <= 0 {
		return 0
	}
	return max(0, end-s.startUS(p))
}

// microseconds reads decimal seconds; what cannot be read is 0.
func microseconds(text string) int64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1e9 {
		return 0
	}
	return int64(math.Round(f * 1e6))
}

// clock reads "01:02:03.123000000" as microseconds; what cannot be read is 0.
func clock(text string) int64 {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return 0
	}
	d, err := time.ParseDuration(parts[0] + "h" + parts[1] + "m" + parts[2] + "s")
	if err != nil {
		return 0
	}
	return d.Microseconds()
}

// number reads a whole number; what cannot be read is 0.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// ratio reads "24000/1001" or "16:11"; what cannot be read, or is not positive, is unknown.
func ratio(text string) media.Ratio {
	num, den, ok := strings.Cut(strings.Replace(text, ":", "/", 1), "/")
	if !ok {
		return media.Ratio{}
	}
	r := media.Ratio{Num: int(number(num)), Den: int(number(den))}
	if !r.Known() {
		return media.Ratio{}
	}
	return r
}
