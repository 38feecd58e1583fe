package original_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder/original"
)

// units are the NAL units of an elementary stream, without their start codes.
type units [][]byte

func unitsOf(t *testing.T, path string) (out units) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range bytes.Split(data, []byte{0, 0, 1}) {
		if u = bytes.TrimRight(u, "\x00"); len(u) > 0 {
			out = append(out, u)
		}
	}
	return out
}

// isSet reports whether a unit is a parameter set.
func isSet(hevc bool, u []byte) bool {
	if hevc {
		kind := u[0] >> 1 & 0x3f
		return kind >= 32 && kind <= 34
	}
	return u[0]&0x1f == 7 || u[0]&0x1f == 8
}

// without leaves out the parameter sets behind the first keep of them.
func (u units) without(hevc bool, keep int) (out units) {
	for _, one := range u {
		if isSet(hevc, one) {
			if keep--; keep < 0 {
				continue
			}
		}
		out = append(out, one)
	}
	return out
}

// part gives the units of n groups from group first on.
func (u units) part(hevc bool, first, n int) (out units) {
	group := -1
	for i, one := range u {
		if isSet(hevc, one) && (i == 0 || !isSet(hevc, u[i-1])) {
			group++
		}
		if group >= first && group < first+n {
			out = append(out, one)
		}
	}
	return out
}

// muxed writes an elementary stream of 25 pictures a second into a container.
func muxed(t *testing.T, name string, u units) string {
	t.Helper()
	dir := t.TempDir()
	var stream []byte
	for _, one := range u {
		stream = append(append(stream, 0, 0, 0, 1), one...)
	}
	raw, out := filepath.Join(dir, "raw"), filepath.Join(dir, name)
	if err := os.WriteFile(raw, stream, 0o600); err != nil {
		t.Fatal(err)
	}
	kind, tag := "h264", "avc1"
	if strings.HasPrefix(name, "hevc") {
		kind, tag = "hevc", "hvc1"
	}
	args := []string{"-v", "error", "-framerate", "25", "-f", kind, "-i", raw, "-c", "copy"}
	if filepath.Ext(name) == ".mp4" {
		args = append(args, "-tag:v", tag)
	}
	if words, err := exec.Command(testkit.Need(t, "ffmpeg"), append(args, out)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, words)
	}
	return out
}

// takes gives two recordings with parameter sets before each key frame, of a picture whose size or coding differs. Each has
// 50 pictures in five groups.
func takes(t *testing.T, hevc bool, size string) (a, b units) {
	t.Helper()
	film := func(name, size string, more ...string) units {
		args := []string{"-f", "lavfi", "-i", "testsrc2=r=25:d=2:s=" + size, "-pix_fmt", "yuv420p", "-preset", "ultrafast"}
		if hevc {
			return unitsOf(t, testkit.Clip(t, name+".hevc", slices.Concat(args, []string{"-c:v", "libx265", "-x265-params",
				"log-level=error:repeat-headers=1:open-gop=0:keyint=10:bframes=0:info=0" + strings.Join(more, "")})...))
		}
		return unitsOf(t, testkit.Clip(t, name+".h264", slices.Concat(args, []string{"-c:v", "libx264", "-x264-params",
			"repeat-headers=1:keyint=10:min-keyint=10:scenecut=0:bframes=0" + strings.Join(more, "")})...))
	}
	if hevc {
		return film("first", "160x96"), film("second-"+size, size, ":ref=3:ctu=32")
	}
	return film("first", "160x96"), film("second-"+size, size, ":cabac=1:ref=3")
}

// hashes are those of the decoded pictures of a file.
func hashes(t *testing.T, path string) []string {
	t.Helper()
	out, err := exec.Command(testkit.Need(t, "ffmpeg"), "-v", "error", "-i", path, "-map", "0:v:0", "-vf", "scale=64:48:flags=neighbor", "-fps_mode",
		"passthrough", "-f", "framehash", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(out)) {
		if fields := strings.Split(line, ","); !strings.HasPrefix(line, "#") && len(fields) == 6 {
			all = append(all, strings.TrimSpace(fields[5]))
		}
	}
	return all
}

