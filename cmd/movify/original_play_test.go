package main_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/testkit"
)

// browser is a device that plays H.264 and AAC.
var browser = map[string]any{
	"codecs": []string{"avc1.640033", "mp4a.40.2"}, "ranges": []string{"SDR"}, "width": 1920, "height": 1080, "engine": "mse",
}

// television is a device that plays AC-3 besides.
var television = map[string]any{
	"codecs": []string{"avc1.640033", "mp4a.40.2", "ac-3"}, "ranges": []string{"SDR"}, "width": 1920, "height": 1080, "engine": "native",
}

// nothing is a device without a decoder.
var nothing = map[string]any{"codecs": []string{}, "ranges": []string{"SDR"}, "width": 1920, "height": 1080, "engine": "mse"}

// onDemand are the settings of a server that encodes only what viewers ask for.
var onDemand = []string{"MOVIFY_TRANSCODE_LADDER=never"}

// playOn starts a title on a device.
func (s *server) playOn(title string, device map[string]any) playSession {
	s.t.Helper()
	var p playSession
	s.call("POST", "/api/v1/sessions", map[string]any{"titleId": title, "device": device}, &p, 201)
	return p
}

// copyable is a short film with a key frame every ten pictures, whose sound is in a codec.
func copyable(t *testing.T, sound ...string) string {
	t.Helper()
	return testkit.Clip(t, "film-"+strings.Join(sound, "")+".mp4", append([]string{
		"-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=3", "-f", "lavfi", "-i", "sine=440:r=48000:d=3",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10", "-bf", "2", "-metadata:s:a:0", "language=eng",
	}, sound...)...)
}

// stillsMade waits until nothing of a folder has been encoded for a while: stills are made of a new film.
func (s *server) stillsMade(folder string) {
	s.t.Helper()
	still := 0
	s.until("no still is made any more", func() bool {
		if still++; len(encoders(s.t, folder)) > 0 {
			still = 0
		}
		return still > 20
	})
}

// watchEncoders looks for encoders of the films of a folder until the returned function, which gives their processes.
func watchEncoders(t *testing.T, folder string) (stop func() []string) {
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	var seen []string
	group.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond) // a run takes longer than that to start
		defer tick.Stop()
		for ctx.Err() == nil {
			seen = append(seen, encoders(t, folder)...)
			<-tick.C
		}
	})
	return func() []string {
		cancel()
		group.Wait()
		return seen
	}
}

