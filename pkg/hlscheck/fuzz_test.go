package hlscheck

import "testing"

func FuzzInit(f *testing.F) {
	for _, s := range []initSpec{
		{video: true, width: 640, height: 360, profile: 100, level: 30, tracks: 1, movieExtends: true, timescale: 25000},
		{objectType: 2, rateIndex: 3, channels: 2, tracks: 1, movieExtends: true, timescale: 48000},
	} {
		f.Add(s.bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tr, err := readInit(data)
		if err == nil && (tr.timescale == 0 || tr.handler == "") {
			t.Errorf("took an Init Section without timescale or handler: %+v", tr)
		}
	})
}

func FuzzFragment(f *testing.F) {
	f.Add(fragmentSpec{duration: 1000, count: 3, size: 9, nal: 0x65}.bytes(), 4)
	f.Add([]byte{0, 0, 0, 1, 'm', 'o', 'o', 'f', 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 1)
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		fr, err := readFragment(data, sampleDefaults{})
		if err == nil && fr.samples > len(data) {
			t.Errorf("%d samples in %d bytes", fr.samples, len(data))
		}
		for _, entry := range []string{"avc1", "hvc1", "vp09", "av01"} {
			track{entry: entry, nalLength: n&3 + 1}.entered(fr.first)
		}
	})
}

func FuzzPlaylists(f *testing.F) {
	for name, file := range (good{packed: true}).fs() {
		if len(name) > 5 && name[len(name)-5:] == ".m3u8" {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		j := &judge{}
		j.multivariant("multivariant.m3u8", data)
		j.mediaPlaylist("v/media.m3u8", data)
	})
}
