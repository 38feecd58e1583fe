package original_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"movify/pkg/testkit"
	"movify/transcoder/original"
	"movify/transcoder/original/originaltest"
)

// packetSize is that of a packet of a transport stream.
const packetSize = 188

// transport gives a film of 3 s as a transport stream, with B-pictures and a key frame every 0.4 s.
func transport(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(originaltest.Table()["b.ts"].Make(t))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// pidOf is that of a packet.
func pidOf(packet []byte) int { return int(packet[1]&0x1f)<<8 | int(packet[2]) }

// packetsOf gives the packets that keep says, by their number and PID.
func packetsOf(data []byte, keep func(n, pid int) int) (out []byte) {
	for n := 0; (n+1)*packetSize <= len(data); n++ {
		packet := data[n*packetSize:][:packetSize]
		for range keep(n, pidOf(packet)) {
			out = append(out, packet...)
		}
	}
	return out
}

// The PIDs of ffmpeg.
const picturePID, soundPID = 0x100, 0x101

// openTransport opens a transport stream by its index.
func openTransport(t testing.TB, data []byte) (*original.Stream, error) {
	t.Helper()
	return indexed(t, bytes.NewReader(data), int64(len(data)))
}

// A transport stream is not opened before it is indexed. An index is made once: the same bytes give the same.
func TestATransportStreamNeedsAnIndex(t *testing.T) {
	t.Parallel()
	data := transport(t)
	r, size := bytes.NewReader(data), int64(len(data))
	if _, err := original.Open(r, size); !errors.Is(err, original.ErrIndexPending) {
		t.Errorf("opened: %v", err)
	}
	var told []int64
	index, err := original.MakeIndex(r, size, func(read int64) error { told = append(told, read); return nil })
	if err != nil {
		t.Fatal(err)
	}
	again, err := original.MakeIndex(r, size, func(int64) error { return nil })
	if err != nil || !bytes.Equal(index, again) {
		t.Errorf("another index: %v", err)
	}
	if want := int(size >> 20); len(told) != want || len(index) > 4<<10 {
		t.Errorf("paced %v of %d bytes; the index has %d", told, size, len(index))
	}
	stop := errors.New("stop")
	if _, err := original.MakeIndex(r, size, func(int64) error { return stop }); size > 1<<20 && !errors.Is(err, stop) {
		t.Errorf("it went on: %v", err)
	}
	for name, other := range map[string][]byte{"none": nil, "half": index[:len(index)/2], "no index": []byte("index")} {
		if _, err := original.OpenIndexed(r, size, other); !errors.Is(err, original.ErrIndex) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := original.OpenIndexed(r, size-1, index); !errors.Is(err, original.ErrIndex) {
		t.Errorf("the index of another file: %v", err)
	}
}

// A packet may come twice (ISO/IEC 13818-1 section 2.4.3.3).
func TestPacketsThatComeTwice(t *testing.T) {
	t.Parallel()
	data := transport(t)
	twice := packetsOf(data, func(n, _ int) int { return 1 + n%7/6 })
	want, err := openTransport(t, data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := openTransport(t, twice)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range want.Media().Copies() {
		for n := range c.Segments() {
			if !bytes.Equal(made(t, want, data, string(c.ID), n), made(t, got, twice, string(c.ID), n)) {
				t.Errorf("segment %d of %s differs", n, c.ID)
			}
		}
	}
}

// made gives the bytes of a segment of a film in memory.
func made(t testing.TB, s *original.Stream, data []byte, rendition string, n int) []byte {
	t.Helper()
	b, err := s.Segment(s.Media().Copies()[0].ID, n)
	for _, c := range s.Media().Copies() {
		if string(c.ID) == rendition {
			b, err = s.Segment(c.ID, n)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := b.WriteTo(&out, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What is wrong with a transport stream is found when its index is made, which says so.
func TestUnfitTransportStreams(t *testing.T) {
	t.Parallel()
	data := transport(t)
	first := slices.IndexFunc(slices.Collect(packets(data)), func(p []byte) bool { return pidOf(p) == picturePID })
	pictures := 0
	edit := func(change func(packet []byte, n int)) []byte {
		out := bytes.Clone(data)
		for n := 0; (n+1)*packetSize <= len(out); n++ {
			if p := out[n*packetSize:][:packetSize]; pidOf(p) == picturePID {
				change(p, n)
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"joined":       {renumbered(slices.Concat(data, data)), original.ErrClock},
		"a gap":        {renumbered(slices.Concat(data, withClock(bytes.Clone(data)))), original.ErrClock},
		"a lost one":   {packetsOf(data, func(n, _ int) int { return min(1, (n-first-300)*(n-first-300)) }), original.ErrDamaged},
		"lost sync":    {slices.Concat(data[:200*packetSize], []byte("no packet"), data[200*packetSize:]), original.ErrDamaged},
		"scrambled":    {edit(func(p []byte, _ int) { p[3] |= 0x80 }), original.ErrPacked},
		"an error":     {edit(func(p []byte, n int) { p[1] |= byte(n / 400 % 2 << 7) }), original.ErrDamaged},
		"middle":       {packetsOf(data, func(n, pid int) int { return later(n, pid, 60) }), original.ErrBeginning},
		"no picture":   {packetsOf(data, func(_, pid int) int { return min(1, max(pid-picturePID, picturePID-pid)) }), original.ErrNoPicture},
		"without time": {edit(func(p []byte, _ int) { pictures += untimed(p, pictures) }), original.ErrTimes},
	} {
		if _, err := openTransport(t, c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// renumbered lets the counters of the packets go on.
func renumbered(data []byte) []byte {
	counters := map[int]byte{}
	for p := range packets(data) {
		if p[3]&0x10 != 0 {
			counters[pidOf(p)] = (counters[pidOf(p)] + 1) & 0xf
			p[3] = p[3]&0xf0 | counters[pidOf(p)]
		}
	}
	return data
}

// packets are those of a file.
func packets(data []byte) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for n := 0; (n+1)*packetSize <= len(data); n++ {
			if !yield(data[n*packetSize:][:packetSize]) {
				return
			}
		}
	}
}

// later leaves out the pictures before a packet.
func later(n, pid, from int) int {
	if pid == picturePID && n < from {
		return 0
	}
	return 1
}

// untimed takes the times out of the fifth PES packet.
func untimed(p []byte, number int) (begins int) {
	if p[1]&0x40 == 0 {
		return 0
	}
	at := 4
	if p[3]&0x20 != 0 {
		at += 1 + int(p[4])
	}
	if number == 4 {
		p[at+7] &= 0x3f
	}
	return 1
}

// Transport streams that are unfit, and files of other kinds, as tools write them.
func TestUnfitTransportStreamsOfTools(t *testing.T) {
	t.Parallel()
	const x264 = "-f lavfi -i testsrc2=s=64x64:r=5:d=12 -c:v libx264 -preset ultrafast "
	for name, c := range map[string]struct {
		args string
		want error
		says string
	}{
		"mpeg2.ts":  {"-f lavfi -i testsrc2=s=160x90:r=25:d=1 -c:v mpeg2video", original.ErrCodec, "MPEG-2"},
		"sound.ts":  {"-f lavfi -i sine=d=1 -c:a aac", original.ErrNoPicture, ""},
		"sparse.ts": {x264 + "-g 100 -sc_threshold 0", original.ErrSparse, ""},
		"open.ts": {
			x264 + "-bf 2 -x264-params open-gop=1:b-adapt=0:keyint=10:min-keyint=10", original.ErrSparse, "",
		},
		"film.avi": {x264, original.ErrContainer, "AVI"},
		"film.flv": {x264, original.ErrContainer, "FLV"},
		"film.mpg": {"-f lavfi -i testsrc2=s=160x90:r=25:d=1 -c:v mpeg2video", original.ErrContainer, "MPEG program stream"},
	} {
		_, _, err := open(t, testkit.Clip(t, name, strings.Fields(c.args)...))
		if !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// A segment reads no more of the file than it lies in, and is given out in parts that fit into memory.
func TestASegmentOfATransportStreamReadsItsRange(t *testing.T) {
	t.Parallel()
	data := transport(t)
	r := &counted{data: data}
	s, err := indexed(t, r, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Media().Copies() {
		for n := range c.Segments() {
			r.read = 0
			b, err := s.Segment(c.ID, n)
			if err != nil {
				t.Fatal(err)
			}
			last := b.Parts[len(b.Parts)-1].Pieces
			lies := last[len(last)-1].Offset - b.Parts[0].Offset
			if most := lies + 3*64<<10; r.read > most {
				t.Errorf("segment %d of %s reads %d bytes, it lies in %d", n, c.ID, r.read, lies)
			}
			for _, p := range b.Parts {
				if p.Size > 128<<10 {
					t.Errorf("segment %d of %s has a part of %d bytes", n, c.ID, p.Size)
				}
			}
		}
	}
}

// counted counts the bytes that are read.
type counted struct {
	data []byte
	read int64
}

func (c *counted) ReadAt(b []byte, offset int64) (int, error) {
	n, err := bytes.NewReader(c.data).ReadAt(b, offset)
	c.read += int64(n)
	return n, err
}

// small is a film of some packets: the fuzzer makes large inputs smaller for most of its time.
func small(t testing.TB) []byte {
	t.Helper()
	path := testkit.Clip(t, "small.ts", strings.Fields("-f lavfi -i color=s=32x32:r=5:d=3 -f lavfi -i anullsrc=r=8000:cl=mono:d=3 -shortest "+
		"-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 5 -bf 1 -c:a aac -b:a 8k")...)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Whatever the bytes of a transport stream say, its index and its segments are bounded by it, and a segment is the same each time.
func FuzzTransportStream(f *testing.F) {
	data := small(f)
	f.Add(data, 5, byte(0xff))
	f.Add(packetsOf(data, func(n, pid int) int { return later(n, pid, 6) }), 4*packetSize+1, byte(0x40))
	f.Add(data, 10*packetSize+13, byte(1))
	f.Fuzz(func(t *testing.T, data []byte, at int, change byte) {
		if len(data) > 1<<20 {
			return
		}
		data = bytes.Clone(data)
		if at >= 0 && at < len(data) {
			data[at] ^= change
		}
		r, size := bytes.NewReader(data), int64(len(data))
		index, err := original.MakeIndex(r, size, func(int64) error { return nil })
		if err != nil {
			return
		}
		s, err := original.OpenIndexed(r, size, index)
		if err != nil {
			return
		}
		for _, c := range s.Media().Copies() {
			if _, err := s.Init(c.ID); err != nil {
				t.Fatal(err)
			}
			for n := range c.Segments() {
				b, err := s.Segment(c.ID, n)
				if err != nil {
					t.Fatalf("segment %d of %s of a file that did not change: %v", n, c.ID, err)
				}
				var out bytes.Buffer
				if written, err := b.WriteTo(&out, r); err != nil || written != b.Size || int64(out.Len()) != b.Size {
					t.Fatalf("segment %d of %s: %d of %d bytes, %v", n, c.ID, written, b.Size, err)
				}
			}
		}
	})
}

// Whatever an index says, it is refused or its segments are bounded by the file.
func FuzzTransportIndex(f *testing.F) {
	data := small(f)
	r, size := bytes.NewReader(data), int64(len(data))
	index, err := original.MakeIndex(r, size, func(int64) error { return nil })
	if err != nil {
		f.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(index))
	if err != nil {
		f.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(bytes.Replace(text, []byte(`"rate":48000`), []byte(`"rate":1`), 1))
	f.Add(bytes.Replace(text, []byte(`"offsets":[`), []byte(`"offsets":[1,`), 1))
	f.Fuzz(func(t *testing.T, text []byte) {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		z.Write(text)
		z.Close()
		s, err := original.OpenIndexed(r, size, packed.Bytes())
		if err != nil {
			return
		}
		for _, c := range s.Media().Copies() {
			for n := range min(c.Segments(), 20) {
				b, err := s.Segment(c.ID, n)
				if err != nil {
					continue
				}
				if written, err := b.WriteTo(io.Discard, r); err != nil || written != b.Size {
					t.Fatalf("segment %d of %s: %d of %d bytes, %v", n, c.ID, written, b.Size, err)
				}
			}
		}
	})
}

// What is wrong with a sound leaves it, and the picture is copied.
func TestSoundsOfTransportStreamsThatAreLeft(t *testing.T) {
	t.Parallel()
	data := transport(t)
	sound := 0
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"lost": {packetsOf(data, func(_, pid int) int {
			if pid == soundPID {
				sound++
			}
			return min(1, (sound-20)*(sound-20)+max(0, soundPID-pid))
		}), "index"},
		"scrambled": {packetsOf(scrambledSound(data), func(int, int) int { return 1 }), "packed"},
		"nothing":   {packetsOf(data, func(_, pid int) int { return min(1, max(pid-soundPID, soundPID-pid)) }), "codec"},
	} {
		s, err := openTransport(t, c.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if left := s.Media().Left; len(left) != 1 || string(left[0].Reason) != c.want || len(s.Media().Sounds) != 0 {
			t.Errorf("%s: left %v", name, left)
		}
	}
}

func scrambledSound(data []byte) []byte {
	out := bytes.Clone(data)
	for p := range packets(out) {
		if pidOf(p) == soundPID {
			p[3] |= 0x80
		}
	}
	return out
}

// A transport stream that is another one than when its index was made gives a fault, and never a picture of it.
func TestTheTransportStreamChanges(t *testing.T) {
	t.Parallel()
	data := transport(t)
	path := filepath.Join(t.TempDir(), "film.ts")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, f, err := open(t, path)
	if err != nil {
		t.Fatal(err)
	}
	picture, sound := s.Media().Picture, s.Media().Sounds[0]
	b, err := s.Segment(picture.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]byte) []byte{
		"zeros":       func(b []byte) []byte { return make([]byte, len(b)) },
		"moved":       func(b []byte) []byte { return slices.Concat(b[packetSize:], b[:packetSize]) },
		"other times": func(b []byte) []byte { return withClock(b) },
		"a lost one": func(b []byte) []byte {
			return packetsOf(b, func(n, _ int) int { return min(1, n%97) })
		},
		"cut": func(b []byte) []byte { return b[:len(b)/10] },
	} {
		if err := os.WriteFile(path, change(bytes.Clone(data)), 0o600); err != nil {
			t.Fatal(err)
		}
		for n := range picture.Segments() {
			if _, err := s.Segment(picture.ID, n); !errors.Is(err, original.ErrChanged) {
				t.Errorf("%s: segment %d of the picture: %v", name, n, err)
			}
		}
		if _, err := s.Segment(sound.ID, sound.Segments()-1); !errors.Is(err, original.ErrChanged) {
			t.Errorf("%s: the last segment of the sound: %v", name, err)
		}
	}
	if err := os.Truncate(path, b.Parts[0].Offset); err != nil {
		t.Fatal(err)
	}
	if _, err := b.WriteTo(&bytes.Buffer{}, f); !errors.Is(err, original.ErrChanged) {
		t.Errorf("cut after it was asked for: %v", err)
	}
}

// withClock moves all times by some minutes.
func withClock(data []byte) []byte {
	for p := range packets(data) {
		at := 4
		if p[3]&0x20 != 0 {
			at += 1 + int(p[4])
		}
		if p[1]&0x40 != 0 && pidOf(p) >= picturePID && at+14 < len(p) {
			p[at+10] ^= 0x40
		}
	}
	return data
}
