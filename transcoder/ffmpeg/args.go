package ffmpeg

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	ffgo "github.com/u2takey/ffmpeg-go"

	"movify/pkg/media"
	"movify/transcoder"
)

// firstPipe is the descriptor number of a child's first extra file.
const firstPipe = 3

// encodeArgs builds the arguments of one run: one reading and decoding of the file feeds every rendition, each written
// as fragmented MP4 to its own pipe, from descriptor 3 on.
// device encodes the renditions whose Maker is Hardware.
func encodeArgs(o transcoder.Order, preset Preset, from input, device candidate) (args []string, err error) {
	defer func() {
		if r := recover(); r != nil { // ffmpeg-go panics on a graph it dislikes
			args, err = nil, fmt.Errorf("build ffmpeg arguments: %v", r)
		}
	}()
	var streams, outputs []*ffgo.Stream
	switch {
	case o.HeaderOnly:
		streams = blankOutput(o)
	case len(o.Asset.Probe.Recordings) > 0:
		streams = joinedOutputs(o)
	default:
		streams = wholeOutputs(o, from)
	}
	for n, s := range streams {
		switch r := o.Renditions[n]; {
		case r.Kind != media.Video:
			outputs = append(outputs, s.Output(pipeURL(n), audioArgs(r)))
		case o.Maker(n) == transcoder.Hardware:
			outputs = append(outputs, device.given(s).Output(pipeURL(n), hardwareArgs(o, r, device)))
		default:
			outputs = append(outputs, s.Output(pipeURL(n), videoArgs(o, r, preset, o.Maker(n))))
		}
	}
	graph := outputs[0]
	if len(outputs) > 1 {
		graph = ffgo.MergeOutputs(outputs...)
	}
	args = quiet("warning")
	if usesHardware(o) {
		args = append(args, device.globalArgs()...)
	}
	args = append(args, graph.GetArgs()...)
	for n := range o.Renditions {
		if !slices.Contains(args, pipeURL(n)) {
			return nil, fmt.Errorf("build ffmpeg arguments: output %d is lost", n)
		}
	}
	return args, nil
}

// usesHardware reports whether a run needs the device.
func usesHardware(o transcoder.Order) bool { return slices.Contains(o.Makers, transcoder.Hardware) }

// blankOutput is a black picture in the size, the rate and the colour of the order's one rendition.
func blankOutput(o transcoder.Order) []*ffgo.Stream {
	r := o.Renditions[0]
	in := ffgo.Input(
		fmt.Sprintf("color=c=black:s=%dx%d:r=%s", r.Width, r.Height, o.Asset.Grid.Rate), ffgo.KwArgs{"format": "lavfi"},
	)
	return []*ffgo.Stream{labelled(plain(in.Get("0")), r)}
}

// wholeOutputs are the streams of a run, one for each rendition, of a file that is one stream.
func wholeOutputs(o transcoder.Order, from input) []*ffgo.Stream {
	in := ffgo.Input(from.url, inputArgs(o, from))
	pictures := pictureChains(in, o)
	out := make([]*ffgo.Stream, len(o.Renditions))
	for n, r := range o.Renditions {
		if r.Kind == media.Video {
			out[n] = pictures[r.ID]
		} else {
			out[n] = soundChain(in, o, r)
		}
	}
	return out
}

// pipeURL names a child's nth extra file. ffmpeg-go takes two nodes whose sums of hashes agree for one and drops the
// other; names of one length that differ in their last digit hash to neighbouring numbers, and the chains of two audio
// tracks do too, so that one path in ten lost an output. A leading zero more for each keeps the hashes far apart.
func pipeURL(n int) string {
	return "pipe:" + strings.Repeat("0", n) + strconv.Itoa(firstPipe+n)
}

// quiet are the global arguments of every ffmpeg we start: no terminal, no banner, only what matters on stderr.
func quiet(level string) []string {
	return []string{"-hide_banner", "-nostdin", "-loglevel", level}
}

// inputURL names a file so that no name is taken for an option, a pattern or a protocol.
func inputURL(path string) string { return "file:" + path }

// inputArgs place the reading: the container's clock from zero, from a little before the first boundary, for as long as
// the run needs.
func inputArgs(o transcoder.Order, from input) ffgo.KwArgs {
	a := from.whitelisted()
	a["copyts"] = ""
	a["start_at_zero"] = "" // takes the container's offset from packets and from the accurate seek alike
	// "-ss 0" would lose the first AC-3 frame, and seeking goes to key frames: sound before the first is read from the
	// beginning.
	begin := readFrom(o)
	if begin > 0 {
		a["ss"] = fmt.Sprintf("%.6f", begin)
	}
	if o.Careful {
		a["threads"] = "1"
	}
	if keepsEarlier(o) {
		a["noaccurate_seek"] = ""
		return a
	}
	lead := seconds(runStart(o)) + zero(o) - begin
	const slack = 2 // seconds: audio's last frames and the decoder's delay
	rate := o.Asset.Grid.Rate
	length, _ := new(big.Rat).SetFrac64(int64(o.Frames())*int64(rate.Den), int64(rate.Num)).Float64()
	a["t"] = fmt.Sprintf("%.3f", max(length+lead, readUntil(o)-begin)+slack)
	return a
}

// readFrom is where reading begins, seconds on the container's clock from zero; 0 = the file's beginning.
func readFrom(o transcoder.Order) float64 {
	if at := seekTime(o); o.From > 0 && at > firstPicture(o) {
		return at
	}
	return 0
}

