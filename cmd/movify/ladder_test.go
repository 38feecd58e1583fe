package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// The films of these tests are four seconds in 480p: two rungs and two sounds of three segments, of which the beginning is
// the first two.
var beginnings = []string{"MOVIFY_TRANSCODE_PREWARM=1s", "MOVIFY_TRANSCODE_LADDER=when_watched"}

// made gives how much of a title's renditions is stored: "video 0, video 66, audio 66, audio 0".
func (s *server) made(title string) string {
	s.t.Helper()
	var c struct {
		Encode struct {
			Renditions []struct {
				Kind    string
				Percent int
			}
		}
	}
	s.call("GET", "/api/v1/titles/"+title, nil, &c, 200)
	var parts []string
	for _, r := range c.Encode.Renditions {
		parts = append(parts, fmt.Sprintf("%s %d", r.Kind, r.Percent))
	}
	return strings.Join(parts, ", ")
}

// idle waits until no job runs or waits and nothing was started between two looks at it.
func (s *server) idle() {
	s.t.Helper()
	quiet := 0
	s.until("nothing is encoded", func() bool {
		var jobs struct {
			Running []struct{}
			Waiting struct{ JIT, New, Backlog int }
		}
		s.call("GET", "/api/v1/jobs", nil, &jobs, 200)
		if quiet++; len(jobs.Running)+jobs.Waiting.JIT+jobs.Waiting.New+jobs.Waiting.Backlog > 0 {
			quiet = 0
		}
		return quiet > 20
	})
}

type libraryRoot struct{ ID, Path, Transcode, TranscodeSetting string }

// addFolder adds a library folder with one film and a setting.
func (s *server) addFolder(folder, setting string) libraryRoot {
	s.t.Helper()
	var root libraryRoot
	s.call("POST", "/api/v1/library/roots", map[string]any{"path": folder}, &root, 201)
	s.setTranscode(root.ID, setting)
	return root
}

func (s *server) setTranscode(root, setting string) {
	s.t.Helper()
	var now libraryRoot
	s.call("PATCH", "/api/v1/library/roots/"+root, map[string]any{"transcode": setting}, &now, 200)
	if now.Transcode != setting || now.TranscodeSetting != setting {
		s.t.Errorf("the folder is set to %+v, want %s", now, setting)
	}
}

// folderOf makes a folder for one film, which is put into it by drop.
func folderOf(t *testing.T, name string) (folder string, drop func()) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder, func() {
		t.Helper()
		clip := testkit.Clip(t, "ladder-"+name+".mp4",
			"-f", "lavfi", "-i", "testsrc2=s=640x480:r=25:d=4", "-f", "lavfi", "-i", "sine=440:r=48000:d=4",
			"-map", "0:v", "-map", "1:a", "-map", "1:a", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
			"-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fra", "-metadata", "title="+name, "-c:a", "aac")
		text, err := os.ReadFile(clip)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name+" (2001).mp4"), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestThreeFoldersWithThreeSettings(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first, dropFirst := folderOf(t, "Watched")
	always, dropAlways := folderOf(t, "Always")
	never, dropNever := folderOf(t, "Never")
	s := serve(t, data, first, beginnings...)
	s.setUp()
	s.addFolder(always, "always")
	neverRoot := s.addFolder(never, "never")
	dropFirst()
	dropAlways()
	dropNever()
	watched, whole, none := s.title("Watched"), s.title("Always"), s.title("Never")

	s.ready(whole.ID)
	s.until("the beginning is made", func() bool { return strings.Count(s.made(watched.ID), " 66") == 2 })
	s.idle()
	if text := s.made(watched.ID); strings.Count(text, "video 66") != 1 || strings.Count(text, "audio 66") != 1 ||
		strings.Count(text, " 0") != 2 {
		t.Errorf("when watched there is %q, want the beginnings of a rung and a sound", text)
	}
	if text := s.made(none.ID); strings.Count(text, " 0") != 4 {
		t.Errorf("never there is %q, want nothing", text)
	}
	checkPredictions(s)

	// A viewer who needs a rung, for all of the film; nothing of it is filled where nothing is to be made.
	s.watchRung(watched.ID)
	s.watchRung(none.ID)
	s.ready(watched.ID)
	s.idle()
	if text := s.made(none.ID); strings.Count(text, "audio 0") != 1 {
		t.Errorf("never, and watched, there is %q, want the other sound untouched", text)
	}
	var problem struct{ Code string }
	s.call("POST", "/api/v1/titles/"+none.ID+"/ladder", nil, &problem, 409)
	if problem.Code != "transcode_never" {
		t.Errorf("asked for the ladder where nothing is prepared: %s", problem.Code)
	}

	// The setting takes effect at once, and what the viewer needed is known.
	s.setTranscode(neverRoot.ID, "when_watched")
	s.ready(none.ID)
}

// watchRung asks for every segment of the last rung of a title, and plays no other. The start makes the start rung and the
// default sound besides.
func (s *server) watchRung(title string) {
	s.t.Helper()
	videos, _ := s.variants(s.play(title).Manifest)
	_, segments := s.playlist(videos[len(videos)-1])
	for _, segment := range segments {
		s.must(segment)
	}
}

// checkPredictions checks what the API predicts for three films of four seconds in three folders.
func checkPredictions(s *server) {
	s.t.Helper()
	type prediction struct {
		Files               int
		DurationMS          int64 `json:"durationMs"`
		Always, WhenWatched struct{ WorkMs, Bytes int64 }
	}
	var got struct {
		Default string
		All     prediction
		Items   []prediction
	}
	s.call("GET", "/api/v1/library/ladders", nil, &got, 200)
	if got.Default != "when_watched" || len(got.Items) != 3 || got.All.Files != 3 || got.All.DurationMS < 11_000 {
		s.t.Errorf("predicted %+v", got)
	}
	for _, p := range append(got.Items, got.All) {
		// 1.4 + 0.7 Mb/s and a sound of 0.16 for four seconds.
		if want := int64(p.Files) * 1_130_000; p.Always.Bytes < want*9/10 || p.Always.Bytes > want*11/10 {
			s.t.Errorf("%d bytes for %d files, want about %d", p.Always.Bytes, p.Files, want)
		}
		if p.WhenWatched.Bytes >= p.Always.Bytes || p.WhenWatched.WorkMs > p.Always.WorkMs {
			s.t.Errorf("beginnings cost %+v, all %+v", p.WhenWatched, p.Always)
		}
	}
}

func TestAskedForLadderOutlivesARestart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	films, drop := folderOf(t, "Asked")
	s := serve(t, data, films, beginnings...)
	s.setUp()
	drop()
	film := s.title("Asked")
	s.idle()
	var asked struct{ Files int }
	s.call("POST", "/api/v1/titles/"+film.ID+"/ladder", nil, &asked, 202)
	if asked.Files != 1 {
		t.Errorf("asked for %d files, want 1", asked.Files)
	}
	s.kill() // before, while or after it is made
	again := serve(t, data, films, beginnings...)
	again.signIn()
	again.ready(film.ID)
}
