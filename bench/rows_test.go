package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue/queuetest"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// rowPattern chooses the kinds of files that are measured: by default a few, with "." all of them (`make media`).
var rowPattern = flag.String("rows", "^(plain MP4|B-frames in AVI|hole of 80 ms)$", "kinds of files to measure, a regular expression")

// The bounds that every row keeps.
const (
	mostOffset = 5.0 // ms of sound against picture more than in the source
	mostApart  = 4   // grey levels between a picture of the batch and the same one just in time
	mostAtSeam = -12 // dB: a joint's difference against the sound there
)

// row is a kind of file, as docs/media.md lists them, made with a flash and a beep together in each second. The zero value of
// each rule is the usual one.
type row struct {
	name string
	make func(t *testing.T) rowFile
	// frames is how many pictures its tallest rung has to have; 0 = as many as ffmpeg decodes from the source.
	frames int
	fields bool // twice as many: a picture for each field
	within int  // so many pictures more or less
	// aside is how far beyond mostOffset sound may lie, ms: where pictures are put on a grid that they were not on.
	aside float64
	// refused is the exit code of `movify transcode`, for a file that nothing can play.
	refused int
	// broken is the exit code of `movify check --source`.
	broken int
	// known is why it fails, of a kind that docs/media.md names as not mended: it is measured all the same.
	known string
	// flashes is how many flashes play; 0 = as many as in the source.
	flashes int
}

// rowFile is a made file. Its source offsets are read from truth, one behind another: files that ffmpeg reads rightly; from
// path itself where there are none.
type rowFile struct {
	path  string
	truth []string
}

// verdict is the measured row.
type verdict struct {
	frames, want       int
	start, seeks, end  float64 // ms, the sound's offset more than the source's
	seam, apart        float64
	transcoded, judged int
	faults             []string
}

// fault notes the first few faults: the others are mostly the same.
func (v *verdict) fault(format string, args ...any) {
	if len(v.faults) < 4 {
		v.faults = append(v.faults, fmt.Sprintf(format, args...))
	}
}

// Every kind of file becomes a ladder that is its source: as many pictures, sound at its place from the start, after each seek
// and at the end, and segments made alone that fit those of the batch in picture and sound.
func TestMediaRows(t *testing.T) {
	t.Parallel()
	pattern, err := regexp.Compile(*rowPattern)
	if err != nil {
		t.Fatal(err)
	}
	bin := rowProgram(t)
	began, before := time.Now(), cpuSoFar()
	passed, failed, known := 0, 0, 0
	t.Run("rows", func(t *testing.T) {
		for _, r := range mediaRows() {
			if !pattern.MatchString(r.name) {
				continue
			}
			t.Run(strings.ReplaceAll(r.name, "/", " "), func(t *testing.T) {
				v := verdict{faults: []string{"it could not be measured"}}
				defer func() {
					printRow(r, v)
					switch {
					case len(v.faults) == 0:
						passed++
					case r.known != "":
						known++
					default:
						failed++
						t.Fail()
					}
				}()
				v = measureRow(t, bin, r)
			})
		}
	})
	fmt.Printf("%d rows hold, %d fail, %d are known to; %.0f s of CPU in %.0f s\n", passed, failed, known,
		(cpuSoFar() - before).Seconds(), time.Since(began).Seconds())
	if passed+failed+known == 0 {
		t.Errorf("no row matches %q", *rowPattern)
	}
}

func printRow(r row, v verdict) {
	word := "holds"
	switch {
	case len(v.faults) > 0 && r.known != "":
		word = "is known to fail, " + r.known + ": " + v.faults[0]
	case len(v.faults) > 0:
		word = "FAILS: " + strings.Join(v.faults, "; ")
	}
	fmt.Printf("%-36s exit %d %d  frames %3d of %3d  A/V ms %5.1f %5.1f %5.1f  alone: picture %4.2f, joints %6.1f dB  %s\n",
		r.name, v.transcoded, v.judged, v.frames, v.want, v.start, v.seeks, v.end, v.apart, v.seam, word)
}

// cpuSoFar is the CPU time of this process and of all its children that have ended.
func cpuSoFar() (sum time.Duration) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}

