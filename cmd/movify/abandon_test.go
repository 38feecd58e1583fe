package main_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// TestAbandonedPlaybacksLeaveNothingBehind starts a hundred playbacks, asks for something far away in each and walks off
// in the middle of the answer, without a word.
func TestAbandonedPlaybacksLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	films, admin := t.TempDir(), testkit.FreeAddress(t)
	drop(t, testkit.Film(t, 640, 360, 20), filepath.Join(films, "First (2012).mkv"))
	s := serve(t, t.TempDir(), films, "MOVIFY_SERVER_ADMIN_LISTEN="+admin)
	s.setUp()
	first := s.title("First")
	s.abandon(first.ID, 3) // whatever is made once and kept is there afterwards
	s.ready(first.ID)
	s.quiet(admin)
	goroutines, files := s.goroutines(admin), s.openFiles()

	drop(t, testkit.Film(t, 640, 360, 40), filepath.Join(films, "Second (2013).mkv"))
	second := s.title("Second")
	s.abandon(second.ID, 100) // its ladder is not there yet
	s.ready(second.ID)
	s.until("goroutines and files are back where they were", func() bool {
		s.client.CloseIdleConnections()
		return s.goroutines(admin) <= goroutines && len(s.openFiles()) <= len(files) && len(encoders(t, films)) == 0
	})
	t.Logf("before: %d goroutines, %d files; after: %d, %d", goroutines, len(files), s.goroutines(admin), len(s.openFiles()))
}

// abandon starts playbacks and disconnects from each in the middle of a response.
func (s *server) abandon(title string, times int) {
	s.t.Helper()
	for n := range times {
		p := s.play(title)
		videos, _ := s.variants(p.Manifest)
		_, list := s.playlist(videos[n%len(videos)])
		ctx, walkOff := context.WithCancel(s.t.Context())
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+list[len(list)-1-n%5], nil)
		if err != nil {
			s.t.Fatal(err)
		}
		res, err := s.client.Do(req)
		if err != nil {
			s.t.Fatal(err)
		}
		walkOff()
		res.Body.Close()
		s.call("POST", "/api/v1/sessions/"+p.ID+"/stop", map[string]any{}, nil, 204) // or its place would be taken for half a minute
	}
}

// quiet waits until two looks in a row see the same number of goroutines.
func (s *server) quiet(admin string) {
	s.t.Helper()
	last := -1
	s.until("the server is quiet", func() bool {
		s.client.CloseIdleConnections()
		now := s.goroutines(admin)
		same := now == last
		last = now
		return same
	})
}

var goroutineTotal = regexp.MustCompile(`goroutine profile: total (\d+)`)

func (s *server) goroutines(admin string) int {
	s.t.Helper()
	plain := &server{t: s.t, url: "http://" + admin, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	m := goroutineTotal.FindSubmatch(plain.must("/debug/pprof/goroutine?debug=1"))
	if m == nil {
		s.t.Fatal("no goroutine count in the profile")
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// openFiles lists the open files of the server without the database's: its pool of connections is bounded and grows when
// several requests read at once.
func (s *server) openFiles() []string {
	s.t.Helper()
	folder := filepath.Join("/proc", strconv.Itoa(s.cmd.Process.Pid), "fd")
	entries, err := os.ReadDir(folder)
	if err != nil {
		s.t.Fatal(err)
	}
	var open []string
	for _, e := range entries {
		file, err := os.Readlink(filepath.Join(folder, e.Name()))
		if err != nil || strings.HasPrefix(filepath.Base(file), "movify.db") {
			continue // closed since, or the pool's
		}
		open = append(open, file)
	}
	return open
}
