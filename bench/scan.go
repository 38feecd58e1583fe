package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The limits of a large library.
const (
	probeTimes  = 10                     // a first scan against bare ffprobe, in files a second
	rescanRate  = 20_000                 // files a second of a scan that finds nothing new
	scanLatency = 150 * time.Millisecond // p99 of requests while a scan goes on
	sampled     = 300                    // files that ffprobe is measured on, half before the scan and half after
	askEvery    = 25 * time.Millisecond
	smallest    = 10
)

// scan measures the scans of a large library, and then the first scan of a smaller one against minidlna.
func scan(ctx context.Context, o options) error {
	if o.files < smallest {
		return errFewFiles
	}
	from, err := seeds(ctx, o)
	if err != nil {
		return err
	}
	large := largeScan(ctx, o, from)
	if large != nil && !errors.Is(large, errOver) {
		return large
	}
	beside := besideMinidlna(ctx, o, from)
	if beside != nil && !errors.Is(beside, errOver) {
		return beside
	}
	return errors.Join(large, beside)
}

// largeScan measures the first scan of a large library against bare ffprobe, a scan that finds nothing new, the latency of
// pages meanwhile, and memory.
func largeScan(ctx context.Context, o options, from []string) (err error) {
	dir, remove, err := o.scratch("library")
	if err != nil {
		return err
	}
	defer remove()
	began := time.Now()
	films := filepath.Join(dir, "library")
	paths, err := plant(films, from, o.files)
	if err != nil {
		return err
	}
	o.line("%d files of two to four seconds planted in %s", len(paths), time.Since(began).Round(time.Second))
	every := max(1, len(paths)/sampled)
	var sample []string
	for n := 0; n < len(paths); n += every {
		sample = append(sample, paths[n])
	}
	workers := max(1, runtime.NumCPU()/2) // as many as the scanner has
	before, err := bareProbes(ctx, sample[:len(sample)/2], workers)
	if err != nil {
		return err
	}
	s, err := serve(ctx, o, filepath.Join(dir, "data"), films)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()

	first, pages, err := s.firstScan(ctx, o.files)
	if err != nil {
		return err
	}
	spent, err := cpuOf(s.pid())
	if err != nil {
		return err
	}
	o.line("processor time of the first scan: %.2f s for 1,000 files", spent.Seconds()*1000/float64(o.files))
	after, err := bareProbes(ctx, sample[len(sample)/2:], workers)
	if err != nil {
		return err
	}
	bare := 2 / (1/before + 1/after)
	over := reportRate(
		o, fmt.Sprintf("first scan against %.1f files/s of ffprobe, %d at once", bare, workers), first, probeTimes*bare,
	)
	over = errors.Join(over, reportAll(o, pages))
	over = errors.Join(over, s.rescans(ctx, o))
	peak, err := peakOf(s.pid())
	if err != nil {
		return err
	}
	o.line("resident memory at its most: %.1f MiB", float64(peak)/(1<<20))
	if n := s.words.count(); n > 0 {
		over = errors.Join(over, fmt.Errorf("\"database is locked\" was logged %d times: %w", n, errOver))
	}
	o.line("\"database is locked\" in the log: %d times", s.words.count())
	return over
}

// bareProbes gives how many files a second ffprobe reads, with a number of processes at once.
func bareProbes(ctx context.Context, paths []string, workers int) (float64, error) {
	began := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, workers)
	for w := range workers {
		wg.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(paths) || errs[w] != nil {
					return
				}
				_, _, errs[w] = command(
					ctx, "ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json",
					paths[n],
				)
			}
		})
	}
	wg.Wait()
	return float64(len(paths)) / time.Since(began).Seconds(), errors.Join(errs...)
}

// scanState is the state of the scans as the server reports it.
type scanState struct {
	Running               bool
	Seen, Added           int
	StartedMs, FinishedMs int64
}

