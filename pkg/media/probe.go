package media

import (
	"fmt"
	"slices"
)

// Ratio is an exact fraction Num/Den. The zero value means unknown.
type Ratio struct {
	Num int `json:"num"`
	Den int `json:"den"`
}

// Known reports whether the ratio carries a value.
func (r Ratio) Known() bool { return r.Num > 0 && r.Den > 0 }

// Float gives the nearest float64, or 0 when unknown.
func (r Ratio) Float() float64 {
	if !r.Known() {
		return 0
	}
	return float64(r.Num) / float64(r.Den)
}

// String writes "24000/1001", the form ffmpeg reads.
func (r Ratio) String() string { return fmt.Sprintf("%d/%d", r.Num, r.Den) }

// Probe describes the streams of a file. Times are microseconds on the container's own clock.
type Probe struct {
	Format     string          `json:"format"` // ffprobe's format_name: "matroska,webm"
	Size       int64           `json:"size"`   // bytes
	BitRate    int64           `json:"bitRate,omitempty"`
	StartUS    int64           `json:"startUs"`
	DurationUS int64           `json:"durationUs"`
	Video      []VideoTrack    `json:"video"`
	Audio      []AudioTrack    `json:"audio"`
	Subtitles  []SubtitleTrack `json:"subtitles,omitempty"`
	Chapters   []Chapter       `json:"chapters,omitempty"` // by their starts
	// OrderedChapters says that the file's chapters are an ordered edition (RFC 9559 section 20.1.3): a list of what to play in
	// which order, from other files too. The file is played from its beginning to its end.
	OrderedChapters bool `json:"orderedChapters,omitempty"`
	// Tags are the metadata tags of the file, by ffprobe's names in lower case: "title", "date", "show",
	// "season_number", "episode_sort", "genre", "description", … A value is at most 4 KiB.
	Tags map[string]string `json:"tags,omitempty"`
	// Damage is what is wrong with the file's bytes; its length is that of what can be played.
	Damage Damage `json:"damage,omitempty"`
	// Recordings are the transport streams that were joined to this file, in order; none of a file that is one stream.
	// The other fields are then those of the first, but for sizes and durations, which are of all.
	Recordings []Recording `json:"recordings,omitempty"`
	// Quick says that it was read from headers in process: its fields have the values of a full probe, or none where
	// only the frames have them. An encode is planned from a full probe.
	Quick bool `json:"quick,omitempty"`
}

// Damage is a defect of a file that plays nevertheless, up to where its contents end.
type Damage string

// The kinds of damage. Cut is a file that ends before its container does: a copy that was broken off. Unreadable is one
// whose end is there and holds no pictures: space that was reserved and never filled.
const (
	Cut        Damage = "cut"
	Unreadable Damage = "unreadable"
)

// Recording is one of the streams that were joined to a file, with a clock and streams of its own.
type Recording struct {
	Offset int64 `json:"offset"` // of its first byte in the file
	Size   int64 `json:"size"`   // bytes
	Probe  Probe `json:"probe"`  // without Recordings
}

// Clone is a copy whose tracks can be changed.
func (p Probe) Clone() Probe {
	p.Video, p.Audio, p.Subtitles = slices.Clone(p.Video), slices.Clone(p.Audio), slices.Clone(p.Subtitles)
	p.Chapters = slices.Clone(p.Chapters)
	return p
}

// Bounds of a probe: a file may hold any number of these, and a probe is kept for every file of a library. Audio tracks
// are all listed; the transcoder bounds how many of them it encodes.
const (
	maxSubtitles = 100
	maxChapters  = 1000
	maxCovers    = 100
)

// Bounded returns the probe with the first 100 of its subtitle tracks and of its attached pictures, and the first 1000
// of its chapters. Everything that probes a file ends with it.
func (p Probe) Bounded() Probe {
	p.Subtitles = p.Subtitles[:min(len(p.Subtitles), maxSubtitles)]
	p.Chapters = p.Chapters[:min(len(p.Chapters), maxChapters)]
	covers := 0
	p.Video = slices.DeleteFunc(slices.Clone(p.Video), func(v VideoTrack) bool {
		if v.AttachedPicture {
			covers++
		}
		return v.AttachedPicture && covers > maxCovers
	})
	return p
}

