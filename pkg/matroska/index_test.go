package matroska

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cue is a CuePoint of one place.
func cue(ticks, track, cluster uint64, more ...[]byte) []byte {
	place := append([][]byte{num(idCueTrack, track), num(idCueClusterPosition, cluster)}, more...)
	return el(idCuePoint, num(idCueTime, ticks), el(idCueTrackPositions, place...))
}

func seekTo(id uint32, position uint64) []byte {
	return el(idSeekHead, el(idSeek, num(idSeekID, uint64(id)), num(idSeekPosition, position)))
}

func TestReadCues(t *testing.T) {
	t.Parallel()
	info := el(idInfo, num(idTimestampScale, 500_000))
	block := clusterOf(0, simple(1, 0, 0x80, "a"), el(idVoid, make([]byte, 2000)))
	start := int64(len(matroskaFile()))
	cues := el(idCues, cue(80, 1, 200), el(idVoid), cue(0, 1, 100, num(idCueRelativePosition, 11), num(idCueBlockNumber, 2)),
		cue(80, 1, 200), cue(40, 2, 100), el(idCRC32, make([]byte, 4)))
	want := map[uint64][]Cue{
		1: {{0, start + 100, 11, 2}, {80, start + 200, -1, 0}},
		2: {{40, start + 100, -1, 0}},
	}
	head := seekTo(idCues, 0)
	behind := func(between ...[]byte) []byte {
		body := slices.Concat(append([][]byte{head, info, block}, between...)...)
		return matroskaFile(seekTo(idCues, uint64(len(body))), body[len(head):], cues, el(idTags))
	}
	tests := map[string][]byte{
		"a SeekHead points to them":        behind(),
		"far away":                         behind(clusterOf(3, el(idVoid, make([]byte, 2<<20)))),
		"before the first Cluster":         matroskaFile(info, cues, block),
		"behind the last Cluster":          matroskaFile(info, block, cues),
		"with Tags behind them":            matroskaFile(info, block, block, cues, el(idTags, []byte("\x1c\x53\xbb\x6b and so on")), el(idVoid)),
		"their name in a Cluster":          matroskaFile(info, block, clusterOf(9, el(idVoid, []byte("\x1c\x53\xbb\x6b\x81"))), cues),
		"a SeekHead points to a Cluster":   matroskaFile(seekTo(idCues, uint64(len(head)+len(info))), info, block, cues),
		"a SeekHead points into a Cluster": matroskaFile(seekTo(idCues, uint64(len(head)+len(info)+40)), info, block, cues),
		"a SeekHead points to the end":     matroskaFile(seekTo(idCues, 1<<40), info, block, cues),
	}
	for name, file := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x, err := ReadCues(bytes.NewReader(file), int64(len(file)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, x.points); diff != "" {
				t.Error(diff)
			}
			if x.SegmentOffset != start || x.End != int64(len(file)) || x.TickNS != 500_000 || x.Truncated ||
				x.First != int64(bytes.Index(file, []byte("\x1f\x43\xb6\x75"))) {
				t.Errorf("index is %+v", x)
			}
		})
	}
}

