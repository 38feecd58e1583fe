package scan_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/scan"
	"movify/pkg/disc/disctest"
)

// vob is content of 100 sectors, which is data for sixteen seconds at most.
func vob(name string) string {
	text := "film " + name
	return text + strings.Repeat(" ", 100*2048-len(text))
}

func index(sectors uint32, d time.Duration) string {
	return string(disctest.IFO([]disctest.Cell{{First: 0, Last: sectors - 1, Duration: d}}))
}

func dvdFiles(folder string) map[string]string {
	return map[string]string{
		folder + "VIDEO_TS.IFO": "x", folder + "VIDEO_TS.VOB": vob(folder + "m"), folder + "VTS_01_0.VOB": vob(folder + "m"),
		folder + "VTS_01_0.IFO": index(250, 30*time.Second), folder + "VTS_01_1.VOB": vob(folder + "a"), folder + "VTS_01_2.VOB": vob(folder + "b"),
		folder + "VTS_01_3.VOB": vob(folder + "c"), folder + "VTS_02_0.IFO": index(100, 10*time.Second), folder + "VTS_02_1.VOB": vob(folder + "d"),
	}
}

func blurayFiles() map[string]string {
	return map[string]string{
		"Blade (1998)/BDMV/index.bdmv": "x", "Blade (1998)/BDMV/STREAM/00001.m2ts": vob("a"), "Blade (1998)/BDMV/STREAM/00002.m2ts": vob("b"),
		"Blade (1998)/BDMV/STREAM/00003.m2ts": vob("c"),
		"Blade (1998)/BDMV/PLAYLIST/00001.mpls": string(disctest.MPLS(
			disctest.Item{Clip: "00001", Out: 9 * time.Second}, disctest.Item{Clip: "00003", Out: 9 * time.Second})),
		"Blade (1998)/BDMV/PLAYLIST/00002.mpls": string(disctest.MPLS(disctest.Item{Clip: "00002", Out: 9 * time.Second})),
	}
}

