// Package picturetest makes the photographs that tests of pictures read: JPEG files with each of the eight Exif
// orientations, all of one scene, and a check that the scene came out upright.
package picturetest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// The size in pixels of the stored photograph; orientations 5 to 8 swap it.
const (
	Width  = 64
	Height = 32
)

// Photograph is a JPEG of a scene of four colours: clockwise from the top left red, green, blue and white. The pixels are
// stored as a camera held in that Exif orientation (1 to 8) stores them.
func Photograph(t testing.TB, orientation byte) []byte {
	t.Helper()
	red, green := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}
	blue, white := color.RGBA{0, 0, 255, 255}, color.RGBA{255, 255, 255, 255}
	// The stored corners: top left, top right, bottom right, bottom left. From the table in Exif 2.32: which side of the
	// scene the first stored row is, and which the first stored column.
	stored := map[byte][4]color.Color{
		1: {red, green, blue, white}, 2: {green, red, white, blue}, 3: {blue, white, red, green},
		4: {white, blue, green, red},
		5: {red, white, blue, green}, 6: {green, blue, white, red}, 7: {blue, green, red, white},
		8: {white, red, green, blue},
	}[orientation]
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	for y := range Height {
		for x := range Width {
			corner := 0
			switch right, low := x >= Width/2, y >= Height/2; {
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

// CheckUpright reports an error for each corner of the encoded picture that is not the one of the scene.
func CheckUpright(t testing.TB, name string, data []byte, size image.Point) {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if img.Bounds().Size() != size {
		t.Errorf("%s is %v large, want %v", name, img.Bounds().Size(), size)
		return
	}
	left, top := size.X/8, size.Y/8
	right, bottom := size.X-1-left, size.Y-1-top
	for corner, want := range map[image.Point][3]bool{
		{X: left, Y: top}: {true, false, false}, {X: right, Y: top}: {false, true, false},
		{X: right, Y: bottom}: {false, false, true}, {X: left, Y: bottom}: {true, true, true},
	} {
		r, g, b, _ := img.At(corner.X, corner.Y).RGBA()
		if got := [3]bool{r > 0x8000, g > 0x8000, b > 0x8000}; got != want {
			t.Errorf("%s: %v at %v, want %v", name, got, corner, want)
		}
	}
}
