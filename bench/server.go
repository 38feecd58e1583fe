package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"
)

// patience is the timeout of a condition that must become true. It is no measure of speed.
const patience = 5 * time.Minute

// server is a running `movify serve` with its owner signed in.
type server struct {
	*daemon
	url    string
	admin  string // address of the admin listener
	data   string
	client *http.Client
}

// The owner's credentials.
const (
	ownerEmail    = "owner@example.org"
	ownerPassword = "a long enough passphrase"
)

var printedAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// stage starts a server on a library of count films made of source, in a scratch folder of its own. clean stops it and
// removes the folder.
func stage(
	ctx context.Context, o options, name, source string, count int,
) (s *server, dir string, clean func() error, err error) {
	dir, remove, err := o.scratch(name)
	if err != nil {
		return nil, "", nil, err
	}
	library := filepath.Join(dir, "library")
	err = os.Mkdir(library, 0o755)
	if err == nil {
		err = fill(library, source, count)
	}
	if err == nil {
		s, err = serve(ctx, o, filepath.Join(dir, "data"), library)
	}
	if err != nil {
		remove()
		return nil, "", nil, err
	}
	return s, dir, func() error {
		defer remove()
		return s.stop()
	}, nil
}

// serve starts the program on a library folder. It encodes for viewers only: nothing is warmed up and no backlog is
// worked off, so that only the requested work is measured. settings are further environment variables.
func serve(ctx context.Context, o options, data, library string, settings ...string) (*server, error) {
	s, err := begin(ctx, o, data, library, settings...)
	if err != nil {
		return nil, err
	}
	err = s.call(ctx, http.MethodPost, "/api/v1/setup", map[string]any{
		"email": ownerEmail, "name": "Owner", "password": ownerPassword, "folders": []string{},
	}, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w\n%s", err, lastOf(s.words.String(), 2000)), s.stop())
	}
	return s, nil
}

// serveAgain starts the program on the data of a server that has ended.
func serveAgain(ctx context.Context, o options, data, library string) (*server, error) {
	s, err := begin(ctx, o, data, library)
	if err != nil {
		return nil, err
	}
	in := map[string]any{"email": ownerEmail, "password": ownerPassword}
	if err := s.call(ctx, http.MethodPost, "/api/v1/auth/sign-in", in, nil); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// begin starts the program; nobody is signed in.
func begin(ctx context.Context, o options, data, library string, settings ...string) (*server, error) {
	admin, err := freeAddress()
	if err != nil {
		return nil, err
	}
	said := &words{pattern: printedAddress, found: make(chan string, 1)}
	d, err := launch(append([]string{
		"MOVIFY_TRANSCODE_LADDER=never", "MOVIFY_LIBRARY_SETTLE=200ms",
		"MOVIFY_SERVER_ADMIN_LISTEN=" + admin,
	}, settings...), said, o.movify, "serve", "--data", data, "--library", library, "--listen", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, errors.Join(err, d.stop())
	}
	s := &server{daemon: d, admin: admin, data: data, client: &http.Client{Jar: jar, Timeout: patience}}
	select {
	case s.url = <-said.found:
	case <-d.exited:
		return nil, fmt.Errorf("movify ended at once: %s", lastOf(said.String(), 2000))
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), d.stop())
	}
	return s, nil
}

// call does a JSON request; any status but a 2xx is an error.
func (s *server) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, body)
	if err != nil {
		return err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	text, err := s.do(req)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// get fetches bytes.
func (s *server) get(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		return nil, err
	}
	return s.do(req)
}

func (s *server) do(req *http.Request) ([]byte, error) {
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%s %s: %s: %s", req.Method, req.URL.Path, res.Status, lastOf(string(data), 500))
	}
	return data, nil
}

