package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// A day of a small machine.
const (
	dayViewers = 8
	dayCores   = 2
	dayLength  = 60 * time.Second
	dayFiles   = 10_000 // new ones that are scanned meanwhile
)

// nasDay lets eight viewers watch on Original at the film's pace, on two cores, while a scan looks through many new files. No
// segment may take longer than it lasts.
func nasDay(ctx context.Context, o options, f originalFilms) (err error) {
	s, dir, clean, err := originalServer(ctx, o, "original-day", [2]string{f.mp4, f.mkv}, dayViewers)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	if runtime.NumCPU() > dayCores {
		o.line("the server has %d cores here; taskset gives it %d", runtime.NumCPU(), dayCores)
		_, _, err := command(ctx, "taskset", "-a", "-c", "-p", fmt.Sprintf("0-%d", dayCores-1), fmt.Sprint(s.pid()))
		if err != nil {
			return err
		}
	}
	titles, err := s.titles(ctx, dayViewers)
	if err != nil {
		return err
	}
	seeds, err := seeds(ctx, o)
	if err != nil {
		return err
	}
	files := min(o.files, dayFiles)
	if _, err := plant(filepath.Join(dir, "new"), seeds, files); err != nil {
		return err
	}
	if err := errors.Join(s.manyStreams(ctx, dayViewers), s.quiet(ctx)); err != nil {
		return err
	}
	before, err := allTimeOf(s.pid())
	if err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, "library", "New")); err != nil {
		return err
	}
	if err := s.call(ctx, http.MethodPost, "/api/v1/library/scan", map[string]any{}, nil); err != nil {
		return err
	}
	most, stop := s.mostResident(ctx)
	late, took, err := s.day(ctx, titles)
	stop()
	if err != nil {
		return err
	}
	after, err := allTimeOf(s.pid())
	if err != nil {
		return err
	}
	state, err := s.scanState(ctx)
	if err != nil {
		return err
	}
	o.line("%d viewers for %s while a scan goes through %d new files (%d seen, ended: %t)",
		dayViewers, dayLength, files, state.Seen, !state.Running)
	o.line("%d segments, %d of them later than they last  limit 0", len(took.took), late)
	o.line("processor time %.1f s of server and programs, resident memory at most %.1f MiB",
		(after - before).Seconds(), float64(*most)/(1<<20))
	err = took.report(o)
	if late > 0 {
		err = errors.Join(err, fmt.Errorf("%d segments came later than they last: %w", late, errOver))
	}
	return err
}

// day lets each viewer watch its film, and gives how many segments took longer than they last.
func (s *server) day(ctx context.Context, titles map[string]string) (late int, took *latencies, err error) {
	var mu sync.Mutex
	var group sync.WaitGroup
	took = &latencies{name: "a segment while all watch"}
	errs := make([]error, dayViewers)
	for n := range dayViewers {
		group.Go(func() {
			errs[n] = s.watchAtPace(ctx, titles[fmt.Sprintf("Film %04d", n)], func(d, lasts time.Duration) {
				mu.Lock()
				defer mu.Unlock()
				took.took = append(took.took, d)
				if d > lasts {
					late++
				}
			})
		})
	}
	group.Wait()
	return late, took, errors.Join(errs...)
}

// watchAtPace plays a film for dayLength at its pace: a segment is asked for when the one before it begins to be shown. each is told
// how long a segment of picture or sound took and how long it lasts.
func (s *server) watchAtPace(ctx context.Context, title string, each func(took, lasts time.Duration)) error {
	p, err := s.watchable(ctx, title)
	if err != nil {
		return err
	}
	began := time.Now()
	for n := range p.picture.segments {
		due := seconds(p.picture.bounds[max(0, n-1)])
		if due > dayLength {
			break
		}
		select {
		case <-time.After(time.Until(began.Add(due))):
		case <-ctx.Done():
			return ctx.Err()
		}
		for _, st := range []stream{p.picture, p.sound} {
			if n >= len(st.segments) {
				continue
			}
			asked := time.Now()
			if err := s.drain(ctx, s.url+st.segments[n]); err != nil {
				return err
			}
			each(time.Since(asked), seconds(st.bounds[n+1]-st.bounds[n]))
		}
	}
	return s.bye(ctx, p.session)
}

func seconds(x float64) time.Duration { return time.Duration(x * float64(time.Second)) }
