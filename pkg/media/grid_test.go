package media_test

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
)

// film is ten full segments and a rest at 24000/1001 frames/s.
func film() media.Grid {
	g := media.Grid{Rate: media.Ratio{Num: 24000, Den: 1001}, Full: 96}
	for n := 0; n <= 960; n += 96 {
		g.Frames = append(g.Frames, n)
		g.Audio = append(g.Audio, (n*1001*2+1023)/1024)
	}
	g.Frames = append(g.Frames, 1000)
	g.Audio = append(g.Audio, (1000*1001*2+1023)/1024)
	return g
}

func TestTicksOfAFrameAreWhole(t *testing.T) {
	t.Parallel()
	for rate, want := range map[media.Ratio][2]int{
		{Num: 24000, Den: 1001}: {24000, 1001},
		{Num: 30000, Den: 1001}: {30000, 1001},
		{Num: 25, Den: 1}:       {25000, 1000},
		{Num: 60, Den: 1}:       {60000, 1000},
	} {
		g := media.Grid{Rate: rate}
		if got := [2]int{g.Timescale(), g.FrameTicks()}; got != want {
			t.Errorf("%s: timescale and ticks are %v, want %v", rate, got, want)
		}
		seconds := big.NewRat(int64(g.FrameTicks()), int64(g.Timescale()))
		if seconds.Cmp(g.FrameTime(1)) != 0 {
			t.Errorf("%s: a frame lasts %s s in ticks and %s s in time", rate, seconds, g.FrameTime(1))
		}
	}
}

func TestBoundariesInMillisecondsDoNotDrift(t *testing.T) {
	t.Parallel()
	g := film()
	want := []int64{0, 4004, 8008, 12012, 16016, 20020, 24024, 28028, 32032, 36036, 40040, 41708}
	if diff := cmp.Diff(want, g.VideoMS()); diff != "" {
		t.Error(diff)
	}
	for n, ms := range g.AudioMS() {
		exact := float64(g.Audio[n]) * media.AACFrame * 1000 / media.AudioRate
		if off := float64(ms) - exact; off < -0.5 || off > 0.5 {
			t.Errorf("audio boundary %d is %d ms, exactly %.3f", n, ms, exact)
		}
	}
	if g.DurationMS() != 41708 || g.Segments() != 11 || g.Total() != 1000 {
		t.Errorf("%d ms, %d segments, %d frames", g.DurationMS(), g.Segments(), g.Total())
	}
}

func TestSegmentAtStaysInsideTheGrid(t *testing.T) {
	t.Parallel()
	for ms, want := range map[int64]int{-5: 0, 0: 0, 4003: 0, 4004: 1, 40039: 9, 40040: 10, 41707: 10, 41708: 10, 1 << 40: 10} {
		if got := film().SegmentAt(ms); got != want {
			t.Errorf("segment at %d ms is %d, want %d", ms, got, want)
		}
	}
	if got := (media.Grid{}).SegmentAt(10); got != 0 {
		t.Errorf("segment of an empty grid is %d", got)
	}
}

func TestSegmentNames(t *testing.T) {
	t.Parallel()
	for n, name := range map[int]string{0: "00000.m4s", 42: "00042.m4s", 123456: "123456.m4s"} {
		if got := media.SegmentName(n); got != name {
			t.Errorf("segment %d is called %q, want %q", n, got, name)
		}
		if got, ok := media.ParseSegmentName(name); !ok || got != n {
			t.Errorf("%q is segment %d, %t", name, got, ok)
		}
	}
	for _, name := range []string{"", "42.m4s", "-0001.m4s", "+0001.m4s", "000042.m4s", "00042.mp4", "00042.m4s ", "0004x.m4s", ".m4s", "99999999999999999999.m4s"} {
		if n, ok := media.ParseSegmentName(name); ok {
			t.Errorf("%q is taken for segment %d", name, n)
		}
	}
}

func TestPictureIsNoCover(t *testing.T) {
	t.Parallel()
	p := media.Probe{Video: []media.VideoTrack{{Index: 0, AttachedPicture: true}, {Index: 3}}}
	if v, ok := p.Picture(); !ok || v.Index != 3 {
		t.Errorf("the picture is stream %d, %t", v.Index, ok)
	}
	p.Video = p.Video[:1]
	if _, ok := p.Picture(); ok {
		t.Error("a cover is taken for the picture")
	}
}

func TestLadderByKind(t *testing.T) {
	t.Parallel()
	l := media.Ladder{
		Renditions: []media.Rendition{
			{ID: "v1", Kind: media.Video}, {ID: "a1", Kind: media.Audio}, {ID: "v2", Kind: media.Video},
		},
	}
	if v, a := l.Videos(), l.Audios(); len(v) != 2 || v[1].ID != "v2" || len(a) != 1 || a[0].ID != "a1" {
		t.Errorf("videos %v, audios %v", v, a)
	}
	if r, ok := l.Find("a1"); !ok || r.Kind != media.Audio {
		t.Errorf("a1 is %v, %t", r, ok)
	}
	if _, ok := l.Find("a2"); ok {
		t.Error("a2 is found")
	}
}
