package ffmpeg

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares arguments, one per line, with a file of testdata.
func golden(t *testing.T, name string, args []string) {
	t.Helper()
	path, got := filepath.Join("testdata", name), strings.Join(args, "\n")+"\n"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// plan is the asset of 30 s of 720p film with English and French sound, changed as said.
func plan(t testing.TB, change ...func(*media.Probe)) media.Asset {
	t.Helper()
	rate := media.Ratio{Num: 24000, Den: 1001}
	p := media.Probe{
		Format: "matroska,webm", DurationUS: 30_030_000,
		Video: []media.VideoTrack{
			{Width: 1280, Height: 720, FrameRate: rate, AverageRate: rate, FieldOrder: "progressive"},
		},
		Audio: []media.AudioTrack{{Index: 1, Channels: 6, Language: "eng"}, {Index: 2, Channels: 2, Language: "fra"}},
	}
	for _, c := range change {
		c(&p)
	}
	a, err := transcoder.PlanAsset("feed", p, transcoder.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func named(t testing.TB, a media.Asset, name string) []media.Rendition {
	t.Helper()
	for _, r := range a.Ladder.Renditions {
		if r.Name == name {
			return []media.Rendition{r}
		}
	}
	t.Fatalf("no rendition is named %q", name)
	return nil
}

// withoutColor is a plan as it was before TruePicture.
func withoutColor(a media.Asset) media.Asset {
	a.Recipe = min(a.Recipe, media.SteadySound)
	a.Ladder.Renditions = slices.Clone(a.Ladder.Renditions)
	for n := range a.Ladder.Renditions {
		a.Ladder.Renditions[n].Color = nil
	}
	return a
}

func TestEncodeArgs(t *testing.T) {
	t.Parallel()
	interlaced := func(p *media.Probe) {
		p.Format, p.StartUS, p.Video[0].StartUS = "mpegts", 1_400_000, 1_400_000
		p.Video[0].FieldOrder, p.Video[0].FrameRate = "tt", media.Ratio{Num: 25, Den: 1}
		p.Video[0].AverageRate = p.Video[0].FrameRate
	}
	hdr := func(p *media.Probe) { p.Video[0].ColorTransfer = "smpte2084" }
	late := func(p *media.Probe) { p.Video[0].StartUS = 5_005_000 }
	film, dvr := plan(t), plan(t, joinedTwice)
	sound := append(named(t, dvr, "480p"), named(t, dvr, "English")...)
	before := plan(t)
	before.Recipe = media.FirstRecipe
	unlabelled, unmapped := withoutColor(before), withoutColor(plan(t, hdr))
	// Sound from 0 to 40 s, pictures from 6 to 30 s.
	beside := plan(t, func(p *media.Probe) {
		p.DurationUS, p.Video[0].StartUS, p.Video[0].DurationUS = 40_000_000, 6_006_000, 24_024_000
		p.Audio[0].DurationUS = 40_000_000
	})
	tests := map[string]transcoder.Order{
		"batch.args":       {Asset: film, Renditions: film.Ladder.Renditions, From: 0, To: film.Grid.Segments(), Class: queue.Backlog},
		"jit480.args":      {Asset: film, Renditions: named(t, film, "480p"), From: 5, To: 7, Class: queue.JIT},
		"jitsound.args":    {Asset: film, Renditions: named(t, film, "English"), From: 5, To: 7, Class: queue.JIT},
		"jitramp.args":     {Asset: film, Renditions: named(t, film, "480p"), From: 1, To: 5, Class: queue.JIT},
		"interlaced.args":  {Asset: plan(t, interlaced), From: 5, To: 7, Class: queue.JIT},
		"hdr.args":         {Asset: plan(t, hdr), From: 0, To: 2, Class: queue.New},
		"late.args":        {Asset: plan(t, late), From: 0, To: 1, Class: queue.JIT},
		"joined.args":      {Asset: dvr, Renditions: sound, From: 0, To: dvr.Grid.Segments(), Class: queue.Backlog},
		"joinedpart.args":  {Asset: dvr, Renditions: sound[:1], From: 7, To: 8, Class: queue.JIT},
		"joinedsound.args": {Asset: dvr, Renditions: sound[1:], From: 4, To: 6, Class: queue.JIT},
		"firstrecipe.args": {Asset: before, Renditions: named(t, before, "English"), From: 5, To: 7, Class: queue.JIT},
		"unlabelled.args":  {Asset: unlabelled, Renditions: named(t, unlabelled, "480p"), From: 5, To: 7, Class: queue.JIT},
		"unmapped.args":    {Asset: unmapped, Renditions: named(t, unmapped, "480p"), From: 0, To: 2, Class: queue.New},
		"lead.args":        {Asset: beside, Renditions: named(t, beside, "480p"), From: 1, To: 2, Class: queue.JIT},
		"tail.args":        {Asset: beside, Renditions: named(t, beside, "480p"), From: 11, To: 12, Class: queue.JIT},
		"careful.args":     {Asset: film, Renditions: named(t, film, "480p"), From: 5, To: 7, Class: queue.JIT, Careful: true},
	}
	preset, _ := PresetNamed("veryfast")
	for name, o := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if o.Renditions == nil {
				o.Renditions = named(t, o.Asset, "480p")
			}
			o.Path = `/films/a "film" 100%d.mkv`
			args, err := encodeArgs(o, preset, input{url: inputURL(o.Path)}, candidate{})
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, args)
			again, err := encodeArgs(o, preset, input{url: inputURL(o.Path)}, candidate{})
			if diff := cmp.Diff(args, again); diff != "" || err != nil {
				t.Errorf("built twice, differs: %v\n%s", err, diff)
			}
		})
	}
}

