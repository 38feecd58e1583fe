package picture

import (
	"image"

	"golang.org/x/image/draw"
)

// reduce scales a part of a picture down to w × h pixels, which must not be more than the part has: every pixel is the
// average of the area it stands for. Without keepAlpha transparent pixels become black. It reads the picture once and holds a
// few rows, where a scaler of x/image holds 32 bytes for each pixel of a column as high as the whole picture.
func reduce(img image.Image, part image.Rectangle, w, h int, keepAlpha bool) *image.RGBA {
	const rows = 16
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	strip := image.NewRGBA(image.Rect(0, 0, part.Dx(), min(rows, part.Dy())))
	across := spans(part.Dx(), w)
	row, sum := make([]float32, 4*w), make([]float32, 4*w)
	line := 0 // of out, the one that sum is for
	down := float64(h) / float64(part.Dy())
	for y := range part.Dy() {
		if y%rows == 0 {
			draw.Draw(strip, strip.Bounds(), img, image.Pt(part.Min.X, part.Min.Y+y), draw.Src)
		}
		average(row, strip.Pix[y%rows*strip.Stride:], across)
		// The row reaches from top to bottom, in rows of out: it lies in one of them, or in two.
		top, bottom := float64(y)*down, float64(y+1)*down
		if edge := float64(line + 1); bottom < edge && y < part.Dy()-1 {
			add(sum, row, float32(bottom-top))
		} else {
			add(sum, row, float32(min(edge, bottom)-top))
			put(out.Pix[line*out.Stride:], sum, keepAlpha)
			clear(sum)
			add(sum, row, float32(max(0, bottom-edge)))
			line = min(line+1, h-1)
		}
	}
	return out
}

// span lists the pixels of a larger row that one pixel of a smaller row averages: first to last, of which the first and the
// last count in part. All weights add up to 1.
type span struct {
	first, last          int
	whole, before, after float32 // of a pixel in between, of the first and of the last
}

func spans(from, to int) []span {
	out := make([]span, to)
	ratio := float64(from) / float64(to)
	for i := range out {
		left, right := float64(i)*ratio, float64(i+1)*ratio
		s := span{first: int(left), last: min(int(right), from-1), whole: float32(1 / ratio)}
		s.before = float32((min(float64(s.first+1), right) - left) / ratio)
		s.after = float32((right - float64(s.last)) / ratio)
		if s.last == s.first {
			s.after = 0
		}
		out[i] = s
	}
	return out
}

// average makes a smaller row of four channels out of a larger one.
func average(row []float32, pix []byte, across []span) {
	for i, s := range across {
		at := pix[4*s.first:]
		r, g, b, a := s.before*float32(at[0]), s.before*float32(at[1]), s.before*float32(at[2]), s.before*float32(at[3])
		if s.last > s.first {
			var sr, sg, sb, sa int32
			for p := pix[4*(s.first+1) : 4*s.last]; len(p) >= 4; p = p[4:] {
				sr, sg, sb, sa = sr+int32(p[0]), sg+int32(p[1]), sb+int32(p[2]), sa+int32(p[3])
			}
			at = pix[4*s.last:]
			r += s.whole*float32(sr) + s.after*float32(at[0])
			g += s.whole*float32(sg) + s.after*float32(at[1])
			b += s.whole*float32(sb) + s.after*float32(at[2])
			a += s.whole*float32(sa) + s.after*float32(at[3])
		}
		row[4*i], row[4*i+1], row[4*i+2], row[4*i+3] = r, g, b, a
	}
}

func add(sum, row []float32, weight float32) {
	for i, v := range row {
		sum[i] += weight * v
	}
}

// put writes a row. The colours are premultiplied by alpha, so on black they are right as they stand.
func put(pix []byte, sum []float32, keepAlpha bool) {
	for i, v := range sum {
		pix[i] = byte(min(255, v+0.5))
	}
	if !keepAlpha {
		for i := 3; i < len(sum); i += 4 {
			pix[i] = 255
		}
	}
}