func TestReadCuesRefuse(t *testing.T) {
	t.Parallel()
	info, block := el(idInfo, num(idTimestampScale, 1_000_000)), clusterOf(0, simple(1, 0, 0x80, "a"))
	tests := map[string]struct {
		file []byte
		want error
	}{
		"none":                       {matroskaFile(info, block), ErrNoCues},
		"empty ones":                 {matroskaFile(info, block, el(idCues)), ErrNoCues},
		"only a Void in them":        {matroskaFile(info, block, el(idCues, el(idVoid))), ErrNoCues},
		"without a place":            {matroskaFile(info, block, el(idCues, el(idCuePoint, num(idCueTime, 0)))), ErrNoCues},
		"out of the Segment":         {matroskaFile(info, block, el(idCues, cue(0, 1, 1<<20))), ErrMalformed},
		"below zero":                 {matroskaFile(info, block, el(idCues, cue(0, 1, math.MaxUint64))), ErrMalformed},
		"without a Cluster":          {matroskaFile(info, block, el(idCues, el(idCuePoint, el(idCueTrackPositions, num(idCueTrack, 1))))), ErrMalformed},
		"a time beyond all clocks":   {matroskaFile(info, block, el(idCues, cue(math.MaxInt64/1000, 1, 0))), ErrMalformed},
		"larger than they say":       {matroskaFile(info, el(idCues, []byte{idCuePoint, 0x88, 1}), block), ErrMalformed},
		"of unknown size":            {matroskaFile(info, el(idCues, []byte{idCuePoint, 0xff}), block), ErrMalformed},
		"an integer of nine bytes":   {matroskaFile(info, el(idCues, el(idCuePoint, el(idCueTime, make([]byte, 9)))), block), ErrMalformed},
		"a CuePoint of a megabyte":   {matroskaFile(info, el(idCues, el(idCuePoint, el(idVoid, make([]byte, 1<<20)))), block), ErrTooMuch},
		"Cues of 33 MiB":             {matroskaFile(info, el(idCues, make([]byte, 33<<20)), block), ErrTooMuch},
		"a tick of no time":          {matroskaFile(el(idInfo, num(idTimestampScale, 0)), el(idCues, cue(0, 1, 0)), block), ErrMalformed},
		"no Segment":                 {el(idEBML, el(idDocType, []byte("webm"))), ErrMalformed},
		"another file":               {[]byte("#EXTM3U\n"), ErrNotMatroska},
		"a recording that goes on":   {live(info, block), ErrNoCues},
		"cut off behind the Cluster": {matroskaFile(info, block, el(idCues, cue(0, 1, 0)))[:len(matroskaFile(info, block))+4], ErrNoCues},
	}
	for name, test := range tests {
		if x, err := ReadCues(bytes.NewReader(test.file), int64(len(test.file))); !errors.Is(err, test.want) {
			t.Errorf("%s: %+v, %v; want %v", name, x, err, test.want)
		}
	}
}

func TestCuesOfATruncatedFile(t *testing.T) {
	t.Parallel()
	info, block := el(idInfo), clusterOf(0, simple(1, 0, 0x80, "a"))
	file := matroskaFile(info, el(idCues, cue(0, 1, 0), cue(9, 1, 100_000)), block, el(idVoid, make([]byte, 200_000)))
	x, err := ReadCues(bytes.NewReader(file[:500]), 500)
	if points := x.points[1]; err != nil || len(points) != 1 || !x.Truncated {
		t.Errorf("%+v, %v", x, err)
	}
}

func TestPointsThatGoBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		points [][]byte
		want   error
	}{
		"two Clusters in another order": {[][]byte{cue(0, 1, 50), cue(40, 1, 0)}, ErrMalformed},
		"one Cluster in another order": {
			[][]byte{cue(0, 1, 0, num(idCueRelativePosition, 9)), cue(40, 1, 0, num(idCueRelativePosition, 5))}, ErrMalformed,
		},
		"in order":                   {[][]byte{cue(0, 1, 0), cue(40, 1, 0, num(idCueRelativePosition, 5)), cue(80, 1, 0)}, nil},
		"another track goes back":    {[][]byte{cue(0, 2, 50), cue(40, 2, 0), cue(0, 1, 7)}, nil},
		"not sorted, but consistent": {[][]byte{cue(80, 1, 50), cue(40, 1, 0)}, nil},
	} {
		file := matroskaFile(el(idInfo), el(idCues, test.points...), clusterOf(0, simple(1, 0, 0, "a")))
		x, err := ReadCues(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if points, err := x.Points(1); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, %v", name, points, err)
		}
		if points, err := x.Points(77); err != nil || len(points) != 0 {
			t.Errorf("%s: a track without any: %v, %v", name, points, err)
		}
	}
}