// rowProgram is the program under test: MOVIFY_BIN where it is set, else one that is built.
func rowProgram(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("MOVIFY_BIN"); path != "" {
		return path
	}
	path := filepath.Join(t.TempDir(), "movify")
	if out, err := exec.Command("go", "build", "-o", path, "movify/cmd/movify").CombinedOutput(); err != nil {
		t.Fatalf("build movify: %v\n%s", err, out)
	}
	return path
}

// measureRow makes the ladder of a row's file with the program, and measures it.
func measureRow(t *testing.T, bin string, r row) (v verdict) {
	f := r.make(t)
	dir := filepath.Join(t.TempDir(), "out")
	var text string
	if v.transcoded, text = exitOf(t, bin, "transcode", f.path, "--out", dir); v.transcoded != r.refused {
		v.fault("transcode ends with %d: %s", v.transcoded, text)
	}
	if v.transcoded != 0 {
		return v
	}
	if v.judged, text = exitOf(t, bin, "check", dir, "--source", f.path); v.judged != r.broken {
		v.fault("check ends with %d: %s", v.judged, text)
	}
	m := openMade(t, f.path, dir)
	source := m.decodeSource(t, f)
	whole := m.decode(t, m.folder, 0, m.asset.Grid.Segments())
	v.frames, v.want = len(whole.pictures), m.wanted(r, source)
	if d := v.frames - v.want; d < -r.within || d > r.within {
		v.fault("%d frames, want %d", v.frames, v.want)
	}
	m.compareOffsets(t, r, &v, source, whole)
	m.compareAlone(t, &v, whole)
	return v
}

// exitOf runs the program and gives its exit code and the beginning of its words.
func exitOf(t *testing.T, bin string, args ...string) (code int, text string) {
	t.Helper()
	out, err := exec.Command(bin, args...).CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return code, strings.ReplaceAll(strings.TrimSpace(string(out[:min(len(out), 160)])), "\n", " / ")
}

// made is an asset in a folder and the film that it was made of.
type made struct {
	source transcoder.Source
	asset  media.Asset
	dir    string
}

