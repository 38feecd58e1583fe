package main_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"movify/pkg/testkit"
)

// signInFrom signs the owner in, or tries to, from an address beyond the trusted proxy, and gives the status.
func (s *server) signInFrom(address, email, secret string) (status int) {
	s.t.Helper()
	body := fmt.Sprintf(`{"email":%q,"password":%q}`, email, secret)
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/api/v1/auth/sign-in", strings.NewReader(body))
	if err != nil {
		s.t.Error(err)
		return 0
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", address)
	res, err := (&http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		s.t.Error(err)
		return 0
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	if err != nil {
		s.t.Error(err)
	}
	return res.StatusCode
}

// descriptors is how many files and connections the server holds.
func (s *server) descriptors() int {
	s.t.Helper()
	all, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	return len(all)
}

// heldMiB is the memory that the server's Go heap and stacks hold, by its own metrics: what the race detector keeps beside
// them never goes back to the system.
func heldMiB(t testing.TB, admin string) float64 {
	t.Helper()
	res, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	value := func(name string) (v float64) {
		_, rest, _ := strings.Cut(string(text), "\n"+name+" ")
		if _, err := fmt.Sscan(rest, &v); err != nil {
			t.Fatalf("%s: %v in %s", name, err, text)
		}
		return v
	}
	return (value("go_memstats_sys_bytes") - value("go_memstats_heap_released_bytes")) / (1 << 20)
}

// TestAStormHoldsNobodyUp: 80 wrong sign-ins at once, 600 streams of notices and 50 viewers who read nothing. An honest sign-in
// from elsewhere is not refused, and what the storm took comes back. How long it takes is measured by make bench.
func TestAStormHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	films, data := t.TempDir(), t.TempDir()
	drop(t, testkit.Film(t, 640, 360, 40), filepath.Join(films, "Meadow (1942).mkv"))
	first := serve(t, data, films)
	first.setUp()
	first.title("Meadow")
	first.stop()
	free, err := net.Listen("tcp", "127.77.0.1:0") // no other server listens there, so that the port stays free
	if err != nil {
		t.Fatal(err)
	}
	admin := free.Addr().String()
	free.Close()
	s := serve(t, data, films, "MOVIFY_SERVER_TRUSTED_PROXIES=127.0.0.1", "MOVIFY_SERVER_ADMIN_LISTEN="+admin)
	s.signIn()
	p := s.play(s.title("Meadow").ID)
	videos, _ := s.variants(p.Manifest)
	_, segments := s.playlist(videos[0])
	s.must(segments[0])
	token := s.bearer()
	held, before := s.descriptors(), heldMiB(t, admin)

	var readers []net.Conn
	for range 50 {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		readers = append(readers, c)
		if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: movify\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n", segments[0]); err != nil {
			t.Fatal(err)
		}
	}
	open, refused := 0, 0
	transport := &http.Transport{}
	var streams []io.Closer
	for range 600 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/v1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode == http.StatusOK {
			open++
			streams = append(streams, res.Body)
			continue
		}
		refused++
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Error(err)
		}
		res.Body.Close()
	}
	if open != 16 || refused != 584 {
		t.Errorf("%d streams are open, %d refused", open, refused)
	}
	for round := range 5 {
		var storm sync.WaitGroup
		for n := range 80 {
			storm.Go(func() {
				from := fmt.Sprint("203.0.113.", round+1)
				status := s.signInFrom(from, fmt.Sprintf("guess%d@example.org", n), "wrong")
				if status != http.StatusUnauthorized && status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
					t.Errorf("a wrong sign-in: %d", status)
				}
			})
		}
		if status := s.signInFrom("10.1.0.1", owner, password); status != http.StatusOK {
			t.Errorf("an honest sign-in in the storm: %d", status)
		}
		storm.Wait()
	}
	for _, c := range readers {
		c.Close()
	}
	for _, c := range streams {
		c.Close()
	}
	transport.CloseIdleConnections()
	s.until("the descriptors are back", func() bool { return s.descriptors() <= held+8 })
	s.until("the memory is back", func() bool { return heldMiB(t, admin) <= before+64 })
}
