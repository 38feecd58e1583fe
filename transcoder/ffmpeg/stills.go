package ffmpeg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	ffgo "github.com/u2takey/ffmpeg-go"

	"movify/pkg/media"
)

// Still is one frame of a film as its picture on a page.
type Still struct {
	WebP1280 []byte // 1280 pixels wide, or less when the film is smaller
	WebP480  []byte
	Color    string // the average colour, "#rrggbb"
}

const (
	stillTimeout = 60 * time.Second
	usualRate    = 25.0    // frames a second of a film that does not say
	stillLimit   = 8 << 20 // bytes of one picture
)

// errNoStill says that no picture came out.
var errNoStill = errors.New("no frame could be decoded")

// Stills takes the most typical of a second's frames a fifth into the film.
func (e *Encoder) Stills(ctx context.Context, path string, p media.Probe) (Still, error) {
	v, ok := p.Picture()
	if !ok {
		return Still{}, ErrNoPicture
	}
	ctx, cancel := context.WithTimeout(ctx, stillTimeout)
	defer cancel()
	from, err := openInput(path)
	if err != nil {
		return Still{}, err
	}
	if len(p.Recordings) > 0 {
		r := p.Recordings[0]
		from, p = rangeInput(path, r.Offset, r.Size), r.Probe
	}
	args, err := stillArgs(from, p, v)
	if err != nil {
		return Still{}, err
	}
	proc, err := start(ctx, child{
		program: e.opts.Program, args: args, dir: from.dir, reads: from.reads, pipes: 3, limits: limits{nice: niceness},
	})
	if err != nil {
		return Still{}, fmt.Errorf("take a still: %w", err)
	}
	var parts [3][]byte
	var wg sync.WaitGroup
	for n := range parts {
		wg.Go(func() { parts[n], _ = io.ReadAll(io.LimitReader(proc.Output(n), stillLimit)) })
	}
	wg.Wait()
	if _, err := proc.Wait(); err != nil {
		return Still{}, fmt.Errorf("take a still: %w", err)
	}
	if len(parts[0]) == 0 || len(parts[1]) == 0 || len(parts[2]) < 3 {
		return Still{}, errNoStill
	}
	rgb := parts[2]
	return Still{
		WebP1280: parts[0], WebP480: parts[1], Color: fmt.Sprintf("#%02x%02x%02x", rgb[0], rgb[1], rgb[2]),
	}, nil
}

func stillArgs(from input, p media.Probe, v media.VideoTrack) (args []string, err error) {
	defer func() {
		if r := recover(); r != nil { // ffmpeg-go panics on a graph it dislikes
			args, err = nil, fmt.Errorf("build ffmpeg arguments: %v", r)
		}
	}()
	in := from.whitelisted()
	in["ss"] = fmt.Sprintf("%.3f", float64(p.DurationUS)/1e6/5)
	in["t"] = "10"
	typical := max(1, int(cmp.Or(v.FrameRate.Float(), v.AverageRate.Float(), usualRate)))
	s := ffgo.Input(from.url, in).Get(strconv.Itoa(v.Index)).Filter("thumbnail", ffgo.Args{strconv.Itoa(typical)})
	s = shaped(cropped(s, v), v)
	matrix := swscaleName(v.Color().Matrix)
	if v.HDR() {
		s, matrix = toneMapped(s, v, even(v.Width-v.Crop.Left-v.Crop.Right), even(v.Height-v.Crop.Top-v.Crop.Bottom)), "bt709"
	} else if !slices.Contains(scaled, v.Color().Matrix) {
		matrix = "auto"
	}
	// What a WebP is in (RFC 9649 section 2.5): the matrix of BT.601, in studio range.
	colors := ffgo.KwArgs{"in_color_matrix": matrix, "out_color_matrix": "bt601", "out_range": "tv"}
	split := s.Split()
	// image2pipe, not webp: that muxer goes back to fill in the file's size, which a pipe cannot, and browsers refuse
	// the rest.
	picture := func(n, width int) *ffgo.Stream {
		// Square pixels first; a picture narrower than the page's size keeps its own.
		return split.Get(strconv.Itoa(n)).
			Filter("scale", ffgo.Args{"trunc(iw*sar/2)*2", "ih"}, colors).
			Filter("format", ffgo.Args{"yuv420p"}).
			Filter("scale", ffgo.Args{fmt.Sprintf("min(%d\\,iw)", width), "-2"}, ffgo.KwArgs{"flags": "bicubic"}).
			Filter("setsar", ffgo.Args{"1"}).
			Output(pipeURL(n), ffgo.KwArgs{"c:v": "libwebp", "quality": "80", "format": "image2pipe", "frames:v": "1"})
	}
	large, small := picture(0, 1280), picture(1, 480)
	// RGB first: shrinking to nothing and converting in one step makes the colour darker.
	colour := split.Get("2").Filter("scale", nil, ffgo.KwArgs{"in_color_matrix": matrix}).
		Filter("format", ffgo.Args{"rgb24"}).
		Filter("scale", ffgo.Args{"1", "1"}, ffgo.KwArgs{"flags": "area"}).
		Output(pipeURL(2), ffgo.KwArgs{"c:v": "rawvideo", "pix_fmt": "rgb24", "format": "rawvideo", "frames:v": "1"})
	return append(quiet("error"), ffgo.MergeOutputs(large, small, colour).GetArgs()...), nil
}

// shaped gives pictures the shape of a pixel that the header has, where ffmpeg takes it to be another.
func shaped(s *ffgo.Stream, v media.VideoTrack) *ffgo.Stream {
	if !v.SAR.Known() || !v.Stereo && v.Crop == (media.Crop{}) {
		return s
	}
	sar := v.SAR
	if v.Rotation%180 != 0 {
		sar = media.Ratio{Num: sar.Den, Den: sar.Num}
	}
	return s.Filter("setsar", ffgo.Args{sar.String()})
}

func even(n int) int { return n &^ 1 }
