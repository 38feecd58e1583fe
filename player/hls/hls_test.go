package hls

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/id"
	"movify/pkg/media"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// film is 15 s at 23.976 fps with the bootstrap ramp, three rungs and three audio tracks.
func film() media.Asset {
	frames := []int{0, 24, 48, 96, 192, 288, 360}
	audio := make([]int, len(frames))
	for i, f := range frames {
		samples := f * 1001 * media.AudioRate / 24000
		audio[i] = (samples + media.AACFrame - 1) / media.AACFrame
	}
	return media.Asset{
		ID:     "asset",
		Prefix: "assets/asset/",
		Grid:   media.Grid{Rate: media.Ratio{Num: 24000, Den: 1001}, Full: 96, Frames: frames, Audio: audio},
		Ladder: media.Ladder{Renditions: []media.Rendition{
			{ID: "v1080", Kind: media.Video, Name: "1080p", Codecs: "avc1.640028", MaxRate: 6_000_000, Width: 1920, Height: 1080},
			{ID: "v720", Kind: media.Video, Name: "720p", Codecs: "avc1.64001f", MaxRate: 3_000_000, Width: 1280, Height: 720},
			{ID: "v480", Kind: media.Video, Name: "480p", Codecs: "avc1.64001f", MaxRate: 1_400_000, Width: 854, Height: 480},
			{ID: "a1", Kind: media.Audio, Name: "English", Codecs: "mp4a.40.2", MaxRate: 160_000, Channels: 2, Language: "en"},
			{ID: "a2", Kind: media.Audio, Name: "English", Codecs: "mp4a.40.2", MaxRate: 384_000, Channels: 6, Language: "en", Default: true},
			{ID: "a3", Kind: media.Audio, Name: "Français (Québec)", Codecs: "mp4a.40.2", MaxRate: 160_000, Channels: 2, Language: "fr-CA"},
		}},
	}
}

func TestMultivariantGolden(t *testing.T) {
	t.Parallel()
	silent := film()
	silent.Ladder.Renditions = silent.Ladder.Renditions[:2]
	roles := film()
	roles.Ladder.Renditions = roles.Ladder.Videos()[2:]
	for n, r := range []media.Rendition{
		{Name: "Commentary", Language: "en", Commentary: true},
		{Name: "English", Language: "en", Default: true},
		{Name: "English, audio description", Language: "en", VisualImpaired: true},
		{Name: "English, described again", Language: "en", VisualImpaired: true},
		{Name: "Français, description", Language: "fr", VisualImpaired: true},
		{Name: "Deutsch, Kommentar", Language: "de", Commentary: true},
		{Name: "Deutsch", Language: "de"},
	} {
		r.ID, r.Kind, r.Codecs, r.MaxRate, r.Channels = id.Rendition(fmt.Sprintf("r%d", n)), media.Audio, "mp4a.40.2", 160_000, 2
		roles.Ladder.Renditions = append(roles.Ladder.Renditions, r)
	}
	hostile := film()
	hostile.Ladder.Renditions = append(
		hostile.Ladder.Videos()[2:],
		media.Rendition{
			ID: "h1", Kind: media.Audio, Name: "a\"\n#EXT-X-ENDLIST\r\n\x00\ufeff\xff",
			Codecs: "mp4a.40.2", MaxRate: 160_000, Channels: 2, Language: "und",
		},
		media.Rendition{
			ID: "h2", Kind: media.Audio, Name: "\x01\x02", Codecs: "mp4a.40.2", MaxRate: 160_000,
			Channels: 1, Language: "e\"n",
		},
		media.Rendition{
			ID: "h3", Kind: media.Audio, Name: "Audio 2", Codecs: "mp4a.40.2", MaxRate: 160_000,
			Channels: 1, Language: "de",
		},
	)
	part := map[id.Rendition]media.Measure{
		"v1080": {Segments: 2, Bytes: 100, Peak: 9_000_000, Average: 5_000_000}, // denser than declared
		"v720":  {Segments: 1, Bytes: 100, Peak: 1_000_000, Average: 900_000},
	}
	done := map[id.Rendition]media.Measure{
		"v1080": {Segments: 6, Complete: true, Peak: 6_300_000, Average: 4_100_000},
		"v720":  {Segments: 6, Complete: true, Peak: 3_100_000, Average: 2_000_000},
		"v480":  {Segments: 6, Complete: true, Peak: 1_450_000, Average: 1_000_000},
		"a1":    {Segments: 6, Complete: true, Peak: 170_000, Average: 161_000},
		"a2":    {Segments: 6, Complete: true, Peak: 390_000, Average: 380_000},
		"a3":    {Segments: 6, Complete: true, Peak: 165_000, Average: 150_000},
	}
	for _, c := range []struct {
		file    string
		asset   media.Asset
		measure map[id.Rendition]media.Measure
		start   id.Rendition
	}{
		{"fresh.m3u8", film(), nil, "v480"},
		{"partial.m3u8", film(), part, "v720"},
		{"complete.m3u8", film(), done, "v1080"},
		{"silent.m3u8", silent, nil, "unknown"},
		{"roles.m3u8", roles, nil, "unknown"},
		{"hostile.m3u8", hostile, nil, "v480"},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			got, err := Multivariant(c.asset, c.measure, c.start)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, c.file, got)
		})
	}
}

