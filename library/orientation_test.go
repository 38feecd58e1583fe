package library

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// held is a JPEG, 64 × 32, as a camera writes it that was held so that a scene of four colours, clockwise from the top
// left red, green, blue and white, comes out upright again.
func held(t *testing.T, orientation byte) []byte {
	t.Helper()
	red, green, blue, white := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{255, 255, 255, 255}
	// By orientation, what is stored: top left, top right, bottom right, bottom left. From the table in Exif 2.32: the row
	// that is stored first and the column that is stored first, as sides of the scene.
	stored := map[byte][4]color.Color{
		1: {red, green, blue, white}, 2: {green, red, white, blue}, 3: {blue, white, red, green}, 4: {white, blue, green, red},
		5: {red, white, blue, green}, 6: {green, blue, white, red}, 7: {blue, green, red, white}, 8: {white, red, green, blue},
	}[orientation]
	img := image.NewRGBA(image.Rect(0, 0, 64, 32))
	for y := range 32 {
		for x := range 64 {
			corner := 0
			switch right, low := x >= 32, y >= 16; {
			case right && low:
				corner = 2
			case right:
				corner = 1
			case low:
				corner = 3
			}
			img.Set(x, y, stored[corner])
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	tiff := []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0}
	if orientation%2 == 0 {
		tiff = []byte{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0}
	}
	segment := append([]byte{0xff, 0xe1, 0, byte(2 + 6 + len(tiff))}, "Exif\x00\x00"...)
	return append(append(append([]byte{0xff, 0xd8}, segment...), tiff...), out.Bytes()[2:]...)
}

func TestAPictureStandsUpright(t *testing.T) {
	t.Parallel()
	for o := range byte(8) {
		o++
		got, err := drawOriginal(held(t, o), Backdrop)
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(got.data))
		if err != nil {
			t.Fatal(err)
		}
		w, h := 64, 32
		if o >= 5 {
			w, h = h, w
		}
		if img.Bounds().Size() != image.Pt(w, h) || got.width != w || got.height != h {
			t.Errorf("%d: %v", o, img.Bounds())
			continue
		}
		for corner, want := range map[image.Point][3]bool{
			{X: 4, Y: 4}: {true, false, false}, {X: w - 5, Y: 4}: {false, true, false},
			{X: w - 5, Y: h - 5}: {false, false, true}, {X: 4, Y: h - 5}: {true, true, true},
		} {
			r, g, b, _ := img.At(corner.X, corner.Y).RGBA()
			if got := [3]bool{r > 0x8000, g > 0x8000, b > 0x8000}; got != want {
				t.Errorf("%d: %v at %v, want %v", o, got, corner, want)
			}
		}
	}
}

// Whatever bytes come, a picture is drawn or refused.
func FuzzDrawOriginal(f *testing.F) {
	var small bytes.Buffer
	if err := jpeg.Encode(&small, image.NewRGBA(image.Rect(0, 0, 3, 2)), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(small.Bytes())
	f.Add(append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, 16, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 0xff, 0xff, 0xff, 0xff}, small.Bytes()[2:]...))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := drawOriginal(data, Logo)
		if err == nil && (got.width < 1 || got.height < 1 || got.width > Logo.widest() || len(got.data) == 0 || got.hash == "" || len(got.color) != 7) {
			t.Errorf("%d×%d, %d bytes, %q %q", got.width, got.height, len(got.data), got.hash, got.color)
		}
	})
}
