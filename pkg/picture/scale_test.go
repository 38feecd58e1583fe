package picture

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// Every pixel of a reduced picture is the average of the area it stands for, whatever the two sizes are.
func TestReduceIsTheAverageOfAnArea(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ from, to image.Point }{
		{image.Pt(4, 4), image.Pt(2, 2)}, {image.Pt(3, 5), image.Pt(2, 3)}, {image.Pt(7, 40), image.Pt(7, 40)},
		{image.Pt(100, 37), image.Pt(33, 12)},
		{image.Pt(50, 33), image.Pt(49, 32)}, {image.Pt(9, 9), image.Pt(1, 1)}, {image.Pt(1, 50), image.Pt(1, 7)},
		{image.Pt(64, 1), image.Pt(5, 1)},
	} {
		img := image.NewNRGBA(image.Rect(-3, 2, c.from.X-3, c.from.Y+2))
		for i := range img.Pix {
			img.Pix[i] = byte(random.Uint32())
		}
		got := reduce(img, img.Bounds(), c.to.X, c.to.Y, true)
		black := reduce(img, img.Bounds(), c.to.X, c.to.Y, false)
		for y := range c.to.Y {
			for x := range c.to.X {
				want := area(img, c.from, c.to, x, y)
				have, dark := got.RGBAAt(x, y), black.RGBAAt(x, y)
				for i, v := range []byte{have.R, have.G, have.B, have.A} {
					if math.Abs(float64(v)-want[i]) > 1.5 {
						t.Fatalf("%v to %v at %d,%d: %v, want %v", c.from, c.to, x, y, have, want)
					}
				}
				if dark != (color.RGBA{have.R, have.G, have.B, 255}) {
					t.Fatalf("%v to %v at %d,%d: %v on black is %v", c.from, c.to, x, y, have, dark)
				}
			}
		}
	}
}

// area averages the part of a picture that a pixel of a smaller one stands for.
func area(img image.Image, from, to image.Point, x, y int) (mean [4]float64) {
	overlap := func(i, n, at, of int) float64 { // of pixel i of n with pixel at of the smaller row, in larger pixels
		ratio := float64(n) / float64(of)
		return max(0, min(float64(i+1), float64(at+1)*ratio)-max(float64(i), float64(at)*ratio)) / ratio
	}
	for v := range from.Y {
		for h := range from.X {
			weight := overlap(h, from.X, x, to.X) * overlap(v, from.Y, y, to.Y)
			if weight == 0 {
				continue
			}
			r, g, b, a := img.At(img.Bounds().Min.X+h, img.Bounds().Min.Y+v).RGBA()
			for i, c := range []uint32{r, g, b, a} {
				mean[i] += weight * float64(c) / 257
			}
		}
	}
	return mean
}
