package ffmpeg

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"movify/pkg/disc"
	"movify/pkg/disc/disctest"
)

func TestInputOfADisc(t *testing.T) {
	t.Parallel()
	dvd := titleInput(disc.Title{Dir: "/d", Parts: []disc.Part{
		{Name: "VTS_01_1.VOB", Size: 9000, From: 4096, To: 9000}, {Name: "VTS_01_2.VOB", Size: 9000, To: 2048},
	}})
	const ranges = "concat:subfile,,start,4096,end,9000,,:file:VTS_01_1.VOB|subfile,,start,0,end,2048,,:file:VTS_01_2.VOB"
	if dvd.url != ranges || dvd.bytes != 9000-4096+2048 || strings.Join(dvd.reads, " ") != "/d/VTS_01_1.VOB /d/VTS_01_2.VOB" {
		t.Errorf("a DVD is read as %+v", dvd)
	}
	bluray := titleInput(disc.Title{Dir: "/d", Clips: true, Parts: []disc.Part{
		{Name: "00002.m2ts", Size: 9, To: 9, In: 600 * time.Second, Out: 660 * time.Second},
		{Name: "00001.m2ts", Size: 9, To: 9, In: 250 * time.Millisecond, Out: 30 * time.Second},
	}})
	const clips = `ffconcat version 1.0
file 'file:00002.m2ts'
inpoint 599.500000
outpoint 660.000000
duration 60.000000
file 'file:00001.m2ts'
inpoint -0.250000
outpoint 30.000000
duration 29.750000
`
	list, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(bluray.url, "data:text/plain;base64,"))
	if err != nil || string(list) != clips {
		t.Errorf("a Blu-ray is read as %s (%v)", list, err)
	}
	for name, in := range map[string]input{"mpeg": dvd, "concat,mpegts": bluray} {
		if a := in.whitelisted(); a["format_whitelist"] != name || a["codec_whitelist"] == "" {
			t.Errorf("it is opened with %v", a)
		}
	}
}

// A disc is opened for each run of segments: its clips are looked at then, and not searched for joints. It is not
// parallel, because it counts what this process reads.
func TestOpeningADiscReadsLittle(t *testing.T) {
	const clips = 20
	dir := t.TempDir()
	packet := append([]byte{0, 0, 0, 0, 0x47, 0x1f, 0xff, 0x10}, make([]byte, 184)...)
	var items []disctest.Item
	for n := range clips {
		name := fmt.Sprintf("%05d", n)
		items = append(items, disctest.Item{Clip: name, Out: time.Minute})
		path := filepath.Join(dir, "STREAM", name+".m2ts")
		if err := errors.Join(
			os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, bytes.Repeat(packet, 50), 0o600), os.Truncate(path, 64<<20),
		); err != nil {
			t.Fatal(err)
		}
	}
	index := filepath.Join(dir, "PLAYLIST", "00800.mpls")
	if err := errors.Join(os.MkdirAll(filepath.Dir(index), 0o750), os.WriteFile(index, disctest.MPLS(items...), 0o600)); err != nil {
		t.Fatal(err)
	}
	before := bytesRead(t)
	in, err := openInput(index)
	if err != nil || len(in.reads) != clips {
		t.Fatalf("it is opened as %+v: %v", in, err)
	}
	if n := bytesRead(t) - before; n > 1<<20 {
		t.Errorf("%d KiB are read", n>>10)
	}
}

// bytesRead is how many bytes this process has read so far.
func bytesRead(t *testing.T) (n int64) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(string(text), "rchar: %d", &n); err != nil {
		t.Fatal(err)
	}
	return n
}
