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
	ends, err := p.lastPackets(ctx, in, v.Index)
	if err != nil {
		return probe, err
	}
	said := probe.DurationUS
	probe = withLength(probe, ends)
	switch {
	case found.cut:
		probe.Damage = media.Cut
	case found.zeroEnd && said-probe.DurationUS > lostUS:
		probe.Damage = media.Unreadable
	case found.zeroEnd:
		if probe, err = p.withoutDeadEnd(ctx, in, probe); err != nil {
			return probe, err
		}
	}
	return p.withFields(ctx, in, probe)
}

// farBeyond is a time, seconds, that no film reaches: a demuxer that is sent there goes to the last key frame.
const farBeyond = "10000000"

// lastPackets gives where each stream ends, from the packets behind the last key frame. A file whose index leads beyond
// its end, or that has none, is read from the beginning.
func (p *Prober) lastPackets(ctx context.Context, in input, picture int) (map[int]streamEnd, error) {
	for _, interval := range [...]string{farBeyond + "%", "%"} {
		ends, err := p.packets(ctx, in, interval)
		if err != nil {
			return nil, err
		}
		if _, ok := ends[picture]; ok {
			return ends, nil
		}
	}
	return nil, nil
}

// packets reads the packets of an interval, in ffprobe's notation, and sums up each stream.
func (p *Prober) packets(ctx context.Context, in input, interval string) (map[int]streamEnd, error) {
	ends := map[int]streamEnd{}
	err := p.lines(ctx, in, func(fields []string) {
		if index, e, ok := readPacket(fields); ok {
			ends[index] = ends[index].later(e)
		}
	}, "-read_intervals", interval, "-show_entries", "packet=stream_index,pts_time,dts_time,duration_time,flags")
	return ends, err
}

// lines runs ffprobe and passes on each line of its output, split at commas. A child that fails has said what it could:
// a damaged file is the case this is for.
func (p *Prober) lines(ctx context.Context, in input, each func(fields []string), question ...string) error {
	limited, cancel := context.WithTimeout(ctx, measureTimeout)
	defer cancel()
	args := p.args(in, append(question, "-of", "csv=p=0")...)
	out := &lineWriter{each: each}
	proc, err := start(limited, child{
		program: p.program, args: args, dir: in.dir, reads: in.reads, stdout: out, limits: limits{memory: probeMemory},
	})
	if err != nil {
		return err
	}
	_, err = proc.Wait()
	var exit *exitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return ErrTimeout.Because(limited.Err())
	case errors.As(err, &exit):
		return nil
	}
	return err
}
