package media

import "testing"

func TestProbeIsBounded(t *testing.T) {
	t.Parallel()
	p := Probe{
		Video:     []VideoTrack{{Index: 0}},
		Audio:     make([]AudioTrack, 300),
		Subtitles: make([]SubtitleTrack, 300),
		Chapters:  make([]Chapter, 3000),
	}
	for n := range 300 {
		p.Video = append(p.Video, VideoTrack{Index: n + 1, AttachedPicture: true})
		p.Subtitles[n].Index = n + 301
	}
	p.Video = append(p.Video, VideoTrack{Index: 601})
	got := p.Bounded()
	if len(got.Audio) != 300 || len(got.Subtitles) != 100 || len(got.Chapters) != 1000 || len(got.Video) != 102 {
		t.Errorf("%d audio tracks, %d subtitles, %d chapters, %d pictures", len(got.Audio), len(got.Subtitles),
			len(got.Chapters), len(got.Video))
	}
	if last := got.Subtitles[99].Index; last != 400 {
		t.Errorf("the last subtitle track is stream %d, want 400: the first are kept", last)
	}
	if last := got.Video[len(got.Video)-1].Index; last != 601 {
		t.Errorf("the last picture is stream %d, want 601: films are kept, covers are counted", last)
	}
	if len(p.Video) != 302 || p.Video[101].Index != 101 || p.Video[150].Index != 150 {
		t.Error("the given probe has changed")
	}
}
