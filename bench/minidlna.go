package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// The limits of a library that is scanned beside minidlna, which reads no more than the headers either.
const (
	besideFiles = 5000 // at most: its scan is one process that commits often
	besideTimes = 3    // a first scan against minidlna's, in files a second
)

// besideMinidlna scans the same files with minidlna and with Movify, in turns, each time with an empty database. It is
// left out where minidlnad is not installed: its package starts a server on every machine that installs it.
func besideMinidlna(ctx context.Context, o options, from []string) (err error) {
	if _, err := exec.LookPath("minidlnad"); err != nil {
		o.line("first scan beside minidlna: left out, minidlnad is not installed")
		return nil
	}
	dir, remove, err := o.scratch("minidlna")
	if err != nil {
		return err
	}
	defer remove()
	films := filepath.Join(dir, "library")
	paths, err := plant(films, from, min(o.files, besideFiles))
	if err != nil {
		return err
	}
	var ours, theirs scans
	err = inTurns(o.reps, func(rep int) error {
		c, err := movifyScan(ctx, o, filepath.Join(dir, fmt.Sprint("data-", rep)), films, len(paths))
		ours.add(c, len(paths))
		return err
	}, func(rep int) error {
		c, err := minidlnaScan(ctx, filepath.Join(dir, fmt.Sprint("minidlna-", rep)), films, len(paths))
		theirs.add(c, len(paths))
		return err
	})
	if err != nil {
		return err
	}
	o.line("processor time for 1,000 files: %.2f s, %.2f s of minidlna", median(ours.cpu), median(theirs.cpu))
	rate := median(theirs.rate)
	return reportRate(
		o, fmt.Sprintf("first scan of %d files against %.0f files/s of minidlna", len(paths), rate), median(ours.rate),
		besideTimes*rate,
	)
}

// scans are the files a second of scans, and their processor time in seconds for 1,000 files.
type scans struct{ rate, cpu []float64 }

func (s *scans) add(c cost, files int) {
	s.rate = append(s.rate, float64(files)/c.wall.Seconds())
	s.cpu = append(s.cpu, c.cpu.Seconds()*1000/float64(files))
}

// movifyScan is the cost of a first scan that no page is asked for meanwhile. The processor time is that of the server since
// its start.
func movifyScan(ctx context.Context, o options, data, films string, files int) (c cost, err error) {
	s, err := serve(ctx, o, data, films)
	if err != nil {
		return cost{}, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	state, err := s.scanned(ctx, files, func() error { return nil })
	if err != nil {
		return cost{}, err
	}
	c.wall = time.Duration(max(1, state.FinishedMs-state.StartedMs)) * time.Millisecond
	c.cpu, err = cpuOf(s.pid())
	return c, err
}

// minidlnaScan is the cost of minidlna's first scan, from its start to the line of its log that says it has finished.
func minidlnaScan(ctx context.Context, dir, films string, files int) (c cost, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return cost{}, err
	}
	address, err := freeAddress()
	if err != nil {
		return cost{}, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return cost{}, err
	}
	config := filepath.Join(dir, "minidlna.conf")
	text := fmt.Sprintf(`media_dir=V,%[1]s
db_dir=%[2]s
log_dir=%[2]s
port=%[3]s
network_interface=lo
log_level=scanner=warn
`, films, dir, port)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return cost{}, err
	}
	began := time.Now()
	d, err := launch(nil, &words{}, "minidlnad", "-S", "-f", config, "-P", filepath.Join(dir, "pid"))
	if err != nil {
		return cost{}, err
	}
	defer func() { err = errors.Join(err, d.stop()) }()
	done := fmt.Sprintf("finished (%d files)", files)
	err = until(ctx, patience, "minidlna has scanned all files", func() (bool, error) {
		select {
		case <-d.exited:
			return false, fmt.Errorf("minidlna ended at once: %s", lastOf(d.words.String(), 2000))
		default:
		}
		said, err := os.ReadFile(filepath.Join(dir, "minidlna.log"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return false, err
		}
		c.wall = time.Since(began)
		return strings.Contains(string(said), done), nil
	})
	if err != nil {
		return cost{}, err
	}
	// The scan is a process of its own, whose time counts once it has ended.
	return c, until(ctx, patience, "minidlna's scan has ended", func() (bool, error) {
		ended, err := cpuOfEnded(d.pid())
		c.cpu = ended
		return ended > 0, err
	})
}
