package main_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must come; it is generous because the machine may be busy, and is never a
// measure of speed.
const patience = 3 * time.Minute

// binary gives the path of the program: MOVIFY_BIN where it is set, so that several suites share one build, and else one that
// is built once.
func binary(t testing.TB) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var (
	builtPath = filepath.Join(os.TempDir(), fmt.Sprintf("movify-acceptance-%d", os.Getpid()))
	built     = sync.OnceValues(func() (string, error) {
		if path := os.Getenv("MOVIFY_BIN"); path != "" {
			return path, nil
		}
		out, err := exec.Command("go", "build", "-o", builtPath, "movify/cmd/movify").CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("build movify: %w\n%s", err, out)
		}
		return builtPath, nil
	})
)

func TestMain(m *testing.M) {
	code := m.Run()
	os.Remove(builtPath)
	os.Exit(code)
}

// server is a running `movify serve`.
type server struct {
	t      testing.TB
	cmd    *exec.Cmd
	url    string
	client *http.Client
	data   string
	films  string
	log    *bytes.Buffer
	exited chan struct{}
}

// serve starts the program on a library folder, makes whole ladders in the background and waits until it says where it
// listens. settings are further environment variables.
func serve(t testing.TB, data, films string, settings ...string) *server {
	t.Helper()
	return serveBehind(t, nil, data, films, settings...)
}

// serveBehind is serve by another program, which is given the command and becomes it.
func serveBehind(t testing.TB, program []string, data, films string, settings ...string) *server {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, data: data, films: films, log: &bytes.Buffer{}, exited: make(chan struct{})}
	s.client = &http.Client{Jar: jar, Timeout: patience, Transport: &http.Transport{}}
	command := append(slices.Clone(program), binary(t), "serve", "--data", data, "--library", films, "--listen", "127.0.0.1:0")
	s.cmd = exec.Command(command[0], command[1:]...)
	s.cmd.Env = append(append(os.Environ(), "MOVIFY_LIBRARY_SETTLE=200ms", "MOVIFY_LOG_LEVEL=debug",
		"MOVIFY_TRANSCODE_LADDER=always"), settings...)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stdout, s.cmd.Stderr = w, w
	keep := speeds.share(t, data)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	address := make(chan string, 1)
	go s.listen(r, address)
	select {
	case s.url = <-address:
	case <-s.exited:
		t.Fatalf("the server ended at once:\n%s", s.log)
	case <-time.After(patience):
		t.Fatalf("the server did not say where it listens:\n%s", s.log)
	}
	t.Cleanup(s.stop)
	keep()
	return s
}

// speeds is what the first server measured of this machine. Others are given it, because measuring takes most of the
// processor time of a start.
var speeds measurement

type measurement struct {
	mu   sync.Mutex
	text []byte
}

// share puts the measurement into a data folder. Where there is none yet it holds back other servers until keep, which reads
// it after the start, or the test ends.
func (m *measurement) share(t testing.TB, data string) (keep func()) {
	t.Helper()
	path := filepath.Join(data, "speeds.json")
	m.mu.Lock()
	if m.text == nil {
		release := sync.OnceFunc(m.mu.Unlock)
		t.Cleanup(release)
		return func() {
			defer release()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Error(err)
			}
			m.text = text
		}
	}
	defer m.mu.Unlock()
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, m.text, 0o600); err != nil {
		t.Fatal(err)
	}
	return func() {}
}

var printedAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// listen collects the server's output and finds its address in it.
func (s *server) listen(r io.Reader, address chan<- string) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	found := false
	for lines.Scan() {
		s.log.Write(append(lines.Bytes(), '\n'))
		if at := printedAddress.FindString(lines.Text()); at != "" && !found {
			found = true
			address <- at
		}
	}
	_ = s.cmd.Wait()
	close(s.exited)
}

// stop ends the server as an operator would and waits for it.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.exited:
	case <-time.After(patience):
		s.t.Error("the server did not stop")
		s.kill()
	}
	s.saidNoSecret()
	if bytes.Contains(s.log.Bytes(), []byte("WARNING: DATA RACE")) {
		s.t.Error("the race detector found a race in the server")
	}
	if s.t.Failed() {
		s.t.Logf("the server's last words:\n%s", tailOf(s.log.String(), 60))
	}
}

// secret matches credentials that no log line may hold: a signed token (RFC 7519), an API key, a media token, these tests'
// password.
var secret = regexp.MustCompile(`eyJ[\w-]{8,}\.[\w-]+|mvf_[\w-]{10,}|/media/[\w-]{40,}|` + regexp.QuoteMeta(password))

