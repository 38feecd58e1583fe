package original_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"movify/pkg/mp4/mp4test"
	"movify/pkg/testkit"
	"movify/transcoder/original"
	"movify/transcoder/original/originaltest"
)

// Any segment asked for first, in any order and by two at once, is the one that is made in sequence.
func TestSegmentsDoNotDependOnTheirOrder(t *testing.T) {
	t.Parallel()
	for _, c := range originaltest.Clips() {
		if !slices.Contains([]string{"b.mp4", "dolby.mp4", "early.mp4", "cra.mp4", "longsound.mp4", "pieces.mp4", "b.mkv", "cra.mkv",
			"dolby.mkv", "early.mkv", "longsound.mkv", "shortsound.mkv", "stripped.mkv", "laced.mkv", "nowhere.mkv", "b.ts", "b.m2ts", "cra.ts",
			"dolby.ts", "early.ts", "longsound.ts", "shortsound.ts", "rate.ts", "wrap.ts"}, c.Name) {
			continue
		}
		path := c.Make(t)
		s, f, err := open(t, path)
		if err != nil {
			t.Fatal(err)
		}
		type key struct{ rendition, segment int }
		want := map[key][]byte{}
		var keys []key
		for r, one := range s.Media().Copies() {
			for n := range one.Segments() {
				want[key{r, n}] = segment(t, s, f, one, n)
				keys = append(keys, key{r, n})
			}
		}
		var wg sync.WaitGroup
		for seed := range uint64(2) {
			wg.Go(func() {
				again, f, err := open(t, path)
				if err != nil {
					t.Error(err)
					return
				}
				copies := again.Media().Copies()
				random := rand.New(rand.NewPCG(seed, 0))
				for range 3 {
					order := slices.Clone(keys)
					random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
					for _, k := range order {
						for _, stream := range []*original.Stream{again, s} {
							b, err := stream.Segment(copies[k.rendition].ID, k.segment)
							var out bytes.Buffer
							if err == nil {
								_, err = b.WriteTo(&out, f)
							}
							if err != nil || !bytes.Equal(out.Bytes(), want[k]) {
								t.Errorf("%s: %v differs: %v", c.Name, k, err)
							}
						}
					}
				}
			})
		}
		wg.Wait()
	}
}

func TestNoSuchSegment(t *testing.T) {
	t.Parallel()
	data := film(func(*mp4test.FilmTrack) {})
	s, err := original.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Init("a9"); !errors.Is(err, original.ErrNoSegment) {
		t.Errorf("Init Section of no track: %v", err)
	}
	for _, n := range []int{-1, s.Media().Picture.Segments()} {
		if _, err := s.Segment("v0", n); !errors.Is(err, original.ErrNoSegment) {
			t.Errorf("segment %d: %v", n, err)
		}
	}
}

// A file that changes or is cut while it plays is a fault, and none of its bytes are sent as a picture's.
func TestTheFileChanges(t *testing.T) {
	t.Parallel()
	whole := film(func(*mp4test.FilmTrack) {})
	path := filepath.Join(t.TempDir(), "film.mp4")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	s, f, err := open(t, path)
	if err != nil {
		t.Fatal(err)
	}
	clear(whole[mp4test.DataOffset:][:5*pictureSize])
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Segment("v0", 0); !errors.Is(err, original.ErrChanged) {
		t.Errorf("zeros in the place of pictures: %v", err)
	}
	b, err := s.Segment("v0", s.Media().Picture.Segments()-1)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, b.Parts[0].Offset+3); err != nil {
		t.Fatal(err)
	}
	if _, err := b.WriteTo(io.Discard, f); !errors.Is(err, original.ErrChanged) {
		t.Errorf("cut after it was asked for: %v", err)
	}
	if _, err := s.Segment("v0", 0); err == nil {
		t.Error("cut before it was asked for")
	}
}