func openMade(t *testing.T, path, dir string) made {
	t.Helper()
	probe, err := ffmpeg.NewProber("ffprobe").Probe(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	m := made{source: transcoder.Source{File: "file", Path: path, Fingerprint: "feed", Probe: probe}, dir: dir}
	if m.asset, err = transcoder.PlanAsset("feed", probe, transcoder.DefaultPolicy()); err != nil {
		t.Fatal(err)
	}
	return m
}

// picture and sound are the renditions that are measured: the tallest rung and the first sound, "" without one.
func (m made) picture() id.Rendition { return m.asset.Ladder.Videos()[0].ID }

func (m made) sound() id.Rendition {
	if audios := m.asset.Ladder.Audios(); len(audios) > 0 {
		return audios[0].ID
	}
	return ""
}

// decodeSource decodes the tracks that were encoded, or the files that a row gives instead.
func (m made) decodeSource(t *testing.T, f rowFile) (all []decoding) {
	t.Helper()
	if len(f.truth) > 0 {
		for _, path := range f.truth {
			sound := ""
			if probe, err := ffmpeg.NewProber("ffprobe").Probe(t.Context(), path); err == nil && len(probe.Audio) > 0 {
				sound = "0:a:0"
			}
			all = append(all, decodeTracks(t, []string{"-i", path}, "0:v:0", sound))
		}
		return all
	}
	v, _ := m.source.Probe.Picture()
	sound := ""
	if audios := m.asset.Ladder.Audios(); len(audios) > 0 {
		sound = fmt.Sprintf("0:%d", audios[0].Stream)
	}
	return []decoding{decodeTracks(t, []string{"-i", f.path}, fmt.Sprintf("0:%d", v.Index), sound)}
}

// segmentOf gives an Init Section (n = -1) or a segment of a rendition.
type segmentOf func(r id.Rendition, n int) []byte

// folder reads the segments that the program made.
func (m made) folder(r id.Rendition, n int) []byte {
	a := m.asset
	a.Prefix = ""
	key := a.InitKey(r)
	if n >= 0 {
		key = a.SegmentKey(r, n)
	}
	data, err := os.ReadFile(filepath.Join(m.dir, filepath.FromSlash(key)))
	if err != nil {
		return nil // the decoder will miss it
	}
	return data
}

// decode decodes the segments [from, to) of picture and sound.
func (m made) decode(t *testing.T, get segmentOf, from, to int) decoding {
	t.Helper()
	return decodeSegments(t, get, m.picture(), m.sound(), from, to)
}

// decodeSegments decodes the segments [from, to) of a picture and of a sound ("" = none) behind their Init Sections.
func decodeSegments(t *testing.T, get segmentOf, picture, sound id.Rendition, from, to int) decoding {
	t.Helper()
	var input []string
	maps := map[bool]string{}
	for _, r := range []id.Rendition{picture, sound} {
		if r == "" {
			continue
		}
		stream := slices.Clone(get(r, -1))
		for n := from; n < to; n++ {
			stream = append(stream, get(r, n)...)
		}
		path := filepath.Join(t.TempDir(), string(r)+".mp4")
		if err := os.WriteFile(path, stream, 0o600); err != nil {
			t.Fatal(err)
		}
		maps[r == picture] = fmt.Sprintf("%d:0", len(input)/2)
		input = append(input, "-i", path)
	}
	return decodeTracks(t, input, maps[true], maps[false])
}

// wanted is how many pictures the tallest rung has to have.
func (m made) wanted(r row, source []decoding) (n int) {
	if r.frames > 0 {
		return r.frames
	}
	for _, d := range source {
		n += len(d.pictures)
	}
	if r.fields {
		n *= 2
	}
	return n
}

// compareOffsets holds sound against picture: of the whole at its first and last flash, and of each segment by itself.
func (m made) compareOffsets(t *testing.T, r row, v *verdict, source []decoding, whole decoding) {
	t.Helper()
	var want []float64
	for _, d := range source {
		want = append(want, offsets(d.flashes(), d.beeps())...)
	}
	flashes := whole.flashes()
	got := offsets(flashes, whole.beeps())
	if r.flashes > 0 {
		want = want[:min(len(want), r.flashes)]
	}
	if len(got) != len(want) {
		v.fault("%d flashes, the source has %d", len(got), len(want))
		return
	}
	bound := mostOffset + r.aside
	wrong := func(n int, offset float64) float64 {
		if math.IsNaN(want[n]) {
			return 0
		}
		return (offset - want[n]) * 1000
	}
	say := func(where string, n int, ms float64) {
		if math.IsNaN(ms) || math.Abs(ms) > bound {
			v.fault("%s, flash %d: the beep is %.1f ms off", where, n, ms)
		}
	}
	for n := range got {
		ms := wrong(n, got[n])
		if n == 0 {
			v.start = ms
		}
		v.end = ms
		say("in one run", n, ms)
	}
	for n := m.asset.Grid.Segments() - 1; n >= 0; n-- {
		alone := m.decode(t, m.folder, n, n+1)
		here := alone.flashes()
		if len(here) == len(alone.pictures) { // a picture or two, all of them white
			continue
		}
		for i, offset := range offsets(here, alone.beeps()) {
			at := slices.IndexFunc(flashes, func(f float64) bool { return math.Abs(f-here[i]) < 0.001 })
			if at < 0 {
				continue // a bright picture of a segment without a flash
			}
			ms := wrong(at, offset)
			if math.Abs(ms) > math.Abs(v.seeks) || math.IsNaN(ms) {
				v.seeks = ms
			}
			say(fmt.Sprintf("segment %d by itself", n), at, ms)
		}
	}
}

// compareAlone makes a segment in the middle by itself, as the server does for a viewer, and holds it against that of the
// batch: times and pictures, and the sound where it meets its neighbours.
func (m made) compareAlone(t *testing.T, v *verdict, whole decoding) {
	t.Helper()
	g := m.asset.Grid
	n := max(0, g.Segments()-2)
	viewer := m.watch(t)
	alone := map[id.Rendition][]byte{}
	for _, r := range []id.Rendition{m.picture(), m.sound()} {
		if r != "" {
			alone[r] = viewer.segment(t, r, n)
		}
	}
	batch := m.decode(t, m.folder, n, n+1)
	jit := m.decode(t, func(r id.Rendition, i int) []byte {
		if i < 0 {
			return viewer.begin(t, r)
		}
		return alone[r]
	}, n, n+1)
	samePictures(v, batch.pictures, jit.pictures)
	if m.sound() == "" {
		return
	}
	spliced := m.decode(t, func(r id.Rendition, i int) []byte {
		if i == n {
			return alone[r]
		}
		return m.folder(r, i)
	}, 0, g.Segments())
	v.seam = -100
	for _, joint := range []int{g.Audio[n], g.Audio[n+1]} {
		v.seam = max(v.seam, apartDB(whole.pcm, spliced.pcm, joint*media.AACFrame))
	}
	if len(whole.pcm) != len(spliced.pcm) || v.seam > mostAtSeam {
		v.fault("sound of segment %d made alone: %d samples of %d, %.1f dB apart at a joint", n, len(spliced.pcm), len(whole.pcm), v.seam)
	}
}

func samePictures(v *verdict, batch, alone []shown) {
	if len(batch) != len(alone) {
		v.fault("a segment made alone has %d pictures, that of the batch %d", len(alone), len(batch))
		return
	}
	for n := range batch {
		if batch[n].us != alone[n].us {
			v.fault("picture %d of a segment made alone is at %d µs, that of the batch at %d", n, alone[n].us, batch[n].us)
			return
		}
	}
	var mean float64
	v.apart, mean = apartLevels(batch, alone, 0)
	_, before := apartLevels(batch, alone, -1)
	_, after := apartLevels(batch, alone, 1)
	if v.apart > mostApart || len(batch) > 2 && 2*mean > min(before, after) {
		v.fault("pictures made alone are %.2f grey levels off, on average %.2f; one picture off %.2f and %.2f", v.apart, mean, before, after)
	}
}

// rowViewer is a viewer of a service that makes only the segments which the viewer asks for.
type rowViewer struct {
	service *transcoder.Service
	asset   media.Asset
}

// watch runs a service for one film until the test ends.
func (m made) watch(t *testing.T) rowViewer {
	t.Helper()
	preset, _ := ffmpeg.PresetNamed("veryfast")
	s := transcoder.New(transcoder.Options{
		Stage: blobtest.NewMemory(), Blobs: blobtest.NewMemory(), Queue: queuetest.NewMemory(time.Minute),
		Encoder: ffmpeg.NewEncoder(ffmpeg.EncoderOptions{Program: "ffmpeg", Background: preset}), Sources: oneFilm{m.source},
		Log: noEntries{}, Policy: transcoder.DefaultPolicy(), Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	a, err := s.Asset(t.Context(), m.source)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return rowViewer{service: s, asset: a}
}

func (w rowViewer) segment(t *testing.T, r id.Rendition, n int) []byte {
	t.Helper()
	defer w.service.Leave("viewer")
	return readObject(t)(w.service.Segment(t.Context(), "viewer", w.asset, r, n))
}

func (w rowViewer) begin(t *testing.T, r id.Rendition) []byte {
	t.Helper()
	defer w.service.Leave("viewer")
	return readObject(t)(w.service.Init(t.Context(), "viewer", w.asset, r, 0))
}

func readObject(t *testing.T) func(blob.Object, error) []byte {
	return func(o blob.Object, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer o.Body.Close()
		data, err := io.ReadAll(o.Body)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
}

// oneFilm is a library of one film.
type oneFilm struct{ src transcoder.Source }

func (o oneFilm) Sources(context.Context) iter.Seq2[transcoder.Source, error] {
	return func(yield func(transcoder.Source, error) bool) { yield(o.src, nil) }
}

func (o oneFilm) Source(context.Context, string) (transcoder.Source, error) { return o.src, nil }

func (o oneFilm) Demand(context.Context, string) (transcoder.Demand, error) {
	return transcoder.Demand{}, nil
}

func (o oneFilm) WantLadder(context.Context, string) error { return nil }

// noEntries is an encode log that keeps nothing.
type noEntries struct{}

func (noEntries) Committed(context.Context, transcoder.Entry) error { return nil }
