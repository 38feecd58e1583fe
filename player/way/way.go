package way

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Kind is one of the two streams of a file.
type Kind string

// The streams.
const (
	Original Kind = "original"
	Ladder   Kind = "ladder"
)

// Engine is the part of a browser that plays HLS.
type Engine string

// The engines: a program in the page with Media Source Extensions, or the browser's own.
const (
	MSE    Engine = "mse"
	Native Engine = "native"
)

// Quality is the choice of a viewer.
type Quality string

// The qualities. Auto, which "" is too, leaves the choice to Choose.
const (
	Auto           Quality = "auto"
	OriginalWanted Quality = "original"
	LadderWanted   Quality = "ladder"
)

// Device is what a device says that it can do.
type Device struct {
	Codecs        []string // CODECS strings (RFC 6381) that it plays in fragmented MP4
	Ranges        []string // "SDR", "HLG", "PQ": what its screen shows
	Width, Height int      // of the screen in device pixels; 0 = unknown
	Engine        Engine
	Turns         bool     // it turns a picture by the matrix of its Init Section
	Failed        []string // CODECS strings of Original streams whose decoding failed on it
}

// File holds the facts of a file that the choice needs.
type File struct {
	Original media.Original   // without a segment of the picture when Unfit is set
	Unfit    *fault.Fault     // why it has no Original stream; nil when it has one
	Away     bool             // its disk is away
	Track    media.VideoTrack // the picture, as the probe has it
}

// Network holds the facts of the connection.
type Network struct {
	CarriedBPS int64 // throughput that it carried last time, bit/s; 0 = unknown
	Local      bool  // the device is on this machine or in a private network
}

// Limits bound what a viewer may be sent. A field that is 0 bounds nothing.
type Limits struct {
	Lines int   // height of the picture, as Lines counts it
	BPS   int64 // average bit rate, bit/s
}

// Way is the stream to begin with, and the reason. It is stored in JSON with its playback.
type Way struct {
	Kind    Kind              `json:"kind"`
	Code    Code              `json:"code"`
	Message string            `json:"message,omitempty"` // the reason in words, in English
	Params  map[string]string `json:"params,omitempty"`  // the facts in Message, by the names of the constants below
	// Offered says that the device can play the Original stream, whether or not it is the one to begin with.
	Offered bool `json:"offered,omitempty"`
}

// Code is the stable name of a reason.
type Code string

// The reasons, in the order in which Choose asks for them.
const (
	DeviceUnknown Code = "device_unknown"       // the device did not say what it plays
	LadderAway    Code = "ladder_away"          // the file's disk is away: only encoded segments are there
	LadderUnfit   Code = "ladder_unfit"         // the file has no Original stream; ParamCause is the code of the fault
	LadderCodec   Code = "ladder_codec"         // the device has no decoder for the picture
	LadderLimit   Code = "ladder_limit"         // more than the viewer may be sent
	LadderChosen  Code = "ladder_chosen"        // the viewer chose it
	LadderFailed  Code = "ladder_failed_before" // the device failed to decode such a picture
	Chosen        Code = "original_chosen"      // the viewer chose it
	LadderOpen    Code = "ladder_open_groups"   // Chromium fails to decode behind a recovery point that it was sent to
	LadderFields  Code = "ladder_interlaced"    // browsers show both fields of a picture at once
	LadderCrop    Code = "ladder_cropped"       // the file hides its edges, and not all browsers do
	LadderTurned  Code = "ladder_turned"        // the file is turned, and the device does not turn it
	LadderRange   Code = "ladder_range"         // HDR that the screen does not show; the ladder is mapped to SDR
	LadderNetwork Code = "ladder_network"       // more than the connection carried last time
	LadderRemote  Code = "ladder_remote"        // more than a connection of unknown throughput is trusted with
	Fits          Code = "original_fits"        // the device plays it as it is
)

// The names of Way.Params.
const (
	ParamPicture = "picture" // "H.264 High 4.1, 1080p, 8.2 Mb/s"
	ParamRate    = "rate"    // "28 Mb/s"
	ParamCarried = "carried" // "12 Mb/s"
	ParamLimit   = "limit"   // "720p", "4.0 Mb/s"
	ParamCause   = "cause"   // code of the fault of a file without an Original stream
	ParamRange   = "range"   // "PQ"
)

// remoteBPS is up to which average an Original stream is begun with over a connection of unknown throughput that is not of
// this network, bit/s: what a cable or mobile connection of today carries. A player goes on to the ladder by itself.
const remoteBPS = 25_000_000

