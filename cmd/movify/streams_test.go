package main_test

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"movify/pkg/testkit"
)

// device is one client of a server: it has its own cookies and its own name.
type device struct {
	*server
	agent string
}

// named sends requests by the name of a device.
type named struct {
	agent string
	next  http.RoundTripper
}

func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", n.agent)
	return n.next.RoundTrip(r)
}

// device signs the owner in on a further device.
func (s *server) device(agent string) device {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	other := *s
	other.client = &http.Client{Jar: jar, Timeout: patience, Transport: named{agent, &http.Transport{}}}
	other.signIn()
	return device{&other, agent}
}

// watch presses play and gives the address of the first segment, once it was fetched.
func (d device) watch(title string) (playSession, string) {
	d.t.Helper()
	p := d.play(title)
	videos, _ := d.variants(p.Manifest)
	_, segments := d.playlist(videos[0])
	d.must(segments[0])
	return p, segments[0]
}

// problem is the fields of a problem that these tests read.
type problem struct {
	Code    string
	Limit   int
	Streams []struct {
		ID, Title, Profile, Device string
		Own                        bool
	}
}

func (s *server) refusal(status int, body []byte) problem {
	s.t.Helper()
	var p problem
	if err := json.Unmarshal(body, &p); err != nil {
		s.t.Fatalf("%d %s: %v", status, body, err)
	}
	return p
}

// TestFourPlayTheFifthDoesNot is promise N04 with the program itself: four devices play, the fifth is refused with their list,
// and a device that disappears frees its slot without stopping the session.
func TestFourPlayTheFifthDoesNot(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	s := serve(t, t.TempDir(), films)
	s.setUp()
	drop(t, testkit.Film(t, 320, 180, 12), filepath.Join(films, "Four Chairs (2011).mkv"))
	title := s.title("Four Chairs")
	s.ready(title.ID)
	agents := []string{"Firefox/1 (Linux)", "Chrome/1 (Android)", "Chrome/1 (Windows)", "Safari/1 (iPad)"}
	var four []device
	for _, agent := range agents {
		four = append(four, s.device(agent))
	}
	fifth := s.device("Firefox/1 (Windows)")
	// All are signed in before the first one plays: a sign-in takes long on a busy machine, and who is silent for half a minute
	// loses the place.
	var segments []string
	for _, d := range four {
		_, segment := d.watch(title.ID)
		segments = append(segments, segment)
	}
	var full problem
	fifth.call("POST", "/api/v1/sessions", map[string]any{"titleId": title.ID}, &full, 429)
	if full.Code != "stream_limit" || full.Limit != 4 || len(full.Streams) != 4 {
		t.Fatalf("refused with %+v", full)
	}
	for i, want := range []string{"Firefox on Linux", "Chrome on Android", "Chrome on Windows", "Safari on iPad"} {
		if got := full.Streams[i]; got.Device != want || got.Title != "Four Chairs" || got.Profile != "Owner" || !got.Own {
			t.Errorf("stream %d is %+v, want %s", i, got, want)
		}
	}

	// The first device is gone without a word; the others go on, and each of them is always served.
	gone := time.Now()
	var p playSession
	s.until("the silent device's place is free", func() bool {
		for i := range four[1:] {
			four[i+1].must(segments[i+1])
		}
		status, body := fifth.post("/api/v1/sessions", `{"titleId":"`+title.ID+`"}`)
		if status == 429 {
			return false
		}
		if err := json.Unmarshal(body, &p); status != 201 || err != nil {
			t.Fatalf("%d %s", status, body)
		}
		return true
	})
	t.Logf("free after %v", time.Since(gone)) // no measure: the machine may be busy
	status, body := four[0].fetch(segments[0])
	if back := s.refusal(status, body); status != 429 || back.Code != "stream_limit" || len(back.Streams) != 4 {
		t.Errorf("the first device comes back: %d %s", status, body)
	}
	four[0].call("POST", "/api/v1/streams/"+p.ID+"/stop", map[string]any{}, nil, 204)
	four[0].must(segments[0])
	if status, _ := fifth.fetch(p.Manifest); status != 403 {
		t.Errorf("the playback that was stopped from elsewhere: %d", status)
	}
}

// TestCopiedAddressesAreWorthNothing is journey J8: a media URL works for the device that got it while it is signed in, and
// other uses are in the security log.
func TestCopiedAddressesAreWorthNothing(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	s := serve(t, t.TempDir(), films)
	s.setUp()
	drop(t, testkit.Film(t, 320, 180, 12), filepath.Join(films, "Copy (2012).mkv"))
	title := s.title("Copy")
	s.ready(title.ID)
	mine, other := s.device("Firefox/1 (Linux)"), s.device("curl/8")
	var shown struct{ Still string }
	s.until("the still is there", func() bool {
		mine.call("GET", "/api/v1/titles/"+title.ID, nil, &shown, 200)
		return shown.Still != ""
	})
	mine.must(shown.Still)
	p, segment := mine.watch(title.ID)

	wantNothing := func(d device, address string) {
		t.Helper()
		if status, body := d.fetch(address); status < 400 || status >= 500 || len(body) > 1000 {
			t.Errorf("%s got %d with %d bytes", d.agent, status, len(body))
		}
	}
	wantNothing(other, segment)
	wantNothing(mine, segment) // a token used by two devices is revoked
	var renewed playSession
	mine.call("GET", "/api/v1/sessions/"+p.ID, nil, &renewed, 200)
	if renewed.Manifest == p.Manifest {
		t.Fatal("no new token")
	}
	mine.must(renewed.Manifest)
	mine.call("POST", "/api/v1/auth/sign-out", nil, nil, 204)
	for _, address := range []string{segment, renewed.Manifest, shown.Still} {
		wantNothing(mine, address)
		wantNothing(other, address)
	}

	var log struct{ Items []struct{ Kind string } }
	s.call("GET", "/api/v1/security-log", nil, &log, 200)
	seen := map[string]int{}
	for _, line := range log.Items {
		seen[line.Kind]++
	}
	if seen["token_elsewhere"] != 1 || seen["media_refused"] == 0 {
		t.Errorf("the security log has %v", seen)
	}

	s.stop()
	for _, address := range []string{segment, renewed.Manifest, shown.Still} {
		if token := strings.Split(address, "/")[2]; strings.Contains(s.log.String(), token) {
			t.Error("the log has a token")
		}
	}
	if regexp.MustCompile(`/media/[A-Za-z0-9_-]{70}`).MatchString(s.log.String()) {
		t.Error("the log has what looks like a token")
	}
}
