package artwork_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"movify/library"
	"movify/library/librarytest"
	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
)

func TestStillsAreMadeOnce(t *testing.T) {
	t.Parallel()
	h := librarytest.New(
		t,
		map[string]string{
			"Heat (1995).mkv": "film heat", "copy.mkv": "film heat", "dark.mkv": "film dark", "bad.mkv": "junk",
		},
	)
	h.Start()
	h.Until("a still of every film", func() bool {
		left, err := h.Store.FilesWithoutArt(t.Context(), 10)
		return err == nil && len(left) == 0
	})
	for name, want := range map[string]library.Art{
		"Heat (1995).mkv": library.ArtStill, "copy.mkv": library.ArtStill, "dark.mkv": library.ArtNone,
	} {
		f := h.FileAt(name)
		if f.Art != want {
			t.Errorf("%s: art is %q, want %q", name, f.Art, want)
		}
		if want == library.ArtNone {
			if f.StillKey(library.StillWide) != "" {
				t.Errorf("%s: there is a key for a still that is not there", name)
			}
			continue
		}
		wide, err := blob.ReadAll(t.Context(), h.Blobs, f.StillKey(library.StillWide))
		if err != nil || string(wide) != "wide film heat" {
			t.Errorf("%s: got %q (%v)", name, wide, err)
		}
		small, err := blob.ReadAll(t.Context(), h.Blobs, f.StillKey(library.StillSmall))
		if err != nil || string(small) != "small film heat" || f.Color != "#405060" {
			t.Errorf("%s: got %q, colour %q (%v)", name, small, f.Color, err)
		}
	}
	// Other content wants another still.
	before := h.FileAt("Heat (1995).mkv").StillKey(library.StillWide)
	h.Write("Heat (1995).mkv", "film heat, restored")
	h.Until("a new still", func() bool {
		f := h.FileAt("Heat (1995).mkv")
		return f.Art == library.ArtStill && f.StillKey(library.StillWide) != before
	})
}