// Choose says which stream of a file a playback begins with. d is nil for a device that did not say what it plays. The
// viewer's choice goes before everything that only makes the Original stream look or play worse, and after everything
// that makes it impossible or forbidden.
func Choose(d *Device, f File, n Network, l Limits, q Quality) Way {
	switch {
	case d == nil:
		return ladder(DeviceUnknown, "the device did not say what it plays", nil)
	case f.Away:
		return ladder(LadderAway, "the file's disk is away", nil)
	case f.Unfit != nil:
		return ladder(LadderUnfit, f.Unfit.Message, map[string]string{ParamCause: f.Unfit.Code})
	}
	picture := f.Original.Picture
	about := map[string]string{ParamPicture: describe(f.Original)}
	if !covers(d.Codecs, picture.Codecs, d.Engine) {
		about[ParamPicture] = Codec(picture.Codecs)
		return ladder(LadderCodec, Codec(picture.Codecs)+", "+decoderOf(*d, picture.Codecs), about)
	}
	if limit := l.broken(f.Original); limit != "" {
		about[ParamLimit] = limit
		return ladder(LadderLimit, describe(f.Original)+" is more than the limit of "+limit, about)
	}
	if picture.OpenGroups && d.Engine == MSE {
		return ladder(LadderOpen, "some key frames need pictures before them, which browsers fail to do without", nil)
	}
	w := prefer(*d, f, n, q, about)
	w.Offered = true
	return w
}

// prefer chooses between two streams that are both possible.
func prefer(d Device, f File, n Network, q Quality, about map[string]string) Way {
	picture := f.Original.Picture
	words := about[ParamPicture]
	switch {
	case q == LadderWanted:
		return ladder(LadderChosen, "it was chosen", nil)
	case slices.Contains(d.Failed, picture.Codecs):
		return ladder(LadderFailed, words+" could not be decoded on this device before", about)
	case q == OriginalWanted:
		return Way{Kind: Original, Code: Chosen, Message: "original: it was chosen, " + words, Params: about}
	case f.Track.Interlaced():
		return ladder(LadderFields, "the picture is interlaced", about)
	case f.Track.Crop != (media.Crop{}):
		return ladder(LadderCrop, "the file hides the edges of its picture", about)
	case (f.Track.Rotation%360 != 0 || picture.Turned) && !d.Turns:
		return ladder(LadderTurned, "the picture is turned", about)
	case !shows(d, picture.Range):
		about[ParamRange] = picture.Range
		return ladder(LadderRange, "HDR ("+picture.Range+"), this screen shows SDR", about)
	}
	if w, tooMuch := overNetwork(f.Original, n, about); tooMuch {
		return w
	}
	return Way{Kind: Original, Code: Fits, Message: "original: " + words + " fits this device", Params: about}
}

func ladder(code Code, words string, params map[string]string) Way {
	return Way{Kind: Ladder, Code: code, Message: "ladder: " + strings.TrimSuffix(words, "."), Params: params}
}

// decoderOf says what a device lacks for a picture that it does not play: the codec, or more of it.
func decoderOf(d Device, picture string) string {
	want, _ := parse(picture)
	for _, text := range d.Codecs {
		if have, ok := parse(text); ok && have.family == want.family {
			return "more than this browser plays"
		}
	}
	return "this browser has none"
}

// shows reports whether the device's screen shows a range. One that says nothing shows SDR.
func shows(d Device, video string) bool { return video == "SDR" || slices.Contains(d.Ranges, video) }

// broken gives the limit that a stream breaks, in words, or "".
func (l Limits) broken(o media.Original) string {
	average, _ := rates(o)
	switch {
	case l.Lines > 0 && Lines(o.Picture.Width, o.Picture.Height) > l.Lines:
		return strconv.Itoa(l.Lines) + "p"
	case l.BPS > 0 && average > l.BPS:
		return Rate(l.BPS)
	}
	return ""
}

// overNetwork reports whether a stream needs more than the connection carries.
func overNetwork(o media.Original, n Network, about map[string]string) (Way, bool) {
	average, _ := rates(o)
	about = maps.Clone(about)
	about[ParamRate] = Rate(average)
	if need := Need(o); n.CarriedBPS > 0 && need > n.CarriedBPS {
		about[ParamCarried] = Rate(n.CarriedBPS)
		return ladder(LadderNetwork, Rate(average)+" is more than this connection carried last time", about), true
	}
	if n.CarriedBPS <= 0 && !n.Local && average > remoteBPS {
		return ladder(LadderRemote, Rate(average)+" is much for a connection that is not known yet", about), true
	}
	return Way{}, false
}

// Need is the throughput that a stream needs, bit/s: a fifth more than its average, for what else is on the connection, but
// no more than its peak. A player's buffer carries it over shorter peaks.
func Need(o media.Original) int64 {
	average, peak := rates(o)
	return max(average, min(peak, average*6/5))
}

// rates are those of the picture and the largest sound, bit/s.
func rates(o media.Original) (average, peak int64) {
	for _, sound := range o.Sounds {
		average, peak = max(average, int64(sound.Average)), max(peak, int64(sound.Peak))
	}
	average, peak = average+int64(o.Picture.Average), peak+int64(o.Picture.Peak)
	return average, max(average, peak)
}

// Copies gives the sounds of a stream that the device plays as they are, in file order.
func Copies(d Device, o media.Original) []id.Rendition {
	out := []id.Rendition{}
	for _, sound := range o.Sounds {
		if covers(d.Codecs, sound.Codecs, d.Engine) && !slices.Contains(d.Failed, sound.Codecs) {
			out = append(out, sound.ID)
		}
	}
	return out
}
