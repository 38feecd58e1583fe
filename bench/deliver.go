package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// load are the arguments of wrk: from one thread, on sixteen connections, for five seconds, and by the name of our own
// client, because a media token works for the device that first presented it.
func load() []string {
	return []string{"-t1", "-c16", "-d5s", "-H", "User-Agent: Go-http-client/1.1"}
}

// deliver compares the media plane with nginx on one and the same segment file.
func deliver(ctx context.Context, o options) (err error) {
	source, err := film(ctx, o)
	if err != nil {
		return err
	}
	s, dir, clean, err := stage(ctx, o, "deliver", source, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	titles, err := s.titles(ctx, 1)
	if err != nil {
		return err
	}
	p, err := s.play(ctx, titles["Film 0000"])
	if err != nil {
		return err
	}
	large, err := s.stored(ctx, p, tallest)
	if err != nil {
		return err
	}
	small, err := s.stored(ctx, p, startVariant)
	if err != nil {
		return err
	}
	if err := s.tokenIsChecked(ctx, large.path); err != nil {
		return err
	}
	o.line("a changed token is refused")
	if err := s.sendfileIsUsed(ctx, o, dir, large.path); err != nil {
		return err
	}
	return errors.Join(compareDelivery(ctx, o, s, dir, large), compareDelivery(ctx, o, s, dir, small))
}

// kept is a stored segment and the file that holds it.
type kept struct {
	path, file string
	height     int
	size       int
}

func compareDelivery(ctx context.Context, o options, s *server, dir string, k kept) (err error) {
	n, err := nginx(ctx, dir, k.file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.stop()) }()
	cpu := &pair{name: "CPU time of 1,000 requests", unit: "s", limit: 1.15}
	rate := &pair{name: "requests a second", unit: "/s"}
	var ours, theirs []delivery
	err = inTurns(o.reps, func(int) error {
		d, err := hammer(ctx, s.pid(), s.url+k.path)
		ours = append(ours, d)
		return err
	}, func(int) error {
		d, err := hammer(ctx, n.pid(), n.url)
		theirs = append(theirs, d)
		return err
	})
	if err != nil {
		return err
	}
	for rep := range o.reps {
		cpu.add(ours[rep].cpuPerThousand(), theirs[rep].cpuPerThousand())
		rate.add(ours[rep].rate, theirs[rep].rate)
	}
	o.line("a %dp segment of %d bytes, wrk %s", k.height, k.size, strings.Join(load(), " "))
	return errors.Join(cpu.report(o, "nginx "), rate.report(o, "nginx "))
}

// stored has a full segment of a variant made, and finds its file. The session stays: a stopped one has its token
// refused. Its encoders come to an end by themselves.
func (s *server) stored(ctx context.Context, p session, pick func([]variant) variant) (kept, error) {
	st, err := s.open(ctx, p.Manifest, pick)
	if err != nil {
		return kept{}, err
	}
	at := st.segments[st.at(10)]
	data, err := s.get(ctx, at)
	if err != nil {
		return kept{}, err
	}
	if err := s.nothingRuns(ctx); err != nil {
		return kept{}, err
	}
	file, err := fileOf(s.data, path.Base(at), data)
	return kept{path: at, file: file, height: st.height, size: len(data)}, err
}

// fileOf finds the file of that name with that content.
func fileOf(dir, name string, data []byte) (string, error) {
	found := ""
	err := filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != name {
			return err
		}
		if stored, err := os.ReadFile(at); err == nil && bytes.Equal(stored, data) {
			found = at
			return fs.SkipAll
		}
		return nil
	})
	if err == nil && found == "" {
		err = fmt.Errorf("no file %s below %s holds what was served", name, dir)
	}
	return found, err
}

