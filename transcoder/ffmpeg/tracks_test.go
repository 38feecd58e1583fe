package ffmpeg_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/header"
	mkv "movify/pkg/matroska/matroskatest"
	"movify/pkg/media"
	"movify/pkg/mp4/mp4test"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// Elements of Matroska (RFC 9559 section 5.1).
const (
	flagDefault, flagEnabled, flagForced, flagHearing, flagVisual = 0x88, 0xB9, 0x55AA, 0x55AB, 0x55AC
	flagOriginal, flagCommentary, language, bcp47, codecID        = 0x55AE, 0x55AF, 0x22B59C, 0x22B59D, 0x86
	trackName                                                     = 0x536E
	chapters, edition, hidden, standard, ordered                  = 0x1043A770, 0x45B9, 0x45BD, 0x45DB, 0x45DD
	atom, chapterUID, start, chapterHidden, chapterEnabled        = 0xB6, 0x73C4, 0x91, 0x98, 0x4598
	display, displayText                                          = 0x80, 0x85
)

// rewritten writes a clip's bytes, changed, beside it.
func rewritten(t *testing.T, clip, name string, change func([]byte) []byte) string {
	t.Helper()
	data, err := os.ReadFile(clip)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, change(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// both probes a file in full and from its header; the header's probe is empty when the header is not enough.
func both(t *testing.T, path string) (full, quick media.Probe) {
	t.Helper()
	full, err := ffmpeg.NewProber(testkit.Need(t, "ffprobe")).Probe(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	quick, err = header.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Logf("%s: %v", path, err)
	}
	return full, quick
}

func soundWords(p media.Probe) string {
	var words []string
	for _, a := range p.Audio {
		text := fmt.Sprintf("%d %s", a.Index, a.Language)
		for _, flag := range []struct {
			set  bool
			word string
		}{
			{a.Default, "default"}, {a.Original, "original"}, {a.Commentary, "commentary"},
			{a.VisualImpaired, "visual"}, {a.HearingImpaired, "hearing"}, {a.Disabled, "disabled"}, {a.Undecodable, "undecodable"},
		} {
			if flag.set {
				text += " " + flag.word
			}
		}
		if a.Title != "" {
			text += " (" + a.Title + ")"
		}
		words = append(words, text)
	}
	for _, s := range p.Subtitles {
		text := fmt.Sprintf("s%d %s", s.Index, s.Language)
		if s.HearingImpaired {
			text += " hearing"
		}
		if s.Commentary {
			text += " commentary"
		}
		if s.Title != "" {
			text += " (" + s.Title + ")"
		}
		words = append(words, text)
	}
	return strings.Join(words, ", ")
}

// voices is a clip with so many tracks of sound, and one of subtitles.
func voices(t *testing.T, name string, count int, more ...string) string {
	t.Helper()
	words := filepath.Join(t.TempDir(), "words.srt")
	if err := os.WriteFile(words, []byte("1\n00:00:00,500 --> 00:00:01,000\nHello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := join([]string{"-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=1.6"}, []string{"-f", "lavfi", "-i", "sine=r=48000:d=1.6", "-i", words, "-map", "0:v"})
	for range count {
		args = append(args, "-map", "1:a")
	}
	subtitles := map[bool]string{true: "srt", false: "mov_text"}[strings.HasSuffix(name, ".mkv")]
	return testkit.Clip(t, name, join(args, []string{"-map", "2:s"}, x264, []string{"-c:a", "aac", "-c:s", subtitles}, more)...)
}

func TestTracksAreToldApart(t *testing.T) {
	t.Parallel()
	tracks := func(more map[int][]byte) func([]byte) []byte {
		return func(file []byte) []byte { return mkv.Rewrite(file, more) }
	}
	matroska := voices(t, "voices.mkv", 3, "-metadata:s:a:0", "language=chi", "-metadata:s:a:1", "language=eng")
	mp4 := voices(t, "voices.mp4", 3, "-metadata:s:a:0", "language=chi", "-metadata:s:a:1", "title=Director")
	flag := func(id uint32) []byte { return mkv.Number(id, 1) }
	for name, c := range map[string]struct{ path, want string }{
		"plain": {matroska, "1 chi default, 2 eng, 3 , s4 "},
		"BCP 47": {
			rewritten(t, matroska, "bcp.mkv", tracks(map[int][]byte{1: mkv.Text(bcp47, "yue"), 2: mkv.Text(bcp47, "cmn-Hans"), 4: mkv.Text(bcp47, "pt-BR")})),
			"1 yue default, 2 cmn-Hans, 3 , s4 pt-BR",
		},
		"language und": {
			rewritten(t, matroska, "und.mkv", tracks(map[int][]byte{1: mkv.Text(bcp47, "und")})), "1  default, 2 eng, 3 , s4 ",
		},
		"roles": {
			rewritten(t, matroska, "roles.mkv", tracks(map[int][]byte{
				1: join2(flag(flagOriginal), flag(flagDefault)), 2: flag(flagCommentary), 3: join2(flag(flagVisual), mkv.Text(trackName, "For the blind")),
				4: flag(flagHearing),
			})),
			"1 chi default original, 2 eng commentary, 3  visual (For the blind), s4  hearing",
		},
		"roles of more kinds": {
			rewritten(t, matroska, "more.mkv", tracks(map[int][]byte{2: flag(flagHearing), 3: mkv.Number(flagEnabled, 0), 4: flag(flagCommentary)})),
			"1 chi default, 2 eng hearing, 3  disabled, s4  commentary",
		},
		"titles in MP4": {mp4, "1 chi default, 2 und (Director), 3 und, s4 und"},
		"elng": {
			rewritten(t, mp4, "elng.mp4", func(b []byte) []byte {
				b = mp4test.Insert(b, mp4test.Box("elng", mp4test.Words(0), []byte("zh-Hant\x00")), "moov", "trak 1", "mdia")
				return mp4test.Insert(b, mp4test.Box("elng", mp4test.Words(0), []byte("pt-BR\x00")), "moov", "trak 4", "mdia")
			}),
			"1 zh-Hant default, 2 und (Director), 3 und, s4 pt-BR",
		},
		"kinds and characteristics": {
			rewritten(t, mp4, "kinds.mp4", func(b []byte) []byte {
				b = mp4test.Insert(b, mp4test.Box("udta", mp4test.Box("name", []byte("Erzähler"))), "moov", "trak 1")
				kind := mp4test.Box("kind", mp4test.Words(0), []byte("urn:mpeg:dash:role:2011\x00commentary\x00"))
				b = mp4test.Insert(b, kind, "moov", "trak 2", "udta")
				tag := mp4test.Box("tagc", []byte("public.accessibility.describes-video"))
				b = mp4test.Insert(b, mp4test.Box("udta", tag), "moov", "trak 3")
				sdh := mp4test.Box("tagc", []byte("public.accessibility.transcribes-spoken-dialog"))
				return mp4test.Insert(b, mp4test.Box("udta", sdh), "moov", "trak 4")
			}),
			"1 chi default (Erzähler), 2 und commentary (Director), 3 und visual, s4 und hearing",
		},
	} {
		full, quick := both(t, c.path)
		if got := soundWords(full); got != c.want {
			t.Errorf("%s: ffprobe with the header over it: %s; want %s", name, got, c.want)
		}
		if got := soundWords(quick); got != c.want {
			t.Errorf("%s: the header: %s; want %s", name, got, c.want)
		}
	}
}

func join2(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// A track without a decoder is left out, and the stream indexes of the others are those of the file.
func TestWhatCannotBeDecodedIsLeftOut(t *testing.T) {
	t.Parallel()
	path := voices(t, "unknown.mkv", 3)
	path = rewritten(t, path, "unknown.mkv", func(b []byte) []byte {
		return mkv.Rewrite(b, map[int][]byte{1: mkv.Text(codecID, "A_NEVERHEARD")})
	})
	src := source(t, path, "feed")
	if got := soundWords(src.Probe); got != "1  default undecodable, 2 , 3 , s4 " {
		t.Errorf("tracks are %s", got)
	}
	asset, store := convertTo(t, src, lowest(), encoder(t))
	if audios := asset.Ladder.Audios(); len(audios) != 2 || audios[0].Stream != 2 || audios[1].Stream != 3 || !audios[0].Default {
		t.Fatalf("renditions are %+v", audios)
	}
	for _, r := range asset.Ladder.Audios() {
		decode(t, all(t, store, asset, r.ID), "-f", "null", "-")
	}
	// No film is in it, so its decoder may not be used; ffprobe alone would refuse the whole file.
	barred := testkit.Clip(t, "barred.avi", join([]string{"-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=1.6"}, []string{"-f", "lavfi", "-i", "sine=r=48000:d=1.6",
		"-map", "0", "-map", "1", "-map", "1"}, x264, []string{"-c:a:0", "dfpwm", "-c:a:1", "ac3"})...)
	src = source(t, barred, "feed")
	if asset, _ := convertTo(t, src, lowest(), encoder(t)); soundWords(src.Probe) != "1  undecodable, 2 " ||
		len(asset.Ladder.Audios()) != 1 || asset.Ladder.Audios()[0].Stream != 2 {
		t.Errorf("tracks are %s, renditions %+v", soundWords(src.Probe), asset.Ladder.Audios())
	}
	alone := rewritten(t, voices(t, "alone.mkv", 1), "alone.mkv", func(b []byte) []byte {
		return mkv.Rewrite(b, map[int][]byte{1: mkv.Text(codecID, "A_NEVERHEARD")})
	})
	asset, _ = convertTo(t, source(t, alone, "feed"), lowest(), encoder(t))
	if len(asset.Ladder.Audios()) != 0 {
		t.Errorf("renditions are %+v", asset.Ladder.Audios())
	}
	none := rewritten(t, alone, "none.mkv", func(b []byte) []byte {
		return mkv.Rewrite(b, map[int][]byte{0: mkv.Text(codecID, "V_NEVERSEEN")})
	})
	refused(t, none, ffmpeg.ErrNoDecoder)
}

func TestChaptersOfMatroska(t *testing.T) {
	t.Parallel()
	clip := voices(t, "chapters.mkv", 1)
	uid := uint64(0)
	chapter := func(ms uint64, title string, more ...[]byte) []byte {
		uid++
		return mkv.Element(atom, append(more, mkv.Number(chapterUID, uid), mkv.Number(start, ms*1_000_000),
			mkv.Element(display, mkv.Text(displayText, title)))...)
	}
	for name, c := range map[string]struct {
		editions [][]byte
		want     string
	}{
		"plain":          {[][]byte{mkv.Element(edition, chapter(0, "A"), chapter(500, "B"))}, "A 0-500, B 500-1600"},
		"unsorted":       {[][]byte{mkv.Element(edition, chapter(900, "C"), chapter(100, "A"), chapter(500, "B"))}, "A 100-500, B 500-900, C 900-1600"},
		"the same start": {[][]byte{mkv.Element(edition, chapter(0, "A"), chapter(0, "B"))}, "A 0-0, B 0-1600"},
		"default edition": {[][]byte{
			mkv.Element(edition, chapter(0, "First")),
			mkv.Element(edition, mkv.Number(standard, 1), chapter(300, "Default")),
		}, "Default 300-1600"},
		"hidden edition": {[][]byte{
			mkv.Element(edition, mkv.Number(hidden, 1), mkv.Number(standard, 1), chapter(0, "Hidden")),
			mkv.Element(edition, chapter(300, "Seen")),
		}, "Seen 300-1600"},
		"only a hidden edition": {[][]byte{mkv.Element(edition, mkv.Number(hidden, 1), chapter(0, "Hidden"))}, ""},
		"hidden and disabled": {[][]byte{mkv.Element(edition, chapter(0, "A"), chapter(200, "H", mkv.Number(chapterHidden, 1)),
			chapter(400, "D", mkv.Number(chapterEnabled, 0)), chapter(600, "B"))}, "A 0-600, B 600-1600"},
		"ordered": {[][]byte{mkv.Element(edition, mkv.Number(ordered, 1), chapter(800, "B"), chapter(0, "A"))}, "ordered A 0-800, B 800-1600"},
	} {
		full, quick := both(t, rewritten(t, clip, "c.mkv", func(b []byte) []byte {
			return mkv.Rewrite(b, nil, mkv.Element(chapters, c.editions...))
		}))
		for way, p := range map[string]media.Probe{"ffprobe": full, "header": quick} {
			var words []string
			for _, ch := range p.Chapters {
				words = append(words, fmt.Sprintf("%s %d-%d", ch.Title, ch.StartUS/1000, ch.EndUS/1000))
			}
			got := strings.Join(words, ", ")
			if p.OrderedChapters {
				got = "ordered " + got
			}
			if strings.ReplaceAll(got, "1603", "1600") != c.want && strings.ReplaceAll(got, "1621", "1600") != c.want {
				t.Errorf("%s by %s: %s; want %s", name, way, got, c.want)
			}
		}
	}
}

// films is a clip of several video tracks and a sound, changed as said; the tracks are red, green and blue.
func films(t *testing.T, name string, sources []string, more ...string) string {
	t.Helper()
	var args, maps []string
	for n, s := range sources {
		args = append(args, "-f", "lavfi", "-i", s)
		maps = append(maps, "-map", fmt.Sprintf("%d:v", n))
	}
	args = append(args, "-f", "lavfi", "-i", "sine=r=48000:d=1.6")
	maps = append(maps, "-map", fmt.Sprintf("%d:a", len(sources)))
	return testkit.Clip(t, name, join(args, maps, x264, []string{"-c:a", "aac"}, more)...)
}

func TestWhichVideoTrackIsPlayed(t *testing.T) {
	t.Parallel()
	small, large, long := "testsrc2=s=160x120:r=25:d=1.6", "testsrc2=s=192x144:r=25:d=1.6", "testsrc2=s=160x120:r=25:d=3"
	still := "color=red:s=320x240:r=25:d=0.04"
	flags := func(more map[int][]byte) func([]byte) []byte {
		return func(b []byte) []byte { return mkv.Rewrite(b, more) }
	}
	two := films(t, "two.mkv", []string{small, small}, "-disposition:v:1", "0", "-disposition:v:0", "0")
	for name, c := range map[string]struct {
		path string
		want int
	}{
		"the first":                          {two, 0},
		"the default":                        {films(t, "default.mkv", []string{small, small}, "-disposition:v:0", "0", "-disposition:v:1", "default"), 1},
		"the default is smaller and shorter": {films(t, "smaller.mkv", []string{small, "testsrc2=s=192x144:r=25:d=3"}, "-disposition:v:0", "default", "-disposition:v:1", "0"), 0},
		"the longest":                        {films(t, "longest.mkv", []string{large, long}, "-disposition:v", "0"), 1},
		"the largest":                        {films(t, "largest.mkv", []string{small, large}, "-disposition:v", "0"), 1},
		"the largest, MP4":                   {films(t, "largest.mp4", []string{small, large}, "-disposition:v", "default"), 1},
		"the default, MP4":                   {films(t, "default.mp4", []string{large, small}, "-disposition:v:0", "0", "-disposition:v:1", "default"), 1},
		"a disabled one":                     {rewritten(t, two, "disabled.mkv", flags(map[int][]byte{0: join2(mkv.Number(flagEnabled, 0), mkv.Number(flagDefault, 1))})), 1},
		"one without a decoder":              {rewritten(t, two, "unknown.mkv", flags(map[int][]byte{0: join2(mkv.Text(codecID, "V_NEVERSEEN"), mkv.Number(flagDefault, 1))})), 1},
		"a cover as a track first":           {films(t, "cover.mkv", []string{still, small}, "-c:v:0", "mjpeg", "-pix_fmt:v:0", "yuvj420p", "-disposition:v:0", "default"), 1},
		"a cover as a track first, MP4":      {films(t, "cover.mp4", []string{still, small}, "-c:v:0", "mjpeg", "-pix_fmt:v:0", "yuvj420p", "-disposition:v:0", "default", "-disposition:v:1", "0"), 1},
		"a picture of one frame":             {films(t, "frame.mp4", []string{still, small}, "-disposition:v:0", "default", "-disposition:v:1", "0"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, c.path, "feed")
			if v, ok := src.Probe.Picture(); !ok || v.Index != c.want {
				t.Errorf("track %d is played, want %d: %+v", v.Index, c.want, src.Probe.Video)
			}
			a, err := transcoder.PlanAsset("feed", src.Probe, lowest())
			if err != nil || a.Ladder.Videos()[0].Stream != c.want || a.Ladder.Audios()[0].Stream != 2 {
				t.Errorf("planned is %+v, %v", a.Ladder, err)
			}
			if v, _ := a.Picture(); v.Index != c.want {
				t.Errorf("the asset's picture is track %d", v.Index)
			}
			if _, quick := both(t, c.path); len(quick.Video) > 0 {
				if v, _ := quick.Picture(); v.Index != c.want {
					t.Errorf("by the header alone track %d is played", v.Index)
				}
			}
		})
	}
}
