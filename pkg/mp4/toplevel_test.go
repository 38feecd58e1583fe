package mp4_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

func TestInspect(t *testing.T) {
	t.Parallel()
	ftyp := mp4test.Box("ftyp", []byte("isom"))
	moov, mdat := mp4test.Box("moov", make([]byte, 40)), mp4test.Box("mdat", make([]byte, 100))
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	faststart, atEnd := join(ftyp, moov, mdat), join(ftyp, mdat, moov)
	long := join(mp4test.Words(1), []byte("mdat"), mp4test.Words(0, 100), make([]byte, 84))
	open := join(mp4test.Words(0), []byte("mdat"), make([]byte, 92))
	tests := map[string]struct {
		in   []byte
		want mp4.Layout
		err  error
	}{
		"moov first":              {in: faststart, want: mp4.Layout{End: 168, HasMoov: true, Moov: 12, MoovSize: 48}},
		"moov last":               {in: atEnd, want: mp4.Layout{End: 168, HasMoov: true, Moov: 120, MoovSize: 48}},
		"64-bit mdat":             {in: join(ftyp, moov, long), want: mp4.Layout{End: 160, HasMoov: true, Moov: 12, MoovSize: 48}},
		"mdat to the end":         {in: join(ftyp, moov, open), want: mp4.Layout{End: 160, HasMoov: true, Moov: 12, MoovSize: 48}},
		"mdat to the end, alone":  {in: join(ftyp, open), want: mp4.Layout{End: 112, Truncated: true}},
		"cut in mdat":             {in: faststart[:100], want: mp4.Layout{End: 168, Truncated: true, HasMoov: true, Moov: 12, MoovSize: 48}},
		"cut before moov":         {in: atEnd[:120], want: mp4.Layout{End: 120, Truncated: true}},
		"cut in a header":         {in: faststart[:64], want: mp4.Layout{End: 60, Truncated: true, HasMoov: true, Moov: 12, MoovSize: 48}},
		"cut in a 64-bit header":  {in: join(ftyp, moov, long)[:70], want: mp4.Layout{End: 60, Truncated: true, HasMoov: true, Moov: 12, MoovSize: 48}},
		"zeros at the end":        {in: join(faststart, make([]byte, 5)), want: mp4.Layout{End: 168, HasMoov: true, Moov: 12, MoovSize: 48}},
		"a camera's notes at end": {in: join(faststart, []byte("\xff\xff\xff\xff\x01\x02\x03\x04notes")), want: mp4.Layout{End: 168, HasMoov: true, Moov: 12, MoovSize: 48}},
		"only a beginning":        {in: ftyp[:6], want: mp4.Layout{Truncated: true}},
		"text":                    {in: []byte("this is a text file, really"), err: mp4.ErrNotMP4},
		"a box of 4 bytes":        {in: join(ftyp, mp4test.Words(4), []byte("moov")), want: mp4.Layout{End: 12}, err: mp4.ErrMalformed},
		"a box of 2⁶³ bytes":      {in: join(ftyp, mp4test.Words(1), []byte("moov"), mp4test.Words(1<<31, 0)), want: mp4.Layout{End: 12}, err: mp4.ErrMalformed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := mp4.Inspect(bytes.NewReader(test.in), int64(len(test.in)))
			if !errors.Is(err, test.err) {
				t.Fatalf("error is %v, want %v", err, test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
