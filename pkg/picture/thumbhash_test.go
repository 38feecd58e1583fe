package picture

import (
	"image"
	"image/color"
	"testing"
)

// The hashes are those that the format's own description computes for the same pictures.
func TestThumbHash(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		width, height int
		pixel         func(x, y int) color.NRGBA
		want          string
	}{
		{"upright", 64, 96, func(x, y int) color.NRGBA {
			return color.NRGBA{uint8(x * 3), uint8(y * 2), uint8(x * y), 255}
		}, "GvcJJRRwdnB3d3dnd3d3d6CQCfeH"},
		{"wide", 100, 56, func(x, y int) color.NRGBA {
			return color.NRGBA{uint8(x * x), uint8(255 - y*4), uint8(x + y), 255}
		}, "m7kFRJZhZUePd4iHiIh7f2gGiA=="},
		{"see-through", 80, 40, func(x, y int) color.NRGBA {
			return color.NRGBA{200, uint8(x * 3), uint8(y*5 + x), uint8(x*2 + y*y)}
		}, "5piGI4wHgHeEeZiEf/h3d2B2BHcRGAM="},
		{"nothing", 10, 10, func(int, int) color.NRGBA {
			return color.NRGBA{10, 120, 200, 0}
		}, "AAiCBQAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="},
	} {
		img := image.NewNRGBA(image.Rect(0, 0, c.width, c.height))
		for y := range c.height {
			for x := range c.width {
				img.SetNRGBA(x, y, c.pixel(x, y))
			}
		}
		if got := thumbHash(img); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
