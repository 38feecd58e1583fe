package ffmpeg

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"movify/pkg/disc"
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
