package facade

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/pkg/media"
)

func TestFileInWords(t *testing.T) {
	t.Parallel()
	f := library.File{Path: "/films/Heat \xff.mkv", Size: 12, Probe: media.Probe{
		Format: "matroska,webm", Damage: media.Cut,
		Video: []media.VideoTrack{{Codec: "hevc", Width: 1920, Height: 800, FrameRate: media.Ratio{Num: 24000, Den: 1001}}},
		Audio: []media.AudioTrack{{Index: 1, Codec: "eac3", Layout: "5.1(side)"}, {Index: 2, Codec: "pcm_s16le", Layout: "mono", Language: "fre"}},
	}}
	ladder := media.Ladder{Renditions: []media.Rendition{{Kind: media.Audio, Stream: 1, Name: "English"}}}
	got := fileOf(f, media.Asset{Ladder: ladder})
	want := &api.TitleFile{
		Name: naming.Display("Heat \xff.mkv"), Path: naming.Display("/films/Heat \xff.mkv"), Size: 12, Container: "Matroska",
		Damage: "cut",
		Video:  "HEVC 1920×800 23.976", Audio: []string{"English Dolby Digital Plus 5.1", "fre PCM_S16LE mono"},
		AudioLeftOut: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := fileOf(f, media.Asset{Probe: media.Probe{Damage: media.Unreadable}}); got.AudioLeftOut != 0 || got.Damage != "unreadable" {
		t.Errorf("of a file that has no ladder %d tracks are left out of it, damage %q", got.AudioLeftOut, got.Damage)
	}
}

func TestADiscIsNamedByItsKind(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/Heat/VIDEO_TS/VTS_01_0.IFO": "DVD", "/Heat/BDMV/PLAYLIST/00800.mpls": "Blu-ray", "/Heat/VIDEO_TS/VTS_01_1.VOB": "CONCAT",
	} {
		if got := fileOf(library.File{Path: path, Probe: media.Probe{Format: "concat"}}, media.Asset{}).Container; got != want {
			t.Errorf("%s is a %s, want %s", path, got, want)
		}
	}
}

func TestNotesOnAFile(t *testing.T) {
	t.Parallel()
	f := library.File{Probe: media.Probe{OrderedChapters: true, Video: []media.VideoTrack{{Stereo: true}}, Audio: []media.AudioTrack{
		{Index: 1, Codec: "aac"}, {Index: 2, Codec: "unknown", Undecodable: true}, {Index: 3, Codec: "ac4", Undecodable: true},
		{Index: 4, Codec: "aac", Disabled: true},
	}}}
	ladder := media.Ladder{Renditions: []media.Rendition{{Kind: media.Audio, Stream: 1, Name: "English"}}}
	got := fileOf(f, media.Asset{Ladder: ladder})
	want := []string{"audio-undecodable", "audio-disabled", "ordered-chapters", "stereo"}
	if diff := cmp.Diff(want, got.Notes); diff != "" || got.AudioLeftOut != 3 {
		t.Errorf("%d are left out; notes (-want +got):\n%s", got.AudioLeftOut, diff)
	}
	if got := fileOf(library.File{}, media.Asset{Ladder: ladder}).Notes; got != nil {
		t.Errorf("notes on a plain file are %q", got)
	}
	old := library.File{Probe: media.Probe{Quick: true, Audio: []media.AudioTrack{{Index: 1}}}}
	if got := fileOf(old, media.Asset{Probe: media.Probe{OrderedChapters: true, Video: []media.VideoTrack{{}}}}).Notes; len(got) != 1 {
		t.Errorf("notes on a file that was planned are %q", got)
	}
}

func TestColorBeforeAPictureIsDarkAndSteady(t *testing.T) {
	t.Parallel()
	card := library.Card{Title: library.Title{Name: "Heat"}}
	first := colorOf(card)
	if !regexp.MustCompile(`^#[2-6][0-9a-f][2-6][0-9a-f][2-6][0-9a-f]$`).MatchString(first) || colorOf(card) != first {
		t.Errorf("got %s, then %s", first, colorOf(card))
	}
	card.File.Color = "#123456"
	if got := colorOf(card); got != "#123456" {
		t.Errorf("its picture's colour: got %s", got)
	}
}

func TestAssetOfJobKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]id.Asset{"abc-1": "abc-1", "abc-1_v720p-1_7": "abc-1"} {
		if got := assetOf(key); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
}

func TestPercentIsWholeOnlyWhenAllIsThere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ part, whole, want int }{{0, 0, 0}, {0, 7, 0}, {999, 1000, 99}, {1000, 1000, 100}} {
		if got := percent(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: got %d, want %d", c.part, c.whole, got, c.want)
		}
	}
}

func TestFullName(t *testing.T) {
	t.Parallel()
	movie := library.Card{Title: library.Title{Kind: library.Movie, Name: "Heat"}}
	episode := library.Card{Title: library.Title{Kind: library.Episode, Name: "Thirty", Season: 1, Episode: 2}, SeriesName: "Rule Book"}
	if diff := cmp.Diff([]string{"Heat", "Rule Book S01E02 Thirty"}, []string{fullName(movie), fullName(episode)}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPortraitsAreAskedForByHTTPSOnly(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://example.org/a.jpg": "https://example.org/a.jpg", "http://example.org/a.jpg": "", "": "", "javascript:alert(1)": "",
	} {
		if got := portrait(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