// Parameter sets that change inside a film, as in recordings that were joined: the film is decoded from each segment on, or it
// is unfit.
func TestParameterSetsThatChange(t *testing.T) {
	t.Parallel()
	a, b := takes(t, false, "160x96")
	_, large := takes(t, false, "192x112")
	x, y := takes(t, true, "160x96")
	for name, c := range map[string]struct {
		units units
		codec string
		want  error // of opening
	}{
		"same":            {units: a, codec: "avc1."},
		"each":            {units: slices.Concat(a, b), codec: "avc3."},
		"larger":          {units: slices.Concat(a, large), codec: "avc3."},
		"only the second": {units: slices.Concat(a.without(false, 2), b), codec: "avc3."},
		"once":            {units: slices.Concat(a.part(false, 0, 4), b.without(false, 2)), want: original.ErrChanging},
		"once, of two":    {units: slices.Concat(a.part(false, 0, 4).without(false, 2), b.without(false, 2)), want: original.ErrChanging},
		"hevc same":       {units: x, codec: "hvc1."},
		"hevc each":       {units: slices.Concat(x, y), codec: "hev1."},
		"hevc once":       {units: slices.Concat(x.part(true, 0, 4), y.without(true, 3)), want: original.ErrChanging},
	} {
		for _, kind := range []string{".mp4", ".mkv"} {
			t.Run(name+kind, func(t *testing.T) {
				t.Parallel()
				path := muxed(t, strings.ReplaceAll(name, " ", "")+kind, c.units)
				s, f, err := open(t, path)
				if !errors.Is(err, c.want) {
					t.Fatalf("open: %v, want %v", err, c.want)
				}
				if err != nil {
					return
				}
				m := s.Media().Picture
				if !strings.HasPrefix(m.Codecs, c.codec) {
					t.Errorf("the codec is %s, want %s", m.Codecs, c.codec)
				}
				decodesAlone(t, s, f, m, hashes(t, path))
			})
		}
	}
}

// decodesAlone insists that each segment by itself is decoded to the pictures of the source.
func decodesAlone(t *testing.T, s *original.Stream, f *os.File, m media.Copy, want []string) {
	t.Helper()
	in, err := s.Init(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for n := range m.Segments() {
		path := filepath.Join(t.TempDir(), "alone.mp4")
		if err := os.WriteFile(path, slices.Concat(in, segment(t, s, f, m, n)), 0o600); err != nil {
			t.Fatal(err)
		}
		all = append(all, hashes(t, path)...)
	}
	if !slices.Equal(all, want) {
		t.Errorf("%d pictures of segments by themselves, %d of the source, or others", len(all), len(want))
	}
}

// Where parameter sets change at a place that was not looked at when the film was opened, the segment is refused, and so are all from
// then on: pictures behind it may need those sets.
func TestParameterSetsThatChangeInOnePlace(t *testing.T) {
	t.Parallel()
	a, b := takes(t, false, "160x96")
	units := slices.Concat(a.part(false, 0, 5), a.part(false, 0, 2), b.part(false, 0, 1), a.part(false, 0, 5))
	s, _, err := open(t, muxed(t, "inside.mp4", units))
	if err != nil {
		t.Fatal(err)
	}
	m, refused := s.Media().Picture, -1
	for n := range m.Segments() {
		_, err := s.Segment(m.ID, n)
		if errors.Is(err, original.ErrChanging) && refused < 0 {
			refused = n
		}
		if (err != nil) != (refused >= 0) || !errors.Is(s.Unfit(), err) {
			t.Errorf("segment %d: %v, then %v", n, err, s.Unfit())
		}
	}
	if refused < 1 || !strings.HasPrefix(m.Codecs, "avc1.") {
		t.Errorf("of %d segments of %s those from %d on are refused", m.Segments(), m.Codecs, refused)
	}
	if _, err := s.Segment(m.ID, 0); !errors.Is(err, original.ErrChanging) {
		t.Errorf("asked for again, the first is given: %v", err)
	}
}
