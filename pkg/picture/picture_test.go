package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"movify/pkg/picture/picturetest"
)

// Each kind of stored picture comes out upright from each of the eight Exif orientations, at the size it is stored in.
func TestEveryOrientationComesOutUpright(t *testing.T) {
	t.Parallel()
	upright := image.Pt(picturetest.Width, picturetest.Height)
	for _, c := range []struct {
		kind   string
		encode func([]byte) ([]byte, error)
		size   func(scene image.Point) image.Point // of the result, from the upright size of the photograph
	}{
		{"poster", func(data []byte) ([]byte, error) {
			got, err := Normalize(data, 960, false)
			return got.Data, err
		}, func(scene image.Point) image.Point { return scene }},
		{"narrow poster", func(data []byte) ([]byte, error) {
			got, err := Normalize(data, 16, false)
			return got.Data, err
		}, func(scene image.Point) image.Point { return image.Pt(16, 16*scene.Y/scene.X) }},
		{"logo", func(data []byte) ([]byte, error) { return FitPNG(data, MaxPixels, 640, 320) },
			func(scene image.Point) image.Point { return scene }},
		{"low logo", func(data []byte) ([]byte, error) { return FitPNG(data, MaxPixels, 640, 16) },
			func(scene image.Point) image.Point { return image.Pt(16*scene.X/scene.Y, 16) }},
		{"avatar", func(data []byte) ([]byte, error) { return SquareJPEG(data, MaxPixels, 24, color.Black) },
			func(image.Point) image.Point { return image.Pt(24, 24) }},
		{"enlarged avatar", func(data []byte) ([]byte, error) { return SquareJPEG(data, MaxPixels, 256, color.Black) },
			func(image.Point) image.Point { return image.Pt(256, 256) }},
	} {
		for orientation := byte(1); orientation <= 8; orientation++ {
			scene := upright
			if orientation >= 5 {
				scene = image.Pt(upright.Y, upright.X)
			}
			data, err := c.encode(picturetest.Photograph(t, orientation))
			if err != nil {
				t.Fatal(err)
			}
			picturetest.CheckUpright(t, fmt.Sprintf("%s, orientation %d", c.kind, orientation), data, c.size(scene))
		}
	}
}

func TestTransparentPixels(t *testing.T) {
	t.Parallel()
	half := image.NewNRGBA(image.Rect(0, 0, 300, 300)) // the right half is transparent
	for y := range 300 {
		for x := range 150 {
			half.Set(x, y, color.NRGBA{R: 255, A: 255})
		}
	}
	logo, _, err := Encode(reduce(half, half.Bounds(), 300, 300, true), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		encode func() ([]byte, error)
		want   color.NRGBA // of the transparent half
	}{
		{"logo", func() ([]byte, error) { return FitPNG(logo, MaxPixels, 100, 100) }, color.NRGBA{}},
		{"kept", func() ([]byte, error) {
			got, err := Normalize(logo, 100, true)
			return got.Data, err
		}, color.NRGBA{}},
		{"poster", func() ([]byte, error) {
			got, err := Normalize(logo, 100, false)
			return got.Data, err
		}, color.NRGBA{A: 255}},
		{"avatar", func() ([]byte, error) {
			return SquareJPEG(logo, MaxPixels, 100, color.White)
		}, color.NRGBA{255, 255, 255, 255}},
	} {
		data, err := c.encode()
		if err != nil {
			t.Fatal(err)
		}
		img, _, err := image.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got := color.NRGBAModel.Convert(img.At(90, 50)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Any input is either decoded or refused.
func FuzzNormalize(f *testing.F) {
	var small bytes.Buffer
	if err := jpeg.Encode(&small, image.NewRGBA(image.Rect(0, 0, 3, 2)), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(small.Bytes())
	f.Add(append([]byte{
		0xff, 0xd8, 0xff, 0xe1, 0, 16, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 0xff, 0xff, 0xff, 0xff,
	}, small.Bytes()[2:]...))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const widest = 960
		got, err := Normalize(data, widest, true)
		if err != nil {
			return
		}
		if got.Width < 1 || got.Height < 1 || got.Width > widest || len(got.Data) == 0 || got.Hash == "" ||
			len(got.Color) != 7 {
			t.Errorf("%d×%d, %d bytes, %q %q", got.Width, got.Height, len(got.Data), got.Hash, got.Color)
		}
		if _, err := FitPNG(data, MaxPixels, 64, 32); err != nil {
			t.Errorf("as a logo: %v", err)
		}
		if _, err := SquareJPEG(data, MaxPixels, 16, color.Black); err != nil {
			t.Errorf("as an avatar: %v", err)
		}
	})
}
