package matroska

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The files in testdata were made by ffmpeg 5.1:
//
//	plain.mkv    libx264 64x48 24/s + AAC, 4 s, keyframes forced at 0, 0.5, 1.25 and 3 s, Cues at the end
//	front.mkv    the same, audio track first, -cues_to_front 1 -reserve_index_space 2000
//	live.mkv     the same as plain written to a pipe: sizes unknown, no Cues
//	offset.webm  libvpx 25/s, -g 10, -output_ts_offset 1.5
//	audio.mka    AAC only
func testdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// counter counts the bytes that are asked for.
type counter struct {
	io.ReaderAt
	bytes int64
}

func (c *counter) ReadAt(b []byte, off int64) (int, error) {
	c.bytes += int64(len(b))
	return c.ReaderAt.ReadAt(b, off)
}

func TestInspect(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Info{
		"plain.mkv":   {DocType: "matroska", SegmentEnd: 14529},
		"front.mkv":   {DocType: "matroska", SegmentEnd: 16427},
		"live.mkv":    {DocType: "matroska", SegmentEnd: -1},
		"offset.webm": {DocType: "webm", SegmentEnd: 5771},
		"audio.mka":   {DocType: "matroska", SegmentEnd: 2968},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := testdata(t, name)
			r := &counter{ReaderAt: bytes.NewReader(b)}
			got, err := Inspect(r, int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Inspect (-want +got):\n%s", diff)
			}
			if r.bytes > 4<<10 {
				t.Errorf("Inspect read %d bytes", r.bytes)
			}
		})
	}
}

func TestInspectTruncatedAnywhere(t *testing.T) {
	t.Parallel()
	b := testdata(t, "plain.mkv")
	for n := 4; n < len(b); n++ {
		got, err := Inspect(bytes.NewReader(b[:n]), int64(n))
		if err != nil || !got.Truncated {
			t.Fatalf("the first %d of %d bytes: %+v, %v; want truncated", n, len(b), got, err)
		}
		if got.SegmentEnd >= 0 && got.SegmentEnd != int64(len(b)) {
			t.Fatalf("the first %d bytes give the end %d, want %d", n, got.SegmentEnd, len(b))
		}
	}
	more := append(slices.Clone(b), "trailing rubbish"...)
	if got, err := Inspect(bytes.NewReader(more), int64(len(more))); err != nil || got.Truncated {
		t.Errorf("a file with a tail: %+v, %v; want complete", got, err)
	}
	live := testdata(t, "live.mkv")
	if got, err := Inspect(bytes.NewReader(live[:5000]), 5000); err != nil || got.Truncated {
		t.Errorf("a cut live recording: %+v, %v; want it not called truncated", got, err)
	}
}

func TestInspectSkipsVoid(t *testing.T) {
	t.Parallel()
	b := testdata(t, "plain.mkv")
	h, err := parseHeader(b)
	if err != nil {
		t.Fatal(err)
	}
	end := h.len + int(h.size)
	with := slices.Concat(b[:end], el(0xEC, make([]byte, 100_000)), b[end:])
	r := &counter{ReaderAt: bytes.NewReader(with)}
	got, err := Inspect(r, int64(len(with)))
	if err != nil || got.Truncated || got.SegmentEnd != int64(len(with)) || r.bytes > 4<<10 {
		t.Errorf("Inspect = %+v, %v after %d bytes", got, err, r.bytes)
	}
}

func TestInspectRefuses(t *testing.T) {
	t.Parallel()
	ebml := func(kind string) []byte { return el(idEBML, el(idDocType, []byte(kind))) }
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"empty":              {nil, ErrNotMatroska},
		"text":               {[]byte("#EXTM3U\n"), ErrNotMatroska},
		"half the magic":     {[]byte{0x1A, 0x45}, ErrNotMatroska},
		"another document":   {ebml("musicxml"), ErrNotMatroska},
		"no type":            {el(idEBML, nil), ErrNotMatroska},
		"huge header":        {append(id(idEBML), 0x08, 0xff, 0xff, 0xff, 0xff), ErrMalformed},
		"endless header":     {append(id(idEBML), 0xff), ErrMalformed},
		"size of nine bytes": {append(id(idEBML), 0, 1, 2, 3, 4, 5, 6, 7, 8), ErrMalformed},
		"no segment":         {slices.Concat(ebml("webm"), bytes.Repeat(el(0xEC, nil), 40)), ErrMalformed},
		"endless void":       {slices.Concat(ebml("webm"), []byte{0xEC, 0xFF, 0}), ErrMalformed},
		"no element":         {slices.Concat(ebml("webm"), []byte{0, 0, 0, 0}), ErrMalformed},
	} {
		if got, err := Inspect(bytes.NewReader(c.file), int64(len(c.file))); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v; want %v", name, got, err, c.want)
		}
	}
}

