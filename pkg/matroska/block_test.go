package matroska

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/matroska/matroskatest"
)

// pictures and sounds are the tracks of the made-up files.
var (
	pictures = Track{Number: 1, Type: 1}
	sounds   = Track{Number: 2, Type: 2}
)

func simple(track byte, ticks int16, flags byte, frames ...string) []byte {
	return el(idSimpleBlock, matroskatest.BlockData(track, ticks, flags, split(frames)...))
}

func split(frames []string) [][]byte {
	var out [][]byte
	for _, f := range frames {
		out = append(out, []byte(f))
	}
	return out
}

func signed(name uint32, b ...byte) []byte { return el(name, b) }

// blockOf is a Block without its places, with the bytes of its frames.
type blockOf struct {
	Block Block
	Data  []string
}

// blocks reads all Blocks of a file from its first Cluster on.
func blocks(t testing.TB, file []byte, tracks ...Track) ([]blockOf, error) {
	t.Helper()
	x, err := ReadCues(bytes.NewReader(file), int64(len(file)))
	if err != nil && !errors.Is(err, ErrNoCues) {
		t.Fatal(err)
	}
	b, err := x.Blocks(bytes.NewReader(file), tracks, x.First)
	if err != nil {
		return nil, err
	}
	var out []blockOf
	for {
		block, err := b.Next()
		if err != nil {
			return out, err
		}
		var data []string
		for n := range block.Frames {
			frame, err := b.Append(nil, block, n)
			if err != nil {
				return out, err
			}
			data = append(data, string(frame))
		}
		block.Cluster, block.Relative, block.Frames = 0, 0, nil
		out = append(out, blockOf{block, data})
	}
}

