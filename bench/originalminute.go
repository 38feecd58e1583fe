package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// minutes compares a minute watched on Original with nginx giving the same bytes as files, and reports what ten viewers more
// take of memory.
func minutes(ctx context.Context, o options, f originalFilms) (err error) {
	s, dir, clean, err := originalServer(ctx, o, "original-minute", [2]string{f.mp4, f.mkv}, 2)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	titles, err := s.titles(ctx, 2)
	if err != nil {
		return err
	}
	var over []error
	for n, what := range []string{"1080p at 8 Mb/s in MP4", "1080p at 8 Mb/s in Matroska"} {
		err := s.minuteAgainstFiles(ctx, o, dir, titles[fmt.Sprintf("Film %04d", n)], what)
		if err != nil && !errors.Is(err, errOver) {
			return err
		}
		over = append(over, err)
	}
	over = append(over, s.moreViewers(ctx, o, titles))
	return errors.Join(over...)
}

// watchable presses a title and finds all of its stream.
func (s *server) watchable(ctx context.Context, title string) (pressed, error) {
	p, _, err := s.press(ctx, title)
	if err == nil {
		err = s.hear(ctx, &p)
	}
	return p, err
}

// minuteAgainstFiles watches a film and gets the same bytes from nginx, in turns.
func (s *server) minuteAgainstFiles(ctx context.Context, o options, dir, title, what string) (err error) {
	p, err := s.watchable(ctx, title)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.leave(ctx, p.session)) }()
	root := filepath.Join(dir, "files-"+title)
	if err := s.save(ctx, p, root); err != nil {
		return err
	}
	if err := s.quiet(ctx); err != nil {
		return err
	}
	n, err := nginx(ctx, root, filepath.Join(root, "index"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.stop()) }()
	cpu := &pair{name: "CPU time of a minute watched", unit: "ms", limit: fileGoal}
	var ours, theirs []float64
	err = inTurns(o.reps, func(int) error {
		ms, err := s.watched(ctx, s.pid(), s.url, p, func(at string) string { return at })
		ours = append(ours, ms)
		return err
	}, func(int) error {
		ms, err := s.watched(ctx, n.pid(), strings.TrimSuffix(n.url, "/index"), p, fileName)
		theirs = append(theirs, ms)
		return err
	})
	if err != nil {
		return err
	}
	for rep := range o.reps {
		cpu.add(ours[rep], theirs[rep])
	}
	o.line("%s: the film of %d s watched %d times in each turn", what, originalSeconds, watchRounds)
	return cpu.report(o, "nginx")
}

// fileName is the path of the copy of an address: its last two words.
func fileName(at string) string { return "/" + path.Base(path.Dir(at)) + "/" + path.Base(at) }

// save fetches everything of a playback into a folder.
func (s *server) save(ctx context.Context, p pressed, root string) error {
	for _, at := range p.addresses() {
		data, err := s.get(ctx, at)
		if err != nil {
			return err
		}
		file := filepath.Join(root, fileName(at))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
			return err
		}
	}
	return nil
}

// watched fetches a film several times, and gives the processor time that a process took for a minute of it, milliseconds.
func (s *server) watched(
	ctx context.Context, pid int, host string, p pressed, named func(string) string,
) (float64, error) {
	before, err := cpuOf(pid)
	if err != nil {
		return 0, err
	}
	for range watchRounds {
		for _, at := range p.addresses() {
			if err := s.drain(ctx, host+named(at)); err != nil {
				return 0, err
			}
		}
	}
	after, err := cpuOf(pid)
	length := p.picture.bounds[len(p.picture.bounds)-1] * watchRounds / 60
	return inMS(after-before) / length, err
}

// drain fetches an address and keeps nothing.
func (s *server) drain(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path.Base(url), res.Status)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// moreViewers reports by how much the memory of a server grows when ten more watch at once, each as fast as it can.
func (s *server) moreViewers(ctx context.Context, o options, titles map[string]string) error {
	if err := s.manyStreams(ctx, moreViewers); err != nil {
		return err
	}
	before, err := residentOf(s.pid())
	if err != nil {
		return err
	}
	most, stop := s.mostResident(ctx)
	var group sync.WaitGroup
	errs := make([]error, moreViewers)
	for n := range moreViewers {
		group.Go(func() { errs[n] = s.watchOnce(ctx, titles[fmt.Sprintf("Film %04d", n%2)]) })
	}
	group.Wait()
	stop()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	grown := float64(*most-before) / (1 << 20)
	verdict := "kept"
	if grown > viewersGoal {
		verdict, err = "OVER", fmt.Errorf("%d viewers more take %.1f MiB: %w", moreViewers, grown, errOver)
	}
	o.line("%d viewers at once: resident memory %.1f MiB before, %.1f MiB at most, %.1f MiB more  limit %d MiB: %s",
		moreViewers, float64(before)/(1<<20), float64(*most)/(1<<20), grown, viewersGoal, verdict)
	return err
}