// saidNoSecret searches the complete output of a server, which must have ended, for credentials.
func (s *server) saidNoSecret() {
	if found := secret.Find(s.log.Bytes()); found != nil {
		s.t.Errorf("a credential stands in the log: %.12s…", found)
	}
}

// kill is kill -9.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.exited
}

func tailOf(text string, lines int) string {
	all := strings.Split(text, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// call does a JSON request and decodes the answer into out; any status but want fails the test.
func (s *server) call(method, path string, in, out any, want int) {
	s.t.Helper()
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			s.t.Fatal(err)
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	if res.StatusCode != want {
		s.t.Fatalf("%s %s: %s, want %d: %s", method, path, res.Status, want, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			s.t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
}

// post sends JSON and gives the answer with its status.
func (s *server) post(path, body string) (int, []byte) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return s.answer(req)
}

// fetch gets bytes and their status.
func (s *server) fetch(path string) (int, []byte) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.answer(req)
}

func (s *server) answer(req *http.Request) (int, []byte) {
	s.t.Helper()
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	return res.StatusCode, data
}

// must is fetch that fails the test unless the status is 200.
func (s *server) must(path string) []byte {
	s.t.Helper()
	status, data := s.fetch(path)
	if status != http.StatusOK {
		s.t.Fatalf("GET %s: %d: %s", path, status, data)
	}
	return data
}

const (
	owner    = "owner@example.org"
	password = "a long enough passphrase"
)

// setUp makes the owner's account; the client is signed in afterwards.
func (s *server) setUp() {
	s.t.Helper()
	s.call("POST", "/api/v1/setup", map[string]any{"email": owner, "name": "Owner", "password": password, "folders": []string{}}, nil, 200)
}

func (s *server) signIn() {
	s.t.Helper()
	s.call("POST", "/api/v1/auth/sign-in", map[string]any{"email": owner, "password": password, "remember": true}, nil, 200)
}

// card is the fields of a title that these tests read.
type card struct {
	ID           string
	Name         string
	Playable     bool
	ReadyPercent int
	DurationMS   int64 `json:"durationMs"`
	Encode       struct {
		Percent    int
		Error      string
		Renditions []struct {
			ID, Kind, Name string
			Complete       bool
		}
	}
}

// title waits until a title of that name can be played.
func (s *server) title(name string) card {
	s.t.Helper()
	var found card
	s.until(name+" appears", func() bool {
		var page struct{ Items []card }
		s.call("GET", "/api/v1/titles?kind=movie&limit=100", nil, &page, 200)
		for _, c := range page.Items {
			if c.Name == name && c.Playable {
				found = c
				return true
			}
		}
		return false
	})
	return found
}

// until asks again and again, until it holds or patience is over.
func (s *server) until(what string, holds func() bool) {
	s.t.Helper()
	s.untilSteps(what, func() (step int, done bool) { return 0, holds() })
}

// untilSteps is until for work that advances in steps: patience begins anew with each step, so that it ends work that stands
// still and not work that a busy machine does slowly.
func (s *server) untilSteps(what string, next func() (step int, done bool)) {
	s.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for last := -1; ; {
		step, done := next()
		if done {
			return
		}
		if step != last {
			last = step
			deadline.Reset(patience)
		}
		select {
		case <-tick.C:
		case <-s.exited:
			s.t.Fatalf("waiting until %s: the server ended", what)
		case <-deadline.C:
			s.t.Fatalf("waited too long until %s, the last step was %d", what, last)
		case <-s.t.Context().Done():
			s.t.Fatalf("waiting until %s: the test is over", what)
		}
	}
}

// ready waits until the whole ladder of a title is stored.
func (s *server) ready(title string) card {
	s.t.Helper()
	var c card
	s.untilSteps("the ladder is whole", func() (percent int, done bool) {
		s.call("GET", "/api/v1/titles/"+title, nil, &c, 200)
		if c.Encode.Error != "" {
			s.t.Fatalf("encode failed: %s", c.Encode.Error)
		}
		return c.ReadyPercent, c.ReadyPercent == 100
	})
	return c
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// encoders lists running ffmpeg processes whose command line names a folder.
func encoders(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		line, err := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if err != nil || !bytes.Contains(line, []byte(folder)) || !strings.HasPrefix(filepath.Base(string(bytes.SplitN(line, []byte{0}, 2)[0])), "ffmpeg") {
			continue
		}
		out = append(out, e.Name())
	}
	return out
}