// VideoTrack describes one video stream. Width and Height are coded samples, before SAR and rotation.
type VideoTrack struct {
	Index       int    `json:"index"` // stream index in the file
	Codec       string `json:"codec"`
	Profile     string `json:"profile,omitempty"`
	Level       int    `json:"level,omitempty"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	SAR         Ratio  `json:"sar"`
	Crop        Crop   `json:"crop,omitzero"`
	Rotation    int    `json:"rotation,omitempty"` // degrees of the display matrix
	FrameRate   Ratio  `json:"frameRate"`          // r_frame_rate
	AverageRate Ratio  `json:"averageRate"`
	StartUS     int64  `json:"startUs"`
	DurationUS  int64  `json:"durationUs,omitempty"` // 0 = the stream does not say
	// DelayUS is how much later than it is to be shown each picture comes out of the decoder, microseconds. AVI has no times
	// of presentation: ffmpeg makes them of the order of the packets, and pictures that wait for later ones move all others.
	DelayUS         int64  `json:"delayUs,omitempty"`
	Frames          int    `json:"frames,omitempty"` // 0 = the stream does not say
	BitRate         int64  `json:"bitRate,omitempty"`
	PixelFormat     string `json:"pixelFormat,omitempty"`
	FieldOrder      string `json:"fieldOrder,omitempty"`
	ColorTransfer   string `json:"colorTransfer,omitempty"`
	ColorPrimaries  string `json:"colorPrimaries,omitempty"`
	ColorSpace      string `json:"colorSpace,omitempty"`
	Stereo          bool   `json:"stereo,omitempty"`      // a picture for each eye, side by side or one above the other
	DolbyVision     int    `json:"dolbyVision,omitempty"` // profile number, 0 = none
	BFrames         int    `json:"bFrames,omitempty"`
	AttachedPicture bool   `json:"attachedPicture,omitempty"`
	Still           bool   `json:"still,omitempty"` // the file calls it a still image, or thumbnails
	Default         bool   `json:"default,omitempty"`
	Disabled        bool   `json:"disabled,omitempty"`    // Matroska's FlagEnabled is 0
	Undecodable     bool   `json:"undecodable,omitempty"` // there is no decoder, or none that may be used
}

// Crop is what is not to be shown of each side of a picture, samples before rotation.
type Crop struct {
	Left   int `json:"left,omitempty"`
	Top    int `json:"top,omitempty"`
	Right  int `json:"right,omitempty"`
	Bottom int `json:"bottom,omitempty"`
}

// Upright is the crop of the picture as it is shown, of a track turned by a display matrix: degrees, counterclockwise.
func (c Crop) Upright(degrees int) Crop {
	switch ((degrees % 360) + 360) % 360 {
	case 90:
		return Crop{Left: c.Top, Top: c.Right, Right: c.Bottom, Bottom: c.Left}
	case 180:
		return Crop{Left: c.Right, Top: c.Bottom, Right: c.Left, Bottom: c.Top}
	case 270:
		return Crop{Left: c.Bottom, Top: c.Left, Right: c.Top, Bottom: c.Right}
	}
	return c
}

// Interlaced reports whether the stream's field order says two fields a frame.
func (v VideoTrack) Interlaced() bool {
	switch v.FieldOrder {
	case "tt", "bb", "tb", "bt":
		return true
	}
	return false
}

// HDR reports whether the transfer function is PQ (SMPTE ST 2084) or HLG (ARIB STD-B67).
func (v VideoTrack) HDR() bool {
	return v.ColorTransfer == "smpte2084" || v.ColorTransfer == "arib-std-b67"
}

// AudioTrack describes one audio stream.
type AudioTrack struct {
	Index      int    `json:"index"`
	Codec      string `json:"codec"`
	Channels   int    `json:"channels"`
	Layout     string `json:"layout,omitempty"`
	SampleRate int    `json:"sampleRate"`
	BitRate    int64  `json:"bitRate,omitempty"`
	StartUS    int64  `json:"startUs"`
	DurationUS int64  `json:"durationUs,omitempty"`
	Language   string `json:"language,omitempty"` // as the file says it: BCP 47, or ISO 639-2
	Title      string `json:"title,omitempty"`
	Default    bool   `json:"default,omitempty"`
	// What the sound is for: RFC 9559 sections 5.1.4.1.8 to 5.1.4.1.12, and the roles of an MP4 track.
	Original        bool `json:"original,omitempty"`        // in the language the film was made in
	Commentary      bool `json:"commentary,omitempty"`      // of people who talk about the film
	VisualImpaired  bool `json:"visualImpaired,omitempty"`  // a voice describes the picture
	HearingImpaired bool `json:"hearingImpaired,omitempty"` // voices are clearer
	Disabled        bool `json:"disabled,omitempty"`        // Matroska's FlagEnabled is 0: it is not to be used
	Undecodable     bool `json:"undecodable,omitempty"`     // there is no decoder, or none that may be used
}

// SubtitleTrack describes one subtitle stream.
type SubtitleTrack struct {
	Index    int    `json:"index"`
	Codec    string `json:"codec"`
	Language string `json:"language,omitempty"` // as the file says it: BCP 47, or ISO 639-2
	Title    string `json:"title,omitempty"`
	Default  bool   `json:"default,omitempty"`
	Forced   bool   `json:"forced,omitempty"`
	// Original and Commentary are those of AudioTrack.
	Original   bool `json:"original,omitempty"`
	Commentary bool `json:"commentary,omitempty"`
	// HearingImpaired says that sounds are described, as for people who cannot hear them (SDH).
	HearingImpaired bool `json:"hearingImpaired,omitempty"`
}

// Chapter is a named span of a file.
type Chapter struct {
	StartUS int64  `json:"startUs"`
	EndUS   int64  `json:"endUs"`
	Title   string `json:"title,omitempty"`
}
