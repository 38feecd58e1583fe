package ffmpeg

import (
	"context"
	"errors"
	"os"
	"slices"

	"movify/pkg/fault"
	"movify/pkg/media"
	"movify/pkg/mpegts"
)

// findJoints finds where transport streams were joined in a file; none in a file of another format.
func findJoints(f *os.File, size int64) ([]int64, error) {
	joints, err := mpegts.Joints(f, size)
	if errors.Is(err, mpegts.ErrNotTS) {
		return nil, nil
	}
	return joints, err
}

// probeJoined probes each of the recordings that were joined to a file. One that does not play is left out. The probe is
// that of the first, as long as all together.
func (p *Prober) probeJoined(ctx context.Context, path string, found findings) (media.Probe, error) {
	var whole media.Probe
	var failed error
	bounds := slices.Concat([]int64{0}, found.joints, []int64{found.size})
	for n, offset := range bounds[:len(bounds)-1] {
		r := media.Recording{Offset: offset, Size: bounds[n+1] - offset}
		var err error
		r.Probe, err = p.probe(ctx, rangeInput(path, offset, r.Size), findings{size: r.Size})
		var why *fault.Fault
		if errors.As(err, &why) && why.Kind == fault.Unsupported {
			failed = err
			continue
		}
		if err != nil {
			return media.Probe{}, err
		}
		whole.Recordings = append(whole.Recordings, r)
	}
	if len(whole.Recordings) == 0 {
		return media.Probe{}, failed
	}
	return joined(whole.Recordings, found.size), nil
}

// joined is the probe of a file of size bytes by those of its recordings.
func joined(recordings []media.Recording, size int64) media.Probe {
	whole := recordings[0].Probe
	whole.Recordings, whole.Size = recordings, size
	v, _ := whole.Picture()
	v.DurationUS, v.Frames = 0, 0
	for _, r := range recordings {
		picture, _ := r.Probe.Picture()
		v.DurationUS += picture.DurationUS
	}
	whole.DurationUS = v.DurationUS + max(0, v.StartUS-whole.StartUS)
	if whole.DurationUS > 0 {
		whole.BitRate = int64(float64(size) * 8e6 / float64(whole.DurationUS))
	}
	return withPicture(whole, v)
}
