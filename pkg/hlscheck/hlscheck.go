// Package hlscheck judges a packaged HLS stream against RFC 8216bis, ISO/IEC 14496-12 (ISO BMFF) and the house's own
// rules for segments on a grid. A stream that says that it is an Original one is held against those of its own instead: any
// codec that its playlist names, and sounds that are cut where the picture is, but begin and end where their samples do. It reads playlists and boxes with parsers of its own and shares no code with what
// writes them, so that it cannot share their mistakes. It never repairs, never writes, and believes nothing it reads:
// hostile input ends in findings or an error.
package hlscheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
)

// maxPlaylist and maxSegment are the largest files that are read into memory, in bytes.
const (
	maxPlaylist = 8 << 20
	maxSegment  = 256 << 20
)

// Report is the judgement of one stream.
type Report struct {
	Findings   []Finding   `json:"findings"`
	Renditions []Rendition `json:"renditions"`
}

// OK reports whether nothing was found.
func (r Report) OK() bool { return len(r.Findings) == 0 }

// Finding is one broken rule in one place. A rule broken many times in one rendition is one Finding with Times > 1 and
// the first place.
type Finding struct {
	Rule    Rule   `json:"rule"`
	Section string `json:"section"` // of the specification, or why Movify requires it
	Where   string `json:"where"`   // path below the stream's root: "v720/00003.m4s"
	What    string `json:"what"`
	Times   int    `json:"times"`
	// Seconds is the place on the stream's timeline, where a finding is about one.
	Seconds *float64 `json:"seconds,omitempty"`
}

// String is one line for a terminal.
func (f Finding) String() string {
	s := fmt.Sprintf("%s: %s: %s (%s)", f.Where, f.Rule, f.What, f.Section)
	if f.Times > 1 {
		s += fmt.Sprintf(" and %d more like it", f.Times-1)
	}
	return s
}

// Rendition sums up one Media Playlist and its segments.
type Rendition struct {
	Path       string `json:"path"` // of its Media Playlist
	Kind       string `json:"kind"` // "video" or "audio"
	Codecs     string `json:"codecs"`
	Segments   int    `json:"segments"` // read and understood
	Frames     int    `json:"frames"`   // samples in them
	DurationMS int64  `json:"durationMs"`
	Bytes      int64  `json:"bytes"`   // of the segments
	Peak       int    `json:"peak"`    // bit/s, RFC 8216bis section 4.4.6.2
	Average    int    `json:"average"` // bit/s
}

// Check reads the whole stream of src once and judges it. The error is for a failure that prevents checking (an
// unreadable Multivariant Playlist, a broken connection, ctx); everything about the stream itself is a Finding.
// BANDWIDTH is judged by the Multivariant Playlist as it reads after the last segment, so that a ladder may be finished
// while it is checked.
func Check(ctx context.Context, src Source) (Report, error) {
	j := &judge{ctx: ctx, src: src}
	root := src.Root()
	text, err := j.read(root, maxPlaylist)
	if err != nil {
		return Report{}, fmt.Errorf("read %s: %w", root, err)
	}
	mv := j.multivariant(root, text)
	j.original, j.encoded = mv.original, mv.encoded
	var streams []*stream
	for _, ref := range mv.references() {
		s, err := j.stream(ref)
		if err != nil {
			return Report{}, fmt.Errorf("check %s: %w", ref.path, err)
		}
		if s != nil {
			streams = append(streams, s)
		}
	}
	j.consistent(streams)
	if text, err = j.read(root, maxPlaylist); err != nil {
		return Report{}, fmt.Errorf("read %s again: %w", root, err)
	}
	j.variants((&judge{}).multivariant(root, text), streams)
	return j.report(streams), nil
}

// judge collects findings.
type judge struct {
	ctx      context.Context
	src      Source
	findings []Finding
	known    map[string]int // rule and rendition → index in findings
	original bool           // as the Multivariant Playlist says
	encoded  []string       // the same
}

func (j *judge) find(rule Rule, where, format string, args ...any) {
	key := string(rule) + " " + path.Dir(where)
	if i, ok := j.known[key]; ok {
		j.findings[i].Times++
		return
	}
	if j.known == nil {
		j.known = make(map[string]int)
	}
	j.known[key] = len(j.findings)
	j.findings = append(j.findings, Finding{
		Rule: rule, Section: rule.Section(), Where: where, What: fmt.Sprintf(format, args...), Times: 1})
}

// read gives the bytes of one file of the stream. A file longer than limit is an error.
func (j *judge) read(name string, limit int64) ([]byte, error) {
	r, err := j.src.Open(j.ctx, name)
	if err != nil {
		return nil, err
	}
	return readAll(r, name, limit)
}

func readAll(r io.ReadCloser, name string, limit int64) ([]byte, error) {
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%s is longer than %d bytes", name, limit)
	}
	return b, nil
}

// fetch is read for a file that the playlists promise: its absence is a finding, and ok is false.
func (j *judge) fetch(name string, limit int64) (b []byte, ok bool, err error) {
	b, err = j.read(name, limit)
	return j.promised(name, b, err)
}

// fetchSpan is fetch for a byte range of a file. A range that is not complete is a finding too.
func (j *judge) fetchSpan(s span, limit int64) (b []byte, ok bool, err error) {
	if !s.part {
		return j.fetch(s.path, limit)
	}
	if s.length > limit {
		return nil, false, fmt.Errorf("%s is longer than %d bytes", s, limit)
	}
	r, err := j.src.OpenRange(j.ctx, s.path, s.offset, s.length)
	if err == nil {
		b, err = readAll(r, s.path, s.length)
	}
	if b, ok, err = j.promised(s.String(), b, err); ok && int64(len(b)) < s.length {
		j.find(ByteRange, s.String(), "only %d of %d bytes are there", len(b), s.length)
		return nil, false, nil
	}
	return b, ok, err
}

func (j *judge) promised(where string, b []byte, err error) ([]byte, bool, error) {
	if errors.Is(err, fs.ErrNotExist) {
		j.find(Missing, where, "the playlists name it, but it is not there")
		return nil, false, nil
	}
	return b, err == nil, err
}

func (j *judge) report(streams []*stream) Report {
	r := Report{Findings: j.findings}
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	r.Renditions = make([]Rendition, 0, len(streams))
	for _, s := range streams {
		r.Renditions = append(r.Renditions, s.totals())
	}
	return r
}