func TestPicturesComeFromTheOwnersFolders(t *testing.T) {
	t.Parallel()
	red := color.RGBA{200, 0, 0, 255}
	h := librarytest.New(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv":         "film heat",
		"Heat (1995)/folder.jpg":              librarytest.Picture(t, "jpg", 10, 15, color.Black),
		"Heat (1995)/poster.jpg":              librarytest.Picture(t, "jpg", 1200, 1800, red),
		"Heat (1995)/fanart.jpg":              librarytest.Picture(t, "jpg", 640, 360, color.White),
		"Heat (1995)/clearlogo.png":           librarytest.Picture(t, "png", 1000, 200, color.NRGBA{200, 0, 0, 100}),
		"flat/Up (2009).mkv":                  "film up",
		"flat/Up (2009)-poster.png":           librarytest.Picture(t, "png", 300, 450, red),
		"flat/Alien (1979).mkv":               "film alien",
		"flat/poster.jpg":                     librarytest.Picture(t, "jpg", 10, 15, color.Black),
		"Broken (2000)/Broken.mkv":            "film broken",
		"Broken (2000)/poster.jpg":            "no picture",
		"Lost/Season 1/Lost.S01E01.ts":        "film lost",
		"Lost/Season 1/Lost.S01E01-thumb.jpg": librarytest.Picture(t, "jpg", 160, 90, red),
		"Lost/poster.jpg":                     librarytest.Picture(t, "jpg", 20, 30, red),
		"Lost/fanart.jpg":                     librarytest.Picture(t, "jpg", 160, 90, color.White),
	})
	h.Start()
	const heat, up, lost = "Heat (1995)/Heat (1995).mkv", "flat/Up (2009).mkv", "Lost/Season 1/Lost.S01E01.ts"
	h.Until("pictures of all", func() bool {
		return h.ShowsPicture(heat, library.Poster) && h.ShowsPicture(heat, library.Backdrop) &&
			h.ShowsPicture(heat, library.Logo) && h.ShowsPicture(up, library.Poster) &&
			h.ShowsPicture(lost, library.Thumb) && h.ShowsPicture(lost, library.Backdrop)
	})
	for _, c := range []struct {
		name  string
		kind  library.PictureKind
		width int
		media string
		want  image.Point
	}{
		{heat, library.Poster, 1920, "image/jpeg", image.Pt(960, 1440)}, // no screen shows more of a poster
		{heat, library.Poster, 480, "image/jpeg", image.Pt(480, 720)},
		{heat, library.Poster, 300, "image/jpeg", image.Pt(320, 480)},
		{heat, library.Poster, 1, "image/jpeg", image.Pt(160, 240)},
		{heat, library.Poster, 500, "image/jpeg", image.Pt(640, 960)},
		{heat, library.Backdrop, 1280, "image/jpeg", image.Pt(640, 360)}, // no more than there is
		{heat, library.Logo, 320, "image/png", image.Pt(320, 64)},
		{up, library.Poster, 480, "image/jpeg", image.Pt(300, 450)},
		{lost, library.StillArt, 480, "image/jpeg", image.Pt(160, 90)},
	} {
		for range 2 { // made, and then kept
			got, err := h.Shown(c.name, c.kind, c.width)
			if err != nil {
				t.Fatalf("%s of %s at %d: %v", c.kind, c.name, c.width, err)
			}
			img, _, err := image.Decode(bytes.NewReader(got.Data))
			if err != nil || img.Bounds().Size() != c.want || got.Type != c.media {
				t.Errorf(
					"%s of %s at %d: %s of %v (%v), want %s of %v", c.kind, c.name, c.width, got.Type, img.Bounds(),
					err, c.media, c.want,
				)
				continue
			}
			r, g, _, a := img.At(5, 5).RGBA()
			if c.kind == library.Poster && (r>>8 < 190 || g>>8 > 20) {
				t.Errorf("the poster of %s at %d is not red", c.name, c.width)
			}
			if c.kind == library.Logo && (a>>8 < 95 || a>>8 > 105) {
				t.Errorf("nothing shows through the logo: %d", a>>8)
			}
		}
	}
	for _, name := range []string{"flat/Alien (1979).mkv", "Broken (2000)/Broken.mkv"} {
		if h.ShowsPicture(name, library.Poster) {
			t.Errorf("%s has a poster", name)
		}
	}
	series, err := h.Title(t.Context(), library.Unrestricted(), h.FileAt(lost).Title)
	if err != nil {
		t.Fatal(err)
	}
	all, err := h.Artwork.Pictures(t.Context(), []library.Card{series})
	if p := all[series.ID][library.Thumb]; err != nil || p.Color != "#c80000" && p.Color != "#c90000" || p.Hash == "" {
		t.Errorf("what is painted first: %+v, %v", p, err)
	}

	// The owner draws another one, and then takes it away.
	first, err := h.Shown(heat, library.Poster, 1920)
	if err != nil {
		t.Fatal(err)
	}
	h.Write("Heat (1995)/poster.jpg", librarytest.Picture(t, "jpg", 500, 500, color.White))
	h.Until("the new poster", func() bool {
		p, err := h.Shown(heat, library.Poster, 1920)
		return err == nil && p.Version != first.Version
	})
	for info, err := range h.Blobs.List(t.Context(), strings.TrimSuffix(first.Key, ".jpg")) {
		t.Errorf("%s is still stored (%v)", info.Key, err)
	}
	for _, name := range []string{"poster.jpg", "folder.jpg"} {
		if err := os.Remove(filepath.Join(h.Dir, "Heat (1995)", name)); err != nil {
			t.Fatal(err)
		}
	}
	h.Until("no poster", func() bool { return !h.ShowsPicture(heat, library.Poster) })
}

// A film that comes into a folder whose poster was there before gets it, as does the series of a season that comes.
func TestAPosterThatWasThereBeforeItsFilm(t *testing.T) {
	t.Parallel()
	poster := librarytest.Picture(t, "jpg", 20, 30, color.White)
	h := librarytest.New(
		t, map[string]string{"Heat (1995)/poster.jpg": poster, "Lost/poster.jpg": poster, "other/x.mkv": "film x"},
	)
	h.Start()
	h.Write("Heat (1995)/Heat.mkv", "film heat")
	h.Write("Lost/Season 1/Lost.S01E01.mkv", "film lost")
	known := func(name string) bool { _, known := h.KnownAt(h.Path(name)); return known }
	h.Until("the film's poster", func() bool {
		return known("Heat (1995)/Heat.mkv") && h.ShowsPicture("Heat (1995)/Heat.mkv", library.Poster)
	})
	h.Until("the series' poster", func() bool {
		if !known("Lost/Season 1/Lost.S01E01.mkv") {
			return false
		}
		c, err := h.Title(t.Context(), library.Unrestricted(), h.FileAt("Lost/Season 1/Lost.S01E01.mkv").Title)
		if err != nil {
			return false
		}
		p, err := h.Artwork.Picture(t.Context(), library.Unrestricted(), c.SeriesID, library.Poster, 480)
		return err == nil && strings.Contains(p.Key, "/poster-")
	})
}

