package disc_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/disc"
	"movify/pkg/disc/disctest"
)

const second = time.Second

// write makes a disc of these files; one without content has a megabyte of zeros, which is data for 80 seconds at most.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if content == "" {
			content = strings.Repeat("\x00", 512*2048)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// cells are neighbouring pieces of n sectors and 10 seconds each.
func cells(sectors ...uint32) (out []disctest.Cell) {
	for n := range len(sectors) - 1 {
		out = append(out, disctest.Cell{First: sectors[n], Last: sectors[n+1] - 1, Duration: 10 * second})
	}
	return out
}

func ifo(chains ...[]disctest.Cell) string { return string(disctest.IFO(chains...)) }

func mpls(items ...disctest.Item) string { return string(disctest.MPLS(items...)) }

func item(clip string, in, out time.Duration) disctest.Item {
	return disctest.Item{Clip: clip, In: in * second, Out: out * second}
}

// described gives a title as text: names with ranges in sectors or seconds.
func described(t disc.Title) (out []string) {
	for _, p := range t.Parts {
		text := p.Name
		switch {
		case t.Clips:
			text += " " + p.In.String() + "-" + p.Out.String()
		case !p.Whole():
			text += " " + itoa(p.From/2048) + "-" + itoa(p.To/2048)
		}
		if p.Anew {
			text += " anew"
		}
		if slices.ContainsFunc(t.Parts, func(p disc.Part) bool { return p.Anew }) && p.Lasts > 0 {
			text += " for " + p.Lasts.String()
		}
		out = append(out, text)
	}
	return out
}

func itoa(n int64) string { return time.Duration(n).String() }

