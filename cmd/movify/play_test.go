package main_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

var uriLine = regexp.MustCompile(`(?m)^[^#\s].*$`)

// playlist is a parsed media playlist: the addresses of its segments, in order.
func (s *server) playlist(address string) (init string, segments []string) {
	s.t.Helper()
	text := string(s.must(address))
	base := path.Dir(address)
	for _, uri := range uriLine.FindAllString(text, -1) {
		segments = append(segments, base+"/"+uri)
	}
	m := regexp.MustCompile(`#EXT-X-MAP:URI="([^"]+)"`).FindStringSubmatch(text)
	if m == nil || !strings.Contains(text, "#EXT-X-ENDLIST") {
		s.t.Fatalf("%s is not a whole playlist:\n%s", address, text)
	}
	return base + "/" + m[1], segments
}

// variants gives the addresses of the media playlists in a multivariant playlist, the start rung first.
func (s *server) variants(address string) (video, audio []string) {
	s.t.Helper()
	text := string(s.must(address))
	base := path.Dir(address)
	for _, uri := range uriLine.FindAllString(text, -1) {
		video = append(video, base+"/"+uri)
	}
	for _, m := range regexp.MustCompile(`TYPE=AUDIO.*URI="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		audio = append(audio, base+"/"+m[1])
	}
	return video, audio
}

// playSession is the fields of a session that these tests read.
type playSession struct {
	ID, Manifest string
	DurationMS   int64 `json:"durationMs"`
	Way          struct {
		Kind, Code string
		Params     map[string]string
	}
	Original struct{ Manifest, Codecs string }
}

func (s *server) play(title string) playSession {
	s.t.Helper()
	var p playSession
	s.call("POST", "/api/v1/sessions", map[string]any{"titleId": title}, &p, 201)
	return p
}

// logEntry is a line of the encode log.
type logEntry struct {
	Rendition, SHA256, Class string
	Segment                  int
	Duplicate                bool
}

// TestEverySegmentMadeForAViewerIsKept is promise N01: a title plays the moment it is found, and segments encoded for the
// viewer are those of the permanent ladder.
func TestEverySegmentMadeForAViewerIsKept(t *testing.T) {
	t.Parallel()
	films, data := t.TempDir(), t.TempDir()
	s := serve(t, data, films)
	s.setUp()
	drop(t, testkit.Film(t, 640, 360, 40), filepath.Join(films, "Long Walk (2019).mkv"))
	title := s.title("Long Walk")
	p := s.play(title.ID)
	videos, audios := s.variants(p.Manifest)
	served := map[string]string{}
	for _, playlist := range append(videos[:1:1], audios...) {
		init, segments := s.playlist(playlist)
		served[init] = digest(s.must(init))
		for _, n := range []int{0, len(segments) * 8 / 10, len(segments)*8/10 + 1} {
			served[segments[n]] = digest(s.must(segments[n]))
		}
	}
	var now card
	s.call("GET", "/api/v1/titles/"+title.ID, nil, &now, 200)
	if now.ReadyPercent == 100 {
		t.Fatal("the ladder was whole before the viewer had seen anything: the clip is too short to prove something")
	}
	s.ready(title.ID)
	for address, want := range served {
		if got := digest(s.must(address)); got != want {
			t.Errorf("%s changed after it was served", path.Base(path.Dir(address))+"/"+path.Base(address))
		}
	}
	s.checkLog(title.ID, videos, audios, served)
	allPacked(t, data, served)
}

// allPacked checks that the served segments are in packed renditions and that no file holds a single segment any more.
func allPacked(t *testing.T, data string, served map[string]string) {
	t.Helper()
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".m4s" {
			t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]string{}
	for key, sum := range segments(t, data) {
		kept[path.Base(path.Dir(key))+"/"+path.Base(key)] = sum
	}
	for address, want := range served {
		if key := path.Base(path.Dir(address)) + "/" + path.Base(address); path.Ext(key) == ".m4s" && kept[key] != want {
			t.Errorf("%s is not packed as it was served", key)
		}
	}
}

// checkLog compares the encode log with the playlists: every segment once, no duplicates, with the served bytes.
func (s *server) checkLog(title string, videos, audios []string, served map[string]string) {
	s.t.Helper()
	var log struct{ Items []logEntry }
	s.call("GET", "/api/v1/titles/"+title+"/encode-log", nil, &log, 200)
	made, jit := map[string]int{}, 0
	sums := map[string]string{}
	for _, e := range log.Items {
		key := e.Rendition + "/" + segmentName(e.Segment)
		made[key]++
		sums[key] = e.SHA256
		if e.Duplicate {
			s.t.Errorf("%s was made in vain", key)
		}
		if e.Class == "jit" {
			jit++
		}
	}
	if jit == 0 {
		s.t.Error("nothing was made just in time")
	}
	total := 0
	for _, playlist := range append(videos, audios...) {
		_, segments := s.playlist(playlist)
		for _, address := range segments {
			key := path.Base(path.Dir(address)) + "/" + path.Base(address)
			total++
			if made[key] != 1 {
				s.t.Errorf("%s was made %d times", key, made[key])
			}
			if sum, ok := served[address]; ok && sums[key] != sum {
				s.t.Errorf("%s: the log has another sha256 than the viewer got", key)
			}
		}
	}
	if total != len(log.Items) {
		s.t.Errorf("the log has %d lines for %d segments", len(log.Items), total)
	}
}

// drop copies a file into a library and renames it to its final name when it is complete, as a download tool does.
func drop(t testing.TB, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to+".part", data, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(to+".part", to); err != nil {
		t.Fatal(err)
	}
}
