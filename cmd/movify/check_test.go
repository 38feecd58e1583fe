package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/hlscheck"
	"movify/pkg/testkit"
)

// The film of these tests: a tone that goes on and off without a rhythm, silent from 5 s to 5.4 s.
const (
	checkPicture = "testsrc2=s=160x120:r=25:d=8"
	checkSound   = "aevalsrc=0.4*sin(1200*PI*t)*not(between(t\\,5\\,5.4))*" +
		"(0.02+0.98*gt(sin(2*PI*t*(1+t/3)+3*sin(2.3*t))\\,0)):s=48000:d=8"
)

var labelled = []string{"-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"}

func checkFilm(t *testing.T, name string, more ...string) string {
	t.Helper()
	args := []string{
		"-f", "lavfi", "-i", checkPicture, "-f", "lavfi", "-i", checkSound,
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
	}
	return testkit.Clip(t, name, append(append(args, labelled...), more...)...)
}

// ladder makes an asset of one small rung of a film with ffmpeg, through a filter for the picture and one for the sound.
func ladder(t *testing.T, film, picture, sound string, colors []string) string {
	t.Helper()
	dir := t.TempDir()
	hls := func(kind string, args ...string) {
		if err := os.Mkdir(filepath.Join(dir, kind), 0o755); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"-v", "error", "-nostdin", "-i", film}, args...)
		cmd := exec.Command(testkit.Need(t, "ffmpeg"), append(args, "-f", "hls", "-hls_time", "2",
			"-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-hls_segment_filename", "%05d.m4s", "media.m3u8")...)
		cmd.Dir = filepath.Join(dir, kind)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("make %s: %v\n%s", kind, err, out)
		}
	}
	hls("v", append([]string{
		"-map", "0:v", "-vf", picture, "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-sc_threshold", "0",
		"-pix_fmt", "yuv420p",
	}, colors...)...)
	// This muxer leaves the encoder's first 1024 samples, which are not of the film, in front.
	sound += ",atrim=start_sample=1024,asetpts=PTS-STARTPTS"
	hls("a", "-map", "0:a", "-af", sound, "-c:a", "aac")
	text := "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n" +
		`#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="A",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="1",URI="a/media.m3u8"` + "\n" +
		`#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.42C00B,mp4a.40.2",RESOLUTION=160x120,AUDIO="a"` + "\nv/media.m3u8\n"
	if err := os.WriteFile(filepath.Join(dir, "multivariant.m3u8"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Assets that are wrong on purpose, each made by ffmpeg alone, and exactly what a comparison with the source finds.
func TestCheckComparesAnAssetWithItsSource(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		film           []string
		picture, sound string
		colors         []string
		want           []string
	}{
		"right": {},
		"sound late from 2": {
			sound: "asplit[x][y];[x]atrim=0:2[p];[y]atrim=2,asetpts=PTS-STARTPTS,adelay=85[q];[p][q]concat=v=0:a=1",
			want: []string{
				"sound-shift a/media.m3u8 2.1: from 2.08 s on the sound is 85 ms later than before",
				"av-offset a/media.m3u8 8.1: at the end the sound is 85 ms late against the picture",
			},
		},
		"sound late": {
			sound: "adelay=85",
			want: []string{
				"av-offset a/media.m3u8 0.1: at the start the sound is 85 ms late against the picture",
			},
		},
		"sound early": {
			sound: "atrim=0.1,asetpts=PTS-STARTPTS",
			want: []string{
				"av-offset a/media.m3u8 0: at the start the sound is 100 ms early against the picture",
			},
		},
		"hole": {
			sound: "volume=0:enable='between(t,3,3.3)'",
			want: []string{
				"sound-hole a/media.m3u8 3: silence from 3.02 s to 3.31 s, where the source has sound",
			},
		},
		"overlap": {
			sound: "asplit[x][y];[y]atrim=0:0.3,adelay=5050[q];[x][q]amix=duration=first:normalize=0",
			want: []string{
				"sound-extra a/media.m3u8 5.1: sound from 5.05 s to 5.35 s, where the source has silence",
			},
		},
		"cut": {
			picture: "trim=0:7",
			sound:   "atrim=0:7",
			want: []string{
				"picture-end v/media.m3u8 7: the picture ends at 7.00 s, 1.00 s (25 frames) before the source's",
				"sound-end a/media.m3u8 7: the sound ends at 7.00 s, 0.99 s before the source's",
			},
		},
		"sound cut": {
			sound: "atrim=0:7",
			want: []string{
				"sound-end a/media.m3u8 7: the sound ends at 7.00 s, 0.99 s before the source's",
			},
		},
		"frozen tail": {
			picture: "trim=0:7,tpad=stop_duration=1:stop_mode=clone",
			want: []string{
				"picture-frozen v/media.m3u8 7: the picture stands still from 7.00 s to 7.90 s, the source's moves",
			},
		},
		"goes on": {
			picture: "tpad=stop_duration=1:stop_mode=clone",
			sound:   "apad=pad_dur=1",
			want: []string{
				"picture-end v/media.m3u8 8: the picture goes on for 1.00 s (25 frames) behind the end of the source",
				"sound-end a/media.m3u8 8: the sound goes on for 1.00 s behind the end of the source",
			},
		},
		"picture late": {
			picture: "split[x][y];[x]trim=0:4,tpad=stop_duration=0.2:stop_mode=clone[p];[y]trim=4:7.8,setpts=PTS-STARTPTS[q];[p][q]concat",
			want: []string{
				"picture-shift v/media.m3u8 3.5: from about 4 s on the picture is 200 ms later than before",
				"av-offset a/media.m3u8 8: at the end the sound is 200 ms early against the picture",
			},
		},
		"unlabelled": {
			colors: []string{"-bsf:v", "h264_metadata=colour_primaries=2:transfer_characteristics=2:matrix_coefficients=2"},
			want: []string{
				"color-labels v/media.m3u8 -: does not say its colour primaries, transfer characteristics, matrix coefficients",
			},
		},
		"combed": {
			film: []string{"-vf", "tinterlace=interleave_top,setfield=tff", "-flags", "+ilme+ildct", "-r", "25"},
			want: []string{
				"combing v/media.m3u8 -: 198 of 199 pictures that were looked at show two fields at once; the source is interlaced",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			film := checkFilm(t, "film.mp4", c.film...)
			if c.picture == "" {
				c.picture = "null"
			}
			if c.sound == "" {
				c.sound = "anull"
			}
			if c.colors == nil {
				c.colors = labelled
			}
			dir := ladder(t, film, c.picture, c.sound, c.colors)
			code, out, errs := do(t, "", nil, "check", dir, "--source", film, "--json")
			var got struct{ Findings []hlscheck.Finding }
			if err := json.Unmarshal([]byte(out), &got); err != nil {
				t.Fatalf("%v: %s%s", err, out, errs)
			}
			var lines []string
			for _, f := range got.Findings {
				if f.Rule.Section() != "" {
					continue // of a rule for streams: this muxer keeps other rules
				}
				at := "-"
				if f.Seconds != nil {
					at = fmt.Sprint(*f.Seconds)
				}
				lines = append(lines, fmt.Sprintf("%s %s %s: %s", f.Rule, f.Where, at, f.What))
			}
			if diff := cmp.Diff(c.want, lines); diff != "" {
				t.Errorf("exit %d (-want +got):\n%s", code, diff)
			}
		})
	}
}

// The command's output for assets that Movify made: of the film itself, and of another that is a second shorter and whose
// sound has a hole.
func TestCheckSourceOutput(t *testing.T) {
	t.Parallel()
	film := checkFilm(t, "film.mp4")
	other := testkit.Clip(t, "other.mp4", "-i", film, "-vf", "trim=0:7", "-af", "volume=0:enable='between(t,3,3.3)',atrim=0:7",
		"-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
	made := func(from string) string {
		dir := filepath.Join(t.TempDir(), "ladder")
		if code, out, errs := do(t, "", nil, "transcode", from, "--out", dir); code != 0 {
			t.Fatalf("exit %d: %s%s", code, out, errs)
		}
		return dir
	}
	right, wrong := made(film), made(other)
	for name, args := range map[string][]string{
		"check-source":            {"check", right, "--source", film},
		"check-source-wrong":      {"check", wrong, "--source", film},
		"check-source-wrong-json": {"check", wrong, "--source", film, "--json"},
		"check-source-missing":    {"check", right, "--source", "/does/not/exist.mkv"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, errs := do(t, "", nil, args...)
			text := fmt.Sprintf("$ movify %s\n%s--- stderr\n%s--- exit %d\n", strings.Join(args, " "), out, errs, code)
			text = strings.NewReplacer(right, "LADDER", wrong, "LADDER", film, "FILM").Replace(text)
			text = bitRates.ReplaceAllString(recipes.ReplaceAllString(text, "$1"), "$1…")
			golden(t, name, text)
		})
	}
}

// What the output says that is not the comparison's: recipes are ends of names of renditions, bitRates are numbers that differ
// between machines, because the encoder's preset does.
var (
	recipes  = regexp.MustCompile(`\b(v120p|a1)-[0-9a-f]{6}`)
	bitRates = regexp.MustCompile(`(\d+ frames, [0-9:]+, |"(?:bytes|peak|average)": )\d+`)
)