// joinedTwice makes a film of recordings of 15 s and 20 s, the second without French.
func joinedTwice(p *media.Probe) {
	p.Format, p.StartUS, p.Video[0].StartUS = "mpegts", 1_400_000, 1_421_000
	for _, seconds := range []int64{15, 20} {
		r := media.Recording{Offset: int64(len(p.Recordings)) * 1880, Size: 1880, Probe: *p}
		r.Probe.Recordings, r.Probe.DurationUS = nil, seconds*1_001_000+21_000
		r.Probe.Audio = p.Audio[:2-len(p.Recordings)]
		p.Recordings = append(p.Recordings, r)
	}
}

func TestKeyFramesStandOnEveryBoundary(t *testing.T) {
	t.Parallel()
	g := plan(t).Grid
	tests := map[[2]int]string{
		{0, 8}: "expr:eq(n,0)+eq(n,24)+eq(n,48)+gte(n,96)*eq(mod(n-96,96),0)",
		{0, 1}: "expr:eq(n,0)+gte(n,96)*eq(mod(n-96,96),0)",
		{2, 8}: "expr:eq(n,0)+gte(n,48)*eq(mod(n-48,96),0)",
		{3, 8}: "expr:eq(mod(n,96),0)",
		{6, 7}: "expr:eq(mod(n,96),0)",
	}
	for run, want := range tests {
		if got := keyFrames(g, run[0], run[1]); got != want {
			t.Errorf("segments %v: %s, want %s", run, got, want)
		}
	}
}

// A path is the only foreign text in the arguments: it stands there once, whole, and nothing else changes with it.
func TestEncodeArgsHoldThePathOnce(t *testing.T) {
	t.Parallel()
	a := plan(t)
	preset, _ := PresetNamed("veryfast")
	build := func(path string) []string {
		args, err := encodeArgs(
			transcoder.Order{Path: path, Asset: a, Renditions: a.Ladder.Renditions, From: 3, To: 5}, preset,
			input{url: inputURL(path)}, candidate{},
		)
		if err != nil {
			t.Fatal(err)
		}
		return args
	}
	plain := strings.Join(build("/x"), "\x00")
	paths := []string{
		"/-i", "/%05d.mkv", "/a'b\"c", "/new\nline", "/bad\xff\xfeutf8", "/concat:a|b", "/[0:v]null;", "/$(reboot)",
		"/http://x",
	}
	for n := range 200 { // ffmpeg-go takes nodes for equal whose hashes agree, and the path is in every hash
		paths = append(paths, fmt.Sprintf("/films/%d.mkv", n))
	}
	for _, path := range paths {
		got := strings.Join(build(path), "\x00")
		if want := strings.Replace(plain, "\x00file:/x\x00", "\x00file:"+path+"\x00", 1); got != want {
			t.Errorf(
				"path %q changes the arguments (-want +got):\n%s", path,
				cmp.Diff(strings.Split(want, "\x00"), strings.Split(got, "\x00")),
			)
		}
	}
}

func TestPresets(t *testing.T) {
	t.Parallel()
	for cores, want := range map[int]string{0: "veryfast", 2: "veryfast", 4: "veryfast", 6: "fast", 8: "medium", 64: "medium"} {
		if got := PresetFor(cores).Name; got != want {
			t.Errorf("%d cores: %s, want %s", cores, got, want)
		}
	}
	if _, ok := PresetNamed("ultrafast"); ok {
		t.Error("ultrafast is not pinned and yet a preset")
	}
}