// Many films that come at once each get their picture, and their series its own, read and drawn once.
func TestASeasonThatIsCopiedFileByFile(t *testing.T) {
	t.Parallel()
	h := librarytest.New(
		t,
		map[string]string{
			"Lost/Season 1/Lost.S01E01.mkv": "film 1", "Lost/poster.jpg": librarytest.Picture(t, "jpg", 20, 30, color.White),
		},
	)
	h.Start()
	const first = "Lost/Season 1/Lost.S01E01.mkv"
	thumb := librarytest.Picture(t, "jpg", 32, 18, color.White)
	var names []string
	for i := range 12 {
		name := fmt.Sprintf("Lost/Season 1/Lost.S01E%02d", i+2)
		h.Write(name+"-thumb.jpg", thumb)
		h.Write(name+".mkv", fmt.Sprint("film ", i+2))
		names = append(names, name+".mkv")
	}
	h.ScanAll()
	h.Until("all thumbs", func() bool {
		return !slices.ContainsFunc(names, func(n string) bool { return !h.ShowsPicture(n, library.Thumb) })
	})
	c, err := h.Title(t.Context(), library.Unrestricted(), h.FileAt(first).Title)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := h.Store.Pictures(t.Context(), []id.Title{c.SeriesID})
	if err != nil || len(kept[c.SeriesID]) != 1 {
		t.Errorf("the series has %v (%v)", kept, err)
	}
}

func TestAnUploadOutlivesScans(t *testing.T) {
	t.Parallel()
	h := librarytest.New(
		t,
		map[string]string{
			"Heat (1995)/Heat.mkv": "film heat", "Heat (1995)/poster.jpg": librarytest.Picture(t, "jpg", 20, 30, color.White),
		},
	)
	h.Start()
	const film = "Heat (1995)/Heat.mkv"
	h.Until("a poster", func() bool { return h.ShowsPicture(film, library.Poster) })
	ctx, heat := t.Context(), h.FileAt(film).Title
	found, err := h.Shown(film, library.Poster, 480)
	if err != nil {
		t.Fatal(err)
	}
	given := librarytest.Picture(t, "png", 40, 60, color.Black)
	for range 2 { // the same again is no mistake
		if err := h.Artwork.SetPicture(ctx, heat, library.Poster, []byte(given)); err != nil {
			t.Fatal(err)
		}
	}
	shown, err := h.Shown(film, library.Poster, 480)
	if err != nil || shown.Version == found.Version {
		t.Errorf("the upload is not shown: %v", err)
	}
	h.Write("Heat (1995)/poster.jpg", librarytest.Picture(t, "jpg", 30, 30, color.White))
	h.Until("the file's poster was renewed", func() bool {
		kept, err := h.Store.Pictures(ctx, []id.Title{heat})
		return err == nil && len(kept[heat]) == 2 && kept[heat][1].Width == 30
	})
	if now, err := h.Shown(film, library.Poster, 480); err != nil || now.Version != shown.Version {
		t.Errorf("a scan took the upload's place: %v", err)
	}
	if err := h.Artwork.DropPicture(ctx, heat, library.Poster); err != nil {
		t.Fatal(err)
	}
	if now, err := h.Shown(film, library.Poster, 480); err != nil || now.Version == shown.Version ||
		now.Version == found.Version {
		t.Errorf("the file's poster is not back: %v", err)
	}
	for what, err := range map[string]error{
		"picture_not_found": h.Artwork.DropPicture(ctx, heat, library.Poster),
		"picture_invalid":   h.Artwork.SetPicture(ctx, heat, library.Logo, []byte("GIF89a")),
		"picture_kind":      h.Artwork.SetPicture(ctx, heat, library.StillArt, []byte(given)),
		"title_not_found":   h.Artwork.SetPicture(ctx, "none", library.Poster, []byte(given)),
	} {
		if got := fault.Of(err).Code; got != what {
			t.Errorf("got %s, want %s", got, what)
		}
	}
}

