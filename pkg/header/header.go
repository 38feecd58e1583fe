// Package header fills a quick media.Probe of a film from its headers, in process: starting ffprobe takes some 100 ms
// of CPU a file, a hundred times more than reading the headers. For other containers, for a codec it does not know, for
// bytes that are odd in any way and for every file that cannot be played it calls its fallback, so that a file ends in
// the same state with the same message either way.
//
// The fields it fills have the values that ffprobe gives for the same file; those that only the frames have (starts,
// counts of frames, their order, some formats) stay zero, and Quick is set. An encode is planned from a full probe.
package header

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"movify/pkg/media"
)

// Full probes a file in full, which may take seconds. The transcoder's ffprobe meets it.
type Full interface {
	// Probe probes the file at path. For a file that cannot be played it returns a fault with the reason.
	Probe(ctx context.Context, path string) (media.Probe, error)
}

// Prober probes a file from its header, or with the fallback when that is not enough. Its methods are safe for concurrent
// use.
type Prober struct {
	full Full
	free sync.Pool // of *reader: a scan reads one header after the other
}

// NewProber takes the fallback.
func NewProber(full Full) *Prober { return &Prober{full: full} }

// Probe probes the file at path. Its faults are those of the fallback.
func (p *Prober) Probe(ctx context.Context, path string) (media.Probe, error) {
	if probe, ok := p.quick(path); ok {
		return probe, ctx.Err()
	}
	return p.full.Probe(ctx, path)
}

// quick reads a file's header; ok is false for a file that the fallback has to probe.
func (p *Prober) quick(path string) (probe media.Probe, ok bool) {
	info, err := os.Stat(path) // before opening: that of a FIFO would wait for a writer
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return media.Probe{}, false
	}
	f, err := os.Open(path)
	if err != nil {
		return media.Probe{}, false
	}
	defer f.Close()
	in, _ := p.free.Get().(*reader)
	if in == nil {
		in = new(reader)
	}
	probe, err = in.header(f, info.Size())
	p.free.Put(in)
	return probe, err == nil
}

// ErrAsk is returned, wrapped, for a file whose header is not enough: it needs the fallback.
var ErrAsk = errors.New("the header does not say enough")

// shortest is the least duration that is read here, in microseconds. A shorter file may be a picture.
const shortest = 1_000_000

// Read reads the header of a film of size bytes: some KiB of most files, never more than some 16 MiB. Every error means
// ErrAsk; that of r is wrapped too.
func Read(r io.ReaderAt, size int64) (media.Probe, error) { return new(reader).header(r, size) }

// reader reads headers, with the same buffers from file to file. The zero value is ready; one goroutine at a time may use
// it.
type reader struct{ pages pages }

// header is Read.
func (h *reader) header(r io.ReaderAt, size int64) (media.Probe, error) {
	in := h.pages.of(r, size)
	defer func() { in.r = nil }() // a closed file is not to be kept
	probe, err := read(in, size)
	if err == nil {
		err = in.filled()
	}
	if err == nil {
		err = judge(probe)
	}
	if err != nil {
		return media.Probe{}, fmt.Errorf("%w: %w", ErrAsk, err)
	}
	probe.Size, probe.Quick = size, true
	// As libavformat reckons it, in floating point.
	probe.BitRate = int64(float64(size) * 8 * 1e6 / float64(probe.DurationUS))
	return probe.Bounded(), nil
}

func read(r io.ReaderAt, size int64) (media.Probe, error) {
	var head [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return media.Probe{}, err
	}
	switch {
	case string(head[:4]) == "\x1a\x45\xdf\xa3":
		return readMatroska(r, size)
	case string(head[4:]) == "ftyp":
		return readMP4(r, size)
	}
	return media.Probe{}, errors.New("another container")
}

// judge accepts a probe that is certainly of a film.
func judge(p media.Probe) error {
	v, ok := p.Picture()
	switch {
	case !ok:
		return errors.New("no picture")
	case p.DurationUS < shortest:
		return errors.New("no length, or a short one")
	case v.Width < 2 || v.Height < 2:
		return errors.New("no size")
	case films(p) > 1:
		return errors.New("several films: which one is the longest only the frames tell")
	}
	return nil
}

// films counts the video tracks that are no attached pictures.
func films(p media.Probe) (count int) {
	for _, v := range p.Video {
		if !v.AttachedPicture {
			count++
		}
	}
	return count
}