// save fetches a whole stream into a folder, and gives the addresses of its media playlists.
func (s *server) save(manifest, folder string) (playlists []string) {
	s.t.Helper()
	videos, audios := s.variants(manifest)
	keep := func(name string, data []byte) {
		if err := os.MkdirAll(filepath.Join(folder, filepath.Dir(name)), 0o700); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	keep("multivariant.m3u8", s.must(manifest))
	playlists = append(videos, audios...)
	for _, list := range playlists {
		init, segments := s.playlist(list)
		for _, address := range append(segments, list, init) {
			keep(path.Base(path.Dir(address))+"/"+path.Base(address), s.must(address))
		}
	}
	return playlists
}

// judge lets `movify check` judge a folder.
func judge(t *testing.T, folder string) {
	t.Helper()
	if out, err := exec.Command(binary(t), "check", folder).CombinedOutput(); err != nil {
		t.Errorf("movify check: %v\n%s", err, out)
	}
}

// A film whose picture and sound the device plays is watched to its end without one encoder process.
func TestOriginalPlaysWithoutAnEncoder(t *testing.T) {
	t.Parallel()
	films, out := t.TempDir(), t.TempDir()
	s := serve(t, t.TempDir(), films, onDemand...)
	s.setUp()
	drop(t, copyable(t, "-c:a", "aac"), filepath.Join(films, "Long Walk (2019).mp4"))
	title := s.title("Long Walk")
	s.stillsMade(films)
	stop := watchEncoders(t, films)
	p := s.playOn(title.ID, browser)
	if p.Way.Kind != "original" || p.Way.Code != "original_fits" || p.Original.Manifest == "" {
		t.Fatalf("the way is %+v, Original %+v", p.Way, p.Original)
	}
	lists := s.save(p.Original.Manifest, out)
	if seen := stop(); len(seen) > 0 {
		t.Errorf("encoders ran: %v", seen)
	}
	if len(lists) != 2 || path.Base(path.Dir(lists[0])) != "v0" || path.Base(path.Dir(lists[1])) != "a1" {
		t.Errorf("the stream has the playlists %v", lists)
	}
	judge(t, out)
	var log struct{ Items []logEntry }
	s.call("GET", "/api/v1/titles/"+title.ID+"/encode-log", nil, &log, 200)
	if len(log.Items) > 0 {
		t.Errorf("%d segments were encoded", len(log.Items))
	}
	var streams struct {
		Items []struct {
			Way    string
			Height int
		}
	}
	s.call("GET", "/api/v1/streams", nil, &streams, 200)
	if len(streams.Items) != 1 || streams.Items[0].Way != "original" || streams.Items[0].Height != 180 {
		t.Errorf("streams: %+v", streams)
	}
}

// Of a film whose sound the device does not play, the sound alone is encoded.
func TestOriginalWithTheLaddersSound(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	s := serve(t, t.TempDir(), films, onDemand...)
	s.setUp()
	drop(t, copyable(t, "-c:a", "ac3"), filepath.Join(films, "Long Walk (2019).mp4"))
	title := s.title("Long Walk")
	p := s.playOn(title.ID, browser)
	if p.Way.Kind != "original" || p.Original.Codecs != "avc1.4D400C,mp4a.40.2" {
		t.Fatalf("the way is %+v, Original %+v", p.Way, p.Original)
	}
	s.save(p.Original.Manifest, t.TempDir())
	var log struct{ Items []logEntry }
	s.call("GET", "/api/v1/titles/"+title.ID+"/encode-log", nil, &log, 200)
	for _, e := range log.Items {
		if !strings.HasPrefix(e.Rendition, "a") {
			t.Errorf("segment %d of %s was encoded", e.Segment, e.Rendition)
		}
	}
	if len(log.Items) == 0 {
		t.Error("no sound was encoded")
	}
	p = s.playOn(title.ID, television)
	if p.Original.Codecs != "avc1.4D400C,ac-3" {
		t.Errorf("on a television it is %+v", p.Original)
	}
}

// A playback on Original goes on with it after kill -9 and a new start of the server: under its old address and under the one that
// asking for it again gives.
func TestOriginalGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	films, data := t.TempDir(), t.TempDir()
	s := serve(t, data, films, onDemand...)
	s.setUp()
	drop(t, copyable(t, "-c:a", "ac3"), filepath.Join(films, "Long Walk (2019).mp4"))
	title := s.title("Long Walk")
	begun := s.playOn(title.ID, television)
	if begun.Way.Code != "original_fits" {
		t.Fatalf("the way is %+v", begun.Way)
	}
	videos, _ := s.variants(begun.Original.Manifest)
	_, segments := s.playlist(videos[0])
	first := digest(s.must(segments[0]))
	s.kill()

	s = serve(t, data, films, onDemand...)
	s.signIn()
	if again := digest(s.must(segments[0])); again != first {
		t.Error("after the restart the first segment has other bytes")
	}
	s.must(segments[1])
	var asked playSession
	s.call("GET", "/api/v1/sessions/"+begun.ID, nil, &asked, 200)
	if diff := cmp.Diff(begun.Way, asked.Way); diff != "" {
		t.Errorf("the way (-before +after):\n%s", diff)
	}
	if asked.Original.Codecs != "avc1.4D400C,ac-3" || path.Base(asked.Original.Manifest) != path.Base(begun.Original.Manifest) {
		t.Fatalf("Original is %+v, before %+v", asked.Original, begun.Original)
	}
	out := t.TempDir()
	s.save(asked.Original.Manifest, out)
	judge(t, out)
	var log struct{ Items []logEntry }
	s.call("GET", "/api/v1/titles/"+title.ID+"/encode-log", nil, &log, 200)
	if len(log.Items) > 0 {
		t.Errorf("%d segments were encoded", len(log.Items))
	}
}

