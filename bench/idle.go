package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// playbacks is how many playbacks are started and abandoned.
const playbacks = 100

// idle reports the memory and the open files of a server with a large library that is idle, and whether abandoned
// playbacks leak any.
func idle(ctx context.Context, o options) (err error) {
	source, err := short(ctx, o)
	if err != nil {
		return err
	}
	began := time.Now()
	s, _, clean, err := stage(ctx, o, "idle", source, o.titles)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	titles, err := s.titles(ctx, o.titles)
	if err != nil {
		return err
	}
	o.line("%d titles found, probed and pictured in %s", len(titles), time.Since(began).Round(time.Second))
	if err := s.calm(ctx); err != nil {
		return err
	}
	if err := s.reportIdle(ctx, o, "after the scan"); err != nil {
		return err
	}
	return s.abandonMany(ctx, o, titles)
}

// abandonMany breaks off playbacks, twice: the first round fills pools and caches, which may stay; growth in the second
// is a leak.
func (s *server) abandonMany(ctx context.Context, o options, titles map[string]string) error {
	if err := s.abandonRound(ctx, titles); err != nil {
		return err
	}
	if err := s.calm(ctx); err != nil {
		return err
	}
	before, err := s.held(ctx)
	if err != nil {
		return err
	}
	if err := s.abandonRound(ctx, titles); err != nil {
		return err
	}
	var after holding
	err = until(ctx, patience, "abandoned playbacks have left nothing", func() (bool, error) {
		if after, err = s.held(ctx); err != nil {
			return false, err
		}
		return after.goroutines <= before.goroutines && after.files <= before.files, nil
	})
	o.line("%d abandoned playbacks: %d goroutines and %d files before, %d and %d after", playbacks,
		before.goroutines, before.files, after.goroutines, after.files)
	if err != nil {
		return err
	}
	return s.reportIdle(ctx, o, "after the playbacks")
}

// abandonRound breaks off playbacks of one title after the other, round and round.
func (s *server) abandonRound(ctx context.Context, titles map[string]string) error {
	all := slices.Sorted(maps.Values(titles))
	for n := range playbacks {
		if err := s.abandon(ctx, all[n%len(all)]); err != nil {
			return err
		}
	}
	return nil
}

// abandon plays a title, asks for its last segment, walks off before the answer and closes the page.
func (s *server) abandon(ctx context.Context, title string) error {
	p, err := s.play(ctx, title)
	if err != nil {
		return err
	}
	st, err := s.open(ctx, p.Manifest, startVariant)
	if err != nil {
		return err
	}
	short, walkOff := context.WithTimeout(ctx, 30*time.Millisecond)
	defer walkOff()
	_, err = s.get(short, st.segments[len(st.segments)-1])
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return s.bye(ctx, p) // or its stream slot would be taken for half a minute
}

// holding counts the open resources of a process.
type holding struct{ goroutines, files int }

var goroutineTotal = regexp.MustCompile(`goroutine profile: total (\d+)`)

// held counts. Connections of this client are closed first.
func (s *server) held(ctx context.Context) (h holding, err error) {
	s.client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.admin+"/debug/pprof/goroutine?debug=1", nil)
	if err != nil {
		return holding{}, err
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return holding{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return holding{}, err
	}
	m := goroutineTotal.FindSubmatch(text)
	if m == nil {
		return holding{}, fmt.Errorf("no goroutine count in the profile: %s", res.Status)
	}
	if h.goroutines, err = strconv.Atoi(string(m[1])); err != nil {
		return holding{}, err
	}
	h.files, err = filesOf(s.pid())
	return h, err
}

// calm waits until the process takes less than 2 % of one core for two seconds.
func (s *server) calm(ctx context.Context) error {
	last, at := time.Duration(-1), time.Now()
	return until(ctx, patience, "the server is calm", func() (bool, error) {
		if last >= 0 && time.Since(at) < 2*time.Second {
			return false, nil
		}
		now, err := cpuOf(s.pid())
		if err != nil {
			return false, err
		}
		quiet := last >= 0 && now-last <= 40*time.Millisecond
		last, at = now, time.Now()
		return quiet, nil
	})
}

// reportIdle tells the resident memory at once, and after a rest: memory that a burst of work took goes back in between.
func (s *server) reportIdle(ctx context.Context, o options, when string) error {
	first, err := residentOf(s.pid())
	if err != nil {
		return err
	}
	select {
	case <-time.After(o.rest):
	case <-ctx.Done():
		return ctx.Err()
	}
	later, err := residentOf(s.pid())
	if err != nil {
		return err
	}
	o.line("resident memory %s: %.1f MiB, %s later %.1f MiB", when, float64(first)/(1<<20), o.rest, float64(later)/(1<<20))
	return nil
}
