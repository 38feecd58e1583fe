package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"movify/pkg/blob"
	"movify/pkg/blob/disk"
	"movify/pkg/config"
	"movify/pkg/fault"
	"movify/pkg/header"
	"movify/pkg/hlscheck"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player/hls"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// Faults of the commands that work without a server.
var (
	ErrNoFile     = fault.New(fault.NotFound, "no_such_file", "There is no such file.")
	ErrNoStream   = fault.New(fault.NotFound, "no_such_stream", "There is no multivariant playlist there.")
	ErrNotHealthy = fault.New(fault.Unavailable, "not_healthy", "The server is not ready.")
)

// Tools are the components that a command uses without a server.
type Tools struct {
	prober   *ffmpeg.Prober
	headers  *header.Prober // falls back to prober
	encoder  *ffmpeg.Encoder
	preset   ffmpeg.Preset    // of background runs
	hardware *ffmpeg.Hardware // of encoder
	measurer *ffmpeg.Measurer
	logger   *slog.Logger
}

// NewTools makes the tools. It starts nothing.
func NewTools(c config.Transcode, logger *slog.Logger) (*Tools, error) {
	preset, ok := ffmpeg.PresetFor(runtime.NumCPU()), true
	if c.Preset != "auto" {
		preset, ok = ffmpeg.PresetNamed(c.Preset)
	}
	if !ok {
		return nil, fmt.Errorf("no preset %q", c.Preset)
	}
	prober := ffmpeg.NewProber(c.FFprobe)
	encoder := ffmpeg.NewEncoder(ffmpeg.EncoderOptions{Program: c.FFmpeg, Background: preset})
	return &Tools{
		prober:   prober,
		headers:  header.NewProber(prober),
		encoder:  encoder,
		preset:   preset,
		hardware: ffmpeg.NewHardware(ffmpeg.HardwareOptions{Encoder: encoder, Setting: c.Hardware, Device: c.Device}),
		measurer: ffmpeg.NewMeasurer(c.FFmpeg, c.FFprobe),
		logger:   logger,
	}, nil
}

// present checks that both programs start. Otherwise a scan would mark every film as unreadable.
func (t *Tools) present(ctx context.Context) error {
	if _, err := t.encoder.Version(ctx); err != nil {
		return err
	}
	_, err := t.prober.Version(ctx)
	return err
}

// Probe reads the properties of a file, or returns a fault that says why it cannot be played.
func (t *Tools) Probe(ctx context.Context, path string) (media.Probe, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return media.Probe{}, ErrNoFile.Saying("There is no file " + path + ".")
	}
	return t.prober.Probe(ctx, path)
}

// Converted is the result of Transcode.
type Converted struct {
	Asset    media.Asset
	Measures map[id.Rendition]media.Measure
	Took     time.Duration
}

// Transcode makes the whole ladder of a file, with its playlists, in the folder out. Existing segments stay: after an
// interruption it continues at the first gap.
func (t *Tools) Transcode(ctx context.Context, path, out string) (Converted, error) {
	began := time.Now()
	probe, err := t.Probe(ctx, path)
	if err != nil {
		return Converted{}, err
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return Converted{}, fmt.Errorf("find %s: %w", path, err)
	}
	key, err := contentKey(path)
	if err != nil {
		return Converted{}, err
	}
	blobs, err := disk.Open(disk.Options{Dir: out, Sync: disk.SyncNone, Public: true})
	if err != nil {
		return Converted{}, err
	}
	defer blobs.Close()
	t.tryHardware(ctx)
	asset, measures, err := transcoder.Convert(ctx, transcoder.ConvertOptions{
		Source:   transcoder.Source{Path: path, Fingerprint: key, Probe: probe},
		Blobs:    blobs,
		Encoder:  t.encoder,
		Hardware: t.hardware.Ready,
		Policy:   transcoder.DefaultPolicy(),
		Log:      noLog{},
		Logger:   t.logger,
		Now:      time.Now,
	})
	if err != nil {
		return Converted{}, err
	}
	if err := writePlaylists(ctx, blobs, asset, measures); err != nil {
		return Converted{}, err
	}
	return Converted{Asset: asset, Measures: measures, Took: time.Since(began)}, nil
}

// writePlaylists writes the playlists of a complete ladder, the multivariant playlist last: once it exists, all files
// it names exist.
func writePlaylists(ctx context.Context, blobs blob.Store, a media.Asset, m map[id.Rendition]media.Measure) error {
	put := func(key, text string) error {
		if err := blobs.Put(ctx, key, []byte(text)); err != nil && !errors.Is(err, blob.ErrExists) {
			return fmt.Errorf("write %s: %w", key, err)
		}
		return nil
	}
	for _, r := range a.Ladder.Renditions {
		text, err := hls.Media(a, r, nil)
		if err != nil {
			return err
		}
		if err := put(a.RenditionPrefix(r.ID)+media.PlaylistName, text); err != nil {
			return err
		}
	}
	text, err := hls.Multivariant(a, m, a.Ladder.Videos()[0].ID)
	if err != nil {
		return err
	}
	return put(a.Prefix+media.MultivariantName, text)
}

// Check checks a packaged stream in a folder or at an http URL.
func (t *Tools) Check(ctx context.Context, where string) (Checked, error) {
	src, err := streamAt(where)
	if err != nil {
		return Checked{}, err
	}
	report, err := judged(hlscheck.Check(ctx, src))
	return Checked{Report: report}, err
}

// streamAt gives the stream in a folder or at an http URL.
func streamAt(where string) (hlscheck.Source, error) {
	if strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://") {
		return hlscheck.URL(where, nil)
	}
	if info, err := os.Stat(where); err != nil || !info.IsDir() {
		return nil, ErrNoFile.Saying("There is no folder " + where + ".")
	}
	return hlscheck.Dir(where), nil
}

// judged turns a missing playlist into a fault.
func judged(r hlscheck.Report, err error) (hlscheck.Report, error) {
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNoStream.Because(err)
	}
	return r, err
}

// noLog discards the encode log of a conversion.
type noLog struct{}

func (noLog) Committed(context.Context, transcoder.Entry) error { return nil }

// contentKey is the fingerprint of a file: its size and both ends, hashed.
func contentKey(path string) (string, error) {
	const end = 1 << 20
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the film: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("read the film: %w", err)
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%d\n", info.Size())
	for _, from := range []int64{0, max(0, info.Size()-end)} {
		if _, err := io.Copy(sum, io.NewSectionReader(f, from, end)); err != nil {
			return "", fmt.Errorf("read the film: %w", err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