// present lists the files that are there, by their paths below the root.
func present(h *harness) (out []string) {
	for path, state := range h.States() {
		if state == library.Present {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

func TestACopiedDiscIsOneFile(t *testing.T) {
	t.Parallel()
	files := blurayFiles()
	maps.Copy(files, dvdFiles("Heat (1995)/VIDEO_TS/"))
	maps.Copy(files, dvdFiles("Ronin (1998)/"))
	files["Ronin (1998)/Ronin-trailer.mkv"] = "film trailer"
	h := newHarness(t, files)
	h.Start()
	h.ScanAll()
	if diff := cmp.Diff([]string{
		"Blade (1998)/BDMV/PLAYLIST/00001.mpls", "Heat (1995)/VIDEO_TS/VTS_01_0.IFO", "Ronin (1998)/Ronin-trailer.mkv",
		"Ronin (1998)/VTS_01_0.IFO",
	}, present(h)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if f := h.FileAt("Heat (1995)/VIDEO_TS/VTS_01_0.IFO"); f.Size != 300*2048 || f.Part != 0 {
		t.Errorf("the DVD has %d bytes and is part %d", f.Size, f.Part)
	}
	if f := h.FileAt("Blade (1998)/BDMV/PLAYLIST/00001.mpls"); f.Size != 200*2048 {
		t.Errorf("the Blu-ray has %d bytes", f.Size)
	}
	names := h.Names()
	for _, want := range []string{"Blade", "Heat", "Ronin"} {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, want) }) {
			t.Errorf("there is no %s among %q", want, names)
		}
	}
	before := h.FileAt("Heat (1995)/VIDEO_TS/VTS_01_0.IFO")
	h.Rename("Heat (1995)", "Heat [1995]")
	h.ScanAll()
	if after := h.FileAt("Heat [1995]/VIDEO_TS/VTS_01_0.IFO"); after.ID != before.ID {
		t.Errorf("a disc that was moved became another file: %s, %s", before.ID, after.ID)
	}
}

// A disc that was known by all its files is one title afterwards, and its other files do not count as lost.
func TestADiscReplacesItsFiles(t *testing.T) {
	t.Parallel()
	files := dvdFiles("Heat (1995)/VIDEO_TS/")
	indexes := map[string]string{}
	for name, content := range files {
		if strings.HasSuffix(name, ".IFO") {
			indexes[name] = content
			delete(files, name)
		}
	}
	h := newHarness(t, files)
	h.Start()
	h.ScanAll()
	if diff := cmp.Diff([]string{
		"Heat (1995)/VIDEO_TS/VTS_01_1.VOB", "Heat (1995)/VIDEO_TS/VTS_01_2.VOB", "Heat (1995)/VIDEO_TS/VTS_01_3.VOB",
	}, present(h)); diff != "" {
		t.Errorf("without an index (-want +got):\n%s", diff)
	}
	if f := h.FileAt("Heat (1995)/VIDEO_TS/VTS_01_2.VOB"); f.Part != 2 {
		t.Errorf("the second file is part %d", f.Part)
	}
	title := h.FileAt("Heat (1995)/VIDEO_TS/VTS_01_1.VOB").Title
	for name, content := range indexes {
		h.Write(name, content)
	}
	h.ScanAll()
	if diff := cmp.Diff([]string{"Heat (1995)/VIDEO_TS/VTS_01_0.IFO"}, present(h)); diff != "" {
		t.Errorf("with an index (-want +got):\n%s", diff)
	}
	if got := h.FileAt("Heat (1995)/VIDEO_TS/VTS_01_0.IFO").Title; got != title {
		t.Errorf("it became another title: %s, was %s", got, title)
	}
}

// The rules of an ignore file in the folder of a disc hold for its main title too.
func TestADiscIsIgnoredLikeOtherFiles(t *testing.T) {
	t.Parallel()
	files := blurayFiles()
	maps.Copy(files, dvdFiles("Heat (1995)/VIDEO_TS/"))
	maps.Copy(files, dvdFiles("Ronin (1998)/"))
	maps.Copy(files, dvdFiles("Up (2009)/VIDEO_TS/"))
	files["Blade (1998)/BDMV/"+library.IgnoreFile] = ""
	for name, content := range blurayFiles() {
		files[strings.Replace(name, "Blade (1998)", "Blade II (2002)", 1)] = content
	}
	files["Blade II (2002)/BDMV/PLAYLIST/"+library.IgnoreFile] = ""
	files["Heat (1995)/VIDEO_TS/"+library.IgnoreFile] = ""
	files["Ronin (1998)/"+library.IgnoreFile] = "VTS_*"
	h := newHarness(t, files)
	h.Start()
	h.ScanAll()
	if diff := cmp.Diff([]string{"Up (2009)/VIDEO_TS/VTS_01_0.IFO"}, present(h)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// A disc of which a file, or the folder of its files, is a link is played only when the link leads to where links may.
func TestTheFilesOfADiscDoNotLeadOut(t *testing.T) {
	t.Parallel()
	files := blurayFiles()
	maps.Copy(files, dvdFiles("Heat (1995)/VIDEO_TS/"))
	maps.Copy(files, dvdFiles("Up (2009)/VIDEO_TS/"))
	h := newHarness(t, files)
	for _, name := range []string{"Blade (1998)/BDMV/STREAM", "Heat (1995)/VIDEO_TS/VTS_01_2.VOB"} {
		outside := h.Path("../elsewhere/" + filepath.Base(name))
		if err := errors.Join(
			os.MkdirAll(filepath.Dir(outside), 0o750), os.Rename(h.Path(name), outside), os.Symlink(outside, h.Path(name)),
		); err != nil {
			t.Fatal(err)
		}
	}
	stop := h.Start()
	h.ScanAll()
	if diff := cmp.Diff([]string{"Up (2009)/VIDEO_TS/VTS_01_0.IFO"}, present(h)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	var out []string
	found, err := h.LeftOut(t.Context())
	for _, l := range found {
		out = append(out, filepath.Base(l.Path)+" "+l.Why.Code)
	}
	if diff := cmp.Diff([]string{"00001.mpls link_out", "VTS_01_0.IFO link_out"}, out); diff != "" || err != nil {
		t.Errorf("left out (-want +got):\n%s; %v", diff, err)
	}
	stop()
	h.Adjust = func(o *scan.Options) { o.LinksInto = []string{h.Path("../elsewhere")} }
	h.Build()
	h.Start()
	if got := present(h); len(got) != 3 {
		t.Errorf("with links allowed there are %q", got)
	}
}

// Files of a disc that arrive one by one are told of one by one; the disc is read as a whole each time.
func TestADiscThatIsCopiedIsFound(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Ronin (1998)/Ronin.mkv": "film ronin"})
	h.Start()
	files := dvdFiles("Heat (1995)/VIDEO_TS/")
	maps.Copy(files, blurayFiles())
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h.Write(name, files[name])
	}
	want := []string{"Blade (1998)/BDMV/PLAYLIST/00001.mpls", "Heat (1995)/VIDEO_TS/VTS_01_0.IFO", "Ronin (1998)/Ronin.mkv"}
	h.Until("the discs are there", func() bool { return slices.Equal(present(h), want) })
}

// A file that waits for its copy to end when its disc is found is no version of the film.
func TestAFileThatWaitedIsNotAddedBesideItsDisc(t *testing.T) {
	t.Parallel()
	h := newHarness(t, nil)
	h.Adjust = func(o *scan.Options) { o.StableFor = 500 * time.Millisecond }
	h.Build()
	h.Start()
	files := dvdFiles("Heat (1995)/VIDEO_TS/")
	const menu, rule = "Heat (1995)/VIDEO_TS/VIDEO_TS.VOB", "Ronin (1998)/" + library.IgnoreFile
	h.Write(menu, files[menu])
	h.Write("Ronin (1998)/Ronin.mkv", "film ronin")
	h.ScanAll()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h.Write(name, files[name])
	}
	h.Write(rule, "")
	h.ScanAll()
	const index = "Heat (1995)/VIDEO_TS/VTS_01_0.IFO"
	h.Until("the disc is there", func() bool { return h.States()[index] == library.Present })
	time.Sleep(time.Second)
	if diff := cmp.Diff([]string{index}, present(h)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