// The title page's question is answered as a start is, and starts nothing; administrators see what plays, how and why, and end it.
func TestWaysAndPlaybacks(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	s := serve(t, t.TempDir(), films, onDemand...)
	s.setUp()
	drop(t, copyable(t, "-c:a", "ac3"), filepath.Join(films, "Long Walk (2019).mp4"))
	title := s.title("Long Walk")
	s.stillsMade(films)
	type answer struct {
		Items []struct {
			FileID              string `json:"fileId"`
			First, EncodesSound bool
			Way                 struct{ Kind, Code string }
		}
	}
	devices := []map[string]any{television, browser, nothing}
	var told []string
	stop := watchEncoders(t, films)
	for _, device := range devices {
		var ways answer
		s.call("POST", "/api/v1/titles/"+title.ID+"/ways", map[string]any{"device": device}, &ways, 200)
		if len(ways.Items) != 1 || !ways.Items[0].First || ways.Items[0].FileID == "" {
			t.Fatalf("%+v", ways)
		}
		told = append(told, fmt.Sprint(ways.Items[0].Way.Code, " ", ways.Items[0].EncodesSound))
	}
	if seen := stop(); len(seen) > 0 {
		t.Errorf("encoders ran: %v", seen)
	}
	if diff := cmp.Diff([]string{"original_fits false", "original_fits true", "ladder_codec false"}, told); diff != "" {
		t.Errorf("the ways (-want +got):\n%s", diff)
	}
	for n, device := range devices {
		if p := s.playOn(title.ID, device); !strings.HasPrefix(told[n], p.Way.Code+" ") {
			t.Errorf("it begins with %+v, and %s was told", p.Way, told[n])
		}
	}
	var playing struct {
		Items []struct {
			ID, TitleID, Title, Account, Profile string
			SinceMs                              int64
			Way                                  struct{ Kind, Code, Message string }
		}
	}
	s.call("GET", "/api/v1/playbacks", nil, &playing, 200)
	if len(playing.Items) != 3 {
		t.Fatalf("playbacks: %+v", playing)
	}
	codes := map[string]int{}
	for _, x := range playing.Items {
		codes[x.Way.Code]++
		if x.TitleID != title.ID || x.Title != "Long Walk" || x.Profile != "Owner" || x.Account == "" || x.SinceMs == 0 || x.Way.Message == "" {
			t.Errorf("a playback: %+v", x)
		}
	}
	if diff := cmp.Diff(map[string]int{"original_fits": 2, "ladder_codec": 1}, codes); diff != "" {
		t.Errorf("the reasons (-want +got):\n%s", diff)
	}
	report := map[string]any{"positionMs": 1000, "state": "playing", "because": "ladder_slow"}
	for _, x := range playing.Items {
		s.call("POST", "/api/v1/sessions/"+x.ID+"/progress", report, nil, 204)
		s.call("POST", "/api/v1/playbacks/"+x.ID+"/stop", map[string]any{}, nil, 204)
		s.call("GET", "/api/v1/sessions/"+x.ID, nil, nil, 403)
	}
	s.call("GET", "/api/v1/playbacks", nil, &playing, 200)
	if len(playing.Items) > 0 {
		t.Errorf("after all were stopped: %+v", playing)
	}
}

