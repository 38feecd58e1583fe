package ffmpeg

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"

	ffgo "github.com/u2takey/ffmpeg-go"

	"movify/pkg/media"
	"movify/transcoder"
)

// rangeInput is a range of bytes of a file as an input of its own.
func rangeInput(path string, offset, size int64) input {
	return input{
		url:  fmt.Sprintf("subfile,,start,%d,end,%d,,:%s", offset, offset+size, inputURL(path)),
		args: ffgo.KwArgs{"protocol_whitelist": "subfile,file"},
	}
}

// piece is the part of a run that comes from one recording of a joined file. Its order has the recording's probe and a
// grid of its frames alone, on the timeline of the whole: zero is moved by where the recording begins.
type piece struct {
	from        input
	order       transcoder.Order
	first, last int // samples, of the whole timeline
}

func (p piece) pictures() bool { return p.order.Frames() > 0 }

func (p piece) sound() bool { return p.last > p.first }

// pieces divides a run of a joined file.
func pieces(o transcoder.Order) []piece {
	g := o.Asset.Grid
	bounds := slices.Concat([]int{0}, g.Joints, []int{g.Total()})
	sound := slices.ContainsFunc(o.Renditions, func(r media.Rendition) bool { return r.Kind == media.Audio })
	var out []piece
	for n, recording := range o.Asset.Probe.Recordings {
		base, end := bounds[n], bounds[n+1]
		p := piece{from: rangeInput(o.Path, recording.Offset, recording.Size)}
		if sound {
			p.first, p.last = max(firstSample(o), sampleAt(g, base)), min(lastSample(o), sampleAt(g, end))
			if n == len(o.Asset.Probe.Recordings)-1 {
				p.last = lastSample(o)
			}
		}
		from, to := max(base, g.Frames[o.From]), min(end, g.Frames[o.To])
		p.order = pieceOrder(o, recording.Probe, base, from, max(from, to))
		p.order.Renditions = slices.DeleteFunc(p.order.Renditions, func(r media.Rendition) bool {
			return r.Kind == media.Video && !p.pictures() || r.Kind == media.Audio && !p.sound()
		})
		if len(p.order.Renditions) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// pieceOrder is an order of the frames [from, to) of a recording that begins at frame base.
func pieceOrder(o transcoder.Order, p media.Probe, base, from, to int) transcoder.Order {
	g := o.Asset.Grid
	v, _ := p.Picture()
	begins, _ := new(big.Rat).Mul(g.FrameTime(base), big.NewRat(1_000_000, 1)).Float64()
	renditions := slices.Clone(o.Renditions)
	for n, r := range renditions {
		renditions[n].Stream = streamIn(o.Asset.Probe, p, r)
	}
	out := o
	out.Asset.Probe, out.Renditions, out.From, out.To = p, renditions, 0, 1
	out.Asset.Ladder = media.Ladder{Renditions: renditions} // of this recording's streams
	out.Asset.Grid.Frames, out.Asset.Grid.Joints = []int{from, to}, nil
	out.Asset.Grid.ZeroUS = max(0, v.StartUS-p.StartUS) - int64(begins)
	return out
}

// noStream is the index of a stream that a recording lacks.
const noStream = -1

// streamIn is the stream of a recording that has the place of a rendition's stream in the file's probe. Where there are
// fewer sound tracks it is the last of them.
func streamIn(whole, p media.Probe, r media.Rendition) int {
	if r.Kind == media.Video {
		v, _ := p.Picture()
		return v.Index
	}
	if len(p.Audio) == 0 {
		return noStream
	}
	at := slices.IndexFunc(whole.Audio, func(a media.AudioTrack) bool { return a.Index == r.Stream })
	return p.Audio[min(max(at, 0), len(p.Audio)-1)].Index
}

// sampleAt is the sample of the sound with which a frame begins.
func sampleAt(g media.Grid, frame int) int {
	return int((int64(frame)*int64(g.Rate.Den)*media.AudioRate*2 + int64(g.Rate.Num)) / (2 * int64(g.Rate.Num)))
}

// joinedOutputs are the streams of a run of a joined file, one for each rendition: what the recordings have of it, each
// on the grid and as long as the grid says, one behind another.
func joinedOutputs(o transcoder.Order) []*ffgo.Stream {
	parts := pieces(o)
	ins, pictures := make([]*ffgo.Stream, len(parts)), make([]map[id]*ffgo.Stream, len(parts))
	for n, p := range parts {
		ins[n] = ffgo.Input(p.from.url, p.inputArgs())
		pictures[n] = pictureChains(ins[n], p.order)
	}
	out := make([]*ffgo.Stream, len(o.Renditions))
	for i, r := range o.Renditions {
		var chains []*ffgo.Stream
		for n, p := range parts {
			switch {
			case r.Kind == media.Video && p.pictures():
				chains = append(chains, pictures[n][r.ID].Filter("trim", nil, ffgo.KwArgs{
					"end_frame": strconv.Itoa(p.order.Frames()),
				}))
			case r.Kind == media.Audio && p.sound():
				chains = append(chains, p.soundChain(ins[n], r.ID))
			}
		}
		out[i] = oneBehindAnother(o, r.Kind, chains)
	}
	return out
}

// oneBehindAnother joins chains, and counts frames and samples anew: the filter that joins has no exact times.
func oneBehindAnother(o transcoder.Order, kind media.Kind, chains []*ffgo.Stream) *ffgo.Stream {
	rate := o.Asset.Grid.Rate
	switch {
	case len(chains) == 1:
		return chains[0]
	case kind == media.Video:
		begin := seconds(runStart(o))
		return ffgo.Concat(chains, ffgo.KwArgs{"v": 1, "a": 0}).
			Filter("setpts", ffgo.Args{fmt.Sprintf("(N*%d/%d+%.6f)/TB", rate.Den, rate.Num, begin)}).
			Filter("fps", ffgo.Args{rate.String()}, ffgo.KwArgs{"start_time": fmt.Sprintf("%.6f", begin)}).
			Filter("tpad", nil, ffgo.KwArgs{"stop": strconv.Itoa(o.Asset.Grid.Full), "stop_mode": "clone"})
	}
	return ffgo.Concat(chains, ffgo.KwArgs{"v": 0, "a": 1}).
		Filter("asetpts", ffgo.Args{fmt.Sprintf("(N+%d)/SR/TB", firstSample(o))})
}

// inputArgs place the reading of a recording as those of a whole file do.
func (p piece) inputArgs() ffgo.KwArgs {
	const slack = 2 // seconds: audio's last frames and the decoder's delay
	from, end := p.interval()
	a := p.from.whitelisted()
	a["copyts"] = ""
	a["start_at_zero"] = ""
	if from > 0 {
		a["ss"] = fmt.Sprintf("%.6f", from)
	}
	if p.order.Careful {
		a["threads"] = "1"
	}
	if keepsEarlier(p.order) {
		a["noaccurate_seek"] = ""
		return a
	}
	a["t"] = fmt.Sprintf("%.3f", end-from+slack)
	return a
}

// interval is what is needed of a recording, seconds on its clock from zero.
func (p piece) interval() (from, to float64) {
	o := p.order
	early, end := math.Inf(1), 0.0
	for _, r := range o.Renditions {
		if r.Kind == media.Video {
			early = min(early, seconds(runStart(o))-picturePreroll(o))
			end = max(end, seconds(o.Asset.Grid.FrameTime(o.Asset.Grid.Frames[1])))
		} else {
			early = min(early, float64(p.first)/media.AudioRate-soundLead)
			end = max(end, float64(p.last)/media.AudioRate)
		}
	}
	return max(0, early+zero(o)), end + zero(o)
}

// soundChain is the sound of a recording, silence where it has none.
func (p piece) soundChain(in *ffgo.Stream, r id) *ffgo.Stream {
	from, to := p.interval()
	at := slices.IndexFunc(p.order.Renditions, func(x media.Rendition) bool { return x.ID == r })
	if stream := p.order.Renditions[at].Stream; stream != noStream {
		s := in.Get(strconv.Itoa(stream))
		if keepsEarlier(p.order) {
			s = heard(s, from, to)
		}
		return samples(s, p.order, p.first, p.last)
	}
	silence := ffgo.Input("anullsrc=r=48000:cl=stereo", ffgo.KwArgs{"f": "lavfi"})
	return silence.Get("0").Filter("atrim", nil, ffgo.KwArgs{"end_sample": strconv.Itoa(p.last - p.first)}).
		Filter("asetpts", ffgo.Args{fmt.Sprintf("N+%d", p.first)}) // it may be all of a run
}
