package media

import "math/big"

// AACFrame is the number of samples in one AAC-LC frame (ISO/IEC 14496-3).
const AACFrame = 1024

// AudioRate is the sample rate of every audio rendition we encode, in Hz.
const AudioRate = 48000

// Grid is the immutable segment plan of a file: every boundary, fixed before the first encode. Segment i of a video
// rendition is the frames [Frames[i], Frames[i+1]); segment i of an audio rendition is the AAC frames
// [Audio[i], Audio[i+1]). The timeline's zero is the first picture, or the first sound when that is a tenth of a second
// earlier or more: the first picture is shown from zero on then, and the last one as long as there is sound behind it.
type Grid struct {
	Rate   Ratio `json:"rate"`   // output frames per second, constant
	ZeroUS int64 `json:"zeroUs"` // the timeline's zero minus container start, microseconds; may be below 0
	Full   int   `json:"full"`   // frames in a full segment
	Frames []int `json:"frames"` // frame index of each boundary; the last is the total
	Audio  []int `json:"audio"`  // AAC frame index of each boundary: ceil(t * 48000 / 1024)
	// Joints are the frame indices at which the recordings of a joined file begin, but for the first.
	Joints []int `json:"joints,omitempty"`
}

// Segments is the number of segments in every rendition on the grid.
func (g Grid) Segments() int { return max(0, len(g.Frames)-1) }

// Total is the number of video frames.
func (g Grid) Total() int {
	if len(g.Frames) == 0 {
		return 0
	}
	return g.Frames[len(g.Frames)-1]
}

// Timescale is the video track's ticks per second: Num for the fractional rates, Num*1000 otherwise, so that a frame is
// a whole number of ticks and a boundary a whole number of milliseconds' worth.
func (g Grid) Timescale() int {
	if g.Rate.Den == 1 {
		return g.Rate.Num * 1000
	}
	return g.Rate.Num
}

// FrameTicks is the duration of one frame in ticks of Timescale.
func (g Grid) FrameTicks() int { return g.Timescale() / g.Rate.Num * g.Rate.Den }

// FrameTime is the time of frame n on the grid's timeline, exact, in seconds.
func (g Grid) FrameTime(n int) *big.Rat {
	return big.NewRat(int64(n)*int64(g.Rate.Den), int64(g.Rate.Num))
}

// VideoMS gives the boundaries of the video renditions in milliseconds, each rounded by itself, so that differences of
// neighbours add up without drift.
func (g Grid) VideoMS() []int64 {
	out := make([]int64, len(g.Frames))
	for i, n := range g.Frames {
		out[i] = roundMS(int64(n)*int64(g.Rate.Den), int64(g.Rate.Num))
	}
	return out
}

// AudioMS gives the boundaries of the audio renditions in milliseconds, each rounded by itself.
func (g Grid) AudioMS() []int64 {
	out := make([]int64, len(g.Audio))
	for i, n := range g.Audio {
		out[i] = roundMS(int64(n)*AACFrame, AudioRate)
	}
	return out
}

// DurationMS is the length of the picture in milliseconds.
func (g Grid) DurationMS() int64 {
	ms := g.VideoMS()
	if len(ms) == 0 {
		return 0
	}
	return ms[len(ms)-1]
}

// SegmentAt is the index of the segment that contains ms on the video timeline, held inside the grid.
func (g Grid) SegmentAt(ms int64) int {
	bounds := g.VideoMS()
	for i := 1; i < len(bounds); i++ {
		if ms < bounds[i] {
			return i - 1
		}
	}
	return max(0, g.Segments()-1)
}

func roundMS(num, den int64) int64 { return (num*2000 + den) / (2 * den) }
