package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// playStart compares the time from pressing play on an untouched film to its first segment, and the same after a seek,
// with ffmpeg alone encoding the same frames of the same rung.
func playStart(ctx context.Context, o options) (err error) {
	source, err := film(ctx, o)
	if err != nil {
		return err
	}
	// One film more than is measured: the first playback of a server runs cold code.
	s, dir, clean, err := stage(ctx, o, "start", source, o.reps+1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	titles, err := s.titles(ctx, o.reps+1)
	if err != nil {
		return err
	}
	first := &pair{name: "play to first segment", unit: "s", limit: 1.4}
	sought := &pair{name: "seek to 80 % to its segment", unit: "s", limit: 1.4}
	height, stages := 0, make([][]float64, 4)
	for rep := range o.reps + 1 {
		begin, seek, err := s.startOf(ctx, titles[fmt.Sprintf("Film %04d", rep)])
		if err != nil {
			return err
		}
		alone, err := begin.alone(ctx, source, dir)
		if err != nil {
			return err
		}
		aloneAfter, err := seek.alone(ctx, source, dir)
		if err != nil {
			return err
		}
		height = begin.height
		if rep > 0 {
			for i, t := range begin.stages {
				stages[i] = append(stages[i], t.Seconds())
			}
			first.add(begin.took.Seconds(), alone.wall.Seconds())
			sought.add(seek.took.Seconds(), aloneAfter.wall.Seconds())
		}
	}
	o.line(
		"start rung of this machine: %dp; after play: session %.3f s, playlists %.3f s, init section %.3f s, segment %.3f s",
		height, median(stages[0]), median(stages[1]), median(stages[2]), median(stages[3]),
	)
	return errors.Join(first.report(o, "ffmpeg"), sought.report(o, "ffmpeg"))
}

// arrival is a segment that came, and how long it took.
type arrival struct {
	took        time.Duration
	height      int
	from, count int // frames
	// stages are the times until session, playlists, init section and segment were there; of a start only.
	stages []time.Duration
}

// startOf presses play on a title, waits for the first segment, seeks to 80 %, waits again and leaves.
func (s *server) startOf(ctx context.Context, title string) (begin, seek arrival, err error) {
	pressed := time.Now()
	var stages []time.Duration
	p, err := s.play(ctx, title)
	if err != nil {
		return arrival{}, arrival{}, err
	}
	stages = append(stages, time.Since(pressed))
	st, err := s.open(ctx, p.Manifest, startVariant)
	if err != nil {
		return arrival{}, arrival{}, err
	}
	stages = append(stages, time.Since(pressed))
	if _, err := s.get(ctx, st.init); err != nil {
		return arrival{}, arrival{}, err
	}
	stages = append(stages, time.Since(pressed))
	begin, err = s.arrive(ctx, st, 0, pressed)
	if err != nil {
		return arrival{}, arrival{}, err
	}
	begin.stages = append(stages, begin.took)
	seek, err = s.arrive(ctx, st, st.at(0.8*filmSeconds), time.Now())
	if err != nil {
		return arrival{}, arrival{}, err
	}
	return begin, seek, s.leave(ctx, p)
}

func (s *server) arrive(ctx context.Context, st stream, n int, since time.Time) (arrival, error) {
	if _, err := s.get(ctx, st.segments[n]); err != nil {
		return arrival{}, err
	}
	a := arrival{took: time.Since(since), height: st.height}
	a.from, a.count = st.frames(n)
	return a, nil
}

// alone lets ffmpeg encode the frames of the segment that arrived.
func (a arrival) alone(ctx context.Context, source, dir string) (cost, error) {
	r, err := rungOf(a.height)
	if err != nil {
		return cost{}, err
	}
	c, _, err := command(ctx, "ffmpeg", segmentCommand(source, filepath.Join(dir, "alone.mp4"), r, a.from, a.count)...)
	return c, err
}
