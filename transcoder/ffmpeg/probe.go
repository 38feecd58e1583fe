package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"movify/pkg/fault"
	"movify/pkg/media"
)

// The faults of a file that cannot be played.
var (
	ErrUnreadable = fault.New(
		fault.Unavailable, "file_unreadable", "The server may not read this file. Check its owner and permissions.",
	)
	ErrNotFile  = fault.New(fault.Unsupported, "not_a_file", "This is not a regular file.")
	ErrEmpty    = fault.New(fault.Unsupported, "file_empty", "The file is empty (0 bytes).")
	ErrPlaylist = fault.New(
		fault.Unsupported, "playlist", "This is a playlist, not a film. Nothing it names was opened.",
	)
	ErrDisc = fault.New(
		fault.Unsupported, "disc_broken",
		"The disc cannot be read: its index is damaged, or files that it names are missing. Copy the disc again.",
	)
	ErrNotMedia = fault.New(
		fault.Unsupported, "not_media",
		"The contents are not a video format that Movify reads, whatever the name says.",
	)
	ErrIncomplete = fault.New(
		fault.Unsupported, "file_incomplete", "The file is cut off: its end is missing. Copy or download it again.",
	)
	ErrNoPicture = fault.New(fault.Unsupported, "no_picture", "There is no video in this file.")
	ErrStill     = fault.New(fault.Unsupported, "still_image", "This is a picture, not a film.")
	ErrTooShort  = fault.New(fault.Unsupported, "too_short", "The video is shorter than one second.")
	ErrNoProgram = fault.New(
		fault.Unavailable, "no_ffmpeg",
		"ffmpeg and ffprobe are not installed, or not where transcode.ffmpeg and transcode.ffprobe say.",
	)
	ErrTimeout = fault.New(
		fault.Unavailable, "probe_timeout", "Reading the file took too long. The disk may be slow or the file damaged.",
	)
)

// containers are the demuxers a file may be opened with: those that read one file and never follow a reference.
var containers = []string{
	"mov", "matroska", "avi", "mpegts", "mpeg", "flv", "asf", "ogg", "mxf", "wtv", "rm", "dv", "nut",
}

// Bounds of one probe.
const (
	probeTimeout = 20 * time.Second
	probeMemory  = 2 << 30 // bytes of address space
	probeOutput  = 8 << 20 // bytes of JSON
)

// Prober probes files with ffprobe.
type Prober struct{ program string }

// NewProber takes the program's name or path.
func NewProber(program string) *Prober { return &Prober{program: program} }

// Version is ffprobe's own name and version. It proves that the program is there and starts.
func (p *Prober) Version(ctx context.Context) (string, error) { return version(ctx, p.program) }

// Probe reads the file's headers. Every failure is one of this package's faults, or ctx's error.
func (p *Prober) Probe(ctx context.Context, path string) (media.Probe, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return media.Probe{}, ErrUnreadable.Because(err)
	}
	size, err := precheck(path)
	if err != nil {
		return media.Probe{}, err
	}
	in, err := openInput(path)
	if err != nil {
		return media.Probe{}, err
	}
	if in.bytes > 0 {
		size = in.bytes
	}
	text, err := p.ask(ctx, path, in)
	if err != nil {
		return media.Probe{}, err
	}
	probe, err := parseProbe(text)
	if err != nil {
		return media.Probe{}, ErrNotMedia.Because(err)
	}
	probe.Size = size
	return probe, playable(probe)
}

// precheck refuses a file that needs no ffprobe to be refused, and gives the size in bytes.
func precheck(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, ErrUnreadable.Because(err)
	}
	if !info.Mode().IsRegular() {
		return 0, ErrNotFile
	}
	if info.Size() == 0 {
		return 0, ErrEmpty
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, ErrUnreadable.Because(err)
	}
	defer f.Close()
	var head [64]byte
	n, err := f.ReadAt(head[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, ErrUnreadable.Because(err)
	}
	if isPlaylist(head[:n]) {
		return 0, ErrPlaylist
	}
	cut, err := cutOff(f, info.Size(), head[:n])
	if err != nil {
		return 0, ErrUnreadable.Because(err)
	}
	if cut {
		return 0, ErrIncomplete
	}
	return info.Size(), nil
}

func (p *Prober) ask(ctx context.Context, path string, in input) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	args := []string{"-v", "error"}
	allowed := in.whitelisted()
	for _, name := range slices.Sorted(maps.Keys(allowed)) {
		args = append(args, "-"+name, fmt.Sprint(allowed[name]))
	}
	args = append(args, "-show_format", "-show_streams", "-show_chapters", "-of", "json", "-i", in.url)
	text, err := run(limited, child{
		program: p.program, args: args, dir: in.dir, reads: in.reads, limits: limits{memory: probeMemory},
	}, probeOutput)
	var exit *exitError
	switch {
	case err == nil:
		return text, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, ErrTimeout.Because(err)
	case errors.As(err, &exit):
		return nil, ErrNotMedia.Because(err)
	}
	return nil, fmt.Errorf("probe %q: %w", path, err)
}

// playable refuses a file that ffprobe reads and that is no film.
func playable(p media.Probe) error {
	v, ok := p.Picture()
	switch {
	case !ok:
		return ErrNoPicture
	case v.Frames == 1 || v.Codec == "mjpeg" && p.DurationUS < 1_000_000:
		return ErrStill
	case p.DurationUS > 0 && p.DurationUS < 1_000_000:
		return ErrTooShort
	}
	return nil
}