// A file that is cut, written again or taken away while it plays ends the Original stream with a status, and gives no byte
// of another file.
func TestOriginalOfAFileThatIsNotTheSameAnyMore(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	s := serve(t, t.TempDir(), films, onDemand...)
	s.setUp()
	changes := map[string]func(file string) error{
		"Cut":     func(file string) error { return os.Truncate(file, 9_000) },
		"Again":   func(file string) error { return os.Chtimes(file, time.Now(), time.Now().Add(-time.Hour)) },
		"Missing": os.Remove,
		"Other": func(file string) error {
			return os.WriteFile(file, []byte(strings.Repeat("the bytes of another file ", 4000)), 0o600)
		},
	}
	for name := range changes {
		drop(t, copyable(t, "-c:a", "aac"), filepath.Join(films, fmt.Sprintf("%s (2019).mp4", name)))
	}
	for name, change := range changes {
		p := s.playOn(s.title(name).ID, browser)
		if p.Way.Kind != "original" {
			t.Fatalf("%s: the way is %+v", name, p.Way)
		}
		videos, _ := s.variants(p.Original.Manifest)
		init, segments := s.playlist(videos[0])
		s.must(segments[0])
		if err := change(filepath.Join(films, name+" (2019).mp4")); err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{init, segments[0], segments[1]} {
			status, body := s.fetch(address)
			if status != http.StatusUnprocessableEntity || len(body) > 200 || strings.Contains(string(body), "another file ") {
				t.Errorf("%s: %s answers %d: %.200s", name, path.Base(address), status, body)
			}
		}
	}
}

// recorder is a program in place of another: it writes a line into a file for each start, and goes on with the shell command then.
func recorder(t *testing.T, name, then string) (program string, starts func() int) {
	t.Helper()
	program = filepath.Join(t.TempDir(), name)
	record := program + ".starts"
	// It fails where it may not write, so that it is started unconfined.
	script := fmt.Sprintf("#!/bin/sh\necho \"$*\" >> '%s' || exit 9\ncase \"$*\" in -version) exec %s -version;; esac\n%s\n", record, name, then)
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return program, func() int {
		text, err := os.ReadFile(record)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(text), "\n")
	}
}

// A film that was never planned plays without any program, also where ffprobe fails; only the ladder is refused then, with the
// reason.
func TestOriginalBeginsWithoutAPlan(t *testing.T) {
	t.Parallel()
	for _, c := range []string{"mp4", "mkv"} {
		t.Run(c, func(t *testing.T) {
			t.Parallel()
			films, out := t.TempDir(), t.TempDir()
			prober, probes := recorder(t, "ffprobe", "exit 1")
			encoder, encodes := recorder(t, "ffmpeg", `exec ffmpeg "$@"`)
			settings := append([]string{"MOVIFY_TRANSCODE_FFPROBE=" + prober, "MOVIFY_TRANSCODE_FFMPEG=" + encoder}, onDemand...)
			s := serve(t, t.TempDir(), films, settings...)
			s.setUp()
			film := copyable(t, "-c:a", "aac")
			if c == "mkv" {
				film = testkit.Clip(t, "film.mkv", "-i", film, "-c", "copy")
			}
			drop(t, film, filepath.Join(films, "Long Walk (2019)."+c))
			title := s.title("Long Walk")
			s.stillsMade(films)
			before, encoded := probes()+encodes(), encodes()
			p := s.playOn(title.ID, browser)
			if p.Way.Code != "original_fits" || p.DurationMS < 2_900 || p.DurationMS > 3_100 {
				t.Fatalf("it lasts %d ms, the way is %+v", p.DurationMS, p.Way)
			}
			videos, audios := s.variants(p.Original.Manifest)
			init, _ := s.playlist(videos[0])
			s.must(init)
			_, segments := s.playlist(audios[0])
			s.must(segments[0])
			if n := probes() + encodes() - before; n != 0 {
				t.Errorf("%d programs were started before the first picture", n)
			}
			s.save(p.Original.Manifest, out)
			judge(t, out)
			if n := encodes() - encoded; n != 0 {
				t.Errorf("%d encoders were started", n)
			}
			if status, text := s.fetch(p.Manifest); status != http.StatusUnprocessableEntity || !strings.Contains(string(text), "not a video format") {
				t.Errorf("the ladder answers %d: %s", status, text)
			}
			s.call("POST", "/api/v1/sessions", map[string]any{"titleId": title.ID}, nil, http.StatusUnprocessableEntity)
		})
	}
}
