package sampleentry_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"movify/pkg/matroska"
	"movify/pkg/mp4"
	"movify/pkg/sampleentry"
	"movify/pkg/testkit"
)

// trackOf gives the first track of a Matroska file and its first frame.
func trackOf(t *testing.T, path string) (matroska.Track, []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, size := bytes.NewReader(data), int64(len(data))
	h, err := matroska.ReadHeader(r, size)
	if err != nil {
		t.Fatal(err)
	}
	x, err := matroska.ReadCues(r, size)
	if err != nil && !errors.Is(err, matroska.ErrNoCues) {
		t.Fatal(err)
	}
	b, err := x.Blocks(r, h.Tracks, x.First)
	if err != nil {
		t.Fatal(err)
	}
	block, err := b.Next()
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	first, err := b.Append(nil, block, 0)
	if err != nil {
		t.Fatal(err)
	}
	return h.Tracks[0], first
}

// entryOf gives the sample entry of a track.
func entryOf(track matroska.Track, first []byte) ([]byte, error) {
	const video, left, half, full = 1, 1, 2, 2
	if track.Type != video {
		return sampleentry.Audio(sampleentry.Sound{
			Codec: track.Codec, Private: track.Private, First: first, Channels: int(track.Audio.Channels), Rate: track.Audio.Rate,
			OutputRate: track.Audio.OutputRate,
		})
	}
	v := track.Video
	p := sampleentry.Picture{
		Codec: track.Codec, Private: track.Private, First: first, InBand: true,
		Width: int(v.Width), Height: int(v.Height), FrameNS: track.FrameNS,
	}
	for _, a := range track.Additions {
		p.Additions = append(p.Additions, sampleentry.Addition{Type: a.Type, Data: a.Extra})
	}
	if v.Coloured {
		p.Colour = &sampleentry.Colour{
			Primaries: uint16(v.Primaries), Transfer: uint16(v.Transfer), Matrix: uint16(v.Matrix), Full: v.Range == full,
			Left: v.SitingAcross == left && v.SitingDown == half, MaxCLL: uint16(v.MaxCLL), MaxFALL: uint16(v.MaxFALL),
		}
		if m := v.Mastering; m != nil {
			p.Colour.Mastering = (*sampleentry.Mastering)(m)
		}
	}
	return sampleentry.Video(p)
}

// TestEntriesAreThoseOfACopy: ffmpeg copies each track from Matroska to MP4 too, and comes to the same boxes.
func TestEntriesAreThoseOfACopy(t *testing.T) {
	t.Parallel()
	picture := func(codec string, options ...string) []string {
		args := []string{"-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=0.4", "-pix_fmt", "yuv420p"}
		return append(append(args, options...), "-c:v", codec)
	}
	sound := func(codec string, channels string, rate string, options ...string) []string {
		args := []string{"-f", "lavfi", "-i", "sine=440:r=" + rate + ":d=0.4", "-ac", channels}
		return append(append(args, options...), "-c:a", codec)
	}
	bt709 := []string{"-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"}
	for name, test := range map[string]struct {
		args  []string
		boxes []string
	}{
		"h264":         {picture("libx264", "-preset", "ultrafast"), []string{"avcC"}},
		"h264-colour":  {picture("libx264", append(bt709, "-preset", "ultrafast")...), []string{"avcC", "colr"}},
		"h264-10":      {picture("libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"), []string{"avcC"}},
		"hevc":         {picture("libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"), []string{"hvcC"}},
		"av1":          {picture("libsvtav1", "-preset", "12", "-svtav1-params", "lp=1"), []string{"av1C"}},
		"vp9":          {picture("libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime"), []string{"vpcC"}},
		"vp9-colour":   {picture("libvpx-vp9", append(bt709, "-cpu-used", "8", "-deadline", "realtime")...), []string{"vpcC", "colr"}},
		"vp9-10":       {picture("libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime", "-pix_fmt", "yuv420p10le"), []string{"vpcC"}},
		"vp9-444":      {picture("libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime", "-pix_fmt", "yuv444p"), []string{"vpcC"}},
		"aac":          {sound("aac", "2", "48000"), []string{"esds"}},
		"aac-5.1":      {sound("aac", "6", "44100"), []string{"esds"}},
		"mp3":          {sound("libmp3lame", "2", "44100"), []string{"esds"}},
		"mp3-low":      {sound("libmp3lame", "1", "22050"), []string{"esds"}},
		"opus":         {sound("libopus", "2", "48000"), []string{"dOps"}},
		"opus-5.1":     {sound("libopus", "6", "48000", "-mapping_family", "1"), []string{"dOps"}},
		"flac":         {sound("flac", "2", "44100"), []string{"dfLa"}},
		"flac-96":      {sound("flac", "2", "96000", "-sample_fmt", "s32"), []string{"dfLa"}},
		"ac3":          {sound("ac3", "2", "48000"), []string{"dac3"}},
		"ac3-5.1":      {sound("ac3", "6", "44100", "-b:a", "448k"), []string{"dac3"}},
		"eac3":         {sound("eac3", "6", "48000", "-b:a", "384k"), []string{"dec3"}},
		"eac3-stereo":  {sound("eac3", "2", "32000", "-b:a", "96k"), []string{"dec3"}},
		"eac3-one-ear": {sound("eac3", "1", "48000"), []string{"dec3"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := testkit.Clip(t, name+".mkv", test.args...)
			entry, err := entryOf(trackOf(t, path))
			if err != nil {
				t.Fatal(err)
			}
			want := copied(t, path)
			got := mp4.Track{Handler: want.Handler, Entry: entry[8:]}
			for _, name := range test.boxes {
				a, _ := want.Part(name)
				b, found := got.Part(name)
				if name == "esds" { // ffmpeg adds bit rates
					a, b = decoder(a), decoder(b)
				}
				if !found || !bytes.Equal(a, b) {
					t.Errorf("%s is %x, that of the copy %x", name, b, a)
				}
			}
			if want.Format != string(entry[4:8]) && want.Format+string(entry[4:8]) != "avc1avc3" {
				t.Errorf("it is %q, that of the copy %q", entry[4:8], want.Format)
			}
			gotWidth, gotHeight := got.PictureSize()
			if width, height := want.PictureSize(); gotWidth != width || gotHeight != height {
				t.Errorf("%d × %d, that of the copy %d × %d", gotWidth, gotHeight, width, height)
			}
		})
	}
}

// decoder gives the object type indication and the DecoderSpecificInfo of an esds.
func decoder(esds []byte) []byte {
	object, config := mp4.DecoderConfig(esds)
	return []byte(hex.EncodeToString(append([]byte{object}, config...)))
}

// copied gives the only track of a copy in MP4.
func copied(t *testing.T, path string) mp4.Track {
	t.Helper()
	out := filepath.Join(t.TempDir(), "copy.mp4")
	cmd := exec.Command(testkit.Need(t, "ffmpeg"), "-v", "error", "-i", path, "-c", "copy", "-strict", "experimental", out)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	h, err := mp4.ReadHeader(f, info.Size())
	if err != nil || len(h.Tracks) != 1 {
		t.Fatalf("%d tracks: %v", len(h.Tracks), err)
	}
	return h.Tracks[0]
}