func (s *server) scanState(ctx context.Context) (scanState, error) {
	var status struct{ Scan scanState }
	err := s.call(ctx, http.MethodGet, "/api/v1/library", nil, &status)
	return status.Scan, err
}

// firstScan waits for the scan that the server began with, asks for pages meanwhile and gives its files a second.
func (s *server) firstScan(ctx context.Context, files int) (rate float64, pages []*latencies, err error) {
	asking, stop := context.WithCancel(ctx)
	defer stop()
	home := &latencies{name: "home while scanning", limit: scanLatency, at: 0.99}
	search := &latencies{name: "search while scanning", limit: scanLatency, at: 0.99}
	asked := make(chan error, 1)
	go func() {
		tick := time.NewTicker(askEvery)
		defer tick.Stop()
		for n := 0; ; n++ {
			err := home.ask(asking, s, "/api/v1/home")
			if err == nil {
				err = search.ask(asking, s, "/api/v1/search?q="+strings.ToLower(wordsOf(n)[:5]))
			}
			if err != nil {
				asked <- err
				return
			}
			select {
			case <-tick.C:
			case <-asking.Done():
				asked <- nil
				return
			}
		}
	}()
	state, err := s.scanned(ctx, files, func() error {
		select {
		case err := <-asked:
			return fmt.Errorf("ask for pages while scanning: %w", err)
		default:
			return nil
		}
	})
	if err != nil {
		return 0, nil, err
	}
	stop()
	if err := <-asked; err != nil && !errors.Is(err, context.Canceled) {
		return 0, nil, err
	}
	return perSecond(files, state), []*latencies{home, search}, nil
}

// scanned waits for the scan that the server began with, which must find all files; meanwhile is called now and then.
func (s *server) scanned(ctx context.Context, files int, meanwhile func() error) (state scanState, err error) {
	limit := patience + time.Duration(files)*50*time.Millisecond
	err = untilEvery(ctx, time.Second, limit, "the first scan has ended", func() (bool, error) {
		if err := meanwhile(); err != nil {
			return false, err
		}
		state, err = s.scanState(ctx)
		return state.FinishedMs > 0 && !state.Running, err
	})
	if err == nil && state.Added != files {
		err = fmt.Errorf("the scan found %d files, not %d", state.Added, files)
	}
	return state, err
}

func perSecond(files int, s scanState) float64 {
	return float64(files) * 1000 / float64(max(1, s.FinishedMs-s.StartedMs))
}

// rescans looks through the library again and again, with nothing new to find. The best counts: other work of the
// server goes on meanwhile.
func (s *server) rescans(ctx context.Context, o options) error {
	best := 0.0
	for range o.reps {
		last, err := s.scanState(ctx)
		if err != nil {
			return err
		}
		if err := s.call(ctx, http.MethodPost, "/api/v1/library/scan", map[string]any{}, nil); err != nil {
			return err
		}
		var state scanState
		err = until(ctx, patience, "a scan has ended", func() (bool, error) {
			state, err = s.scanState(ctx)
			return state.FinishedMs > last.FinishedMs && !state.Running, err
		})
		if err != nil {
			return err
		}
		if state.Added != 0 || state.Seen != o.files {
			return fmt.Errorf("a scan with nothing new saw %d files and added %d", state.Seen, state.Added)
		}
		best = max(best, perSecond(o.files, state))
	}
	return reportRate(o, "scan with nothing new", best, rescanRate)
}

// reportRate prints files a second and whether they are as many as they must be. Few files say nothing of a rate.
func reportRate(o options, what string, rate, least float64) error {
	verdict := "kept"
	var err error
	if rate < least {
		verdict, err = "UNDER", fmt.Errorf("%s: %.0f files/s, at least %.0f wanted: %w", what, rate, least, errOver)
	}
	o.line("%s: %.0f files/s, at least %.0f: %s", what, rate, least, verdict)
	return err
}

// peakOf is the most resident memory a process ever had, in bytes.
func peakOf(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("no VmHWM")
}
