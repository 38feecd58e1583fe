package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"movify/pkg/disc/disctest"
	mkv "movify/pkg/matroska/matroskatest"
	"movify/pkg/mp4/mp4test"
	"movify/pkg/testkit"
)

// look is a film of moving pictures, white for one picture a second, and of a quiet rising tone with a beep at each white
// picture. The zero value is 9 seconds at 25 pictures a second.
type look struct {
	rate    string // pictures a second, "30000/1001"
	seconds string
	size    string
	picture string // filters behind the picture, with a comma before them
	sound   string // filters behind the sound
	silent  bool
	woven   bool      // interlaced: two pictures in each
	late    [2]string // seconds that picture and sound begin late
	hz      string    // of the sound, samples a second
}

// every is how many pictures lie between two flashes, and after how many the first one comes.
func (l look) every() (every, first int, rate float64) {
	num, den := 25, 1
	if l.rate != "" {
		if n, err := fmt.Sscanf(l.rate, "%d/%d", &num, &den); n == 0 {
			panic(err)
		}
	}
	rate = float64(num) / float64(den)
	every = max(2, int(math.Round(rate)))
	return every, every / 2, rate
}

// inputs are the two inputs of ffmpeg: picture, then sound.
func (l look) inputs() (args []string) {
	rate, seconds, size, hz := "25", "9", "160x120", "48000"
	for _, x := range []struct{ to, said *string }{{&rate, &l.rate}, {&seconds, &l.seconds}, {&size, &l.size}, {&hz, &l.hz}} {
		if *x.said != "" {
			*x.to = *x.said
		}
	}
	every, first, each := l.every()
	if l.late[0] != "" {
		args = append(args, "-itsoffset", l.late[0])
	}
	number, weave := "n", ""
	if l.woven {
		rate = map[string]string{"25": "50", "30000/1001": "60000/1001"}[rate]
		number, weave = "floor(n/2)", ",tinterlace=interleave_top,setfield=tff"
	}
	args = append(args, "-f", "lavfi", "-i", fmt.Sprintf(
		"testsrc2=s=%s:r=%s:d=%s,format=yuv420p,avgblur=2,lutyuv=y='16+(val-16)/2',drawbox=c=white:t=fill:enable='eq(mod(%s,%d),%d)'%s%s",
		size, rate, seconds, number, every, first, weave, l.picture))
	if !l.silent {
		if l.late[1] != "" {
			args = append(args, "-itsoffset", l.late[1])
		}
		period, at := float64(every)/each, float64(first)/each
		args = append(args, "-f", "lavfi", "-i", fmt.Sprintf(
			"aevalsrc='(0.07+0.05*sin(2*PI*(0.7*t+0.13*t*t)))*sin(2*PI*(200*t+15*t*t))+if(lt(mod(t+%.9f,%.9f),0.04),0.6*sin(2*PI*1000*t),0)':s=%s:d=%s%s",
			period-at+1e-7, period, hz, seconds, l.sound))
	}
	return args
}

// clip makes a film with ffmpeg.
func (l look) clip(t *testing.T, name string, args ...string) string {
	t.Helper()
	return testkit.Clip(t, name, slices.Concat(l.inputs(), args)...)
}

// film is a row's file that ffmpeg makes in one go.
func (l look) film(name string, args ...string) func(*testing.T) rowFile {
	return func(t *testing.T) rowFile { return rowFile{path: l.clip(t, name, args...)} }
}

// The codecs that most rows have.
var (
	rowH264 = []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50"}
	rowAAC  = append(slices.Clone(rowH264), "-c:a", "aac")
	rowB    = append(slices.Clone(rowH264), "-bf", "2", "-x264-params", "b-adapt=0:weightp=0")
	rowBAAC = append(slices.Clone(rowB), "-c:a", "aac")
	rowASP  = []string{"-c:v", "mpeg4", "-q:v", "3", "-bf", "2", "-g", "50", "-c:a", "mp3"}
	rowMPEG = []string{"-c:v", "mpeg2video", "-q:v", "3", "-bf", "2", "-g", "12", "-c:a", "ac3"}
)

// and adds arguments.
func and(args []string, more ...string) []string { return slices.Concat(args, more) }

// edited is a row's file whose bytes are changed after ffmpeg wrote it; truth is the file before that.
func (l look) edited(name string, change func(*testing.T, []byte) []byte, args ...string) func(*testing.T) rowFile {
	return func(t *testing.T) rowFile {
		plain := l.clip(t, name, args...)
		data := change(t, bytes.Clone(rowBytes(t, plain)))
		return rowFile{path: rowWrite(t, filepath.Join(t.TempDir(), name), data), truth: []string{plain}}
	}
}

