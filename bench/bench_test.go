package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	for want, xs := range map[float64][]float64{1: {1}, 2: {3, 1, 2}, 2.5: {4, 1, 2, 3}} {
		before := fmt.Sprint(xs)
		if got := median(xs); got != want || fmt.Sprint(xs) != before {
			t.Errorf("median(%s) = %v and leaves %v, want %v", before, got, xs, want)
		}
	}
}

func TestPairComparesNeighbours(t *testing.T) {
	t.Parallel()
	// The machine became twice as slow: the ratio does not notice.
	p := &pair{name: "CPU", unit: "s", limit: 1.2}
	p.add(1.1, 1)
	p.add(2.2, 2)
	p.add(2.6, 2)
	var out bytes.Buffer
	if err := p.report(options{out: &out}, "ffmpeg"); err != nil {
		t.Errorf("a ratio of 1.1 is over 1.2: %v", err)
	}
	for _, want := range []string{"ratio 1.100 (1.100 to 1.300, 3 in turns)", "limit 1.20: kept"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, out.String())
		}
	}
	p.limit = 1.05
	if err := p.report(options{out: &out}, "ffmpeg"); !errors.Is(err, errOver) {
		t.Errorf("a ratio of 1.1 is not over 1.05: %v", err)
	}
}

func TestInTurns(t *testing.T) {
	t.Parallel()
	var got []string
	side := func(name string) func(int) error {
		return func(rep int) error {
			got = append(got, fmt.Sprint(name, rep))
			return nil
		}
	}
	if err := inTurns(3, side("our"), side("their")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"our0", "their0", "their1", "our1", "our2", "their2"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestParseStat(t *testing.T) {
	t.Parallel()
	const stat = "42 (odd) name) (x) S 1 42 42 0 -1 4194560 100 0 0 0 150 25 7 9 20 0 5 0 100 1000 200"
	if got, err := parseStat(stat, childrenTime); err != nil || got != 160*time.Millisecond {
		t.Errorf("parseStat of children = %v, %v; want 0.16s", got, err)
	}
	got, err := parseStat(stat, ownTime)
	if err != nil || got != 1750*time.Millisecond {
		t.Errorf("parseStat = %v, %v; want 1.75s", got, err)
	}
	if got, err := parseStat("42 (x) S 1", ownTime); err == nil {
		t.Errorf("parseStat of too little = %v", got)
	}
	if own, err := cpuOf(os.Getpid()); err != nil || own < 0 {
		t.Errorf("cpuOf this process = %v, %v", own, err)
	}
	if own, err := residentOf(os.Getpid()); err != nil || own < 1<<20 {
		t.Errorf("residentOf this process = %v, %v", own, err)
	}
}

func TestParseWrk(t *testing.T) {
	t.Parallel()
	good := "  12345 requests in 5.00s, 7.4GB read\nRequests/sec:   2468.5\nTransfer/sec: 1.5GB\n"
	if got, err := parseWrk(good); err != nil || got.requests != 12345 || got.rate != 2468.5 {
		t.Errorf("parseWrk = %+v, %v", got, err)
	}
	for _, bad := range []string{"", good + "  Non-2xx or 3xx responses: 3\n", good + "  Socket errors: connect 0, read 1\n"} {
		if got, err := parseWrk(bad); err == nil {
			t.Errorf("parseWrk(%q) = %+v", bad, got)
		}
	}
}

func TestSendfileCalls(t *testing.T) {
	t.Parallel()
	table := `% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 90.00    0.001234          12        60        20 sendfile
  9.00    0.000100           5        21           write
  1.00    0.000010           5         2           splice
------ ----------- ----------- --------- --------- ----------------
100.00    0.001344                    83        20 total
`
	var got []string
	for _, m := range sendfileCalls.FindAllStringSubmatch(table, -1) {
		got = append(got, m[1])
	}
	if diff := cmp.Diff([]string{"60", "2"}, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestPlaylists(t *testing.T) {
	t.Parallel()
	multivariant := "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,URI=\"a/media.m3u8\"\n" +
		"#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"avc1.64001F,mp4a.40.2\",RESOLUTION=854x480,FRAME-RATE=23.976\nv480/media.m3u8\n" +
		"#EXT-X-STREAM-INF:BANDWIDTH=2,RESOLUTION=1920x1080\nv1080/media.m3u8\n"
	vs, err := variants(multivariant)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]variant{{480, "v480/media.m3u8"}, {1080, "v1080/media.m3u8"}}, vs, cmp.AllowUnexported(variant{})); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
	if startVariant(vs).height != 480 || tallest(vs).height != 1080 {
		t.Errorf("the start is %v, the tallest %v", startVariant(vs), tallest(vs))
	}
	for _, bad := range []string{"#EXTM3U\n", "#EXT-X-STREAM-INF:BANDWIDTH=1\nx.m3u8\n"} {
		if vs, err := variants(bad); err == nil {
			t.Errorf("variants(%q) = %v", bad, vs)
		}
	}
	media := "#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:1.001,\n00000.m4s\n#EXTINF:1.001,\n00001.m4s\n#EXTINF:4.004,\n00002.m4s\n#EXT-X-ENDLIST\n"
	got, err := parseMedia(media, "/media/t/v")
	if err != nil {
		t.Fatal(err)
	}
	want := stream{
		init:     "/media/t/v/init.mp4",
		segments: []string{"/media/t/v/00000.m4s", "/media/t/v/00001.m4s", "/media/t/v/00002.m4s"},
		bounds:   []float64{0, 1.001, 2.002, 6.006},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(stream{}), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("parseMedia (-want +got):\n%s", diff)
	}
	if n := got.at(3); n != 2 {
		t.Errorf("at(3) = %d, want 2", n)
	}
	if from, count := got.frames(2); from != 48 || count != 96 {
		t.Errorf("frames(2) = %d, %d; want 48, 96", from, count)
	}
}

func TestCopiesDiffer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source := filepath.Join(dir, "film.mp4")
	if err := os.WriteFile(source, []byte("boxes"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := fill(dir, source, 2); err != nil {
		t.Fatal(err)
	}
	a, errA := os.ReadFile(filepath.Join(dir, "Film 0000 (2001).mp4"))
	b, errB := os.ReadFile(filepath.Join(dir, "Film 0001 (2001).mp4"))
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(a, b) || len(a) != len("boxes")+16 {
		t.Errorf("copies of %d and %d bytes, equal: %v", len(a), len(b), bytes.Equal(a, b))
	}
	if size := binary.BigEndian.Uint32(a[5:]); size != 16 || string(a[9:13]) != "free" {
		t.Errorf("the appended box is %d bytes of %q", size, a[9:13])
	}
	if at, err := fileOf(dir, "Film 0001 (2001).mp4", b); err != nil || filepath.Base(at) != "Film 0001 (2001).mp4" {
		t.Errorf("fileOf = %q, %v", at, err)
	}
	if at, err := fileOf(dir, "Film 0001 (2001).mp4", a); err == nil {
		t.Errorf("fileOf finds other content in %q", at)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for _, args := range [][]string{{"-reps", "0"}, {"-requests", "0"}, {"-nonsense"}, {"-only", "ladder,lader"}} {
		if err := run(t.Context(), args, &out); err == nil {
			t.Errorf("run(%q) does not fail", args)
		}
	}
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	l := &latencies{name: "home", limit: 90 * time.Millisecond, at: 0.95}
	for n := range 100 {
		l.took = append(l.took, time.Duration(100-n)*time.Millisecond)
	}
	for q, want := range map[float64]time.Duration{0: 1, 0.5: 50, 0.95: 95, 0.99: 99, 1: 100} {
		if got := l.quantile(q); got != want*time.Millisecond {
			t.Errorf("quantile(%v) = %s, want %d ms", q, got, want)
		}
	}
	var out bytes.Buffer
	if err := l.report(options{out: &out}); !errors.Is(err, errOver) ||
		!strings.Contains(out.String(), "limit of p95 90ms: OVER") {
		t.Errorf("report gives %v and says\n%s", err, out.String())
	}
	if got := (&latencies{}).quantile(0.5); got != 0 {
		t.Errorf("the quantile of nothing is %s", got)
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0:   "Movies/" + wordsOf(0) + " 0 (1950)/" + wordsOf(0) + " 0 (1950)",
		59:  "Movies/" + wordsOf(59) + " 59 (2009)/" + wordsOf(59) + " 59 (2009)",
		60:  "Shows/" + wordsOf(0) + " Show 0/Season 01/" + wordsOf(0) + " Show 0 S01E01",
		72:  "Shows/" + wordsOf(0) + " Show 0/Season 02/" + wordsOf(0) + " Show 0 S02E01",
		160: "Shows/" + wordsOf(1) + " Show 1/Season 02/" + wordsOf(1) + " Show 1 S02E05",
	} {
		if got := filepath.ToSlash(placeOf(n)); got != want {
			t.Errorf("file %d is %q, want %q", n, got, want)
		}
	}
	often := map[string]int{}
	for n := range 10_000 {
		for word := range strings.FieldsSeq(wordsOf(n)) {
			often[word]++
		}
	}
	if most := slices.Max(slices.Collect(maps.Values(often))); most < 500 || most > 2_500 || len(often) < 1_500 {
		t.Errorf("the commonest of %d words is in %d of 10,000 names", len(often), most)
	}
	seen := map[string]bool{}
	for n := range 10_000 {
		seen[placeOf(n)] = true
	}
	if len(seen) != 10_000 {
		t.Errorf("10,000 files have %d places", len(seen))
	}
}

// The parts about large libraries, small, and about sign-ins: everything they ask of the server works. What they measure is not judged.
func TestLargeLibrariesSmall(t *testing.T) {
	var out bytes.Buffer
	err := run(
		t.Context(),
		[]string{
			"-movify", os.Getenv("MOVIFY_BIN"), "-work", t.TempDir(), "-only", "library,catalogue,signin",
			"-files", "60", "-works", "300", "-reps", "1", "-requests", "15", "-rest", "0",
		},
		&out,
	)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{"first scan against", "home while scanning", "scan with nothing new", "processor time of the first scan", "minidlna", "in the log: 0 times", "browse by rating", "a series", "search", "an honest sign-in"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, out.String())
		}
	}
}

func TestAddressesOfAPlayback(t *testing.T) {
	t.Parallel()
	p := pressed{
		picture: stream{init: "/m/v0/init.mp4", segments: []string{"/m/v0/00000.m4s", "/m/v0/00001.m4s"}},
		sound:   stream{init: "/m/a1/init.mp4", segments: []string{"/m/a1/00000.m4s"}},
	}
	want := []string{"/m/v0/init.mp4", "/m/a1/init.mp4", "/m/v0/00000.m4s", "/m/a1/00000.m4s", "/m/v0/00001.m4s"}
	if diff := cmp.Diff(want, p.addresses()); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	if got := fileName("/m/a1/00000.m4s"); got != "/a1/00000.m4s" {
		t.Errorf("fileName = %q", got)
	}
	dir := t.TempDir()
	films := [2]string{filepath.Join(dir, "a.mp4"), filepath.Join(dir, "b.mkv")}
	for _, film := range films {
		if err := os.WriteFile(film, []byte("film"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyFilms(dir, films, 3); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Film 0000 (2001).mp4", "Film 0001 (2001).mkv", "Film 0002 (2001).mp4"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.HasPrefix(data, []byte("film")) {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
}

func TestProgramsOfAProcess(t *testing.T) {
	t.Parallel()
	before, err := allTimeOf(os.Getpid())
	if err != nil || before < 0 {
		t.Errorf("allTimeOf this process = %v, %v", before, err)
	}
	// Other tests of this process start programs meanwhile: a shell of its own has one child until its pipe is closed.
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	shell := exec.Command("sh", "-c", "cat <&3 & echo; wait")
	shell.ExtraFiles = []*os.File{reader}
	out, err := shell.StdoutPipe()
	if err == nil {
		err = shell.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	if n, err := childrenOf(shell.Process.Pid); err != nil || n != 1 {
		t.Errorf("the shell has %d children, %v", n, err)
	}
	reader.Close()
	writer.Close()
	if err := shell.Wait(); err != nil {
		t.Error(err)
	}
}
