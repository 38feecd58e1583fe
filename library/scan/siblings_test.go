package scan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/scan"
)

// What differs only in a number is a title each, found by a scan or heard of one by one.
func TestNumberedFilesAreTitlesOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Lyon/1.mkv": "film one", "Lyon/2.mkv": "film two", "Heat (1995)/title00.mkv": "film heat"})
	h.Start()
	names := func() []string {
		list := h.Names()
		slices.Sort(list)
		return list
	}
	h.Until("three films", func() bool { return len(names()) == 3 })
	if diff := cmp.Diff([]string{"Heat", "Lyon 1", "Lyon 2"}, names()); diff != "" {
		t.Error(diff)
	}
	// A neighbour that comes later is a title of its own, and the known one stays.
	heat := h.FileAt("Heat (1995)/title00.mkv").Title
	h.Write("Heat (1995)/title01.mkv", "film more")
	h.Write("Lyon/3.mkv", "film three")
	h.Until("two more", func() bool { return len(names()) == 5 })
	if diff := cmp.Diff([]string{"Heat", "Heat title01", "Lyon 1", "Lyon 2", "Lyon 3"}, names()); diff != "" {
		t.Error(diff)
	}
	h.ScanAll()
	if after := h.FileAt("Heat (1995)/title00.mkv").Title; after != heat || len(names()) != 5 {
		t.Errorf("Heat is %s, was %s; there are %v", after, heat, names())
	}
}

func TestPreviewSaysWhatIsIgnored(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995).mkv": "film heat", "@Recycle/Gone.mkv": "film gone", "#snapshot/daily/Heat (1995).mkv": "film heat",
		"_UNPACK_Up/up.mkv": "film up", "Ronin (1998).mkv.part": "film half", ".Hidden.mkv": "film hidden",
		"Heat-sample.mkv": "film sample", "notes.txt": "x", ".notes": "x", "...And Justice for All (1979).mkv": "film justice",
		"mine/.ignore": "", "mine/Home.mkv": "film home",
	})
	diff, err := h.Preview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, i := range diff.Ignored {
		got[strings.TrimPrefix(i.Path, h.Dir+"/")] = i.Code
		if i.Reason == "" {
			t.Errorf("no reason for %s", i.Path)
		}
	}
	want := map[string]string{
		"@Recycle": library.ErrSystemName.Code, "#snapshot": library.ErrSnapshot.Code,
		"_UNPACK_Up": library.ErrUnpacking.Code, "Ronin (1998).mkv.part": library.ErrUnfinished.Code,
		".Hidden.mkv": library.ErrHidden.Code, "Heat-sample.mkv": library.ErrSample.Code, "mine/Home.mkv": library.ErrPassedBy.Code,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	added := []string{h.Path("...And Justice for All (1979).mkv"), h.Path("Heat (1995).mkv")}
	if diff := cmp.Diff(scan.Diff{Added: added, Ignored: diff.Ignored}, diff); diff != "" {
		t.Error(diff)
	}
}
