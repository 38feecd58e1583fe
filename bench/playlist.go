package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// stream describes one variant of a stream, as read from two playlists.
type stream struct {
	height   int
	init     string // paths on the server
	segments []string
	bounds   []float64 // seconds; one more than segments
}

// variant is one line of a Multivariant Playlist.
type variant struct {
	height int
	uri    string
}

// startVariant is the one a player starts on.
func startVariant(vs []variant) variant { return vs[0] }

// tallest is the one a viewer with a good line stays on.
func tallest(vs []variant) variant {
	return slices.MaxFunc(vs, func(a, b variant) int { return a.height - b.height })
}

// open reads the Multivariant Playlist and the Media Playlist of the variant that pick chooses.
func (s *server) open(ctx context.Context, manifest string, pick func([]variant) variant) (stream, error) {
	text, err := s.get(ctx, manifest)
	if err != nil {
		return stream{}, err
	}
	all, err := variants(string(text))
	if err != nil {
		return stream{}, fmt.Errorf("%s: %w", path.Base(manifest), err)
	}
	v := pick(all)
	list := path.Join(path.Dir(manifest), v.uri)
	if text, err = s.get(ctx, list); err != nil {
		return stream{}, err
	}
	out, err := parseMedia(string(text), path.Dir(list))
	out.height = v.height
	return out, err
}

// variants gives the variants of a Multivariant Playlist in order, at least one.
func variants(text string) ([]variant, error) {
	var out []variant
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "#EXT-X-STREAM-INF:") || i+1 == len(lines) {
			continue
		}
		_, rest, _ := strings.Cut(line, "RESOLUTION=")
		size, _, _ := strings.Cut(rest, ",")
		_, tall, _ := strings.Cut(size, "x")
		height, err := strconv.Atoi(tall)
		if err != nil {
			return nil, fmt.Errorf("resolution %q: %w", size, err)
		}
		out = append(out, variant{height, lines[i+1]})
	}
	if len(out) == 0 {
		return nil, errors.New("no variant")
	}
	return out, nil
}

// parseMedia reads the segments of a Media Playlist whose URIs are relative to dir.
func parseMedia(text, dir string) (stream, error) {
	out := stream{bounds: []float64{0}}
	length := 0.0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "#EXT-X-MAP:"):
			_, rest, _ := strings.Cut(line, `URI="`)
			uri, _, _ := strings.Cut(rest, `"`)
			out.init = path.Join(dir, uri)
		case strings.HasPrefix(line, "#EXTINF:"):
			number, _, _ := strings.Cut(strings.TrimPrefix(line, "#EXTINF:"), ",")
			var err error
			if length, err = strconv.ParseFloat(number, 64); err != nil {
				return stream{}, err
			}
		case line != "" && !strings.HasPrefix(line, "#"):
			out.segments = append(out.segments, path.Join(dir, line))
			out.bounds = append(out.bounds, out.bounds[len(out.bounds)-1]+length)
		}
	}
	if len(out.segments) == 0 || out.init == "" {
		return stream{}, errors.New("media playlist without segments")
	}
	return out, nil
}

// at is the segment that contains a time in seconds.
func (s stream) at(seconds float64) int {
	for i := range s.segments {
		if seconds < s.bounds[i+1] {
			return i
		}
	}
	return len(s.segments) - 1
}

// frames gives the first frame of segment n and their number.
func (s stream) frames(n int) (from, count int) {
	frame := func(seconds float64) int { return int(math.Round(seconds * 24000 / 1001)) }
	from = frame(s.bounds[n])
	return from, frame(s.bounds[n+1]) - from
}
