package library_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"movify/library"
	"movify/pkg/blob"
)

func TestStillsAreMadeOnce(t *testing.T) {
	t.Parallel()
	h := furnish(t, map[string]string{"Heat (1995).mkv": "film heat", "copy.mkv": "film heat", "dark.mkv": "film dark", "bad.mkv": "junk"})
	h.run()
	h.until("a still of every film", func() bool {
		left, err := h.store.FilesWithoutArt(t.Context(), 10)
		return err == nil && len(left) == 0
	})
	for name, want := range map[string]library.Art{"Heat (1995).mkv": library.ArtStill, "copy.mkv": library.ArtStill, "dark.mkv": library.ArtNone} {
		f := h.file(name)
		if f.Art != want {
			t.Errorf("%s: art is %q, want %q", name, f.Art, want)
		}
		if want == library.ArtNone {
			if f.StillKey(library.StillWide) != "" {
				t.Errorf("%s: there is a key for a still that is not there", name)
			}
			continue
		}
		wide, err := blob.ReadAll(t.Context(), h.blobs, f.StillKey(library.StillWide))
		if err != nil || string(wide) != "wide film heat" {
			t.Errorf("%s: got %q (%v)", name, wide, err)
		}
		small, err := blob.ReadAll(t.Context(), h.blobs, f.StillKey(library.StillSmall))
		if err != nil || string(small) != "small film heat" || f.Color != "#405060" {
			t.Errorf("%s: got %q, colour %q (%v)", name, small, f.Color, err)
		}
	}
	// Other content wants another still.
	before := h.file("Heat (1995).mkv").StillKey(library.StillWide)
	h.write("Heat (1995).mkv", "film heat, restored")
	h.until("a new still", func() bool {
		f := h.file("Heat (1995).mkv")
		return f.Art == library.ArtStill && f.StillKey(library.StillWide) != before
	})
}

// picture is a PNG or JPEG of one colour.
func picture(t *testing.T, format string, width, height int, c color.Color) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	var err error
	if format == "png" {
		err = png.Encode(&out, img)
	} else {
		err = jpeg.Encode(&out, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPostersComeFromTheOwnersFolders(t *testing.T) {
	t.Parallel()
	red := color.RGBA{200, 0, 0, 255}
	h := furnish(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv":  "film heat",
		"Heat (1995)/folder.jpg":       picture(t, "jpg", 10, 15, color.Black),
		"Heat (1995)/poster.jpg":       picture(t, "jpg", 1000, 1500, red),
		"flat/Up (2009).mkv":           "film up",
		"flat/Up (2009)-poster.png":    picture(t, "png", 300, 450, red),
		"flat/Alien (1979).mkv":        "film alien",
		"flat/poster.jpg":              picture(t, "jpg", 10, 15, color.Black),
		"Broken (2000)/Broken.mkv":     "film broken",
		"Broken (2000)/poster.jpg":     "no picture",
		"Lost/Season 1/Lost.S01E01.ts": "film lost",
		"Lost/Season 1/poster.jpg":     picture(t, "jpg", 10, 15, red),
	})
	h.run()
	poster := func(name string) string {
		t.Helper()
		c, err := h.Title(t.Context(), library.Unrestricted(), h.file(name).Title)
		if err != nil {
			t.Fatal(err)
		}
		return c.Poster
	}
	h.until("two posters", func() bool { return poster("Heat (1995)/Heat (1995).mkv") != "" && poster("flat/Up (2009).mkv") != "" })
	for name, want := range map[string]image.Point{"Heat (1995)/Heat (1995).mkv": {X: 500, Y: 750}, "flat/Up (2009).mkv": {X: 300, Y: 450}} {
		data, err := blob.ReadAll(t.Context(), h.blobs, poster(name))
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil || img.Bounds().Size() != want {
			t.Errorf("%s: %v (%v), want %v", name, img.Bounds(), err, want)
			continue
		}
		if r, g, b, _ := img.At(5, 5).RGBA(); r>>8 < 190 || g>>8 > 20 || b>>8 > 20 {
			t.Errorf("%s: the poster is not red", name)
		}
	}
	for _, name := range []string{"flat/Alien (1979).mkv", "Broken (2000)/Broken.mkv", "Lost/Season 1/Lost.S01E01.ts"} {
		if key := poster(name); key != "" {
			t.Errorf("%s has the poster %s", name, key)
		}
	}
	// The owner draws another one, and then takes it away.
	first := poster("Heat (1995)/Heat (1995).mkv")
	h.write("Heat (1995)/poster.jpg", picture(t, "jpg", 500, 500, color.White))
	h.until("the new poster", func() bool { p := poster("Heat (1995)/Heat (1995).mkv"); return p != "" && p != first })
	if _, err := h.blobs.Stat(t.Context(), first); err == nil {
		t.Error("the poster before is still stored")
	}
	for _, name := range []string{"poster.jpg", "folder.jpg"} {
		if err := os.Remove(filepath.Join(h.dir, "Heat (1995)", name)); err != nil {
			t.Fatal(err)
		}
	}
	h.until("no poster", func() bool { return poster("Heat (1995)/Heat (1995).mkv") == "" })
}
