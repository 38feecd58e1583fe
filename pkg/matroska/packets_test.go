package matroska_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/matroska"
	"movify/pkg/matroska/matroskatest"
	"movify/pkg/media"
	"movify/pkg/testkit"
)

// packet is a frame as ffprobe shows it, and as a BlockReader gives it. Times are ticks.
type packet struct {
	Ticks, Offset, Size int64
	Key                 bool
	Hash                string
}

// ffprobe gives the packets of each stream of a file, in file order.
func ffprobe(t *testing.T, path string) map[int][]packet {
	t.Helper()
	out, err := exec.Command(testkit.Need(t, "ffprobe"), "-v", "error", "-show_packets", "-show_data_hash", "sha256", "-of", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Packets []struct {
			Stream int    `json:"stream_index"`
			PTS    int64  `json:"pts"`
			Pos    string `json:"pos"`
			Size   string `json:"size"`
			Flags  string `json:"flags"`
			Hash   string `json:"data_hash"`
		} `json:"packets"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	packets := map[int][]packet{}
	for _, p := range answer.Packets {
		pos, _ := strconv.ParseInt(p.Pos, 10, 64)
		size, _ := strconv.ParseInt(p.Size, 10, 64)
		packets[p.Stream] = append(packets[p.Stream], packet{
			p.PTS, pos, size, strings.HasPrefix(p.Flags, "K"), strings.ToLower(strings.TrimPrefix(p.Hash, "SHA256:")),
		})
	}
	return packets
}

// film is a Matroska file in memory, read from its first Cluster on.
type film struct {
	data   []byte
	header matroska.Header
	index  matroska.Index
	blocks []matroska.Block
	frames map[*matroska.Frame][]byte
}

func readFilm(t *testing.T, path string) film {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := film{data: data, frames: map[*matroska.Frame][]byte{}}
	if f.header, err = matroska.ReadHeader(bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	if f.index, err = matroska.ReadCues(bytes.NewReader(data), int64(len(data))); err != nil && !errors.Is(err, matroska.ErrNoCues) {
		t.Fatal(err)
	}
	f.blocks, err = f.read(t, f.index.First)
	if err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	return f
}

// read gives the Blocks from a Cluster on and keeps the bytes of their frames.
func (f *film) read(t *testing.T, cluster int64) (out []matroska.Block, err error) {
	t.Helper()
	b, err := f.index.Blocks(bytes.NewReader(f.data), f.header.Tracks, cluster)
	for err == nil {
		var block matroska.Block
		if block, err = b.Next(); err != nil {
			break
		}
		for n := range block.Frames {
			if f.frames[&block.Frames[n]], err = b.Append(nil, block, n); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, block)
	}
	return out, err
}

// packets gives the frames by the index of their track. ffprobe's offset is that of the Block's data, or of a later frame
// of a lace the same.
func (f *film) packets() map[int][]packet {
	out := map[int][]packet{}
	for _, b := range f.blocks {
		track := slices.IndexFunc(f.header.Tracks, func(t matroska.Track) bool { return t.Number == b.Track })
		for n := range b.Frames {
			frame := f.frames[&b.Frames[n]]
			sum := sha256.Sum256(frame)
			out[track] = append(out[track], packet{b.Ticks, b.Frames[n].Offset, int64(len(frame)), b.Key, hex.EncodeToString(sum[:])})
		}
	}
	return out
}

// blockHeader is how many bytes of a Block are before its only frame: a track number below 127, two of time, flags.
const blockHeader = 4

// clips are films of all the kinds that ffmpeg writes; each is what comes before the name of the file.
var clips = map[string][]string{
	"h264.mkv":            picture("24000/1001", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "12"),
	"pyramid.mkv":         picture("25", "libx264", "-preset", "veryfast", "-bf", "7", "-x264-params", "b-pyramid=normal:b-adapt=0:keyint=25:scenecut=0"),
	"opengop.mkv":         picture("25", "libx264", "-preset", "veryfast", "-bf", "3", "-x264-params", "open-gop=1:b-adapt=0:keyint=10:min-keyint=10:scenecut=0"),
	"hevc.mkv":            picture("24", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:bframes=4:keyint=12"),
	"vp9.mkv":             picture("30", "libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime", "-g", "15"),
	"vp9-altref.webm":     picture("30", "libvpx-vp9", "-cpu-used", "8", "-auto-alt-ref", "1", "-lag-in-frames", "16", "-g", "20"),
	"av1.mkv":             picture("25", "libsvtav1", "-preset", "12", "-g", "12", "-svtav1-params", "lp=1"),
	"front.mkv":           picture("25", "libx264", "-preset", "veryfast", "-g", "10", "-cues_to_front", "1"),
	"reserved.mkv":        picture("25", "libx264", "-preset", "veryfast", "-g", "10", "-reserve_index_space", "2000"),
	"live.mkv":            picture("25", "libx264", "-preset", "veryfast", "-g", "10", "-live", "1", "-cluster_time_limit", "500"),
	"live.webm":           picture("25", "libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime", "-g", "10", "-live", "1", "-cluster_time_limit", "500"),
	"groups.mkv":          sound("flac", "srt"),
	"aac.mkv":             sound("aac"),
	"opus.webm":           sound("libopus"),
	"mp3.mka":             sound("libmp3lame"),
	"eac3-small.mka":      append(sound("eac3"), "-cluster_size_limit", "2000"),
	"late.mkv":            append(picture("25", "libx264", "-preset", "veryfast"), "-output_ts_offset", "100000"),
	"interlaced.mkv":      picture("50", "libx264", "-preset", "veryfast", "-vf", "interlace", "-flags", "+ildct+ilme", "-bf", "2"),
	"microseconds.mkv":    picture("60000/1001", "libx264", "-preset", "veryfast", "-bf", "2", "-default_mode", "infer"),
	"pictures-sounds.mkv": append(slices.Concat(lavfi("testsrc2=s=160x96:r=25:d=2"), lavfi("sine=440:r=48000:d=2")), "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
}

func lavfi(source string) []string { return []string{"-f", "lavfi", "-i", source} }

func picture(rate, codec string, options ...string) []string {
	return append(append(lavfi("testsrc2=s=160x96:r="+rate+":d=2"), "-pix_fmt", "yuv420p", "-c:v", codec), options...)
}

func sound(codec string, subtitles ...string) []string {
	args := lavfi("sine=440:r=48000:d=2")
	if len(subtitles) > 0 { // text has durations, so it comes in BlockGroups
		args = append(args, "-i", "testdata/lines.srt", "-c:s", "srt")
	}
	return append(args, "-c:a", codec)
}

func TestBlocksAreThePacketsOfFFprobe(t *testing.T) {
	t.Parallel()
	for name, args := range clips {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := testkit.Clip(t, name, args...)
			f := readFilm(t, path)
			want := ffprobe(t, path)
			for track, packets := range want {
				for n := range packets {
					packets[n].Offset += blockHeader
					packets[n].Ticks += int64(f.header.Tracks[track].DelayNS+500_000) / 1_000_000 // ffprobe takes it off
				}
			}
			if diff := cmp.Diff(want, f.packets()); diff != "" {
				t.Error(diff)
			}
			f.compareCues(t, strings.HasPrefix(name, "live."))
		})
	}
}

// compareCues finds the Block of each place of the index where the index says that it is.
func (f *film) compareCues(t *testing.T, live bool) {
	t.Helper()
	count := 0
	for _, track := range f.header.Tracks {
		points, err := f.index.Points(track.Number)
		if err != nil {
			t.Error(err)
		}
		for _, p := range points {
			count++
			found := slices.ContainsFunc(f.blocks, func(b matroska.Block) bool {
				return b.Track == track.Number && b.Ticks == p.Ticks && b.Cluster == p.Cluster && b.Relative == p.Relative && b.Key
			})
			from, err := f.read(t, p.Cluster)
			if !found || !errors.Is(err, io.EOF) {
				t.Errorf("track %d: no key frame at %+v: %v", track.Number, p, err)
			}
			begin := slices.IndexFunc(f.blocks, func(b matroska.Block) bool { return b.Cluster == p.Cluster })
			if diff := cmp.Diff(f.blocks[max(begin, 0):], from); diff != "" {
				t.Errorf("read from %d on: %s", p.Cluster, diff)
			}
		}
	}
	if (count == 0) != live {
		t.Errorf("%d places in the index", count)
	}
}

// rewritten gives the sound of a file again, with n frames in a Block.
func rewritten(f film, flags byte, n int, entry []byte, strip int, group bool) []byte {
	const info, scale, tracks, trackEntry, simple, blockGroup, block, cluster, timestamp = 0x1549A966, 0x2AD7B1, 0x1654AE6B, 0xAE, 0xA3, 0xA0, 0xA1, 0x1F43B675, 0xE7
	var blocks [][]byte
	for some := range slices.Chunk(f.blocks, n) {
		var frames [][]byte
		for _, b := range some {
			frames = append(frames, f.frames[&b.Frames[0]][strip:])
		}
		data := matroskatest.BlockData(1, int16(some[0].Ticks), flags, frames...)
		if group {
			blocks = append(blocks, matroskatest.Element(blockGroup, matroskatest.Element(block, data)))
			continue
		}
		blocks = append(blocks, matroskatest.Element(simple, data))
	}
	return matroskatest.File(
		matroskatest.Element(info, matroskatest.Number(scale, 1_000_000)),
		matroskatest.Element(tracks, matroskatest.Element(trackEntry, entry)),
		matroskatest.Element(cluster, append([][]byte{matroskatest.Number(timestamp, 0)}, blocks...)...))
}

// TestLacesAreThePacketsOfFFprobe: MP3 frames of 26 ms, in the laces that mkvmerge and others write.
func TestLacesAreThePacketsOfFFprobe(t *testing.T) {
	t.Parallel()
	source := readFilm(t, testkit.Clip(t, "mp3.mka", clips["mp3.mka"]...))
	entry := slices.Concat(
		matroskatest.Number(0xD7, 1), matroskatest.Number(0x73C5, 1), matroskatest.Number(0x83, 2), matroskatest.Text(0x86, "A_MPEG/L3"),
		matroskatest.Number(0x23E383, 24_000_000),
		matroskatest.Element(0xE1, matroskatest.Number(0x9F, 1), matroskatest.Element(0xB5, []byte{0x47, 0x3b, 0x80, 0})))
	head := source.frames[&source.blocks[0].Frames[0]][:2]
	stripping := matroskatest.Element(0x6D80, matroskatest.Element(0x6240, matroskatest.Element(0x5034,
		matroskatest.Number(0x4254, 3), matroskatest.Element(0x4255, head))))
	for name, test := range map[string]struct {
		flags byte
		n     int
		entry []byte
		strip int
		group bool
	}{
		"xiph":     {0x80 | matroskatest.Xiph, 8, entry, 0, false},
		"ebml":     {0x80 | matroskatest.EBML, 8, entry, 0, false},
		"fixed":    {0x80 | matroskatest.Fixed, 1, entry, 0, false},
		"stripped": {0x80, 1, slices.Concat(entry, stripping), len(head), false},
		"both":     {0x80 | matroskatest.EBML, 5, slices.Concat(entry, stripping), len(head), false},
		"groups":   {matroskatest.Xiph, 3, entry, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), name+".mka")
			if err := os.WriteFile(path, rewritten(source, test.flags, test.n, test.entry, test.strip, test.group), 0o600); err != nil {
				t.Fatal(err)
			}
			f := readFilm(t, path)
			want, got := ffprobe(t, path)[0], f.packets()[0]
			if len(want) < 60 || len(got) != len(want) {
				t.Fatalf("%d frames, want %d", len(got), len(want))
			}
			for n := range want {
				if got[n].Hash != want[n].Hash || got[n].Size != want[n].Size || n%test.n == 0 && got[n].Ticks != want[n].Ticks {
					t.Errorf("frame %d is %+v, want %+v", n, got[n], want[n])
				}
			}
		})
	}
}

// TestDecodeTimesAreThoseOfTheSource: H.264 is copied from MP4, which has decoding times, to Matroska, which has none.
func TestDecodeTimesAreThoseOfTheSource(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"h264.mkv", "pyramid.mkv", "opengop.mkv", "interlaced.mkv", "microseconds.mkv", "hevc.mkv"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := testkit.Clip(t, "source.mp4", clips[name]...)
			copied := filepath.Join(t.TempDir(), name)
			if out, err := exec.Command(testkit.Need(t, "ffmpeg"), "-v", "error", "-i", source, "-c", "copy", copied).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			f := readFilm(t, copied)
			var frames []media.CodedFrame
			for _, b := range f.blocks {
				frames = append(frames, media.CodedFrame{PTS: b.Ticks})
			}
			got, err := media.NewDecodeTimes(frames, media.RunEnd{})
			if err != nil {
				t.Fatal(err)
			}
			want, scale := decodeTimes(t, source)
			if len(want) != len(got.DTS) || len(want) < 40 {
				t.Fatalf("%d frames, want %d", len(got.DTS), len(want))
			}
			for n := range want {
				ms := float64(want[n]-want[0]) * 1000 / float64(scale)
				if off := float64(got.DTS[n]-got.DTS[0]) - ms; off < -1 || off > 1 {
					t.Errorf("frame %d is decoded %.3f ms off", n, off)
				}
			}
		})
	}
}

// decodeTimes gives the decoding times of a film of one track and the ticks in a second.
func decodeTimes(t *testing.T, path string) (dts []int64, scale int64) {
	t.Helper()
	out, err := exec.Command(testkit.Need(t, "ffprobe"), "-v", "error", "-select_streams", "v", "-show_entries", "packet=dts:stream=time_base", "-of", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Packets []struct {
			DTS int64 `json:"dts"`
		} `json:"packets"`
		Streams []struct {
			Base string `json:"time_base"`
		} `json:"streams"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	for _, p := range answer.Packets {
		dts = append(dts, p.DTS)
	}
	scale, err = strconv.ParseInt(strings.TrimPrefix(answer.Streams[0].Base, "1/"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return dts, scale
}

// TestClipsHaveWhatTheyAreFor: a clip that lost its property would test nothing.
func TestClipsHaveWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	delays := map[string]int64{}
	leading := map[string]int{}
	for _, name := range []string{"h264.mkv", "pyramid.mkv", "opengop.mkv"} {
		f := readFilm(t, testkit.Clip(t, name, clips[name]...))
		var run []media.CodedFrame
		for _, b := range f.blocks {
			if b.Key && len(run) > 0 {
				times, err := media.NewDecodeTimes(run, media.RunEnd{})
				if err != nil {
					t.Fatal(err)
				}
				delays[name], leading[name] = max(delays[name], times.Delay), max(leading[name], times.Leading)
				run = nil
			}
			run = append(run, media.CodedFrame{PTS: b.Ticks})
		}
	}
	if delays["h264.mkv"] == 0 || delays["pyramid.mkv"] < 80 || leading["opengop.mkv"] == 0 || leading["h264.mkv"] != 0 {
		t.Errorf("delays %v, leading pictures %v in %v", delays, leading, slices.Sorted(maps.Keys(delays)))
	}
}

// TestSoundThatIsNotToBeHeard: two seconds of Opus end inside a frame of 20 ms, and begin 6.5 ms behind the first sample.
func TestSoundThatIsNotToBeHeard(t *testing.T) {
	t.Parallel()
	f := readFilm(t, testkit.Clip(t, "opus.webm", clips["opus.webm"]...))
	track, last := f.header.Tracks[0], f.blocks[len(f.blocks)-1]
	heard := int64(len(f.blocks))*20_000_000 - int64(track.DelayNS) - last.DiscardNS
	if track.DelayNS != 6_500_000 || track.PreRollNS != 80_000_000 || last.DiscardNS != 13_500_000 || heard != 2_000_000_000 {
		t.Errorf("delay %d, pre-roll %d, %d ns discarded, %d heard", track.DelayNS, track.PreRollNS, last.DiscardNS, heard)
	}
}
