package sampleentry_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"movify/pkg/sampleentry"
	"movify/pkg/testkit"
)

// avcSets gives the parameter sets of an AVCDecoderConfigurationRecord.
func avcSets(record []byte) (out [][]byte) {
	b := record[5:]
	for range 2 {
		count := int(b[0] & 0x1f)
		b = b[1:]
		for range count {
			size := int(binary.BigEndian.Uint16(b))
			out, b = append(out, b[2:2+size]), b[2+size:]
		}
	}
	return out
}

// hevcSets gives those of an HEVCDecoderConfigurationRecord.
func hevcSets(record []byte) (out [][]byte) {
	b := record[23:]
	for range record[22] {
		kind, count := b[0]&0x3f, int(binary.BigEndian.Uint16(b[1:]))
		b = b[3:]
		for range count {
			size := int(binary.BigEndian.Uint16(b))
			if kind <= 34 {
				out = append(out, b[2:2+size])
			}
			b = b[2+size:]
		}
	}
	return out
}

// The record that is made of parameter sets is the one that they were taken from, and the shape and the colour those of the copy.
func TestRecordsOfParameterSets(t *testing.T) {
	t.Parallel()
	const source = "-f lavfi -i testsrc2=s=162x98:r=25:d=0.4 -pix_fmt yuv420p "
	const x264, x265 = source + "-c:v libx264 -preset ultrafast ", source + "-c:v libx265 -preset ultrafast -x265-params log-level=none"
	const colour = " -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc"
	for name, args := range map[string]string{
		"base": x264, "main": x264 + "-bf 2", "high": x264 + "-profile:v high -x264-params 8x8dct=1:cqm=jvt", "ten": x264 + "-pix_fmt yuv420p10le",
		"chroma": x264 + "-pix_fmt yuv444p", "half": x264 + "-pix_fmt yuv422p", "fields": x264 + "-s 160x96 -flags +ilme+ildct",
		"wide": x264 + "-vf setsar=4/3", "odd": x264 + "-vf setsar=17/13", "colour": x264 + colour, "full": x264 + "-color_range pc",
		"hevc": x265, "hevc ten": x265 + " -pix_fmt yuv420p10le" + colour, "hevc wide": x265 + " -vf setsar=4/3", "hevc 422": x265 + " -pix_fmt yuv422p",
		"hevc lists": x265 + ":scaling-list=default",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := copied(t, testkit.Clip(t, "sets.mkv", strings.Fields(args)...))
			codec, box := "V_MPEG4/ISO/AVC", "avcC"
			if strings.HasPrefix(name, "hevc") {
				codec, box = "V_MPEGH/ISO/HEVC", "hvcC"
			}
			record, _ := want.Part(box)
			sets := avcSets
			if box == "hvcC" {
				sets = hevcSets
			}
			p, err := sampleentry.FromSets(codec, sets(record))
			if err != nil {
				t.Fatal(err)
			}
			got := p.Private
			if box == "hvcC" { // ffmpeg leaves other arrays in it, and says what it knows of frames beside
				got, record = hevcFacts(got), hevcFacts(record)
			}
			if !bytes.Equal(got, record) {
				t.Errorf("the record is %x, that of the copy %x", got, record)
			}
			entry, err := sampleentry.Video(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range []string{"pasp", "colr"} {
				theirs, there := want.Part(kind)
				at := bytes.Index(entry, []byte(kind))
				ours := at >= 0 && bytes.HasPrefix(entry[at+4:], theirs)
				if kind == "pasp" && there && bytes.Equal(theirs, []byte{0, 0, 0, 1, 0, 0, 0, 1}) {
					ours = at < 0
				}
				if kind == "colr" && name != "colour" && name != "hevc ten" && name != "full" {
					continue // where the sets say nothing, ffmpeg writes nothing
				}
				if there && !ours {
					t.Errorf("%s is not %x", kind, theirs)
				}
			}
			if w, h := want.PictureSize(); w != p.Width || h != p.Height {
				t.Errorf("%d × %d, that of the copy %d × %d", p.Width, p.Height, w, h)
			}
		})
	}
}

// hevcFacts are the profile, the formats, the layers and the parameter sets of a record.
func hevcFacts(b []byte) []byte {
	out := append(bytes.Clone(b[:13]), b[16], b[17], b[18], b[21])
	return append(out, bytes.Join(hevcSets(b), []byte("|"))...)
}

func TestParameterSetsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		codec string
		sets  [][]byte
		want  error
	}{
		"VP9":           {"V_VP9", nil, sampleentry.ErrUnknown},
		"none":          {"V_MPEG4/ISO/AVC", nil, sampleentry.ErrMalformed},
		"no PPS":        {"V_MPEG4/ISO/AVC", [][]byte{{0x67, 66, 0, 30, 0xff}}, sampleentry.ErrMalformed},
		"cut off":       {"V_MPEG4/ISO/AVC", [][]byte{{0x67, 66, 0, 30}, {0x68, 1, 2, 3}}, sampleentry.ErrMalformed},
		"HEVC cut off":  {"V_MPEGH/ISO/HEVC", [][]byte{{0x40, 1, 1, 1}, {0x42, 1, 1, 1}, {0x44, 1, 1, 1}}, sampleentry.ErrMalformed},
		"HEVC all ones": {"V_MPEGH/ISO/HEVC", [][]byte{{0x40, 1, 1, 1}, append([]byte{0x42, 1}, bytes.Repeat([]byte{0xff}, 60)...), {0x44, 1, 1, 1}}, sampleentry.ErrMalformed},
	} {
		if _, err := sampleentry.FromSets(c.codec, c.sets); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// Whatever parameter sets say, they are refused or make a record.
func FuzzFromSets(f *testing.F) {
	f.Add(false, []byte{0x67, 66, 0, 30, 0xab, 0x40, 0x50, 0x1e, 0xc8}, []byte{0x68, 0xce, 0x38, 0x80})
	f.Add(true, append([]byte{0x42, 1, 1, 1, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 0x3c}, 0xa0, 0x0a, 8, 5, 0x9f, 0xac), []byte{0x44, 1, 0xc1, 0x72})
	f.Fuzz(func(t *testing.T, hevc bool, sequence, picture []byte) {
		codec := "V_MPEG4/ISO/AVC"
		if hevc {
			codec = "V_MPEGH/ISO/HEVC"
		}
		p, err := sampleentry.FromSets(codec, [][]byte{{0x40, 1, 1, 1}, sequence, picture})
		if err != nil {
			return
		}
		if _, err := sampleentry.Video(p); err != nil {
			t.Errorf("%d × %d: %v", p.Width, p.Height, err)
		}
	})
}