func TestMainTitle(t *testing.T) {
	t.Parallel()
	film := func(sizes ...string) map[string]string {
		out := map[string]string{"VIDEO_TS/VIDEO_TS.IFO": "x", "VIDEO_TS/VIDEO_TS.VOB": "", "VIDEO_TS/VTS_01_0.VOB": ""}
		for _, name := range sizes {
			out["VIDEO_TS/"+name] = ""
		}
		return out
	}
	with := func(files map[string]string, more ...string) map[string]string {
		for n := 0; n < len(more); n += 2 {
			files[more[n]] = more[n+1]
		}
		return files
	}
	angles := []disctest.Cell{
		{First: 0, Last: 99, Duration: 10 * second},
		{First: 100, Last: 199, Duration: 20 * second, Angle: 1}, {First: 200, Last: 299, Duration: 20 * second, Angle: 2},
		{First: 300, Last: 511, Duration: 10 * second},
	}
	for _, c := range []struct {
		name   string
		files  map[string]string
		folder string
		main   []string // below the folder
		title  []string
	}{
		{
			"a DVD of three files", with(film("VTS_01_1.VOB", "VTS_01_2.VOB", "VTS_01_3.VOB"), "VIDEO_TS/VTS_01_0.IFO", ifo(cells(0, 500, 1000, 1536))),
			"VIDEO_TS", []string{"VTS_01_0.IFO"}, []string{"VTS_01_1.VOB", "VTS_01_2.VOB", "VTS_01_3.VOB"},
		},
		{
			"the longest of several title sets", with(film("VTS_01_1.VOB", "VTS_02_1.VOB", "VTS_02_2.VOB"),
				"VIDEO_TS/VTS_01_0.IFO", ifo(cells(0, 512)), "VIDEO_TS/VTS_02_0.IFO", ifo(cells(0, 100, 1024))),
			"VIDEO_TS", []string{"VTS_02_0.IFO"}, []string{"VTS_02_1.VOB", "VTS_02_2.VOB"},
		},
		{
			"a title that is one file", with(film("VTS_01_1.VOB", "VTS_02_1.VOB"), "VIDEO_TS/VTS_01_0.IFO", ifo(cells(0, 10)),
				"VIDEO_TS/VTS_02_0.IFO", ifo(cells(0, 200, 512))),
			"VIDEO_TS", []string{"VTS_02_1.VOB"}, nil,
		},
		{
			"other titles in the same files", with(film("VTS_01_1.VOB", "VTS_01_2.VOB"), "VIDEO_TS/VTS_01_0.IFO",
				ifo(cells(0, 40), cells(40, 200, 600, 700), cells(700, 1024))),
			"VIDEO_TS", []string{"VTS_01_0.IFO"}, []string{"VTS_01_1.VOB 40ns-512ns", "VTS_01_2.VOB 0s-188ns"},
		},
		{
			"a clock that begins again", with(film("VTS_01_1.VOB", "VTS_01_2.VOB"), "VIDEO_TS/VTS_01_0.IFO", ifo([]disctest.Cell{
				{First: 0, Last: 99, Duration: 10 * second, Anew: true}, {First: 100, Last: 199, Duration: 20 * second},
				{First: 200, Last: 599, Duration: 30 * second, Anew: true}, {First: 600, Last: 699, Duration: 5 * second},
				{First: 700, Last: 799, Duration: 1000 * second, Anew: true},
			})),
			"VIDEO_TS", []string{"VTS_01_0.IFO"}, []string{"VTS_01_1.VOB 0s-200ns for 30s", "VTS_01_1.VOB 200ns-512ns anew for 35s", "VTS_01_2.VOB 0s-188ns", "VTS_01_2.VOB 188ns-288ns anew for 16s"},
		},
		{
			"the first of two angles", with(film("VTS_01_1.VOB"), "VIDEO_TS/VTS_01_0.IFO", ifo(angles)),
			"VIDEO_TS", []string{"VTS_01_0.IFO"}, []string{"VTS_01_1.VOB 0s-200ns for 30s", "VTS_01_1.VOB 300ns-512ns anew for 10s"},
		},
		{
			"cells that are repeated are played once", with(film("VTS_01_1.VOB"), "VIDEO_TS/VTS_01_0.IFO",
				ifo(slices.Concat(cells(0, 50), cells(0, 50), cells(0, 50), cells(0, 50)), cells(100, 300, 400))),
			"VIDEO_TS", []string{"VTS_01_0.IFO"}, []string{"VTS_01_1.VOB 100ns-400ns"},
		},
		{
			"more time than bytes", with(film("VTS_01_1.VOB", "VTS_02_1.VOB"),
				"VIDEO_TS/VTS_01_0.IFO", ifo([]disctest.Cell{{First: 0, Last: 5, Duration: 9 * time.Hour}}), "VIDEO_TS/VTS_02_0.IFO", ifo(cells(0, 100, 512))),
			"VIDEO_TS", []string{"VTS_02_1.VOB"}, nil,
		},
		{
			"cells beyond the files", with(film("VTS_01_1.VOB"), "VIDEO_TS/VTS_01_0.IFO", ifo(cells(0, 300, 512, 9000, 9999))),
			"VIDEO_TS", []string{"VTS_01_1.VOB"}, nil,
		},
		{
			"the backup of a broken index", with(film("VTS_01_1.VOB", "VTS_01_2.VOB"), "VIDEO_TS/VTS_01_0.IFO", "broken",
				"VIDEO_TS/VTS_01_0.BUP", ifo(cells(0, 300, 1024))),
			"VIDEO_TS", []string{"VTS_01_0.IFO"}, []string{"VTS_01_1.VOB", "VTS_01_2.VOB"},
		},
		{
			"no index: the largest title set", film("VTS_01_1.VOB", "VTS_02_1.VOB", "VTS_02_2.VOB", "VTS_03_1.VOB"),
			"VIDEO_TS", []string{"VTS_02_1.VOB", "VTS_02_2.VOB"}, nil,
		},
		{
			"names in lower case", map[string]string{"video_ts/vts_01_0.ifo": ifo(cells(0, 500, 1024)), "video_ts/vts_01_1.vob": "", "video_ts/vts_01_2.vob": ""},
			"video_ts", []string{"vts_01_0.ifo"}, []string{"vts_01_1.vob", "vts_01_2.vob"},
		},
		{"a folder without titles", map[string]string{"VIDEO_TS/VIDEO_TS.VOB": ""}, "VIDEO_TS", nil, nil},
		{
			"the longest playlist", map[string]string{
				"BDMV/PLAYLIST/00000.mpls": mpls(item("00001", 0, 20)), "BDMV/PLAYLIST/00001.mpls": mpls(item("00002", 10, 40), item("00003", 5, 25)),
				"BDMV/STREAM/00001.m2ts": "", "BDMV/STREAM/00002.m2ts": "", "BDMV/STREAM/00003.m2ts": "",
			}, "BDMV", []string{"PLAYLIST/00001.mpls"}, []string{"00002.m2ts 10s-40s", "00003.m2ts 5s-25s"},
		},
		{
			"a playlist of one clip", map[string]string{
				"BDMV/PLAYLIST/00000.mpls": mpls(item("00001", 0, 20), item("00001", 20, 30), item("00001", 30, 60)), "BDMV/STREAM/00001.m2ts": "",
			}, "BDMV", []string{"STREAM/00001.m2ts"}, nil,
		},
		{
			"a menu that repeats itself", map[string]string{
				"BDMV/PLAYLIST/00000.mpls": mpls(item("00001", 0, 20), item("00001", 0, 20), item("00001", 0, 20)),
				"BDMV/PLAYLIST/00001.mpls": mpls(item("00002", 0, 30)), "BDMV/STREAM/00001.m2ts": "", "BDMV/STREAM/00002.m2ts": "",
			}, "BDMV", []string{"STREAM/00002.m2ts"}, nil,
		},
		{
			"of two alike the one of fewer clips", map[string]string{
				"BDMV/PLAYLIST/00000.mpls": mpls(item("00001", 0, 20), item("00002", 0, 20), item("00003", 0, 20)),
				"BDMV/PLAYLIST/00001.mpls": mpls(item("00001", 0, 30), item("00002", 0, 30)), "BDMV/PLAYLIST/00002.mpls": mpls(item("00001", 0, 30), item("00002", 0, 30)),
				"BDMV/STREAM/00001.m2ts": "", "BDMV/STREAM/00002.m2ts": "", "BDMV/STREAM/00003.m2ts": "",
			}, "BDMV", []string{"PLAYLIST/00001.mpls"}, []string{"00001.m2ts 0s-30s", "00002.m2ts 0s-30s"},
		},
		{
			"a clip that is not there", map[string]string{
				"BDMV/PLAYLIST/00000.mpls": mpls(item("00001", 0, 60), item("00009", 0, 60)), "BDMV/PLAYLIST/00001.mpls": mpls(item("00002", 0, 30)),
				"BDMV/STREAM/00001.m2ts": "", "BDMV/STREAM/00002.m2ts": "",
			}, "BDMV", []string{"STREAM/00002.m2ts"}, nil,
		},
		{
			"several angles", map[string]string{
				"BDMV/PLAYLIST/00000.mpls": mpls(disctest.Item{Clip: "00001", Out: 20 * second, Angles: 3}, item("00002", 0, 20)),
				"BDMV/STREAM/00001.m2ts":   "", "BDMV/STREAM/00002.m2ts": "",
			}, "BDMV", []string{"PLAYLIST/00000.mpls"}, []string{"00001.m2ts 0s-20s", "00002.m2ts 0s-20s"},
		},
		{
			"no playlist: the largest clip", map[string]string{"BDMV/STREAM/00001.m2ts": "small", "BDMV/STREAM/00002.m2ts": ""},
			"BDMV", []string{"STREAM/00002.m2ts"}, nil,
		},
		{"a camera", map[string]string{"BDMV/STREAM/00000.MTS": "", "BDMV/PLAYLIST/00000.MPL": "x"}, "BDMV", nil, nil},
		{"an empty copy", map[string]string{"BDMV/index.bdmv": "x"}, "BDMV", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(write(t, c.files), c.folder)
			main, err := disc.Main(dir)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, path := range main {
				rel, err := filepath.Rel(dir, path)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, filepath.ToSlash(rel))
			}
			if diff := cmp.Diff(c.main, got); diff != "" {
				t.Fatalf("main title (-want +got):\n%s", diff)
			}
			if len(main) != 1 || !disc.IsIndex(main[0]) {
				return
			}
			title, err := disc.Open(main[0])
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.title, described(title)); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFolderOfADisc(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/films/Heat/VIDEO_TS/VTS_01_1.VOB":      "/films/Heat/VIDEO_TS",
		"/films/Heat/VIDEO_TS":                   "/films/Heat/VIDEO_TS",
		"/films/Heat/vts_01_0.ifo":               "/films/Heat",
		"/films/Heat/BDMV/STREAM/00001.m2ts":     "/films/Heat/BDMV",
		"/films/Heat/bdmv/PLAYLIST":              "/films/Heat/bdmv",
		"/films/Heat/Heat.mkv":                   "",
		"/films/VTS/VTS_01_1.mkv":                "",
		"/films/Heat/Certificate/00001.m2ts":     "",
		"/films/Heat (1995)/VIDEO_TS and more/x": "",
	} {
		if got, ok := disc.Folder(path); got != want || ok != (want != "") {
			t.Errorf("%s lies in %q, want %q", path, got, want)
		}
	}
}
