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
	"strings"
	"time"

	"movify/pkg/fault"
	"movify/pkg/header"
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
	ErrNoDecoder = fault.New(
		fault.Unsupported, "no_decoder", "The video is in a format that the server's ffmpeg cannot decode.",
	)
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
type Prober struct {
	program string
	codecs  *codecList
}

// NewProber takes the program's name or path.
func NewProber(program string) *Prober { return &Prober{program: program, codecs: &codecList{}} }

// Version is ffprobe's own name and version. It proves that the program is there and starts.
func (p *Prober) Version(ctx context.Context) (string, error) { return version(ctx, p.program) }

// Probe reads the file's headers, and measures the file where they do not say enough or do not agree with its packets:
// its length, its fields, and where the readable part of a damaged file ends. Every failure is one of this package's
// faults, or ctx's error.
func (p *Prober) Probe(ctx context.Context, path string) (media.Probe, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return media.Probe{}, ErrUnreadable.Because(err)
	}
	found, err := precheck(path)
	if err != nil {
		return media.Probe{}, err
	}
	in, err := openInput(path)
	if err != nil {
		return media.Probe{}, err
	}
	if len(found.joints) > 0 {
		return p.probeJoined(ctx, path, found)
	}
	return p.probe(ctx, in, found)
}

// probe probes one input.
func (p *Prober) probe(ctx context.Context, in input, found findings) (media.Probe, error) {
	text, err := p.ask(ctx, in)
	if err != nil {
		return media.Probe{}, found.explain(err)
	}
	probe, err := parseProbe(text)
	if err != nil {
		return media.Probe{}, ErrNotMedia.Because(err)
	}
	if in.bytes > 0 { // the index of a disc says what belongs to its title, and ffprobe how long that is
		probe.Size = in.bytes
		p.codecs.markUndecodable(ctx, p.program, &probe)
		if probe, err = p.withBeginning(ctx, in, probe); err != nil {
			return media.Probe{}, err
		}
		return probe, playable(probe)
	}
	probe.Size = found.size
	if found.header != "" {
		f, err := os.Open(found.header)
		if err != nil {
			return media.Probe{}, ErrUnreadable.Because(err)
		}
		probe = header.Overlay(f, found.size, probe)
		f.Close()
	}
	p.codecs.markUndecodable(ctx, p.program, &probe)
	if probe, err = p.measure(ctx, in, probe, found); err != nil {
		return media.Probe{}, err
	}
	return probe, found.explain(playable(probe))
}

// findings are what a few reads tell of a file before ffprobe is started.
type findings struct {
	size    int64   // bytes
	cut     bool    // its container's own sizes reach beyond its end
	zeroEnd bool    // it ends in zeros: space that was reserved and never filled
	joints  []int64 // offsets at which another transport stream begins
	header  string  // path of the file whose header says more than ffprobe does; "" = none
}

// explain makes the fault of a file that is cut off say so: nothing else is wrong with it.
func (f findings) explain(err error) error {
	var why *fault.Fault
	if f.cut && errors.As(err, &why) && why.Kind == fault.Unsupported {
		return ErrIncomplete.Because(err)
	}
	return err
}

// precheck refuses a file that needs no ffprobe to be refused.
func precheck(path string) (findings, error) {
	f, size, head, err := openFile(path)
	if err != nil {
		return findings{}, err
	}
	defer f.Close()
	out := findings{size: size, header: path}
	if out.cut, err = cutOff(f, size, head); err == nil {
		out.zeroEnd, err = endsInZeros(f, size)
	}
	if err == nil {
		out.joints, err = findJoints(f, size)
	}
	if err != nil {
		return findings{}, ErrUnreadable.Because(err)
	}
	return out, nil
}

const headSize = 64 // bytes by which a list of files is recognised

// openFile opens a file and reads its size and first bytes. What is no file, or a list of others, is refused.
func openFile(path string) (f *os.File, size int64, head []byte, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, nil, ErrUnreadable.Because(err)
	}
	if !info.Mode().IsRegular() {
		return nil, 0, nil, ErrNotFile
	}
	if info.Size() == 0 {
		return nil, 0, nil, ErrEmpty
	}
	if f, err = os.Open(path); err != nil {
		return nil, 0, nil, ErrUnreadable.Because(err)
	}
	head = make([]byte, headSize)
	n, err := f.ReadAt(head, 0)
	head = head[:n]
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		err = ErrUnreadable.Because(err)
	case isPlaylist(head):
		err = ErrPlaylist
	default:
		return f, info.Size(), head, nil
	}
	f.Close()
	return nil, 0, nil, err
}

// args are ffprobe's arguments for one question about an input.
func (p *Prober) args(in input, question ...string) []string {
	args := []string{"-v", "error"}
	allowed := in.whitelisted()
	for _, name := range slices.Sorted(maps.Keys(allowed)) {
		args = append(args, "-"+name, fmt.Sprint(allowed[name]))
	}
	// Of the two users of that list, the one that decodes a little of each track does not know the form with a kind.
	args = append(args, "-codec_whitelist:a", strings.Join(slices.Concat(decoders[:], opened[:]), ","))
	return append(append(args, question...), "-i", in.url)
}

func (p *Prober) ask(ctx context.Context, in input) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	args := p.args(in, "-show_format", "-show_streams", "-show_chapters", "-of", "json")
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
	return nil, fmt.Errorf("probe %q: %w", in.url, err)
}

// playable refuses a file that ffprobe reads and that is no film.
func playable(p media.Probe) error {
	v, ok := p.Picture()
	switch {
	case !ok:
		return ErrNoPicture
	case v.Undecodable:
		return ErrNoDecoder
	case v.Frames == 1 || v.Codec == "mjpeg" && p.DurationUS < 1_000_000:
		return ErrStill
	case p.DurationUS > 0 && p.DurationUS < 1_000_000:
		return ErrTooShort
	}
	return nil
}