func clusterOf(ticks uint64, parts ...[]byte) []byte {
	return el(idCluster, append([][]byte{num(idClusterTimestamp, ticks)}, parts...)...)
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	stripped := sounds
	stripped.Stripped = []byte("\xff\xfb")
	long := string(bytes.Repeat([]byte("x"), 600))
	info := el(idInfo, num(idTimestampScale, 1_000_000))
	tests := map[string]struct {
		top  [][]byte
		want []blockOf
		err  error
	}{
		"simple": {
			[][]byte{clusterOf(1000, simple(1, 0, 0x80, "key"), simple(1, 40, 0x01, "b"), simple(1, -20, 0x08, "hidden"))},
			[]blockOf{
				{Block{Track: 1, Ticks: 1000, Key: true}, []string{"key"}},
				{Block{Track: 1, Ticks: 1040, Discardable: true}, []string{"b"}},
				{Block{Track: 1, Ticks: 980, Invisible: true}, []string{"hidden"}},
			}, io.EOF,
		},
		"a time before zero": {
			[][]byte{clusterOf(0, simple(1, -40, 0x80, "early"))},
			[]blockOf{{Block{Track: 1, Ticks: -40, Key: true}, []string{"early"}}}, io.EOF,
		},
		"Xiph lacing": {
			[][]byte{clusterOf(0, simple(2, 0, 0x80|matroskatest.Xiph, "a", long, "", long[:255], "end"))},
			[]blockOf{{Block{Track: 2, Key: true}, []string{"a", long, "", long[:255], "end"}}}, io.EOF,
		},
		"EBML lacing": {
			[][]byte{clusterOf(0, simple(2, 0, 0x80|matroskatest.EBML, "a", long, "bcd", "end"))},
			[]blockOf{{Block{Track: 2, Key: true}, []string{"a", long, "bcd", "end"}}}, io.EOF,
		},
		"fixed lacing": {
			[][]byte{clusterOf(0, simple(2, 0, 0x80|matroskatest.Fixed, "abc", "def", "ghi"))},
			[]blockOf{{Block{Track: 2, Key: true}, []string{"abc", "def", "ghi"}}}, io.EOF,
		},
		"a lace of one": {
			[][]byte{clusterOf(0, simple(1, 0, 0x80|matroskatest.EBML, "abc"), simple(2, 0, matroskatest.Xiph, ""))},
			[]blockOf{{Block{Track: 1, Key: true}, []string{"abc"}}, {Block{Track: 2}, []string{""}}}, io.EOF,
		},
		"header stripping": {
			[][]byte{clusterOf(0, simple(3, 0, 0x80|matroskatest.Fixed, "\x90a", "\x90b"))},
			[]blockOf{{Block{Track: 3, Key: true}, []string{"\xff\xfb\x90a", "\xff\xfb\x90b"}}}, io.EOF,
		},
		"groups": {
			[][]byte{clusterOf(500,
				el(idBlockGroup, el(idBlock, matroskatest.BlockData(1, 0, 0, []byte("key"))), num(idBlockDuration, 40)),
				el(idBlockGroup, el(idCRC32, make([]byte, 4)), el(idBlock, matroskatest.BlockData(1, 80, 0, []byte("p"))),
					signed(idReferenceBlock, 0xb0)),
				el(idBlockGroup, signed(idReferenceBlock), el(0x75A1, []byte("additions")),
					el(idBlock, matroskatest.BlockData(1, 40, 0x08, []byte("b"))), signed(idReferenceBlock, 40)),
				el(idBlockGroup, el(idBlock, matroskatest.BlockData(2, 0, 0, []byte("end"))), signed(idDiscardPadding, 0xff, 0x00)),
				el(idBlockGroup, el(idBlock, matroskatest.BlockData(2, 0, 0, []byte("end"))), signed(idDiscardPadding, 0x00, 0xff)),
			)},
			[]blockOf{
				{Block{Track: 1, Ticks: 500, Key: true, Duration: 40, HasDuration: true}, []string{"key"}},
				{Block{Track: 1, Ticks: 580}, []string{"p"}},
				{Block{Track: 1, Ticks: 540, Invisible: true}, []string{"b"}},
				{Block{Track: 2, Ticks: 500, Key: true, DiscardNS: -256}, []string{"end"}},
				{Block{Track: 2, Ticks: 500, Key: true, DiscardNS: 255}, []string{"end"}},
			}, io.EOF,
		},
		"other elements among them": {
			[][]byte{
				el(idTags), clusterOf(0, el(idVoid, make([]byte, 300_000)), simple(1, 0, 0, "a"), el(0x4FFF, []byte("unknown")), el(0xAB, []byte{9})),
				el(idVoid, make([]byte, 9)), el(idCluster), clusterOf(9), el(idCues), clusterOf(40, el(idCRC32, make([]byte, 4)), simple(1, 0, 0, "b")),
			},
			[]blockOf{{Block{Track: 1}, []string{"a"}}, {Block{Track: 1, Ticks: 40}, []string{"b"}}}, io.EOF,
		},
		"Clusters of unknown size": {
			[][]byte{
				matroskatest.Endless(idCluster, num(idClusterTimestamp, 0), simple(1, 0, 0, "a"), el(idVoid)),
				matroskatest.Endless(idCluster, num(idClusterTimestamp, 40), simple(1, 0, 0, "b")),
				el(idTags), clusterOf(80, simple(1, 0, 0, "c")), matroskatest.Endless(idCluster, num(idClusterTimestamp, 120)),
			},
			[]blockOf{
				{Block{Track: 1}, []string{"a"}}, {Block{Track: 1, Ticks: 40}, []string{"b"}},
				{Block{Track: 1, Ticks: 80}, []string{"c"}},
			}, io.EOF,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			third := stripped
			third.Number = 3
			file := matroskaFile(append([][]byte{info}, test.top...)...)
			got, err := blocks(t, file, pictures, sounds, third)
			if err != test.err {
				t.Errorf("it ends with %v, want %v", err, test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// live is a file whose Segment has no size, as a recording that goes on.
func live(top ...[]byte) []byte {
	return append(el(idEBML, el(idDocType, []byte("webm"))), matroskatest.Endless(idSegment, top...)...)
}

func TestBlocksOfFilesThatAreCutOff(t *testing.T) {
	t.Parallel()
	known := matroskaFile(clusterOf(0, simple(1, 0, 0, "first"), simple(1, 40, 0, "second")))
	endless := live(matroskatest.Endless(idCluster, num(idClusterTimestamp, 0), simple(1, 0, 0, "first"), simple(1, 40, 0, "second")))
	for name, file := range map[string][]byte{"known size": known, "unknown size": endless} {
		second := bytes.Index(file, []byte("first")) + len("first")
		for n := second; n < len(file); n++ {
			got, err := blocks(t, file[:n], pictures)
			if !errors.Is(err, io.ErrUnexpectedEOF) || len(got) != 1 || got[0].Data[0] != "first" {
				t.Fatalf("%s, %d of %d bytes: %+v, %v", name, n, len(file), got, err)
			}
		}
	}
	if got, err := blocks(t, endless, pictures); !errors.Is(err, io.ErrUnexpectedEOF) || len(got) != 2 {
		t.Errorf("a whole recording: %+v, %v", got, err)
	}
	if got, err := blocks(t, append(slices.Clone(endless), known...), pictures); err != io.EOF || len(got) != 2 {
		t.Errorf("a recording with another behind it: %+v, %v", got, err)
	}
}

func TestBlocksRefuse(t *testing.T) {
	t.Parallel()
	data := func(b ...byte) []byte { return el(idSimpleBlock, b) }
	for name, parts := range map[string][][]byte{
		"no track number":                   {data()},
		"a Block of three bytes":            {data(0x81, 0, 0)},
		"a track number of nine bytes":      {data(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)},
		"an unknown track":                  {simple(9, 0, 0, "a")},
		"several pictures, Xiph":            {simple(1, 0, matroskatest.Xiph, "a", "b")},
		"several pictures, EBML":            {simple(1, 0, matroskatest.EBML, "a", "b")},
		"several pictures, fixed":           {simple(1, 0, matroskatest.Fixed, "a", "b")},
		"a lace without a count":            {data(0x82, 0, 0, matroskatest.Xiph)},
		"a Xiph lace without sizes":         {data(0x82, 0, 0, matroskatest.Xiph, 2)},
		"a Xiph size without end":           {data(0x82, 0, 0, matroskatest.Xiph, 1, 255, 255)},
		"a Xiph size beyond the Block":      {data(0x82, 0, 0, matroskatest.Xiph, 1, 9, 1, 2)},
		"Xiph sizes beyond the Block":       {data(0x82, 0, 0, matroskatest.Xiph, 2, 2, 2, 1, 2, 3)},
		"a fixed lace with a rest":          {data(0x82, 0, 0, matroskatest.Fixed, 1, 1, 2, 3)},
		"an EBML size beyond the Block":     {data(0x82, 0, 0, matroskatest.EBML, 1, 0x88, 1, 2)},
		"an EBML size below zero":           {data(0x82, 0, 0, matroskatest.EBML, 2, 0x81, 0x80, 1, 2, 3)},
		"an EBML size that is cut":          {data(0x82, 0, 0, matroskatest.EBML, 1, 0x01, 0xff)},
		"an EBML size of nine bytes":        {data(0x82, 0, 0, matroskatest.EBML, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
		"a group without a Block":           {el(idBlockGroup, num(idBlockDuration, 4))},
		"a group of two Blocks":             {el(idBlockGroup, el(idBlock, matroskatest.BlockData(1, 0, 0, []byte("a"))), el(idBlock, matroskatest.BlockData(1, 0, 0, []byte("a"))))},
		"a group with a cut child":          {el(idBlockGroup, []byte{0x9b, 0x88, 0})},
		"a duration of nine bytes":          {el(idBlockGroup, el(idBlock, matroskatest.BlockData(1, 0, 0, []byte("a"))), el(idBlockDuration, make([]byte, 9)))},
		"a duration without end":            {el(idBlockGroup, el(idBlock, matroskatest.BlockData(1, 0, 0, []byte("a"))), num(idBlockDuration, math.MaxUint64))},
		"a Block larger than its Cluster":   {{0xa3, 0x88, 0x81, 0, 0}},
		"a group of unknown size":           {matroskatest.Endless(idBlockGroup, el(idBlock, matroskatest.BlockData(1, 0, 0, []byte("a"))))},
		"no element":                        {{0, 0, 0, 0}},
		"a header that is cut":              {{0xa3}},
		"a time of nine bytes":              {el(idClusterTimestamp, make([]byte, 9))},
		"a time beyond all clocks":          {num(idClusterTimestamp, math.MaxInt64)},
		"too many elements without a Block": {bytes.Repeat(el(idVoid), 5000)},
		"a Cluster of unknown size inside":  {matroskatest.Endless(idCluster)},
	} {
		file := matroskaFile(el(idInfo), clusterOf(0, parts...))
		if got, err := blocks(t, file, pictures, sounds); !errors.Is(err, ErrMalformed) || len(got) > 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	early := matroskaFile(el(idInfo), el(idCluster, simple(1, 0, 0, "a"), num(idClusterTimestamp, 0)))
	if got, err := blocks(t, early, pictures); !errors.Is(err, ErrMalformed) {
		t.Errorf("a Block before the time of its Cluster: %+v, %v", got, err)
	}
	for name, top := range map[string][]byte{
		"a Cluster larger than its Segment": {0x1f, 0x43, 0xb6, 0x75, 0x88, 0xe7, 0x80},
		"Tags of unknown size":              slices.Concat(clusterOf(0), matroskatest.Endless(idTags)),
	} {
		if got, err := blocks(t, matroskaFile(top), pictures); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestBlocksBeginAtAClusterOnly(t *testing.T) {
	t.Parallel()
	file := matroskaFile(el(idInfo), clusterOf(0, simple(1, 0, 0, "a")))
	x, err := ReadCues(bytes.NewReader(file), int64(len(file)))
	if !errors.Is(err, ErrNoCues) {
		t.Fatal(err)
	}
	for off := int64(-3); off < int64(len(file))+3; off++ {
		_, err := x.Blocks(bytes.NewReader(file), []Track{pictures}, off)
		if (off == x.First) != (err == nil) {
			t.Errorf("a reader at %d, the Cluster is at %d: %v", off, x.First, err)
		}
	}
}

// TestBlocksOfAFileThatShrinks: its size was taken before its end was cut off.
func TestBlocksOfAFileThatShrinks(t *testing.T) {
	t.Parallel()
	file := matroskaFile(el(idInfo), clusterOf(0, simple(1, 0, 0, "first"), simple(1, 40, 0, "second")))
	x, _ := ReadCues(bytes.NewReader(file), int64(len(file)))
	for n := range len(file) {
		b, err := x.Blocks(bytes.NewReader(file[:n]), []Track{pictures}, x.First)
		for err == nil {
			_, err = b.Next()
		}
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("with %d of %d bytes: %v", n, len(file), err)
		}
	}
}

// reads counts the reads of a file and their bytes.
type reads struct {
	io.ReaderAt
	count int
	bytes int64
}

func (r *reads) ReadAt(b []byte, off int64) (int, error) {
	r.count, r.bytes = r.count+1, r.bytes+int64(len(b))
	return r.ReaderAt.ReadAt(b, off)
}

func TestReadsAreFewOrSmall(t *testing.T) {
	t.Parallel()
	picture := string(bytes.Repeat([]byte("picture "), 10_000))
	var parts [][]byte
	for n := range int16(100) {
		parts = append(parts, simple(1, n, 0, picture), simple(2, n, 0, "a short sound"))
	}
	file := matroskaFile(el(idInfo), clusterOf(0, parts...))
	x, _ := ReadCues(bytes.NewReader(file), int64(len(file)))
	for name, test := range map[string]struct {
		data  bool
		count int
		bytes int64
	}{
		"with the pictures":    {true, 60, int64(len(file)) * 11 / 10},
		"without the pictures": {false, 210, 100 * 2 * minWindow},
	} {
		r := &reads{ReaderAt: bytes.NewReader(file)}
		b, err := x.Blocks(r, []Track{pictures, sounds}, x.First)
		if err != nil {
			t.Fatal(err)
		}
		var block Block
		for block, err = b.Next(); err == nil; block, err = b.Next() {
			if test.data {
				if _, err := b.Append(nil, block, 0); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err != io.EOF || r.count > test.count || r.bytes > test.bytes {
			t.Errorf("%s: %d bytes in %d reads of a file of %d: %v", name, r.bytes, r.count, len(file), err)
		}
	}
}

// A reader begins with the Block of a Cue, and with its Cluster where the Cue does not say more or is wrong.
func TestBlocksFromACue(t *testing.T) {
	t.Parallel()
	first, second := simple(1, 0, 0x80, "first"), simple(1, 40, 0x80, "second")
	time := num(idClusterTimestamp, 7)
	file := matroskaFile(el(idInfo), el(idCluster, el(idVoid, make([]byte, 3)), time, first, el(idCRC32, make([]byte, 4)), second))
	untimed := matroskaFile(el(idInfo), el(idCluster, first, time, second))
	before := int64(len(el(idVoid, make([]byte, 3))) + len(time))
	for name, c := range map[string]struct {
		file     []byte
		relative int64
		want     int64 // ticks of the first Block
		err      error
	}{
		"the first":                 {file, before, 7, nil},
		"the second":                {file, before + int64(len(first)), 47, nil},
		"one that does not say":     {file, -1, 7, nil},
		"before the time":           {file, 2, 7, nil},
		"behind the Cluster":        {file, 1 << 40, 7, nil},
		"inside a Block":            {file, before + 2, 0, ErrMalformed},
		"a Block before the time":   {untimed, 2, 0, ErrMalformed},
		"a Cluster that is cut off": {file[:len(file)-40], before + int64(len(first)), 0, io.ErrUnexpectedEOF},
	} {
		x, _ := ReadCues(bytes.NewReader(c.file), int64(len(c.file)))
		r, err := x.BlocksFrom(bytes.NewReader(c.file), []Track{pictures}, Cue{Cluster: x.First, Relative: c.relative})
		var b Block
		if err == nil {
			b, err = r.Next()
		}
		if b.Ticks != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %+v, %v", name, b, err)
		}
	}
	x, _ := ReadCues(bytes.NewReader(file), int64(len(file)))
	if _, err := x.BlocksFrom(bytes.NewReader(file), nil, Cue{Cluster: 3, Relative: 9}); !errors.Is(err, ErrMalformed) {
		t.Errorf("no Cluster: %v", err)
	}
}