// tokenIsChecked changes every character of the token in turn, each of which must be refused.
func (s *server) tokenIsChecked(ctx context.Context, segment string) error {
	parts := strings.Split(segment, "/") // "", "media", token, rendition, name
	if len(parts) < 4 {
		return fmt.Errorf("no token in %q", segment)
	}
	token := parts[2]
	for i := range token {
		other := byte('A')
		if token[i] == other {
			other = 'B'
		}
		parts[2] = token[:i] + string(other) + token[i+1:]
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+strings.Join(parts, "/"), nil)
		if err != nil {
			return err
		}
		res, err := s.client.Do(req)
		if err != nil {
			return err
		}
		res.Body.Close()
		switch res.StatusCode {
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		default:
			return fmt.Errorf("a token changed at character %d of %d is answered with %s", i, len(token), res.Status)
		}
	}
	return nil
}

var sendfileCalls = regexp.MustCompile(`(?m)^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+).*\b(?:sendfile|sendfile64|splice)$`)

// sendfileIsUsed counts the server's system calls while some segments are fetched.
func (s *server) sendfileIsUsed(ctx context.Context, o options, dir, segment string) error {
	if _, err := exec.LookPath("strace"); err != nil {
		return fmt.Errorf("seeing sendfile needs strace: %w", err)
	}
	const fetches = 20
	count := filepath.Join(dir, "calls")
	said := &words{pattern: regexp.MustCompile("attached"), found: make(chan string, 1)}
	tracer, err := launch(
		nil, said, "strace", "-f", "-c", "-o", count, "-e", "trace=sendfile,splice,write", "-p", strconv.Itoa(s.pid()),
	)
	if err != nil {
		return err
	}
	select {
	case <-said.found:
	case <-tracer.exited:
		return fmt.Errorf("strace ended at once: %s", said)
	case <-ctx.Done():
		return errors.Join(ctx.Err(), tracer.stop())
	}
	for range fetches {
		if _, err := s.get(ctx, segment); err != nil {
			return errors.Join(err, tracer.stop())
		}
	}
	if err := tracer.cmd.Process.Signal(syscall.SIGINT); err != nil {
		return err
	}
	<-tracer.exited
	text, err := os.ReadFile(count)
	if err != nil {
		return err
	}
	calls := 0
	for _, m := range sendfileCalls.FindAllSubmatch(text, -1) {
		n, err := strconv.Atoi(string(m[1]))
		if err != nil {
			return err
		}
		calls += n
	}
	if calls < fetches {
		return fmt.Errorf("%d segments went out with %d sendfile calls:\n%s", fetches, calls, text)
	}
	o.line("%d segments went out with %d sendfile calls", fetches, calls)
	return nil
}

// delivery is the result of one run of wrk.
type delivery struct {
	requests int
	rate     float64 // requests a second
	cpu      time.Duration
}

func (d delivery) cpuPerThousand() float64 { return d.cpu.Seconds() / float64(d.requests) * 1000 }

// hammer loads one URL and takes the server's CPU time before and after. args are further ones of wrk.
func hammer(ctx context.Context, pid int, url string, args ...string) (delivery, error) {
	before, err := cpuOf(pid)
	if err != nil {
		return delivery{}, err
	}
	_, out, err := command(ctx, "wrk", append(append(load(), args...), url)...)
	if err != nil {
		return delivery{}, err
	}
	after, err := cpuOf(pid)
	if err != nil {
		return delivery{}, err
	}
	d, err := parseWrk(string(out))
	d.cpu = after - before
	return d, err
}

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in `)
	wrkRate     = regexp.MustCompile(`Requests/sec:\s*([\d.]+)`)
)

func parseWrk(text string) (delivery, error) {
	requests, rate := wrkRequests.FindStringSubmatch(text), wrkRate.FindStringSubmatch(text)
	if requests == nil || rate == nil || strings.Contains(text, "Non-2xx") || strings.Contains(text, "Socket errors") {
		return delivery{}, fmt.Errorf("wrk did not end well:\n%s", text)
	}
	n, err := strconv.Atoi(requests[1])
	if err != nil {
		return delivery{}, err
	}
	r, err := strconv.ParseFloat(rate[1], 64)
	return delivery{requests: n, rate: r}, err
}
