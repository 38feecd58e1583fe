package main_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/pkg/testkit"
)

func segmentName(n int) string { return media.SegmentName(n) }

// TestKilledEncodeGoesOnFromTheFirstGap is promise N02: kill -9 costs nothing that was finished.
func TestKilledEncodeGoesOnFromTheFirstGap(t *testing.T) {
	t.Parallel()
	films, data := t.TempDir(), t.TempDir()
	clip := filepath.Join(films, "Long Night (2020).mkv")
	drop(t, testkit.Film(t, 640, 360, 40), clip)

	s := serve(t, data, films)
	s.setUp()
	title := s.title("Long Night")
	var c card
	// The rest takes far longer than the time between two looks, also on a busy machine, which slows the encoder as well.
	s.until("30 % of the ladder is stored", func() bool {
		s.call("GET", "/api/v1/titles/"+title.ID, nil, &c, 200)
		return c.ReadyPercent >= 30
	})
	s.kill()
	before := segments(t, data)
	if c.ReadyPercent == 100 {
		t.Fatal("the ladder was whole before the kill: the clip is too short to prove something")
	}
	noEncoderLeft(t, films)

	s = serve(t, data, films)
	s.signIn()
	s.ready(title.ID)
	after := segments(t, data)
	for name, file := range before {
		if after[name] != file {
			t.Errorf("%s was changed by the restart", name)
		}
	}
	if len(after) <= len(before) {
		t.Errorf("%d segments before the restart, %d after", len(before), len(after))
	}
	s.stop()
	noEncoderLeft(t, films)

	whole := t.TempDir()
	run(t, binary(t), "transcode", clip, "--out", whole, "--json")
	compareLadders(t, assetFolder(t, data), whole, before)
}

// noEncoderLeft fails when an ffmpeg that reads a folder outlives its server.
func noEncoderLeft(t testing.TB, folder string) {
	t.Helper()
	s := &server{t: t, exited: make(chan struct{})}
	s.until("no encoder is left", func() bool { return len(encoders(t, folder)) == 0 })
}

// segments hashes every stored media segment below a folder, single or packed, by its key: a data folder keeps its
// stage and its blobs under the same keys.
func segments(t testing.TB, data string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".m4s" && d.Name() != media.PackedName {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		key, _ := filepath.Rel(data, path)
		for _, folder := range []string{"stage/", "blobs/"} {
			key = strings.TrimPrefix(key, folder)
		}
		if d.Name() != media.PackedName {
			out[key] = digest(content)
			return nil
		}
		for n, segment := range unpack(t, content) {
			out[filepath.Join(filepath.Dir(key), segmentName(n))] = digest(segment)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// unpack cuts a packed rendition into its segments.
func unpack(t testing.TB, packed []byte) [][]byte {
	t.Helper()
	r := bytes.NewReader(packed)
	for {
		b, err := mp4.ReadBox(r, int64(len(packed)))
		if err != nil {
			t.Fatalf("a packed rendition without an index: %v", err)
		}
		if b.Type != "sidx" {
			continue
		}
		x, err := mp4.ParseIndex(b)
		if err != nil {
			t.Fatal(err)
		}
		rest := packed[len(packed)-r.Len():]
		var out [][]byte
		for _, ref := range x.References {
			out = append(out, rest[:ref.Size])
			rest = rest[ref.Size:]
		}
		if len(rest) > 0 {
			t.Fatalf("%d bytes after the last segment of the index", len(rest))
		}
		return out
	}
}

// initLength is the number of bytes before a packed rendition's index.
func initLength(t testing.TB, packed []byte) int {
	t.Helper()
	r := bytes.NewReader(packed)
	for {
		at := len(packed) - r.Len()
		b, err := mp4.ReadBox(r, int64(len(packed)))
		if err != nil {
			t.Fatalf("a packed rendition without an index: %v", err)
		}
		if b.Type == "sidx" {
			return at
		}
	}
}

// assetFolder finds the one folder below the blobs of a data directory that holds a plan.
func assetFolder(t testing.TB, data string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(data, "blobs", "v1", "*", "*", "plan.json"))
	if err != nil || len(found) != 1 {
		t.Fatalf("plans under %s: %v, %v", data, found, err)
	}
	return filepath.Dir(found[0])
}

// compareLadders compares a resumed ladder with one made without interruption: the same files, the same time stamps, and
// pictures within SSIM 0.98 where a segment was made again.
func compareLadders(t *testing.T, resumed, whole string, before map[string]string) {
	t.Helper()
	for _, rendition := range renditions(t, whole) {
		a, b := join(t, filepath.Join(resumed, rendition)), join(t, filepath.Join(whole, rendition))
		if diff := cmp.Diff(packets(t, b), packets(t, a)); diff != "" {
			t.Errorf("%s: time stamps differ from the uninterrupted run's:\n%s", rendition, diff)
		}
		if !strings.HasPrefix(rendition, "v") {
			continue
		}
		if worst := ssim(t, a, b); worst < 0.98 {
			t.Errorf("%s: a picture has SSIM %.4f with the uninterrupted run's", rendition, worst)
		}
	}
}

func renditions(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			out = append(out, e.Name())
		}
	}
	return out
}

// join gives a rendition in one file: the packed one, or one of its Init Section and segments.
func join(t testing.TB, dir string) string {
	t.Helper()
	if packed := filepath.Join(dir, media.PackedName); exists(packed) {
		return packed
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.m4s"))
	if err != nil || len(files) == 0 {
		t.Fatalf("segments in %s: %v, %v", dir, files, err)
	}
	sort.Strings(files)
	var all []byte
	for _, name := range append([]string{filepath.Join(dir, "init.mp4")}, files...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	out := filepath.Join(t.TempDir(), "joined.mp4")
	if err := os.WriteFile(out, all, 0o644); err != nil {
		t.Fatal(err)
	}
	return out
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// packets lists pts, dts and duration of every packet.
func packets(t testing.TB, file string) []string {
	t.Helper()
	out := run(t, testkit.Need(t, "ffprobe"), "-v", "error", "-show_entries", "packet=pts,dts,duration", "-of", "csv=p=0", file)
	return strings.Split(strings.TrimSpace(out), "\n")
}

var ssimAll = regexp.MustCompile(`All:([0-9.]+)`)

// ssim gives the lowest structural similarity of any one second of pictures.
func ssim(t testing.TB, a, b string) float64 {
	t.Helper()
	stats := filepath.Join(t.TempDir(), "ssim.txt")
	run(t, testkit.Need(t, "ffmpeg"), "-v", "error", "-i", a, "-i", b, "-lavfi", "ssim=stats_file="+stats, "-f", "null", "-")
	text, err := os.ReadFile(stats)
	if err != nil {
		t.Fatal(err)
	}
	worst, sum, count := 1.0, 0.0, 0
	for _, m := range ssimAll.FindAllStringSubmatch(string(text), -1) {
		value, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum, count = sum+value, count+1
		if count == 24 {
			worst, sum, count = min(worst, sum/24), 0, 0
		}
	}
	return worst
}

// run runs a program to its end and gives its output.
func run(t testing.TB, program string, args ...string) string {
	t.Helper()
	var stderr strings.Builder
	cmd := exec.Command(program, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(append([]string{filepath.Base(program)}, args...), " "), err, out, stderr.String())
	}
	return string(out)
}
