package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// rung is one step of the ladder that a 1080p film gets, written down here by hand: a baseline that asked Movify for it
// would follow every mistake.
type rung struct {
	width, height int
	rate          int // bit/s, cap of the rate factor
	level         string
}

func rungs() []rung {
	return []rung{
		{1920, 1080, 6_000_000, "4.0"},
		{1280, 720, 3_000_000, "3.1"},
		{854, 480, 1_400_000, "3.1"},
		{640, 360, 700_000, "3.0"},
	}
}

func rungOf(height int) (rung, error) {
	for _, r := range rungs() {
		if r.height == height {
			return r, nil
		}
	}
	return rung{}, fmt.Errorf("no baseline for %d lines", height)
}

const soundRate = "160k"

// sameEncoder are Movify's encoder settings beside size and rate: with others the two sides would not do the same work.
func sameEncoder() []string {
	return []string{"-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-profile:v", "high", "-bf", "3",
		"-g", strconv.Itoa(fullFrames), "-keyint_min", "1", "-sc_threshold", "0", "-flags:v", "+cgop",
		"-x264-params", "stitchable=1:ref=3:weightp=2:chroma-qp-offset=-2"}
}

func quiet() []string {
	return []string{"-hide_banner", "-nostdin", "-loglevel", "error", "-y"}
}

// ladderCommand is the whole ladder as a person would write it: one decode, one split, ffmpeg's own HLS muxer.
func ladderCommand(film, out string) []string {
	var split, graph, sizes, variants strings.Builder
	var maps []string
	for n, r := range rungs() {
		fmt.Fprintf(&split, "[s%d]", n)
		fmt.Fprintf(&graph, ";[s%d]scale=%d:%d:flags=bicubic,setsar=1,format=yuv420p[v%d]", n, r.width, r.height, n)
		fmt.Fprintf(&variants, "v:%d,agroup:sound ", n)
		fmt.Fprintf(&sizes, "-maxrate:v:%d %d -bufsize:v:%d %d -level:v:%d %s ", n, r.rate, n, 2*r.rate, n, r.level)
		maps = append(maps, "-map", fmt.Sprintf("[v%d]", n))
	}
	args := append(quiet(), "-i", film, "-filter_complex",
		fmt.Sprintf("[0:v]fps=%s,split=%d%s%s", filmRate, len(rungs()), split.String(), graph.String()))
	args = append(args, maps...)
	args = append(args, "-map", "0:a:0")
	args = append(args, sameEncoder()...)
	args = append(args, strings.Fields(sizes.String())...)
	return append(args, "-c:a", "aac", "-b:a", soundRate, "-ac", "2", "-ar", "48000",
		"-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-hls_list_size", "0",
		"-master_pl_name", "multivariant.m3u8", "-var_stream_map", variants.String()+"a:0,agroup:sound",
		"-hls_segment_filename", filepath.Join(out, "%v", "%05d.m4s"), filepath.Join(out, "%v", "media.m3u8"))
}

// segmentCommand encodes only the frames [from, from+frames) of one rung: what a machine must do at the least before
// that segment can be served.
func segmentCommand(film, out string, r rung, from, frames int) []string {
	args := quiet()
	begin := float64(from) * 1001 / 24000
	if from > 0 {
		args = append(args, "-ss", strconv.FormatFloat(begin-0.5*1001/24000, 'f', 6, 64))
	}
	args = append(args, "-i", film, "-map", "0:v:0", "-an", "-sn", "-dn",
		"-vf", fmt.Sprintf("fps=%s,scale=%d:%d:flags=bicubic,setsar=1,format=yuv420p", filmRate, r.width, r.height))
	args = append(args, sameEncoder()...)
	return append(args, "-maxrate", strconv.Itoa(r.rate), "-bufsize", strconv.Itoa(2*r.rate), "-level", r.level,
		"-frames:v", strconv.Itoa(frames), "-f", "mp4", "-movflags", "+frag_keyframe+empty_moov+default_base_moof", out)
}
