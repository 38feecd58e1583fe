package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"movify/pkg/app"
	"movify/pkg/media"
)

// copied is an Original stream as JSON.
type copied struct {
	Playlist   string       `json:"playlist"`
	DurationMs int64        `json:"durationMs"`
	TookMs     int64        `json:"tookMs"`
	Renditions []copiedOne  `json:"renditions"`
	Left       []leftSounds `json:"left,omitempty"`
}

type copiedOne struct {
	ID       string  `json:"id"`
	Kind     string  `json:"kind"`
	Name     string  `json:"name,omitempty"`
	Stream   int     `json:"stream"`
	Codecs   string  `json:"codecs"`
	Range    string  `json:"range,omitempty"`
	Rate     float64 `json:"frameRate,omitempty"`
	Channels int     `json:"channels,omitempty"`
	Segments int     `json:"segments"`
	Longest  int64   `json:"longestMs"`
	Samples  int     `json:"samples"`
	Bytes    int64   `json:"bytes"`
	Average  int     `json:"average"`
	Peak     int     `json:"peak"`
}

type leftSounds struct {
	Stream int    `json:"stream"`
	Codec  string `json:"codec"`
	Reason string `json:"reason"`
}

// copyOriginal writes the Original stream. A film that is unfit ends with exit code 6 and the reason.
func (c *transcodeCommand) copyOriginal(ctx context.Context, t terminal, tools *app.Tools) error {
	done, err := tools.Original(ctx, c.File, c.Out)
	if err != nil {
		return err
	}
	out := copied{Playlist: media.MultivariantName, TookMs: done.Took.Milliseconds()}
	for _, one := range done.Stream.Copies() {
		out.DurationMs = max(out.DurationMs, one.Bounds[one.Segments()])
		out.Renditions = append(out.Renditions, copiedAs(one))
	}
	for _, l := range done.Stream.Left {
		out.Left = append(out.Left, leftSounds{Stream: l.Stream, Codec: l.Codec, Reason: string(l.Reason)})
	}
	if c.JSON {
		return t.json(out)
	}
	_, err = fmt.Fprintf(t.out, "%s%s/%s\n", copiedText(done), strings.TrimSuffix(c.Out, "/"), out.Playlist)
	return err
}

func copiedAs(c media.Copy) copiedOne {
	one := copiedOne{
		ID: string(c.ID), Kind: string(c.Kind), Name: c.Name, Stream: c.Stream, Codecs: c.Codecs, Range: c.Range,
		Rate: math.Round(c.FrameRate*1000) / 1000, Channels: c.Channels, Segments: c.Segments(), Samples: c.Samples,
		Bytes: c.Bytes, Average: c.Average, Peak: c.Peak,
	}
	for n := range c.Segments() {
		one.Longest = max(one.Longest, c.Bounds[n+1]-c.Bounds[n])
	}
	return one
}

// copiedText is an Original stream as text.
func copiedText(done app.Copied) string {
	var b strings.Builder
	p := done.Stream.Picture
	fmt.Fprintf(&b, "%s of film copied in %s, %d segments\n", clock(p.Bounds[p.Segments()]*1000),
		done.Took.Round(10*time.Millisecond), p.Segments())
	for _, c := range done.Stream.Copies() {
		name := c.Name
		if c.Kind == media.Video {
			name = fmt.Sprintf("%d×%d %s", c.Width, c.Height, c.Range)
		}
		fmt.Fprintf(&b, "  %-6s %-14s %-16s %6.0f kbit/s  %7.1f MB\n", c.Kind, name, c.Codecs, float64(c.Average)/1e3,
			float64(c.Bytes)/1e6)
	}
	for _, l := range done.Stream.Left {
		fmt.Fprintf(&b, "  sound %d (%s) is not copied: %s\n", l.Stream, l.Codec, leftText(l.Reason))
	}
	return b.String()
}

// leftText says why a sound is left to the ladder.
func leftText(r media.LeftReason) string {
	switch r {
	case media.LeftCodec:
		return "browsers do not play it"
	case media.LeftLate:
		return "it begins after the picture"
	case media.LeftHole:
		return "it pauses, or has too much in a segment"
	case media.LeftEdited:
		return "its edit list puts it together from parts"
	case media.LeftIndex:
		return "its index is wrong"
	case media.LeftTooMany:
		return "there are too many"
	case media.LeftPacked:
		return "it is encrypted, or compressed once more"
	case media.LeftApart:
		return "it lies far from the picture in the file"
	}
	return string(r)
}
