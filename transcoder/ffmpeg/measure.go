package ffmpeg

import (
	"context"
	"errors"
	"time"

	"movify/pkg/media"
)

// measureTimeout bounds one reading of packets. A file without an index is read from its beginning to its end.
const measureTimeout = 10 * time.Minute

// lostUS is how much of a film must be missing, microseconds, before its file is called damaged.
const lostUS = 1_000_000

// measure completes a probe of headers with what only packets and pictures know.
func (p *Prober) measure(ctx context.Context, in input, probe media.Probe, found findings) (media.Probe, error) {
	v, ok := probe.Picture()
	if !ok {
		return probe, nil
	}
	ends, complaints, err := p.lastPackets(ctx, in, v.Index, probe.Format != "ogg")
	if err != nil {
		return probe, err
	}
	if probe, err = p.withBeginning(ctx, in, probe); err != nil {
		return probe, err
	}
	said := probe.DurationUS
	probe = withLength(probe, ends)
	switch {
	case found.cut:
		probe.Damage = media.Cut
	case found.zeroEnd && said-probe.DurationUS > lostUS:
		probe.Damage = media.Unreadable
	case found.zeroEnd || complaints > 0:
		if probe, err = p.withoutDeadEnd(ctx, in, probe); err != nil {
			return probe, err
		}
		if complaints > 0 && said-probe.DurationUS > lostUS { // the header promises more
			probe.Damage = media.Unreadable
		}
	}
	if probe, err = p.withDelay(ctx, in, probe); err != nil {
		return probe, err
	}
	return p.withFields(ctx, in, probe)
}

// farBeyond is a time, seconds, that no film reaches: a demuxer that is sent there goes to the last key frame.
const farBeyond = "10000000"

// lastPackets gives where each stream ends, from the packets behind the last key frame. A file whose index leads beyond
// its end, or that has none, is read from the beginning, and so is one that is not to be entered: the times that ffmpeg makes
// up in the middle of Ogg are those of the end of a page. complaints counts ffprobe's messages about them.
func (p *Prober) lastPackets(
	ctx context.Context, in input, picture int, enter bool,
) (ends map[int]streamEnd, complaints int, err error) {
	intervals := []string{farBeyond + "%", "%"}
	if !enter {
		intervals = intervals[1:]
	}
	for _, interval := range intervals {
		ends, complaints, err = p.packets(ctx, in, interval)
		if _, ok := ends[picture]; ok || err != nil {
			break
		}
	}
	return ends, complaints, err
}

// packets reads the packets of an interval, in ffprobe's notation, and sums up each stream.
func (p *Prober) packets(
	ctx context.Context, in input, interval string,
) (ends map[int]streamEnd, complaints int, err error) {
	ends = map[int]streamEnd{}
	complaints, err = p.lines(ctx, in, func(fields []string) {
		if index, e, ok := readPacket(fields); ok {
			ends[index] = ends[index].later(e)
		}
	}, "-read_intervals", interval, "-show_entries", "packet=stream_index,pts_time,dts_time,duration_time,flags")
	return ends, complaints, err
}

// lines runs ffprobe and passes on each line of its output, split at commas; complaints counts those of its standard
// error. A child that fails has said what it could: a damaged file is the case this is for.
func (p *Prober) lines(
	ctx context.Context, in input, each func(fields []string), question ...string,
) (complaints int, err error) {
	limited, cancel := context.WithTimeout(ctx, measureTimeout)
	defer cancel()
	args := p.args(in, append(question, "-of", "csv=p=0")...)
	out := &lineWriter{each: each}
	proc, err := start(limited, child{
		program: p.program, args: args, dir: in.dir, reads: in.reads, stdout: out, limits: limits{memory: probeMemory},
	})
	if err != nil {
		return 0, err
	}
	usage, err := proc.Wait()
	var exit *exitError
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case limited.Err() != nil:
		return 0, ErrTimeout.Because(limited.Err())
	case errors.As(err, &exit):
		return usage.Warnings, nil
	}
	return usage.Warnings, err
}
