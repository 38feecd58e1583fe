package ffmpeg

import (
	"fmt"
	"math"
	"strconv"

	ffgo "github.com/u2takey/ffmpeg-go"

	"movify/pkg/media"
	"movify/transcoder"
)

// onGrid turns decoded pictures into exactly the run's frames: constant rate from the run's first frame, the first
// picture held from the timeline's zero, and the last one to its end. tpad is finite on purpose: an endless one spins
// for ever when the process has other outputs.
//
// A run behind the last picture decodes that one and drops the frames before its own.
func onGrid(s *ffgo.Stream, o transcoder.Order, v media.VideoTrack) *ffgo.Stream {
	if v.Interlaced() {
		s = s.Filter("bwdif", nil, ffgo.KwArgs{"mode": "send_field", "parity": "auto", "deint": "all"})
	}
	grid := o.Asset.Grid
	first := firstDecoded(o)
	early := grid.Frames[o.From] - first
	s = s.Filter("setpts", ffgo.Args{fmt.Sprintf("PTS-%.6f/TB", zero(o)+float64(v.DelayUS)/1e6)}).
		Filter("fps", ffgo.Args{grid.Rate.String()}, ffgo.KwArgs{
			"start_time": fmt.Sprintf("%.6f", seconds(grid.FrameTime(first))),
		}).
		Filter("tpad", nil, ffgo.KwArgs{"stop": strconv.Itoa(framesHeld(o)), "stop_mode": "clone"})
	if early > 0 {
		s = s.Filter("trim", nil, ffgo.KwArgs{"start_frame": strconv.Itoa(early)})
	}
	return cropped(s, v)
}

// framesHeld is for how many frames a run may repeat its last picture: a full segment where the file ends a little early,
// and as long as there is sound behind the picture.
func framesHeld(o transcoder.Order) int {
	grid := o.Asset.Grid
	behind := grid.Total() - pictureEnd(o)
	return min(grid.Frames[o.To]-firstDecoded(o), grid.Full+behind)
}

// firstDecoded is the frame of the grid from which a run makes frames: its own first, or one that shows the last picture when
// that is earlier.
func firstDecoded(o transcoder.Order) int {
	const certainly = 0.5 // seconds: the last picture is not always shown up to the end that its track declares
	own := o.Asset.Grid.Frames[o.From]
	if end := pictureEnd(o); end < o.Asset.Grid.Total() {
		own = min(own, end-int(math.Ceil(certainly*o.Asset.Grid.Rate.Float())))
	}
	return max(0, own)
}

// pictureEnd is the frame of the grid at which the last picture's own time is over: the end of the grid, but for sound
// behind the picture.
func pictureEnd(o transcoder.Order) int {
	const rounding = 0.1 // seconds between what track and grid say of the same end
	grid := o.Asset.Grid
	v, ok := o.Asset.Picture()
	if !ok || v.DurationUS <= 0 {
		return grid.Total()
	}
	end := float64(pictureLead(o)+v.DurationUS) / 1e6 * grid.Rate.Float()
	if end > float64(grid.Total())-rounding*grid.Rate.Float() {
		return grid.Total()
	}
	return int(math.Round(end))
}

// pictureLead is how long the first picture is held before its time, microseconds.
func pictureLead(o transcoder.Order) int64 {
	v, ok := o.Asset.Picture()
	if !ok {
		return 0
	}
	return max(0, v.StartUS-o.Asset.Probe.StartUS-o.Asset.Grid.ZeroUS)
}

// firstPicture is the time of the first picture, seconds on the clock that a run's filters see.
func firstPicture(o transcoder.Order) float64 {
	return float64(pictureLead(o))/1e6 + zero(o)
}

// readUntil is the time up to which a run of pictures has to read at least, to meet the first one: seconds on the same clock;
// 0 for a run of sound.
func readUntil(o transcoder.Order) float64 {
	for _, r := range o.Renditions {
		if r.Kind == media.Video {
			return firstPicture(o)
		}
	}
	return 0
}
