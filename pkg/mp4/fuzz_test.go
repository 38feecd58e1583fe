package mp4_test

import (
	"bytes"
	"testing"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

// maxAmplified bounds what may be built from hostile bytes, in samples: far above any encoder's fragment.
const maxAmplified = 1 << 16

// FuzzStream reads bytes the way the packager does: nothing panics, and memory stays in proportion.
func FuzzStream(f *testing.F) {
	video := mp4test.VideoInit(24000, "avc1.64001F")
	f.Add(append(bytes.Clone(video), mp4.Segment(1, mp4test.Pictures(0, 5, 1001, "x"), 0, true)...))
	f.Add(append(mp4test.AudioInit(48000), mp4.Segment(1, mp4test.Frames(-1024, 5, "x"), 0, false)...))
	f.Add(append(bytes.Clone(video), mp4test.Box("moof", mp4test.Box("traf",
		mp4test.Box("trun", mp4test.Words(0, 60000)), mp4test.Box("trun", mp4test.Words(0, 60000))))...))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		var ftyp, moof mp4.Box
		var in mp4.Init
		for {
			b, err := mp4.ReadBox(r, 1<<16)
			if err != nil {
				return
			}
			if len(b.Raw) > len(data) {
				t.Fatalf("a box of %d bytes out of %d", len(b.Raw), len(data))
			}
			switch b.Type {
			case "ftyp":
				ftyp = b
			case "moov":
				in, _ = mp4.ParseInit(ftyp, mp4.WithEditList(b, 2002))
			case "moof":
				moof = b
			case "mdat":
				samples, err := in.Samples(moof, b)
				if len(samples) > maxAmplified {
					t.Fatalf("%d samples out of %d bytes", len(samples), len(data))
				}
				if err != nil || len(samples) == 0 {
					continue
				}
				mp4.IsIDR(samples[0].Data, in.NALLength)
				mp4.Segment(1, samples, 2, in.Handler == "vide")
			}
		}
	})
}

func FuzzInspect(f *testing.F) {
	f.Add(append(mp4test.VideoInit(24000, "avc1.64001F"), mp4test.Box("mdat", []byte("x"))...))
	f.Add(append(mp4test.Box("ftyp"), mp4test.Words(1, 0, 0, 8)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := mp4.Inspect(bytes.NewReader(data), int64(len(data)))
		if err == nil && l.HasMoov && l.Moov+8 > int64(len(data)) {
			t.Errorf("moov at %d of %d bytes", l.Moov, len(data))
		}
	})
}
