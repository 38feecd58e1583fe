package ffmpeg_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"movify/pkg/header"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// damagedFiles are copies of clips of three seconds and 75 frames with the last four tenths missing, or empty.
func damagedFiles(t *testing.T) map[string]struct {
	path string
	want media.Damage
} {
	t.Helper()
	missing := func(b []byte) []byte { return b[:len(b)*6/10] }
	zeros := func(b []byte) []byte {
		clear(b[len(b)*6/10:])
		return b
	}
	noise := func(b []byte) []byte {
		random := rand.New(rand.NewPCG(1, 2))
		for n := len(b) * 6 / 10; n < len(b); n++ {
			b[n] = byte(random.Uint32())
		}
		return b
	}
	groups := []string{"-g", "12"}
	mkv, mp4 := small(t, "groups.mkv", groups...), small(t, "groups.mp4", append(groups, "-movflags", "+faststart")...)
	fragments := small(t, "groups-fragments.mp4", append(groups, "-movflags", "+frag_keyframe+empty_moov")...)
	avi, ts := small(t, "groups.avi", append(groups, "-c:v", "mpeg4", "-c:a", "mp3")...), small(t, "groups.ts", groups...)
	type file = struct {
		path string
		want media.Damage
	}
	return map[string]file{
		"cut Matroska":    {changed(t, mkv, "cut.mkv", missing), media.Cut},
		"cut MP4":         {changed(t, mp4, "cut.mp4", missing), media.Cut},
		"cut fragments":   {changed(t, fragments, "cut-fragments.mp4", missing), media.Cut},
		"cut AVI":         {changed(t, avi, "cut.avi", missing), media.Cut},
		"cut TS":          {changed(t, ts, "cut.ts", missing), ""}, // it does not say how long it is
		"zeros, Matroska": {changed(t, mkv, "zeros.mkv", zeros), media.Unreadable},
		"zeros, MP4":      {changed(t, mp4, "zeros.mp4", zeros), media.Unreadable},
		"zeros, AVI":      {changed(t, avi, "zeros.avi", zeros), media.Unreadable},
		"zeros, TS":       {changed(t, ts, "zeros.ts", zeros), media.Unreadable},
		"noise, MP4":      {changed(t, mp4, "noise.mp4", noise), media.Unreadable},
		"noise, Matroska": {changed(t, mkv, "noise.mkv", noise), media.Unreadable},
		"one byte less":   {changed(t, mkv, "one.mkv", func(b []byte) []byte { return b[:len(b)-1] }), media.Cut},
	}
}

// What is there of a damaged file becomes a ladder that ends with it.
func TestDamagedFilesPlayToTheirEnd(t *testing.T) {
	t.Parallel()
	for name, file := range testkit.Rows(damagedFiles(t)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, file.path, "feed")
			quick, err := header.NewProber(ffmpeg.NewProber(testkit.Need(t, "ffprobe"))).Probe(t.Context(), file.path)
			wantQuick := file.want
			if name == "noise, MP4" || name == "noise, Matroska" {
				wantQuick = "" // only reading the packets tells
			}
			if err != nil || quick.Damage != wantQuick || src.Probe.Damage != file.want {
				t.Errorf("damage %q and %q, want %q: %v", src.Probe.Damage, quick.Damage, file.want, err)
			}
			a, store := convertTo(t, src, lowest(), encoder(t))
			var all [][]byte
			for n := range a.Grid.Segments() {
				all = append(all, frames(t, stored(t, store, a, a.Ladder.Videos()[0].ID, n))...)
			}
			if len(all) != a.Grid.Total() {
				t.Errorf("%d frames, the grid has %d", len(all), a.Grid.Total())
			}
			least, most := 33, 62 // six tenths of the bytes; a group may be lost
			if name == "one byte less" {
				least, most = 72, 76
			}
			if got := a.Grid.Total(); got < least || got > most {
				t.Errorf("%d frames play, want %d to %d", got, least, most)
			}
			if held := stillAtEnd(all); held > 13 {
				t.Errorf("the last %d frames are one picture", held)
			}
		})
	}
}

// stillAtEnd counts the frames at the end that do not differ.
func stillAtEnd(frames [][]byte) int {
	n := 1
	for n < len(frames) && slices.Equal(frames[len(frames)-1], frames[len(frames)-1-n]) {
		n++
	}
	return n
}

// A film that stops being readable before its end, which no header and no packet tells, is a fault of the file.
func TestAFilmThatEndsTooEarlyIsTheFilesFault(t *testing.T) {
	t.Parallel()
	src := source(t, small(t, "plain.mkv"), "feed")
	src.Probe.DurationUS, src.Probe.Video[0].DurationUS = 60_000_000, 60_000_000
	_, _, err := transcoder.Convert(t.Context(), convertOptions(t, src, lowest()))
	if !errors.Is(err, transcoder.ErrDamaged) {
		t.Errorf("error is %v, want %v", err, transcoder.ErrDamaged)
	}
}
