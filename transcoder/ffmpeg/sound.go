package ffmpeg

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	ffgo "github.com/u2takey/ffmpeg-go"

	"movify/pkg/media"
	"movify/transcoder"
)

// soundChain turns decoded audio into exactly the run's samples on the AAC frame grid: late audio is preceded by
// silence, gaps are filled, and it ends with the run. aformat brings it to our rate beforehand, because aresample
// counts first_pts in samples of its input: of 44100 a second, a run in the middle would begin seconds too late.
func soundChain(in *ffgo.Stream, o transcoder.Order, r media.Rendition) *ffgo.Stream {
	s, first, last := in.Get(strconv.Itoa(r.Stream)), firstSample(o), lastSample(o)
	if keepsEarlier(o) {
		s = atExactTimes(s, o, r)
		s = heard(s, readFrom(o), float64(last)/media.AudioRate+zero(o))
	}
	return samples(s, o, first, last)
}

// roundsTimes reports whether a container rounds the times of its packets to milliseconds: Matroska does by default (RFC 9559
// section 5.1.2.9, TimestampScale), Flash and ASF always.
func roundsTimes(format string) bool {
	return strings.Contains(format, "matroska") || format == "flv" || format == "asf"
}

// atExactTimes gives frames of sound whose times were rounded to milliseconds the exact ones. Frames of one length follow each
// other from the beginning of the track, so that each ends a whole number of lengths behind it. A run in the middle would
// otherwise begin up to a millisecond beside the run of the whole, which counts samples: a click at the joint. A frame that is
// further away lies behind a hole, and keeps its time. Those of Vorbis have two lengths (Vorbis I specification section 4.3.8)
// and keep theirs.
func atExactTimes(s *ffgo.Stream, o transcoder.Order, r media.Rendition) *ffgo.Stream {
	const rounding = 0.0016 // seconds: a packet's time cut off to milliseconds, the decoder's delay and its own rounding
	at := slices.IndexFunc(o.Asset.Probe.Audio, func(a media.AudioTrack) bool { return a.Index == r.Stream })
	if !roundsTimes(o.Asset.Probe.Format) || at < 0 {
		return s
	}
	track := o.Asset.Probe.Audio[at]
	if track.Codec == "vorbis" {
		return s
	}
	return s.Filter("asetpts", ffgo.Args{fmt.Sprintf(
		"st(0,PTS+NB_SAMPLES-round(%.6f*SR));st(1,%s);st(2,round(ld(0)/ld(1))*ld(1)-ld(0));"+
			"PTS+if(lt(abs(ld(2)),%.4f*SR),ld(2),0)",
		float64(track.StartUS-o.Asset.Probe.StartUS)/1e6, frameLength(track.Codec), rounding)})
}

// frameLength is the length of a codec's frames in samples, as an expression: that of the frame itself, but where decoders drop
// their delay from the first one they make, also after a seek (Opus, RFC 7845 section 4.2).
func frameLength(codec string) string {
	switch codec {
	case "opus":
		return "max(NB_SAMPLES,960)"
	case "aac":
		return "max(NB_SAMPLES,1024)"
	}
	return "NB_SAMPLES"
}

// heard is the sound between two times of an input that is read from earlier and on: what an exact seek would leave.
func heard(s *ffgo.Stream, from, to float64) *ffgo.Stream {
	const slack = 2 // seconds: what the last frames are decoded from
	return s.Filter("atrim", nil, ffgo.KwArgs{"start": fmt.Sprintf("%.6f", from), "end": fmt.Sprintf("%.6f", to+slack)})
}

// samples are the samples [first, last) of decoded audio, on the timeline of an order.
func samples(s *ffgo.Stream, o transcoder.Order, first, last int) *ffgo.Stream {
	onTime := ffgo.KwArgs{"async": "1", "first_pts": strconv.Itoa(first)}
	if o.Asset.Recipe >= media.SteadySound {
		// Without it aresample lets holes and overlaps below a tenth of a second move the sound behind them.
		onTime["min_hard_comp"] = "0.005"
	}
	return s.Filter("asetpts", ffgo.Args{zeroAt(o)}).
		Filter("aformat", nil, ffgo.KwArgs{"channel_layouts": "stereo", "sample_rates": strconv.Itoa(media.AudioRate)}).
		Filter("aresample", ffgo.Args{strconv.Itoa(media.AudioRate)}, onTime).
		Filter("apad", nil, ffgo.KwArgs{"whole_len": strconv.Itoa(last - first)}).
		Filter("atrim", nil, ffgo.KwArgs{"end_sample": strconv.Itoa(last - first)}).
		// A run without any sound, behind the end of the track, would begin at 0.
		Filter("asetpts", ffgo.Args{fmt.Sprintf("N+%d", first)})
}

// firstSample is the sample index at which a run's audio begins, preroll included.
func firstSample(o transcoder.Order) int {
	if o.From == 0 {
		return 0
	}
	return (o.Asset.Grid.Audio[o.From] - soundPreroll) * media.AACFrame
}

// lastSample is the sample index at which a run's audio ends, with a few frames to flush the encoder.
func lastSample(o transcoder.Order) int {
	return (o.Asset.Grid.Audio[o.To] + soundPreroll) * media.AACFrame
}
