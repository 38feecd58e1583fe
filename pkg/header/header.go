// Package header reads what the catalogue needs of a film from its headers, in process: starting ffprobe takes some 100 ms
// of CPU a file, a hundred times more than the reading. It answers only what it is sure of. For other containers, for a
// codec it does not know, for bytes that are odd in any way and for every file that cannot be played it asks its fallback,
// so that a file ends in the same state with the same words either way.
//
// What it fills of a media.Probe is what ffprobe would say of the same file, field by field; what only the frames tell
// (starts, counts of frames, their order, some formats) stays zero, and Quick says so. Before an encode the full probe is
// asked for.
package header

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"movify/pkg/media"
)

// Full looks into a file and takes its time. The transcoder's ffprobe meets it.
type Full interface {
	// Probe looks into the file at path. For a file that cannot be played it returns a fault whose code and words say why.
	Probe(ctx context.Context, path string) (media.Probe, error)
}

// Prober says what is in a file, quickly when its header is enough.
type Prober struct{ full Full }

// NewProber takes what is asked when the header is not enough.
func NewProber(full Full) *Prober { return &Prober{full: full} }

// Probe looks into the file at path. Its faults are those of the fallback.
func (p *Prober) Probe(ctx context.Context, path string) (media.Probe, error) {
	if probe, ok := quick(path); ok {
		return probe, ctx.Err()
	}
	return p.full.Probe(ctx, path)
}

// quick reads a file's header; ok is false for whatever the fallback is to judge.
func quick(path string) (probe media.Probe, ok bool) {
	info, err := os.Stat(path) // before opening: that of a FIFO would wait for a writer
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return media.Probe{}, false
	}
	f, err := os.Open(path)
	if err != nil {
		return media.Probe{}, false
	}
	defer f.Close()
	probe, err = Read(f, info.Size())
	return probe, err == nil
}

// ErrAsk is returned, wrapped, for a file whose header does not say enough: ask ffprobe.
var ErrAsk = errors.New("the header does not say enough")

// shortest is how long in microseconds what is read here lasts at least. What is shorter may be a picture.
const shortest = 1_000_000

// Read reads the header of a film of size bytes: some KiB of most files, never more than some 16 MiB. Every error means
// ErrAsk; that of r is wrapped too.
func Read(r io.ReaderAt, size int64) (media.Probe, error) {
	in := &pages{r: r, size: size}
	probe, err := read(in, size)
	if err == nil {
		err = judge(probe)
	}
	if err != nil {
		return media.Probe{}, fmt.Errorf("%w: %w", ErrAsk, err)
	}
	probe.Size, probe.Quick = size, true
	// As libavformat reckons it, in floating point.
	probe.BitRate = int64(float64(size) * 8 * 1e6 / float64(probe.DurationUS))
	return probe, nil
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

// judge lets pass what surely is a film.
func judge(p media.Probe) error {
	v, ok := p.Picture()
	switch {
	case !ok:
		return errors.New("no picture")
	case p.DurationUS < shortest:
		return errors.New("no length, or a short one")
	case v.Width < 2 || v.Height < 2:
		return errors.New("no size")
	}
	return nil
}