// damaged is the same, of a file that ffmpeg reads as far as it can: it is its own truth.
func (l look) damaged(name string, change func(*testing.T, []byte) []byte, args ...string) func(*testing.T) rowFile {
	make := l.edited(name, change, args...)
	return func(t *testing.T) rowFile { return rowFile{path: make(t).path} }
}

// meant is a row's file that ffmpeg does not read as it is meant: its truth is another file of the same film.
func meant(made, truth func(*testing.T) rowFile) func(*testing.T) rowFile {
	return func(t *testing.T) rowFile { return rowFile{path: made(t).path, truth: []string{truth(t).path}} }
}

func rowBytes(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func rowWrite(t *testing.T, path string, data []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// replace overwrites the bytes that come skip bytes behind each place of a mark.
func replace(mark string, skip int, with ...byte) func(*testing.T, []byte) []byte {
	return func(t *testing.T, data []byte) []byte {
		t.Helper()
		found := false
		for from := 0; ; found = true {
			n := bytes.Index(data[from:], []byte(mark))
			if n < 0 {
				break
			}
			from += n + len(mark)
			copy(data[from+skip:], with)
		}
		if !found {
			t.Fatalf("no %q in the clip", mark)
		}
		return data
	}
}

func inTurn(changes ...func(*testing.T, []byte) []byte) func(*testing.T, []byte) []byte {
	return func(t *testing.T, data []byte) []byte {
		for _, c := range changes {
			data = c(t, data)
		}
		return data
	}
}

// ticks sets the duration of mvhd or mdhd: behind version and flags, two times and the timescale.
func ticks(box string, value uint32) func(*testing.T, []byte) []byte {
	return replace(box, 16, binary.BigEndian.AppendUint32(nil, value)...)
}

// matroskaLength sets the length in Info and in the tags of a file by ffmpeg.
func matroskaLength(ms float64, tag string) func(*testing.T, []byte) []byte {
	return inTurn(
		replace("\x44\x89\x88", 0, binary.BigEndian.AppendUint64(nil, math.Float64bits(ms))...),
		replace("DURATION\x44\x87\x94", 0, []byte(tag)...),
	)
}

// aviFrames sets the number of pictures in avih and strh.
func aviFrames(n uint32) func(*testing.T, []byte) []byte {
	little := binary.LittleEndian.AppendUint32(nil, n)
	return inTurn(replace("avih", 4+16, little...), replace("vids", 28, little...))
}

// lastPictureLasts gives the last of 225 pictures a length in seconds of its own (ISO/IEC 14496-12 section 8.6.1.2), and the
// track the length of all.
func lastPictureLasts(seconds uint32) func(*testing.T, []byte) []byte {
	return func(_ *testing.T, b []byte) []byte {
		const picture, scale, behind = 512, 12800, 4 + 16 // of the name of mdhd: its duration
		for _, box := range []string{"edts", "stts"} {    // of the first track
			b = bytes.Replace(b, []byte(box), []byte("free"), 1)
		}
		binary.BigEndian.PutUint32(b[bytes.Index(b, []byte("mdhd"))+behind:], 224*picture+seconds*scale)
		times := mp4test.Box("stts", mp4test.Words(0, 2, 224, picture, 1, seconds*scale))
		return mp4test.Insert(b, times, "moov", "trak 0", "mdia", "minf", "stbl")
	}
}

// The damages of a file: a part in tenths stays.
func cutOff(tenths int) func(*testing.T, []byte) []byte {
	return func(_ *testing.T, b []byte) []byte { return b[:len(b)*tenths/10] }
}

func zeroed(tenths int) func(*testing.T, []byte) []byte {
	return func(_ *testing.T, b []byte) []byte {
		clear(b[len(b)*tenths/10:])
		return b
	}
}

func noised(from, to float64) func(*testing.T, []byte) []byte {
	return func(_ *testing.T, b []byte) []byte {
		x := uint32(1)
		for n := int(float64(len(b)) * from); n < int(float64(len(b))*to); n++ {
			x = x*1664525 + 1013904223
			b[n] = byte(x >> 24)
		}
		return b
	}
}

// joinedRow is a file of transport streams one behind another.
func joinedRow(name string, parts ...func(*testing.T) rowFile) func(*testing.T) rowFile {
	return func(t *testing.T) rowFile {
		var all []byte
		var f rowFile
		for _, make := range parts {
			path := make(t).path
			f.truth = append(f.truth, path)
			all = append(all, rowBytes(t, path)...)
		}
		f.path = rowWrite(t, filepath.Join(t.TempDir(), name), all)
		return f
	}
}

// copied is a row's file that ffmpeg copies from another one.
func copied(name string, from func(*testing.T) rowFile, args ...string) func(*testing.T) rowFile {
	return func(t *testing.T) rowFile {
		path := from(t).path
		return rowFile{path: testkit.Clip(t, name, slices.Concat([]string{"-i", path, "-map", "0", "-c", "copy"}, args)...)}
	}
}

// boxed is a Matroska file whose tracks say more; the elements are those of RFC 9559 section 5.1.4.
func boxed(name string, from func(*testing.T) rowFile, more map[int][]byte, top ...[]byte) func(*testing.T) rowFile {
	return func(t *testing.T) rowFile {
		plain := from(t).path
		return rowFile{
			path: rowWrite(t, filepath.Join(t.TempDir(), name), mkv.Rewrite(rowBytes(t, plain), more, top...)), truth: []string{plain},
		}
	}
}

// cutByEdits is an MP4 of which an edit list shows the first three seconds and the last four (ISO/IEC 14496-12 section 8.6.6).
func cutByEdits(name string, args []string, delay uint32) func(*testing.T) rowFile {
	return func(t *testing.T) rowFile {
		plain := look{}.clip(t, name, args...)
		data := bytes.ReplaceAll(rowBytes(t, plain), []byte("edts"), []byte("free"))
		list := func(begins, scale uint32) []byte {
			const normal = 0x00010000
			return mp4test.Box("edts", mp4test.Box("elst",
				mp4test.Words(0, 2, 3000, begins, normal, 4000, begins+5*scale, normal)))
		}
		data = mp4test.Insert(data, list(delay, 12800), "moov", "trak 0")
		data = mp4test.Insert(data, list(1024, 48000), "moov", "trak 1")
		return rowFile{path: rowWrite(t, filepath.Join(t.TempDir(), name), data), truth: []string{plain}}
	}
}

const discSector = 2048

// discFilm is a VOB whose pictures are larger than a pack, as those of discs are.
func discFilm(t *testing.T, name, seconds string) (path string, data []byte) {
	t.Helper()
	path = look{seconds: seconds, size: "352x288", picture: ",noise=c1s=20:c1f=t"}.clip(t, name, rowMPEG...)
	data = rowBytes(t, path)
	return path, data[:len(data)/discSector*discSector]
}

// dvdRow is the index of a DVD whose title lies over two files; with several parts each has a clock of its own.
func dvdRow(seconds ...string) func(*testing.T) rowFile {
	return func(t *testing.T) rowFile {
		var f rowFile
		var all []byte
		var cells []disctest.Cell
		for n, s := range seconds {
			path, data := discFilm(t, fmt.Sprintf("disc%d.vob", n), s)
			f.truth = append(f.truth, path)
			first := uint32(len(all) / discSector)
			all = append(all, data...)
			lasts, err := time.ParseDuration(s + "s")
			if err != nil {
				t.Fatal(err)
			}
			cells = append(cells, disctest.Cell{
				First: first, Last: uint32(len(all)/discSector) - 1, Duration: lasts, Anew: len(seconds) > 1,
			})
		}
		folder, half := filepath.Join(t.TempDir(), "VIDEO_TS"), len(all)/discSector/2*discSector
		rowWrite(t, filepath.Join(folder, "VTS_01_1.VOB"), all[:half])
		rowWrite(t, filepath.Join(folder, "VTS_01_2.VOB"), all[half:])
		f.path = rowWrite(t, filepath.Join(folder, "VTS_01_0.IFO"), disctest.IFO(cells))
		return f
	}
}

// bluRayRow is the playlist of a Blu-ray of three clips of three seconds.
func bluRayRow(args ...string) func(*testing.T) rowFile {
	return func(t *testing.T) rowFile {
		folder := filepath.Join(t.TempDir(), "BDMV")
		var f rowFile
		var items []disctest.Item
		for n := range 3 {
			clip := fmt.Sprintf("%05d", n+1)
			path := look{seconds: "3", picture: fmt.Sprintf(",hue=h=%d", 90*n)}.clip(t, clip+".m2ts",
				append(slices.Clone(args), "-f", "mpegts", "-mpegts_m2ts_mode", "1")...)
			f.truth = append(f.truth, path)
			rowWrite(t, filepath.Join(folder, "STREAM", clip+".m2ts"), rowBytes(t, path))
			const begins = 1480 * time.Millisecond // the first picture on the clock of ffmpeg's muxer, with two B-frames
			items = append(items, disctest.Item{Clip: clip, In: begins, Out: begins + 3*time.Second})
		}
		f.path = rowWrite(t, filepath.Join(folder, "PLAYLIST", "00800.mpls"), disctest.MPLS(items...))
		return f
	}
}

// soundHole is a filter that leaves out so many milliseconds of sound at 3.2 s, in frames of 5 ms.
func soundHole(ms string) string {
	return ",asetnsamples=240,aselect='not(between(t,3.2,3.1999+" + ms + "/1000))'"
}
