package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
)

// stream is what a player knows of the first variant of a stream after reading two playlists.
type stream struct {
	height   int
	init     string // paths on the server
	segments []string
	bounds   []float64 // seconds; one more than segments
}

// open reads the Multivariant Playlist and the Media Playlist of the variant it begins with.
func (s *server) open(ctx context.Context, manifest string) (stream, error) {
	text, err := s.get(ctx, manifest)
	if err != nil {
		return stream{}, err
	}
	height, uri, err := firstVariant(string(text))
	if err != nil {
		return stream{}, fmt.Errorf("%s: %w", path.Base(manifest), err)
	}
	list := path.Join(path.Dir(manifest), uri)
	if text, err = s.get(ctx, list); err != nil {
		return stream{}, err
	}
	out, err := parseMedia(string(text), path.Dir(list))
	out.height = height
	return out, err
}

// firstVariant gives lines of picture and URI of the first variant: the one a player starts on.
func firstVariant(text string) (height int, uri string, err error) {
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "#EXT-X-STREAM-INF:") || i+1 == len(lines) {
			continue
		}
		_, rest, _ := strings.Cut(line, "RESOLUTION=")
		size, _, _ := strings.Cut(rest, ",")
		_, tall, _ := strings.Cut(size, "x")
		height, err = strconv.Atoi(tall)
		return height, lines[i+1], err
	}
	return 0, "", errors.New("no variant")
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