// Films that are unfit, as tools write them.
func TestUnfitFilms(t *testing.T) {
	t.Parallel()
	const seconds = "testsrc2=s=160x90:r=25:d=3"
	h264 := []string{"-f", "lavfi", "-i", seconds, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25"}
	with := func(args ...string) []string { return append(slices.Clone(h264), args...) }
	plain := testkit.Clip(t, "unfit.mp4", h264...)
	for name, c := range map[string]struct {
		args []string
		want error
	}{
		"hybrid.mp4": {with("-movflags", "frag_keyframe"), original.ErrFragments},
		"mpeg4.mp4":  {[]string{"-f", "lavfi", "-i", seconds, "-c:v", "mpeg4"}, original.ErrCodec},
		"mjpeg.mov":  {[]string{"-f", "lavfi", "-i", seconds, "-c:v", "mjpeg"}, original.ErrCodec},
		"opengop.mkv": {[]string{
			"-f", "lavfi", "-i", "testsrc2=s=64x64:r=5:d=12", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-x264-params",
			"open-gop=1:b-adapt=0:keyint=10:min-keyint=10",
		}, original.ErrSparse},
		"sparse.mkv": {[]string{
			"-f", "lavfi", "-i", "testsrc2=s=64x64:r=5:d=12", "-c:v", "libx264", "-preset", "ultrafast", "-g", "100", "-sc_threshold", "0",
		}, original.ErrSparse},
		"mpeg2.mkv": {[]string{"-f", "lavfi", "-i", seconds, "-c:v", "mpeg2video"}, original.ErrCodec},
		"vp8.webm":  {[]string{"-f", "lavfi", "-i", seconds, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"}, original.ErrCodec},
		"live.mkv":  {with("-live", "1", "-f", "matroska"), original.ErrNoIndex},
		"sound.mka": {[]string{"-f", "lavfi", "-i", "sine=d=3"}, original.ErrNoPicture},
		"sound.m4a": {[]string{"-f", "lavfi", "-i", "sine=d=3"}, original.ErrNoPicture},
		"cut.mp4":   {[]string{"-ss", "0.5", "-i", plain, "-c", "copy"}, original.ErrEdited},
		"sparse.mp4": {[]string{
			"-f", "lavfi", "-i", "testsrc2=s=64x64:r=5:d=12", "-c:v", "libx264", "-preset", "ultrafast", "-g", "100", "-sc_threshold", "0",
		}, original.ErrSparse},
		"opengop.mp4": {[]string{
			"-f", "lavfi", "-i", "testsrc2=s=64x64:r=5:d=12", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-x264-params",
			"open-gop=1:b-adapt=0:keyint=10:min-keyint=10",
		}, original.ErrSparse},
	} {
		path := testkit.Clip(t, name, c.args...)
		if _, _, err := open(t, path); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// A film of two hours: what an open stream keeps, and what a segment reads, do not grow with it.
func TestALongFilmCostsLittle(t *testing.T) {
	const pictures, size, group = 172_800, 4000, 48
	tables := mp4test.Tables{
		Times: [][2]uint32{{pictures, 1001}}, Syncs: []uint32{}, Each: size, Count: pictures,
		Runs: [][3]uint32{{1, 24, 1}},
	}
	for n := range pictures / group {
		tables.Syncs = append(tables.Syncs, uint32(n*group)+1)
	}
	for n := range pictures {
		tables.Shifts = append(tables.Shifts, [2]uint32{1, []uint32{2002, 3003, 1001}[n%3]})
	}
	for n := range pictures / 24 {
		tables.Chunks = append(tables.Chunks, mp4test.DataOffset+uint64(n)*24*(size+500))
	}
	f := &virtual{mdat: pictures * (size + 500), picture: pictureBytes(0x65, 64)}
	f.build(mp4test.FilmTrack{Handler: "vide", Timescale: 24_000, Entry: avc1(), Tables: tables})
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	var streams []*original.Stream
	for range 10 {
		s, err := original.Open(f, f.size())
		if err != nil {
			t.Fatal(err)
		}
		streams = append(streams, s)
	}
	kept := (heap() - before) / 10
	s := streams[3]
	f.read = 0
	b, err := s.Segment("v0", 900)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("an open stream keeps %d bytes, a segment of %d bytes reads %d", kept, b.Size, f.read)
	if m := s.Media().Picture; m.Segments() < 1700 || m.Samples != pictures || kept > 400<<10 || f.read > 32<<10 {
		t.Errorf("%d segments, %d samples; %d bytes kept, %d read", m.Segments(), m.Samples, kept, f.read)
	}
	runtime.KeepAlive(streams)
}

// virtual is a file whose samples, all alike, are not in memory.
type virtual struct {
	head, tail []byte
	mdat       int64
	picture    []byte
	read       int64
}

func (f *virtual) build(track mp4test.FilmTrack) {
	whole := mp4test.Film(nil, track)
	f.head, f.tail = whole[:mp4test.DataOffset], whole[mp4test.DataOffset:]
	copy(f.head[16:], mp4test.Words(uint32(8+f.mdat)))
}

func (f *virtual) size() int64 { return int64(len(f.head)) + f.mdat + int64(len(f.tail)) }

func (f *virtual) ReadAt(b []byte, off int64) (int, error) {
	f.read += int64(len(b))
	clear(b)
	place := func(data []byte, at int64) {
		if from := at - off; from < int64(len(b)) && from+int64(len(data)) > 0 {
			copy(b[max(0, from):], data[max(0, -from):])
		}
	}
	if off >= int64(len(f.head)) && off < int64(len(f.head))+f.mdat {
		place(f.picture, off)
	}
	place(f.head, 0)
	place(f.tail, int64(len(f.head))+f.mdat)
	if off+int64(len(b)) > f.size() {
		return max(0, int(f.size()-off)), io.EOF
	}
	return len(b), nil
}