// titles waits until n titles can be played and gives their IDs by name.
func (s *server) titles(ctx context.Context, n int) (map[string]string, error) {
	found := map[string]string{}
	limit := patience + time.Duration(n)*2*time.Second
	err := until(ctx, limit, fmt.Sprintf("%d titles can be played", n), func() (bool, error) {
		clear(found)
		cursor := ""
		for {
			var page struct {
				Items []struct {
					ID, Name string
					Playable bool
				}
				Next string
			}
			if err := s.call(ctx, http.MethodGet, "/api/v1/titles?kind=movie&limit=100&cursor="+cursor, nil, &page); err != nil {
				return false, err
			}
			for _, t := range page.Items {
				if t.Playable {
					found[t.Name] = t.ID
				}
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		return len(found) >= n, nil
	})
	return found, err
}

// session is one playback.
type session struct {
	ID       string
	Manifest string
}

func (s *server) play(ctx context.Context, title string) (session, error) {
	var p session
	err := s.call(ctx, http.MethodPost, "/api/v1/sessions", map[string]any{"titleId": title, "startMs": 0}, &p)
	return p, err
}

// leave stops a playback and waits until the machine is free of its encoders.
func (s *server) leave(ctx context.Context, p session) error {
	if err := s.bye(ctx, p); err != nil {
		return err
	}
	return s.nothingRuns(ctx)
}

// quiet waits until the server does nothing of its own accord, as pictures of new films: no program ran for two seconds, and it is
// calm.
func (s *server) quiet(ctx context.Context) error {
	still := time.Now()
	err := until(ctx, patience, "the server is quiet", func() (bool, error) {
		n, err := childrenOf(s.pid())
		if n > 0 {
			still = time.Now()
		}
		return time.Since(still) > 2*time.Second, err
	})
	if err != nil {
		return err
	}
	return s.calm(ctx)
}

// childless waits until no program runs that the server started.
func (s *server) childless(ctx context.Context) error {
	return until(ctx, patience, "no program of the server runs", func() (bool, error) {
		n, err := childrenOf(s.pid())
		return n == 0, err
	})
}

// manyStreams lets the owner watch as often at once as n viewers do.
func (s *server) manyStreams(ctx context.Context, n int) error {
	var who struct{ Account struct{ ID string } }
	if err := s.call(ctx, http.MethodGet, "/api/v1/bootstrap", nil, &who); err != nil {
		return err
	}
	return s.call(ctx, http.MethodPatch, "/api/v1/users/"+who.Account.ID, map[string]any{"streams": n}, nil)
}

func (s *server) bye(ctx context.Context, p session) error {
	return s.call(ctx, http.MethodPost, "/api/v1/sessions/"+p.ID+"/stop", map[string]any{}, nil)
}

// nothingRuns waits until no encoder runs.
func (s *server) nothingRuns(ctx context.Context) error {
	return until(ctx, patience, "nothing is encoded any more", func() (bool, error) {
		var jobs struct{ Running []json.RawMessage }
		err := s.call(ctx, http.MethodGet, "/api/v1/jobs", nil, &jobs)
		return len(jobs.Running) == 0, err
	})
}

// words gathers the end of a child's output, and searches it for a pattern.
type words struct {
	pattern *regexp.Regexp
	found   chan string // gets the first match

	mu     sync.Mutex
	text   []byte
	done   bool
	locked int // how often SQLite's refusal was printed
}

func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, p...)
	w.locked += bytes.Count(p, []byte("database is locked"))
	if w.pattern != nil && !w.done {
		if m := w.pattern.Find(w.text); m != nil {
			w.done = true
			w.found <- string(m)
		}
	}
	if spare := len(w.text) - 16<<10; w.done && spare > 0 {
		w.text = append(w.text[:0], w.text[spare:]...)
	}
	return len(p), nil
}

// count is how often "database is locked" was printed.
func (w *words) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.locked
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.text)
}

// fill copies a film n times into a folder as titles of their own, "Film 0 (2001)" and so on.
func fill(dir, source string, n int) error {
	for i := range n {
		if err := another(source, filepath.Join(dir, fmt.Sprintf("Film %04d (2001).mp4", i)), i); err != nil {
			return fmt.Errorf("fill the library: %w", err)
		}
	}
	return nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}