func TestReadErrorsSurface(t *testing.T) {
	t.Parallel()
	b := testdata(t, "plain.mkv")
	// The file shrank after its size was taken.
	for n := range int64(600) {
		r := io.NewSectionReader(bytes.NewReader(b), 0, n)
		if got, err := Inspect(r, int64(len(b))); err == nil {
			t.Fatalf("Inspect with %d readable bytes = %+v", n, got)
		}
	}
}

func TestSeekHeadsInCircles(t *testing.T) {
	t.Parallel()
	// Every entry points at the SeekHead itself, at the last byte, or far outside.
	var entries [][]byte
	for i := range uint64(5000) {
		entries = append(
			entries, el(idSeek, el(idSeekID, id(idSeekHead)), num(idSeekPosition, []uint64{0, 1 << 40, 90_000}[i%3])),
		)
	}
	file := slices.Concat(
		el(idEBML, el(idDocType, []byte("webm"))), el(idSegment, el(idSeekHead, entries...), el(idCluster)),
	)
	r := &counter{ReaderAt: bytes.NewReader(file)}
	if got, err := ReadHeader(r, int64(len(file))); err == nil {
		t.Errorf("header is %+v", got)
	}
	if r.bytes > maxRead+maxTop*maxHeader+headSize {
		t.Errorf("read %d bytes", r.bytes)
	}
}

func FuzzInspect(f *testing.F) {
	for _, name := range []string{"plain.mkv", "front.mkv", "live.mkv", "offset.webm", "audio.mka"} {
		b := testdata(f, name)
		f.Add(b, int64(len(b)))
		f.Add(b[:len(b)/2], int64(len(b)))
	}
	f.Fuzz(func(t *testing.T, b []byte, size int64) {
		r := &counter{ReaderAt: bytes.NewReader(b)}
		info, err := Inspect(r, int64(len(b)))
		if r.bytes > 4<<10 {
			t.Errorf("Inspect read %d bytes", r.bytes)
		}
		if err == nil && info.Truncated && info.SegmentEnd >= 0 && info.SegmentEnd <= int64(len(b)) {
			t.Errorf("truncated, but it ends at %d of %d", info.SegmentEnd, len(b))
		}
		// A size that is not the file's must do no harm either.
		_, _ = Inspect(r, size)
	})
}

func id(v uint32) []byte {
	b := binary.BigEndian.AppendUint32(nil, v)
	return bytes.TrimLeft(b, "\x00")
}

// el writes an element with a size of eight bytes.
func el(name uint32, data ...[]byte) []byte {
	body := slices.Concat(data...)
	b := binary.BigEndian.AppendUint64(id(name), uint64(len(body))|1<<56)
	return append(b, body...)
}

func num(name uint32, v uint64) []byte { return el(name, binary.BigEndian.AppendUint64(nil, v)) }

func TestReadHeader(t *testing.T) {
	t.Parallel()
	b := testdata(t, "plain.mkv")
	r := &counter{ReaderAt: bytes.NewReader(b)}
	h, err := ReadHeader(r, int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Tracks) != 2 || h.DocType != "matroska" || h.DurationNS < 4e9 || h.DurationNS > 41e8 {
		t.Fatalf("header is %+v", h)
	}
	v, a := h.Tracks[0], h.Tracks[1]
	if v.Codec != "V_MPEG4/ISO/AVC" || v.Type != 1 || v.Video.Width != 64 || v.Video.Height != 48 ||
		len(v.Private) < 8 {
		t.Errorf("picture is %+v", v)
	}
	if a.Codec != "A_AAC" || a.Type != 2 || a.Audio.Channels == 0 || a.Audio.Rate < 8000 {
		t.Errorf("sound is %+v", a)
	}
	if r.bytes > 4<<10 {
		t.Errorf("%d bytes are read", r.bytes)
	}
}

// matroskaFile is a file of the given elements on the Segment's top level.
func matroskaFile(top ...[]byte) []byte {
	return slices.Concat(el(idEBML, el(idDocType, []byte("matroska"))), el(idSegment, top...))
}