// Pictures whose blobs are lost are made again when they are requested.
func TestLostPicturesAreMadeAgain(t *testing.T) {
	t.Parallel()
	h := librarytest.New(
		t,
		map[string]string{
			"Heat (1995)/Heat.mkv": "film heat", "Heat (1995)/poster.jpg": librarytest.Picture(t, "jpg", 600, 900, color.White),
		},
	)
	h.Start()
	const film = "Heat (1995)/Heat.mkv"
	h.Until("poster and still", func() bool {
		return h.ShowsPicture(film, library.Poster) && h.FileAt(film).Art == library.ArtStill
	})
	var keys []string
	for info, err := range h.Blobs.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	if len(keys) != 4 { // each in two widths
		t.Errorf("there are %v", keys)
	}
	for _, key := range keys {
		if err := h.Blobs.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range []library.PictureKind{library.Poster, library.StillArt} {
		if _, err := h.Shown(film, kind, 1920); fault.Of(err).Code != library.ErrPictureNotFound.Code {
			t.Errorf("%s: %v", kind, err)
		}
	}
	h.Until("both are back", func() bool {
		_, one := h.Shown(film, library.Poster, 1920)
		_, other := h.Shown(film, library.StillArt, 1920)
		return one == nil && other == nil
	})
}

// A picture of a hundred million pixels is refused by its first bytes; one of sixteen bits a channel takes twice the room.
func TestAPictureIsJudgedBeforeItIsDecoded(t *testing.T) {
	t.Parallel()
	h := librarytest.New(t, map[string]string{"Heat (1995).mkv": "film heat"})
	h.Start()
	for name, size := range map[string]image.Point{"wide": {X: 50_000, Y: 2_000}, "high": {X: 10, Y: 1 << 30}} {
		data := []byte(librarytest.Picture(t, "png", 1, 1, color.White))
		binary.BigEndian.PutUint32(data[16:], uint32(size.X))
		binary.BigEndian.PutUint32(data[20:], uint32(size.Y))
		binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
		err := h.Artwork.SetPicture(t.Context(), h.FileAt("Heat (1995).mkv").Title, library.Poster, data)
		if fault.Of(err).Code != library.ErrPictureInvalid.Code || !strings.Contains(err.Error(), "too many") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Without a poster the middle of the film's still is one.
func TestAFrameIsAPosterWhenThereIsNoOther(t *testing.T) {
	t.Parallel()
	h := librarytest.New(t, map[string]string{"Heat (1995).mkv": "film heat"})
	h.Start()
	f := h.FileAt("Heat (1995).mkv")
	h.Until("a still", func() bool { f = h.FileAt("Heat (1995).mkv"); return f.Art == library.ArtStill })
	// The still is red at both ends and white in the middle.
	img := image.NewRGBA(image.Rect(0, 0, 1280, 720))
	for y := range 720 {
		for x := range 1280 {
			img.Set(x, y, color.White)
			if x < 300 || x >= 980 {
				img.Set(x, y, color.RGBA{200, 0, 0, 255})
			}
		}
	}
	var frame bytes.Buffer
	if err := jpeg.Encode(&frame, img, nil); err != nil {
		t.Fatal(err)
	}
	key := f.StillKey(library.StillWide)
	if err := h.Blobs.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if err := h.Blobs.Put(t.Context(), key, frame.Bytes()); err != nil {
		t.Fatal(err)
	}
	for width, want := range map[int]image.Point{160: {X: 160, Y: 240}, 480: {X: 480, Y: 720}, 1920: {X: 480, Y: 720}} {
		got, err := h.Shown("Heat (1995).mkv", library.Poster, width)
		if err != nil {
			t.Fatal(err)
		}
		cut, err := jpeg.Decode(bytes.NewReader(got.Data))
		if err != nil || cut.Bounds().Size() != want {
			t.Fatalf("%d: %v, %v", width, cut.Bounds(), err)
		}
		if r, g, b, _ := cut.At(2, want.Y/2).RGBA(); r>>8 < 245 || g>>8 < 245 || b>>8 < 245 {
			t.Errorf("%d: the edge of the film is on the poster", width)
		}
	}
	still, err := h.Shown("Heat (1995).mkv", library.StillArt, 640)
	if err != nil || still.Type != "image/jpeg" {
		t.Fatalf("%s, %v", still.Type, err)
	}
	if small, err := jpeg.Decode(bytes.NewReader(still.Data)); err != nil || small.Bounds().Dx() != 640 {
		t.Errorf("the still at 640: %v, %v", small.Bounds(), err)
	}
}
