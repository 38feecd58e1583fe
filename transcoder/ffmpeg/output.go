package ffmpeg

import (
	"fmt"
	"strconv"
	"strings"

	ffgo "github.com/u2takey/ffmpeg-go"

	idpkg "movify/pkg/id"
	"movify/pkg/media"
	"movify/transcoder"
)

type id = idpkg.Rendition

// Preset is an x264 preset that our pinned headers cover, with the rate factor that makes it look like the others.
type Preset struct {
	Name string
	CRF  int
	pins string
}

// The presets, fastest first. Each is pinned so that the Init Section comes out the same from all of them: segments of
// a just-in-time run (fast) and of a background run (thorough) then stand in one rendition. Measured: at equal factor
// medium is about 1.1 dB better than veryfast.
var presets = [...]Preset{
	{"superfast", 21, "stitchable=1:ref=3:weightp=2:8x8dct=1:chroma-qp-offset=-2"},
	{"veryfast", 21, "stitchable=1:ref=3:weightp=2:chroma-qp-offset=-2"},
	{"faster", 22, "stitchable=1:ref=3:weightp=2:chroma-qp-offset=-2"},
	{"fast", 22, "stitchable=1:ref=3:weightp=2"},
	{"medium", 23, "stitchable=1:ref=3"},
	{"slow", 23, "stitchable=1:ref=3"},
}

// PresetNamed finds a preset; ok is false for a name whose headers are not pinned.
func PresetNamed(name string) (Preset, bool) {
	for _, p := range presets {
		if p.Name == name {
			return p, true
		}
	}
	return Preset{}, false
}

// PresetFor is the thorough preset that suits a machine's cores.
func PresetFor(cores int) Preset {
	name := "veryfast"
	switch {
	case cores >= 8:
		name = "medium"
	case cores > 4:
		name = "fast"
	}
	p, _ := PresetNamed(name)
	return p
}

// videoArgs are the encoder and muxer arguments of one video rendition that the software encoder makes.
func videoArgs(o transcoder.Order, r media.Rendition, p Preset, maker transcoder.Maker) ffgo.KwArgs {
	a := pictureArgs(o, r)
	a["c:v"] = "libx264"
	a["preset"] = p.Name
	a["crf"] = strconv.Itoa(p.CRF)
	a["level"] = r.Level // explicit: the automatic one depends on the preset
	a["bf"] = "3"
	a["keyint_min"] = "1"
	a["sc_threshold"] = "0" // one IDR picture a segment, where the grid says
	a["x264-params"] = p.pins
	if maker == transcoder.SoftwareBeside {
		// Parameter sets beside those of the device.
		a["x264-params"] = p.pins + ":sps-id=" + strconv.Itoa(transcoder.BesideSet)
	}
	return a
}

// pictureArgs are what the encoders of pictures have in common: the cap, the grid, the colour and the container.
func pictureArgs(o transcoder.Order, r media.Rendition) ffgo.KwArgs {
	a := muxArgs()
	a["maxrate"] = strconv.Itoa(r.MaxRate)
	a["bufsize"] = strconv.Itoa(2 * r.MaxRate)
	a["profile:v"] = "high"
	a["g"] = strconv.Itoa(o.Asset.Grid.Full)
	a["force_key_frames"] = keyFrames(o.Asset.Grid, o.From, o.To)
	a["frames:v"] = strconv.Itoa(frames(o)) // exact: no look-ahead into a segment outside the order
	a["video_track_timescale"] = strconv.Itoa(o.Asset.Grid.Timescale())
	if c := r.Color; c != nil { // a run that meets no picture has no frame to take its headers from
		a["color_range"], a["color_primaries"], a["color_trc"], a["colorspace"] = "tv", c.Primaries, c.Transfer, c.Matrix
	}
	a["flags"] = "+cgop+bitexact"
	a["movflags"] = "+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets+skip_trailer+frag_discont"
	return a
}

// frames is how many pictures a run encodes.
func frames(o transcoder.Order) int {
	if o.HeaderOnly {
		return 1
	}
	return o.Frames()
}

// audioArgs are the encoder and muxer arguments of one audio rendition.
func audioArgs(r media.Rendition) ffgo.KwArgs {
	a := muxArgs()
	a["c:a"] = "aac"
	a["b:a"] = strconv.Itoa(r.MaxRate)
	a["flags"] = "+bitexact"
	a["movflags"] = "+empty_moov+default_base_moof+frag_discont+skip_trailer"
	a["frag_duration"] = "500000" // microseconds: segments leave soon after they are encoded
	return a
}

// muxArgs make the MP4 muxer write absolute times and nothing that differs between runs. frag_discont with copyts is
// what makes tfdt absolute.
func muxArgs() ffgo.KwArgs {
	return ffgo.KwArgs{
		"format": "mp4", "fflags": "+bitexact", "map_metadata": "-1", "map_chapters": "-1",
		"write_btrt": "0", "avoid_negative_ts": "disabled", "use_editlist": "0",
	}
}

// keyFrames is the expression that forces an IDR picture on every boundary of the segments [from, to). It counts the
// run's own frames (n): time (t) is relative to the run even with copyts.
func keyFrames(g media.Grid, from, to int) string {
	begin := g.Frames[from]
	var terms []string
	for i := from; i < to && g.Frames[i] < g.Full; i++ { // the ramp at the start of the title
		terms = append(terms, fmt.Sprintf("eq(n,%d)", g.Frames[i]-begin))
	}
	if len(terms) == 0 {
		return fmt.Sprintf("expr:eq(mod(n,%d),0)", g.Full)
	}
	full := g.Full - begin
	terms = append(terms, fmt.Sprintf("gte(n,%d)*eq(mod(n-%d,%d),0)", full, full, g.Full))
	return "expr:" + strings.Join(terms, "+")
}
