package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"movify/pkg/hlscheck"
	"movify/pkg/sourcecheck"
	"movify/transcoder/ffmpeg"
)

// Checked is the judgement of a packaged stream, and of the asset in it where that was compared with its source.
type Checked struct {
	hlscheck.Report
	Source *Compared `json:"source,omitempty"`
}

// Compared says how much of a source was compared.
type Compared struct {
	File    string               `json:"file"`
	Frames  int                  `json:"frames"`
	Tracks  int                  `json:"tracks"` // of sound
	Offsets []sourcecheck.Offset `json:"offsets"`
}

// CheckSource is Check, and compares the asset with the film that it was made of. Both are decoded: the film, the
// smallest rung and every audio rendition whole, the tallest rung in a dozen places.
func (t *Tools) CheckSource(ctx context.Context, where, film string) (Checked, error) {
	src, err := streamAt(where)
	if err != nil {
		return Checked{}, err
	}
	probe, err := t.Probe(ctx, film)
	if err != nil {
		return Checked{}, err
	}
	report, err := judged(hlscheck.Check(ctx, src))
	if err != nil {
		return Checked{}, err
	}
	source, err := t.measurer.Film(ctx, film, probe)
	if err != nil {
		return Checked{}, err
	}
	if len(source.Pictures.TimesUS) == 0 {
		return Checked{}, ffmpeg.ErrNotMedia
	}
	asset, err := t.asset(ctx, src, report.Renditions)
	if err != nil {
		return Checked{}, err
	}
	result := sourcecheck.Compare(source, asset)
	report.Findings = append(report.Findings, result.Findings...)
	return Checked{Report: report, Source: &Compared{
		File: film, Frames: len(source.Pictures.TimesUS), Tracks: len(source.Sounds), Offsets: result.Offsets,
	}}, nil
}

// asset measures the renditions of a stream. The Multivariant Playlist lists rungs from the tallest down, as players
// expect it; of a stream that does otherwise the bytes say which is which.
func (t *Tools) asset(ctx context.Context, src hlscheck.Source, all []hlscheck.Rendition) (sourcecheck.Asset, error) {
	var out sourcecheck.Asset
	var small, tall hlscheck.Rendition
	for _, r := range all {
		if r.Kind == "audio" {
			sound := sourcecheck.Sound{}
			err := t.decode(ctx, src, r.Path, whole, func(in io.Reader) (err error) {
				sound, err = t.measurer.Sound(ctx, in)
				return err
			})
			if err != nil {
				return out, err
			}
			sound.Path = r.Path
			out.Sounds = append(out.Sounds, sound)
			continue
		}
		if small.Path == "" || r.Bytes < small.Bytes {
			small = r
		}
		if tall.Path == "" || r.Bytes > tall.Bytes {
			tall = r
		}
		rung := sourcecheck.Rung{}
		err := t.decode(ctx, src, r.Path, first, func(in io.Reader) (err error) {
			rung, err = t.measurer.Rung(ctx, in)
			return err
		})
		if err != nil {
			return out, err
		}
		rung.Path = r.Path
		out.Rungs = append(out.Rungs, rung)
	}
	pictures := func(path string, chosen func(n, total int) bool) (p sourcecheck.Pictures, err error) {
		err = t.decode(ctx, src, path, chosen, func(in io.Reader) (err error) {
			p, err = t.measurer.Pictures(ctx, in)
			return err
		})
		p.Path = path
		return p, err
	}
	if small.Path == "" {
		return out, nil
	}
	var err error
	if out.Pictures, err = pictures(small.Path, whole); err != nil {
		return out, err
	}
	if out.Tallest = out.Pictures; tall.Path != small.Path {
		out.Tallest, err = pictures(tall.Path, dozen)
	}
	return out, err
}

// decode hands a rendition to a reader. One whose playlist is missing has its finding already, and nothing in it.
func (t *Tools) decode(
	ctx context.Context, src hlscheck.Source, path string, chosen func(n, total int) bool, read func(io.Reader) error,
) error {
	in, err := hlscheck.Media(ctx, src, path, chosen)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	if err := read(in); err != nil {
		return fmt.Errorf("decode %s: %w", path, err)
	}
	return nil
}

// Which segments of a rendition are decoded.
func whole(int, int) bool { return true }

func first(n, _ int) bool { return n == 0 }

func dozen(n, total int) bool { return n%max(1, total/12) == 0 }
