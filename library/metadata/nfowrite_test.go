package metadata_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/library"
)

// text gives a file below the root, "" when there is none.
func (h *harness) text(name string) string {
	h.T.Helper()
	text, err := os.ReadFile(h.Path(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		h.T.Fatal(err)
	}
	return string(text)
}

func TestEditsAreWrittenBesideFilmsWhenThatIsWanted(t *testing.T) {
	t.Parallel()
	const foreign = "<movie><title>Upwards</title></movie>"
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv":        "film heat",
		"Up (2009)/Up (2009).mkv":            "film up",
		"Up (2009)/movie.nfo":                foreign,
		"Lost (2004)/Season 1/Lost 1x01.mkv": "film lost",
	})
	h.WriteNFO = true
	h.Build()
	h.Start()
	const file = "Heat (1995)/Heat (1995).nfo"
	title := h.FileAt("Heat (1995)/Heat (1995).mkv").Title
	other := h.FileAt("Up (2009)/Up (2009).mkv").Title
	h.Until("the other description is read", func() bool { return h.title(other).Name == "Upwards" })
	h.edit(other, func(f *library.Facts) { f.Name = "Sideways" })
	h.edit(title, func(f *library.Facts) { f.Name, f.Overview = "Heat & Dust", "Two < three." })
	_, series := h.parents("Lost (2004)/Season 1/Lost 1x01.mkv")
	h.edit(series, func(f *library.Facts) { f.Tagline = "An island." })
	h.Until("they are written", func() bool {
		return strings.Contains(h.text(file), "Heat &amp; Dust") &&
			strings.Contains(h.text("Lost (2004)/tvshow.nfo"), "An island.")
	})
	if got := h.text("Up (2009)/movie.nfo") + h.text("Up (2009)/Up (2009).nfo"); got != foreign {
		t.Errorf("what somebody else wrote is now %q", got)
	}
	// Our own NFO file is not a source: removing the edit shows the automatic value again.
	h.ScanAll()
	h.edit(title, func(f *library.Facts) { *f = library.Facts{} })
	h.Until("it is written again", func() bool { return !strings.Contains(h.text(file), "Dust") })
	if got := h.title(title); got.Name != "Heat" || got.Overview != "" {
		t.Errorf("back to automatic it is %q, %q", got.Name, got.Overview)
	}
	// The owner removes the mark of the file.
	h.Write(
		file,
		strings.Replace(
			strings.Replace(h.text(file), "<!-- written by Movify", "<!-- ", 1), "<title>Heat<", "<title>Hot<", 1,
		),
	)
	h.Until("it is read", func() bool { return h.title(title).Name == "Hot" })
	mine := h.text(file)
	h.edit(title, func(f *library.Facts) { f.Tagline = "A saga." })
	h.edit(series, func(f *library.Facts) { f.Tagline = "Another island." })
	h.Until("the series is written again", func() bool {
		return strings.Contains(h.text("Lost (2004)/tvshow.nfo"), "Another")
	})
	if h.text(file) != mine {
		t.Error("a file that is no longer ours was replaced")
	}
	left, err := filepath.Glob(h.Path("*/.movify-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestNothingIsWrittenUnlessItIsWanted(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995)/Heat (1995).mkv": "film heat"})
	h.Start()
	h.edit(h.FileAt("Heat (1995)/Heat (1995).mkv").Title, func(f *library.Facts) { f.Name = "Hot" })
	h.ScanAll()
	names, err := os.ReadDir(h.Path("Heat (1995)"))
	if err != nil || len(names) != 1 {
		t.Errorf("the folder holds %v, %v", names, err)
	}
}