func TestMillionsOfCues(t *testing.T) {
	t.Parallel()
	place := el(idCueTrackPositions, []byte{idCueTrack, 0x81, 1, idCueClusterPosition, 0x81, 0})
	point := el(idCuePoint, []byte{idCueTime, 0x81, 0}, bytes.Repeat(place, 3000))
	file := matroskaFile(el(idInfo), el(idCues, bytes.Repeat(point, 360)), clusterOf(0))
	if x, err := ReadCues(bytes.NewReader(file), int64(len(file))); !errors.Is(err, ErrTooMuch) {
		t.Errorf("%d points, %v", len(x.points[1]), err)
	}
}

// TestCuesAreReadInFewReads: an index of two hours is some 100 KB.
func TestCuesAreReadInFewReads(t *testing.T) {
	t.Parallel()
	var points [][]byte
	for n := range uint64(3600) {
		points = append(points, cue(2000*n, 1, 0))
	}
	file := matroskaFile(el(idInfo), clusterOf(0, el(idVoid, make([]byte, 2<<20))), el(idCues, points...))
	r := &reads{ReaderAt: bytes.NewReader(file)}
	x, err := ReadCues(r, int64(len(file)))
	if err != nil || len(x.points[1]) != 3600 || r.count > 12 {
		t.Errorf("%d points in %d reads: %v", len(x.points[1]), r.count, err)
	}
}

// FuzzBlocks reads hostile bytes: nothing panics, reads stay inside the file and in bounds, and so do all frames.
func FuzzBlocks(f *testing.F) {
	for _, name := range []string{"plain.mkv", "front.mkv", "live.mkv", "offset.webm", "audio.mka"} {
		b := testdata(f, name)
		f.Add(b, int64(len(b)))
		f.Add(b[:len(b)/2], int64(len(b)))
	}
	laces := []byte{0, 2, 4, 6}
	for _, kind := range laces {
		b := matroskaFile(el(idInfo), clusterOf(0, simple(2, 0, kind, "abcd"), el(idBlockGroup, simple(1, 0, 0, "a"))), el(idCues, cue(0, 1, 0)))
		f.Add(b, int64(len(b)))
	}
	f.Fuzz(func(t *testing.T, b []byte, size int64) {
		for _, size := range []int64{int64(len(b)), size} {
			r := &reads{ReaderAt: inside{b}}
			x, err := ReadCues(r, size)
			if err != nil && !errors.Is(err, ErrNoCues) {
				continue
			}
			offsets := []int64{x.First, 0, size / 2}
			for track := range x.points {
				points, _ := x.Points(track)
				for _, p := range points[:min(3, len(points))] {
					offsets = append(offsets, p.Cluster)
				}
			}
			for _, off := range offsets {
				if err := walk(x, r, off, int64(len(b))); err != nil {
					t.Error(err)
				}
			}
		}
	})
}

// inside is a file that fails a test by a panic when it is read before its beginning.
type inside struct{ b []byte }

func (i inside) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 {
		panic("read before the file")
	}
	return bytes.NewReader(i.b).ReadAt(b, off)
}

// walk reads all Blocks from an offset on. It gives an error for a frame that is outside the file.
func walk(x Index, r io.ReaderAt, off, size int64) error {
	b, err := x.Blocks(r, []Track{pictures, sounds}, off)
	for count := int64(0); err == nil; count++ {
		var block Block
		if block, err = b.Next(); err != nil {
			break
		}
		if count > size {
			return fmt.Errorf("more Blocks than bytes: %d", count)
		}
		for n, f := range block.Frames {
			if f.Offset < x.SegmentOffset || f.Size < 0 || f.Offset+f.Size > x.End {
				return fmt.Errorf("a frame at %d of %d bytes, the Segment ends at %d", f.Offset, f.Size, x.End)
			}
			if f.Offset+f.Size > size { // the size is a lie
				continue
			}
			if data, err := b.Append(nil, block, n); err == nil && int64(len(data)) != f.Size {
				return fmt.Errorf("a frame of %d bytes instead of %d", len(data), f.Size)
			}
		}
	}
	return nil
}