// keepsEarlier reports whether a run decodes from the key frame that reading begins with, up to the first picture that is
// behind its last frame. Where the picture has a hole, or lasts long, the one that a run begins with is from long before
// its place. An exact seek would drop it, and a limit to the reading would not meet the next. Of sound whose times are rounded
// an exact seek would cut the first frame, by which its exact time is found.
func keepsEarlier(o transcoder.Order) bool {
	return o.Asset.Recipe >= media.TruePicture && slices.ContainsFunc(o.Renditions, func(r media.Rendition) bool {
		return r.Kind == media.Video || roundsTimes(o.Asset.Probe.Format)
	})
}

// readOnlyMedia forbids everything a hostile file could make the demuxer open beside itself, and decoders of formats
// that no film is in.
func readOnlyMedia() ffgo.KwArgs {
	return ffgo.KwArgs{
		"protocol_whitelist": "file", "format_whitelist": strings.Join(containers, ","),
		"codec_whitelist": strings.Join(decoders[:], ","),
	}
}

// runStart is the time of a run's first frame on the grid's timeline, seconds.
func runStart(o transcoder.Order) *big.Rat {
	return o.Asset.Grid.FrameTime(o.Asset.Grid.Frames[o.From])
}

// soundPreroll is how many AAC frames are encoded before the first that is kept, so that the encoder's state has
// settled and the joint cannot be heard.
const soundPreroll = 4

// soundLead is how long before its first sample sound is read, seconds: the decoder's own delay, and a packet that
// straddles.
const soundLead = 0.3

// seekTime is where reading begins, seconds on the container's clock from zero: early enough for the first picture and
// for the audio's preroll.
func seekTime(o transcoder.Order) float64 {
	zero := zero(o)
	begin := seconds(runStart(o)) + zero
	for _, r := range o.Renditions {
		at := seconds(o.Asset.Grid.FrameTime(firstDecoded(o))) + zero - picturePreroll(o)
		if r.Kind == media.Audio {
			first := float64(o.Asset.Grid.Audio[o.From]-soundPreroll) * media.AACFrame / media.AudioRate
			at = first + zero - soundLead - roundedSeek(o)
		}
		begin = min(begin, at)
	}
	return max(0, begin)
}

// roundedSeek is how much later than asked reading may begin, seconds: the index of an AVI counts pictures, and ffmpeg rounds to
// the nearest.
func roundedSeek(o transcoder.Order) float64 {
	v, _ := o.Asset.Picture()
	if rate := v.FrameRate.Float(); o.Asset.Probe.Format == "avi" && rate > 0 {
		return 0.5 / rate
	}
	return 0
}

// picturePreroll is how long before its first frame a run must decode, seconds: half a frame where timestamps are exact
// and seeking goes to a key frame, half a second where a filter looks at neighbours or the index is coarse. MPEG
// streams have no index: seeking lands between key frames, and nothing can be decoded before the next. x264 by itself
// puts one every 250 frames.
func picturePreroll(o transcoder.Order) float64 {
	const coarse, longestGroup = 0.5, 10.5
	v, _ := o.Asset.Picture()
	switch format := o.Asset.Probe.Format; {
	case format == "mpegts" || format == "mpeg" || format == "concat":
		return longestGroup
	case v.Interlaced(), !strings.Contains(format, "mov") && !strings.Contains(format, "matroska"):
		return coarse
	}
	return 0.5 / o.Asset.Grid.Rate.Float()
}

// pictureChains builds the video filters: one chain up to the grid, split once, then a size for each rendition.
func pictureChains(in *ffgo.Stream, o transcoder.Order) map[id]*ffgo.Stream {
	var videos []media.Rendition
	for _, r := range o.Renditions {
		if r.Kind == media.Video {
			videos = append(videos, r)
		}
	}
	chains := map[id]*ffgo.Stream{}
	if len(videos) == 0 {
		return chains
	}
	v, _ := o.Asset.Picture()
	s := onGrid(in.Get(strconv.Itoa(videos[0].Stream)), o, v)
	if len(videos) == 1 {
		chains[videos[0].ID] = sized(s, v, videos[0])
		return chains
	}
	split := s.Split()
	for n, r := range videos {
		chains[r.ID] = sized(split.Get(strconv.Itoa(n)), v, r)
	}
	return chains
}

// zeroAt is the expression that moves the timeline's zero to the first picture.
func zeroAt(o transcoder.Order) string {
	return fmt.Sprintf("PTS-%.6f/TB", zero(o))
}

// zero is where the first picture is on the clock that the run's filters see, seconds. For formats whose timestamps may
// jump ffmpeg moves that clock's beginning from the container's to the first of the streams it uses ("Correcting start
// time"), so it differs between a run of everything and one of the picture or the sound alone.
func zero(o transcoder.Order) float64 {
	us := o.Asset.Grid.ZeroUS
	switch p := o.Asset.Probe; p.Format {
	case "mpegts", "mpeg", "ogg":
		us -= max(0, firstUsed(p, o.Renditions)-p.StartUS)
	}
	return float64(us) / 1e6
}

// firstUsed is the start of the earliest stream that a run reads, microseconds on the container's clock.
func firstUsed(p media.Probe, renditions []media.Rendition) int64 {
	first := int64(math.MaxInt64)
	for _, r := range renditions {
		for _, v := range p.Video {
			if v.Index == r.Stream {
				first = min(first, v.StartUS)
			}
		}
		for _, a := range p.Audio {
			if a.Index == r.Stream {
				first = min(first, a.StartUS)
			}
		}
	}
	return first
}

func seconds(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}