func TestReadHeaderOfMadeUpFiles(t *testing.T) {
	t.Parallel()
	tracks := el(idTracks, el(idTrackEntry,
		num(idTrackNumber, 1), num(idTrackType, 17), num(idFlagDefault, 0), num(idFlagForced, 1), num(idFlagHearing, 1),
		el(idTrackName, []byte("Signs\x00\x00")), el(idLanguage, []byte("fre")), el(idCodecID, []byte("S_TEXT/UTF8"))))
	file := matroskaFile(
		el(
			idInfo, num(idTimestampScale, 1000), el(idDuration, []byte{0x47, 0x7a, 0x00, 0x00}),
			el(idTitle, []byte("A film")),
		),
		tracks,
		tracks, // a copy counts once
		el(idChapters, el(
			idEditionEntry,
			el(
				idChapterAtom, num(idChapterUID, 7), num(idChapterStart, 5), num(idChapterEnd, 9),
				el(idChapterShow, el(idChapterText, []byte("One"))),
			),
			el(idChapterAtom, num(idChapterUID, 8), num(idChapterStart, 9)),
		)),
		el(idTags, el(idTag, el(idTargets, el(idTargetType, []byte("EPISODE")), num(idTagTrack, 3)),
			el(
				idSimpleTag, el(idTagName, []byte("OUTER")), el(idTagString, []byte("x")), num(idTagDefault, 1),
				el(
					idSimpleTag, el(idTagName, []byte("INNER")), el(idTagString, []byte("y")),
					el(idTagLanguage, []byte("ger")),
				),
			))),
		el(
			idAttachment,
			el(
				idAttachedFile, num(idFileUID, 4), el(idFileName, []byte("cover.jpg")),
				el(idFileType, []byte("image/jpeg")), el(idFileData, []byte("JPEG")),
			),
		),
	)
	h, err := ReadHeader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	want := Header{
		DocType: "matroska", DurationNS: 64_000_000, Title: "A film",
		Tracks: []Track{{
			Number: 1, Type: 17, Codec: "S_TEXT/UTF8", Name: "Signs", Language: "fre", Forced: true, Hearing: true,
		}},
		Editions: []Edition{{
			Chapters: []Chapter{{UID: 7, StartNS: 5, EndNS: 9, HasEnd: true, Title: "One"}, {UID: 8, StartNS: 9}},
		}},
		Tags: []Tag{
			{Track: 3, TargetType: "EPISODE", Name: "OUTER", Value: "x", Language: "und", Default: true},
			{Track: 3, TargetType: "EPISODE", Name: "OUTER/INNER", Value: "y", Language: "ger"},
		},
		Attachments: []Attachment{
			{
				UID: 4, Name: "cover.jpg", MediaType: "image/jpeg",
				Offset: int64(bytes.Index(file, []byte("JPEG"))), Size: 4,
			},
		},
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
}

func TestReadHeaderRefuses(t *testing.T) {
	t.Parallel()
	info, tracks := el(idInfo, num(idTimestampScale, 1)), el(idTracks)
	for name, c := range map[string]struct {
		top  [][]byte
		want error
	}{
		"no tracks":         {[][]byte{info}, ErrMalformed},
		"no info":           {[][]byte{tracks}, ErrMalformed},
		"a tick of nothing": {[][]byte{el(idInfo, num(idTimestampScale, 0)), tracks}, ErrMalformed},
		"too many tracks":   {[][]byte{info, el(idTracks, bytes.Repeat(el(idTrackEntry), 300))}, ErrTooMuch},
		"too many chapters": {[][]byte{info, tracks, el(idChapters, el(idEditionEntry, bytes.Repeat(el(idChapterAtom), 2001)))}, ErrTooMuch},
		"too much in one":   {[][]byte{info, tracks, el(idTags, make([]byte, maxPart+1))}, ErrTooMuch},
		"too many editions": {[][]byte{info, tracks, el(idChapters, bytes.Repeat(el(idEditionEntry), 201))}, ErrTooMuch},
		"a broken tag":      {[][]byte{info, tracks, el(idTags, []byte{0x73, 0x73, 0x8f})}, ErrMalformed},
		"a broken file":     {[][]byte{info, tracks, el(idAttachment, []byte{0x61, 0xA7, 0x8f})}, ErrMalformed},
		"an odd float":      {[][]byte{el(idInfo, el(idDuration, make([]byte, 3))), tracks}, ErrMalformed},
	} {
		file := matroskaFile(c.top...)
		if h, err := ReadHeader(bytes.NewReader(file), int64(len(file))); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v; want %v", name, h, err, c.want)
		}
	}
}

func FuzzReadHeader(f *testing.F) {
	for _, name := range []string{"plain.mkv", "front.mkv", "offset.webm"} {
		b := testdata(f, name)
		f.Add(b[:min(len(b), 4<<10)], int64(len(b)))
	}
	f.Fuzz(func(t *testing.T, b []byte, size int64) {
		for _, size := range []int64{int64(len(b)), size} {
			r := &counter{ReaderAt: bytes.NewReader(b)}
			h, err := ReadHeader(r, size)
			if r.bytes > maxRead+maxTop*maxHeader+2*headSize+maxAttachments*8*maxHeader {
				t.Errorf("read %d bytes", r.bytes)
			}
			if err == nil && h.DurationNS < 0 {
				t.Errorf("header is %+v", h)
			}
		}
	})
}