func TestMediaGolden(t *testing.T) {
	t.Parallel()
	a := film()
	for _, r := range []id.Rendition{"v720", "a1"} {
		found, _ := a.Ladder.Find(r)
		got, err := Media(a, found, nil)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "media-"+string(r)+".m3u8", got)
		p := media.Packing{
			Init: 812, Index: 104, Offsets: []int64{916, 31_000, 62_500, 130_000, 300_000, 470_000, 600_001},
		}
		if got, err = Media(a, found, &p); err != nil {
			t.Fatal(err)
		}
		golden(t, "packed-"+string(r)+".m3u8", got)
	}
}

// A long film at a fractional rate must not drift: the sum of the printed durations stays on the timeline.
func TestMediaDurationsDoNotDrift(t *testing.T) {
	t.Parallel()
	a := film()
	a.Grid.Frames = nil
	a.Grid.Rate = media.Ratio{Num: 60000, Den: 1001}
	for f := 0; f <= 500_000; f += 241 { // an awkward length: 4.0206833… s
		a.Grid.Frames = append(a.Grid.Frames, f)
	}
	durations, err := differences(a.Grid.VideoMS())
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, d := range durations {
		sum += d
	}
	if sum != a.Grid.DurationMS() {
		t.Errorf("durations add up to %d ms, the timeline is %d ms", sum, a.Grid.DurationMS())
	}
	text, err := Media(a, a.Ladder.Renditions[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text, "#EXTINF:4.02"); n != a.Grid.Segments() {
		t.Errorf("%d durations of 4.02x s, want %d", n, a.Grid.Segments())
	}
}

func TestTargetDurationIsSharedByAllRenditions(t *testing.T) {
	t.Parallel()
	a := film()
	a.Grid = media.Grid{Rate: media.Ratio{Num: 25, Den: 1}, Full: 100, Frames: []int{0, 112}, Audio: []int{0, 211}}
	// Video is 4.480 s, which rounds to 4; audio is 4.501 s, which rounds to 5: both must say 5.
	for _, r := range a.Ladder.Renditions {
		text, err := Media(a, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "#EXT-X-TARGETDURATION:5\n") {
			t.Errorf("%s: want target duration 5 in\n%s", r.ID, text)
		}
	}
}

func TestUnplayable(t *testing.T) {
	t.Parallel()
	deaf := film()
	deaf.Ladder.Renditions = deaf.Ladder.Audios()
	if _, err := Multivariant(deaf, nil, ""); !errors.Is(err, ErrUnplayable) {
		t.Errorf("without video: %v", err)
	}
	empty := film()
	empty.Grid.Frames = []int{0}
	if _, err := Media(empty, empty.Ladder.Renditions[0], nil); !errors.Is(err, ErrUnplayable) {
		t.Errorf("without segments: %v", err)
	}
	if _, err := Media(film(), film().Ladder.Renditions[0], &media.Packing{Offsets: []int64{1, 2, 3}}); !errors.Is(
		err, ErrUnplayable,
	) {
		t.Errorf("packed on another grid: %v", err)
	}
	backwards := film()
	backwards.Grid.Frames = []int{0, 48, 24}
	if _, err := Media(backwards, backwards.Ladder.Renditions[0], nil); !errors.Is(err, ErrUnplayable) {
		t.Errorf("backwards: %v", err)
	}
}

func TestConcurrentCallsGiveEqualText(t *testing.T) {
	t.Parallel()
	a := film()
	want, err := Multivariant(a, nil, "v480")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			got, err := Multivariant(a, nil, "v480")
			if err != nil || got != want {
				t.Errorf("another text or error: %v", err)
			}
		})
	}
	wg.Wait()
}

func FuzzNoInjection(f *testing.F) {
	f.Add("English", "en")
	f.Add("a\"\n#EXT-X-ENDLIST", "x\r\ny")
	f.Add("\u2028\u0085", "e,n")
	f.Fuzz(func(t *testing.T, name, lang string) {
		a := film()
		a.Ladder.Renditions = append(a.Ladder.Videos()[:1], media.Rendition{
			ID: "a", Kind: media.Audio, Name: name, Language: lang, Codecs: "mp4a.40.2", MaxRate: 1, Channels: 2})
		text, err := Multivariant(a, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(text, "\n")
		if len(lines) != 7 || strings.Count(lines[3], `"`)%2 != 0 ||
			!strings.HasPrefix(lines[3], "#EXT-X-MEDIA:TYPE=AUDIO") {
			t.Errorf("name %q language %q wrote\n%s", name, lang, text)
		}
	})
}
