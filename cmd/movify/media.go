package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"movify/pkg/app"
	"movify/pkg/fault"
	"movify/pkg/media"
)

// ErrBadStream is returned by check when the stream breaks a rule.
var ErrBadStream = fault.New(fault.Unsupported, "bad_stream", "The stream is not right.")

// tools reads the configuration and gives the tools that a command needs.
func (s settings) tools(t terminal) (*app.Tools, error) {
	l, err := s.load(t)
	if err != nil {
		return nil, err
	}
	return app.NewTools(l.Transcode, t.logger(l.Log.Level, l.Log.Format))
}

type probeCommand struct {
	settings
	File string `arg:"" help:"Media file."`
	JSON bool   `name:"json" help:"For a machine."`
}

// Run prints the tracks of the file, or the reason why it cannot be played.
func (c *probeCommand) Run(ctx context.Context, t terminal) error {
	tools, err := c.tools(t)
	if err != nil {
		return err
	}
	p, err := tools.Probe(ctx, c.File)
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(p)
	}
	_, err = fmt.Fprint(t.out, probeText(p))
	return err
}

// probeText is a probe as text.
func probeText(p media.Probe) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, %.1f MB\n", p.Format, clock(p.DurationUS), float64(p.Size)/1e6)
	b.WriteString(damageText(p.Damage))
	for _, v := range p.Video {
		what := "video"
		if v.AttachedPicture {
			what = "cover"
		}
		fmt.Fprintf(&b, "  %d %s  %s %d×%d %.3f/s %s\n", v.Index, what, v.Codec, v.Width, v.Height, v.FrameRate.Float(),
			v.PixelFormat)
	}
	for _, a := range p.Audio {
		leftOut := ""
		if a.Undecodable {
			leftOut = " (no decoder: left out)"
		}
		fmt.Fprintf(&b, "  %d audio  %s %s %d Hz %s %s%s\n", a.Index, a.Codec, cmp.Or(a.Layout, fmt.Sprint(a.Channels)),
			a.SampleRate, cmp.Or(a.Language, "und"), a.Title, leftOut)
	}
	for _, s := range p.Subtitles {
		fmt.Fprintf(&b, "  %d subtitles  %s %s %s\n", s.Index, s.Codec, cmp.Or(s.Language, "und"), s.Title)
	}
	return b.String()
}

// damageText is a line that says what is wrong with a file that plays; nothing of a whole one.
func damageText(d media.Damage) string {
	switch d {
	case media.Cut:
		return "  the file is cut off: it plays up to where it ends\n"
	case media.Unreadable:
		return "  the end of the file cannot be read: it plays up to there\n"
	}
	return ""
}

// clock writes microseconds as 1:02:03.
func clock(us int64) string {
	d := time.Duration(us) * time.Microsecond
	return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}

type transcodeCommand struct {
	settings
	File     string `arg:"" help:"Media file."`
	Out      string `required:"" help:"Folder for the ladder. What is there already is kept." placeholder:"DIR"`
	Original bool   `help:"Copy picture and sound as they are, at once and without encoding, instead of making the ladder."`
	JSON     bool   `name:"json" help:"For a machine."`
}

// converted is the ladder as JSON.
type converted struct {
	Asset      string               `json:"asset"`
	Playlist   string               `json:"playlist"`
	DurationMs int64                `json:"durationMs"`
	Frames     int                  `json:"frames"`
	Segments   int                  `json:"segments"`
	TookMs     int64                `json:"tookMs"`
	Damage     string               `json:"damage,omitempty"`
	Renditions []convertedRendition `json:"renditions"`
}

type convertedRendition struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Codecs   string `json:"codecs"`
	Segments int    `json:"segments"`
	Bytes    int64  `json:"bytes"`
	Average  int    `json:"average"`
	Peak     int    `json:"peak"`
}

// Run makes the ladder; a second run after an interruption goes on where the first one stopped.
func (c *transcodeCommand) Run(ctx context.Context, t terminal) error {
	tools, err := c.tools(t)
	if err != nil {
		return err
	}
	if c.Original {
		return c.copyOriginal(ctx, t, tools)
	}
	done, err := tools.Transcode(ctx, c.File, c.Out)
	if err != nil {
		return err
	}
	out := converted{
		Asset: string(done.Asset.ID), Playlist: media.MultivariantName, DurationMs: done.Asset.Grid.DurationMS(),
		Frames: done.Asset.Grid.Total(), Segments: done.Asset.Grid.Segments(), TookMs: done.Took.Milliseconds(),
		Damage: string(done.Asset.Probe.Damage),
	}
	for _, r := range done.Asset.Ladder.Renditions {
		m := done.Measures[r.ID]
		out.Renditions = append(out.Renditions, convertedRendition{
			ID: string(r.ID), Kind: string(r.Kind), Name: r.Name, Codecs: r.Codecs,
			Segments: m.Segments, Bytes: m.Bytes, Average: m.Average, Peak: m.Peak,
		})
	}
	if c.JSON {
		return t.json(out)
	}
	fmt.Fprintf(t.out, "%s of film in %s, %d segments each\n", clock(out.DurationMs*1000),
		done.Took.Round(100*time.Millisecond), out.Segments)
	fmt.Fprint(t.out, damageText(done.Asset.Probe.Damage))
	for _, r := range out.Renditions {
		fmt.Fprintf(t.out, "  %-6s %-14s %6.0f kbit/s  %7.1f MB\n", r.Kind, r.Name, float64(r.Average)/1e3,
			float64(r.Bytes)/1e6)
	}
	_, err = fmt.Fprintf(t.out, "%s/%s\n", strings.TrimSuffix(c.Out, "/"), out.Playlist)
	return err
}

type checkCommand struct {
	settings
	Where  string `arg:"" help:"Folder or http address of a stream."`
	Source string `help:"The film that it was made of: decode both and compare them." placeholder:"FILE"`
	JSON   bool   `name:"json" help:"For a machine."`
}

// Run ends with exit code 6 when the stream breaks a rule.
func (c *checkCommand) Run(ctx context.Context, t terminal) error {
	tools, err := c.tools(t)
	if err != nil {
		return err
	}
	var report app.Checked
	if c.Source == "" {
		report, err = tools.Check(ctx, c.Where)
	} else {
		report, err = tools.CheckSource(ctx, c.Where, c.Source)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		if err := t.json(report); err != nil {
			return err
		}
	} else {
		fmt.Fprint(t.out, checkText(report))
	}
	if !report.OK() {
		return ErrBadStream.Saying(fmt.Sprintf("The stream breaks %d rules.", len(report.Findings)))
	}
	return nil
}

// checkText is a judgement as text.
func checkText(r app.Checked) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintln(&b, f)
	}
	for _, r := range r.Renditions {
		fmt.Fprintf(&b, "%s: %d segments, %d frames, %s, %.0f kbit/s\n", r.Path, r.Segments, r.Frames,
			clock(r.DurationMS*1000), float64(r.Average)/1e3)
	}
	if r.Source == nil {
		return b.String()
	}
	fmt.Fprintf(&b, "compared with the %d pictures of %s\n", r.Source.Frames, r.Source.File)
	for _, o := range r.Source.Offsets {
		if o.StartMS == nil || o.EndMS == nil {
			fmt.Fprintf(&b, "  %s: sound against picture cannot be measured\n", o.Path)
			continue
		}
		fmt.Fprintf(&b, "  %s: sound against picture %+d ms at the start, %+d ms at the end\n", o.Path, *o.StartMS, *o.EndMS)
	}
	return b.String()
}