// watchOnce plays a film from its beginning to its end, as fast as it can.
func (s *server) watchOnce(ctx context.Context, title string) error {
	p, err := s.watchable(ctx, title)
	if err != nil {
		return err
	}
	for _, at := range p.addresses() {
		if err := s.drain(ctx, s.url+at); err != nil {
			return err
		}
	}
	return s.bye(ctx, p.session)
}

// mostResident looks at the memory of a server ten times a second until stop is called.
func (s *server) mostResident(ctx context.Context) (most *int64, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	most = new(int64)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			if now, err := residentOf(s.pid()); err == nil {
				*most = max(*most, now)
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	}()
	return most, func() {
		cancel()
		<-done
	}
}

// minuteOfBaseline compares a minute watched on Original with one that another build, which encodes, gives at its tallest rung.
func minuteOfBaseline(ctx context.Context, o options, f originalFilms) error {
	if o.baseline == "" {
		o.line("a minute watched against another build: left out, -baseline names none")
		return nil
	}
	cpu := &pair{name: "CPU time of a minute watched", unit: "s", limit: baselineGoal}
	theirs, err := encodedMinute(ctx, o, f)
	if err != nil {
		return err
	}
	ours, err := copiedMinute(ctx, o, f)
	if err != nil {
		return err
	}
	cpu.add(ours, theirs)
	o.line("a minute of 1080p, from the press on, encoders and all; the other build encodes it")
	return cpu.report(o, "baseline")
}

// copiedMinute is the processor time of a minute on Original, seconds: of a server and of all that it started, the plan
// included.
func copiedMinute(ctx context.Context, o options, f originalFilms) (seconds float64, err error) {
	s, _, clean, err := originalServer(ctx, o, "original-ours", [2]string{f.mp4, f.mp4}, 1)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, clean()) }()
	return s.minuteOf(ctx, 1, func(title string) ([]string, float64, error) {
		p, err := s.watchable(ctx, title)
		return p.addresses(), p.picture.bounds[len(p.picture.bounds)-1], err
	})
}

// encodedMinute is that of the other build at its tallest rung.
func encodedMinute(ctx context.Context, o options, f originalFilms) (seconds float64, err error) {
	o.movify = o.baseline
	s, _, clean, err := originalServer(ctx, o, "original-baseline", [2]string{f.mp4, f.mp4}, 1)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, clean()) }()
	return s.minuteOf(ctx, 0, func(title string) ([]string, float64, error) {
		p, err := s.play(ctx, title)
		if err != nil {
			return nil, 0, err
		}
		one := pressed{session: p}
		if one.picture, err = s.open(ctx, p.Manifest, tallest); err != nil {
			return nil, 0, err
		}
		err = s.hear(ctx, &one)
		return one.addresses(), one.picture.bounds[len(one.picture.bounds)-1], err
	})
}

// minuteOf watches the one film of a server from the press to its end, and gives the processor time for a minute of it, seconds.
// plans is how many films are planned on the way.
func (s *server) minuteOf(
	ctx context.Context, plans int, press func(title string) (addresses []string, length float64, err error),
) (seconds float64, err error) {
	titles, err := s.titles(ctx, 1)
	if err != nil {
		return 0, err
	}
	if err := s.quiet(ctx); err != nil {
		return 0, err
	}
	before, err := allTimeOf(s.pid())
	if err != nil {
		return 0, err
	}
	addresses, length, err := press(titles["Film 0000"])
	if err != nil {
		return 0, err
	}
	for _, at := range addresses {
		if err := s.drain(ctx, s.url+at); err != nil {
			return 0, err
		}
	}
	// The time of a program is known when it has ended.
	if err := errors.Join(s.planned(ctx, plans), s.childless(ctx)); err != nil {
		return 0, err
	}
	after, err := allTimeOf(s.pid())
	return (after - before).Seconds() * 60 / length, err
}
