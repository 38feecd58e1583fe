package picture

import (
	"encoding/base64"
	"image"
	"math"
)

// thumbHash gives the ThumbHash of a picture of at most 100 × 100 pixels: some 25 bytes that a client paints a blurred
// likeness from, as base64. The format is the one evanw.github.io/thumbhash describes: the lowest terms of a cosine
// transform of luminance, of two colour differences and, with transparent pixels, of alpha, in four bits each.
func thumbHash(img *image.NRGBA) string {
	c := channelsOf(img)
	w, h := float64(c.width), float64(c.height)
	limit := 7.0
	if c.clear {
		limit = 5 // room for the alpha channel
	}
	lx := max(1, int(math.Round(limit*w/max(w, h))))
	ly := max(1, int(math.Round(limit*h/max(w, h))))
	l := c.terms(c.light, max(3, lx), max(3, ly))
	p := c.terms(c.yellow, 3, 3)
	q := c.terms(c.red, 3, 3)

	wide := c.width > c.height
	head := bits(63*l.mean) | bits(31.5+31.5*p.mean)<<6 | bits(31.5+31.5*q.mean)<<12 | bits(31*l.scale)<<18
	size := lx
	if wide {
		size = ly
	}
	tail := size | bits(63*p.scale)<<3 | bits(63*q.scale)<<9
	if wide {
		tail |= 1 << 15
	}
	waves := [][]float64{l.waves, p.waves, q.waves}
	var out []byte
	if c.clear {
		head |= 1 << 23
		a := c.terms(c.opaque, 5, 5)
		out = append(out, byte(bits(15*a.mean)|bits(15*a.scale)<<4))
		waves = append(waves, a.waves)
	}
	out = append([]byte{byte(head), byte(head >> 8), byte(head >> 16), byte(tail), byte(tail >> 8)}, out...)
	half := false
	for _, list := range waves {
		for _, f := range list {
			if half {
				out[len(out)-1] |= byte(bits(15*f) << 4)
			} else {
				out = append(out, byte(bits(15*f)))
			}
			half = !half
		}
	}
	return base64.StdEncoding.EncodeToString(out)
}

func bits(f float64) int { return int(math.Round(f)) }

// channels is a picture on a background of its own average colour, one value per pixel and channel, 0 to 1 (the differences
// -1 to 1).
type channels struct {
	width, height              int
	light, yellow, red, opaque []float64
	clear                      bool // it has transparent pixels
}

func channelsOf(img *image.NRGBA) channels {
	b := img.Bounds()
	c := channels{width: b.Dx(), height: b.Dy()}
	n := c.width * c.height
	pixel := func(i int) (r, g, b, a float64) {
		at := img.Pix[(i/c.width)*img.Stride+(i%c.width)*4:]
		return float64(at[0]) / 255, float64(at[1]) / 255, float64(at[2]) / 255, float64(at[3]) / 255
	}
	var meanR, meanG, meanB, sum float64
	for i := range n {
		r, g, b, a := pixel(i)
		meanR, meanG, meanB, sum = meanR+r*a, meanG+g*a, meanB+b*a, sum+a
	}
	if sum > 0 {
		meanR, meanG, meanB = meanR/sum, meanG/sum, meanB/sum
	}
	c.clear = sum < float64(n)
	c.light, c.yellow, c.red, c.opaque = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		r, g, b, a := pixel(i)
		r, g, b = meanR*(1-a)+r*a, meanG*(1-a)+g*a, meanB*(1-a)+b*a
		c.light[i], c.yellow[i], c.red[i], c.opaque[i] = (r+g+b)/3, (r+g)/2-b, r-g, a
	}
	return c
}

// transformed is a channel as cosine terms: the mean, and the others from 0 to 1 with 0.5 as nothing, in units of scale.
type transformed struct {
	mean, scale float64
	waves       []float64
}

// terms transforms a channel. Of nx × ny terms those below the diagonal are kept, the low frequencies.
func (c channels) terms(channel []float64, nx, ny int) transformed {
	var out transformed
	across := make([]float64, c.width)
	for cy := range ny {
		for cx := 0; cx*ny < nx*(ny-cy); cx++ {
			for x := range across {
				across[x] = math.Cos(math.Pi / float64(c.width) * float64(cx) * (float64(x) + 0.5))
			}
			f := 0.0
			for y := range c.height {
				down := math.Cos(math.Pi / float64(c.height) * float64(cy) * (float64(y) + 0.5))
				for x, a := range across {
					f += channel[x+y*c.width] * a * down
				}
			}
			f /= float64(c.width * c.height)
			if cx == 0 && cy == 0 {
				out.mean = f
				continue
			}
			out.waves = append(out.waves, f)
			out.scale = max(out.scale, math.Abs(f))
		}
	}
	for i := range out.waves {
		if out.scale > 0 {
			out.waves[i] = 0.5 + 0.5/out.scale*out.waves[i]
		}
	}
	return out
}
