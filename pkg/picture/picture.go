// Package picture decodes pictures that people supply (posters, logos, avatars) and re-encodes them at the sizes that are
// stored: upright by their Exif orientation, without the metadata of the file, and reduced by a scaler that holds a few rows
// instead of the whole picture.
//
// It stores nothing, knows no titles or profiles, and never decodes more pixels than the caller and MaxPixels allow: the
// header is checked before any memory is taken. The caller bounds how many pictures are decoded at once.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // registers the WebP decoder
)

const (
	// MaxPixels is the largest picture that is ever decoded (8K has 33 million pixels): more would take over 150 MB.
	MaxPixels = 36_000_000
	// SmallWidth is the width in pixels of Normalized.Small: the width that walls ask for. It is made together with the
	// original, so that smaller sizes are reduced from it and not from the large picture.
	SmallWidth = 480

	posterQuality = 86
	avatarQuality = 88
)

// Normalized is a picture as it is stored.
type Normalized struct {
	Data   []byte
	Ext    string // ".jpg", or ".png" with an alpha channel
	Width  int    // pixels
	Height int
	Color  string // "#rrggbb", the average
	Hash   string // ThumbHash, base64
	Small  []byte // the same picture, SmallWidth wide; nil when the original is not wider
}

// Normalize re-encodes a JPEG, PNG or WebP at most maxWidth pixels wide, upright and without metadata. With keepAlpha a
// picture that has transparent pixels becomes a PNG; every other picture becomes a JPEG on black. The error says why the
// data cannot be decoded.
func Normalize(data []byte, maxWidth int, keepAlpha bool) (Normalized, error) {
	full, err := Decode(data, MaxPixels)
	if err != nil {
		return Normalized{}, err
	}
	alpha := keepAlpha && !opaque(full)
	orientation := readOrientation(data)
	if sideways(orientation) { // the width of the stored picture becomes the height
		b := full.Bounds()
		maxWidth = max(1, min(maxWidth, b.Dy())*b.Dx()/b.Dy())
	}
	large := applyOrientation(Shrink(full, maxWidth, alpha), orientation)
	out := Normalized{Width: large.Bounds().Dx(), Height: large.Bounds().Dy()}
	if out.Data, out.Ext, err = Encode(large, alpha); err != nil {
		return Normalized{}, err
	}
	small := large
	if out.Width > SmallWidth {
		small = Shrink(large, SmallWidth, alpha)
		if out.Small, _, err = Encode(small, alpha); err != nil {
			return Normalized{}, err
		}
	}
	out.Hash, out.Color = placeholder(small)
	return out, nil
}

// FitPNG re-encodes a JPEG, PNG or WebP of at most maxPixels as an upright PNG that fits into maxWidth × maxHeight pixels,
// with its alpha channel. It never enlarges.
func FitPNG(data []byte, maxPixels, maxWidth, maxHeight int) ([]byte, error) {
	full, err := Decode(data, maxPixels)
	if err != nil {
		return nil, err
	}
	orientation := readOrientation(data)
	if sideways(orientation) {
		maxWidth, maxHeight = maxHeight, maxWidth
	}
	b := full.Bounds()
	width, height := b.Dx(), b.Dy()
	if width > maxWidth {
		width, height = maxWidth, max(1, height*maxWidth/width)
	}
	if height > maxHeight {
		width, height = max(1, width*maxHeight/height), maxHeight
	}
	out, _, err := Encode(applyOrientation(reduce(full, b, width, height, true), orientation), true)
	return out, err
}

// SquareJPEG cuts the largest square out of the middle of a JPEG, PNG or WebP of at most maxPixels and re-encodes it as an
// upright JPEG of size × size pixels. Transparent pixels show the background.
func SquareJPEG(data []byte, maxPixels, size int, background color.Color) ([]byte, error) {
	full, err := Decode(data, maxPixels)
	if err != nil {
		return nil, err
	}
	b := full.Bounds()
	side := min(b.Dx(), b.Dy())
	cut := image.Rect(0, 0, side, side).Add(b.Min).Add(image.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
	out := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.Draw(out, out.Bounds(), image.NewUniform(background), image.Point{}, draw.Src)
	if side < size { // reduce cannot enlarge, and a picture this small needs no bound on memory
		draw.CatmullRom.Scale(out, out.Bounds(), full, cut, draw.Over, nil)
	} else {
		draw.Draw(out, out.Bounds(), reduce(full, cut, size, size, true), image.Point{}, draw.Over)
	}
	return encodeJPEG(applyOrientation(out, readOrientation(data)), avatarQuality)
}

// Decode decodes a JPEG, PNG or WebP of at most maxPixels, and never more than MaxPixels (half of it with 16 bits a
// channel). The Exif orientation is not applied.
func Decode(data []byte, maxPixels int) (image.Image, error) {
	head, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if format != "jpeg" && format != "png" && format != "webp" { // another package may have registered more decoders
		return nil, fmt.Errorf("the picture is a %s: only JPEG, PNG and WebP are accepted", format)
	}
	most := MaxPixels
	switch head.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model: // twice the bytes
		most /= 2
	}
	most = min(most, maxPixels)
	if head.Width <= 0 || head.Height <= 0 || head.Height > most/head.Width {
		return nil, fmt.Errorf("the picture has %d×%d pixels: too many, the limit is %d", head.Width, head.Height, most)
	}
	full, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	return full, nil
}

func opaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// Shrink reduces a picture to at most width pixels. Without keepAlpha transparent pixels become black.
func Shrink(img image.Image, width int, keepAlpha bool) *image.RGBA {
	from := img.Bounds()
	width = min(width, from.Dx())
	height := min(from.Dy(), max(1, (from.Dy()*width+from.Dx()/2)/from.Dx()))
	return reduce(img, from, width, height, keepAlpha)
}

// CutPoster cuts the middle out of a wide frame: a poster, 2:3 and at most width pixels wide.
func CutPoster(img image.Image, width int) *image.RGBA {
	b := img.Bounds()
	cut := b
	if w := b.Dy() * 2 / 3; w < b.Dx() {
		cut.Min.X += (b.Dx() - w) / 2
		cut.Max.X = cut.Min.X + max(1, w)
	} else if h := b.Dx() * 3 / 2; h < b.Dy() {
		cut.Min.Y += (b.Dy() - h) / 2
		cut.Max.Y = cut.Min.Y + max(1, h)
	}
	width = min(width, cut.Dx())
	return reduce(img, cut, width, min(cut.Dy(), max(1, width*3/2)), false)
}

// Encode writes a JPEG, or a PNG where the alpha channel is to be kept.
func Encode(img *image.RGBA, keepAlpha bool) (data []byte, ext string, err error) {
	if !keepAlpha {
		data, err = encodeJPEG(img, posterQuality)
		return data, ".jpg", err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, "", fmt.Errorf("write a picture: %w", err)
	}
	return out.Bytes(), ".png", nil
}

func encodeJPEG(img *image.RGBA, quality int) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("write a picture: %w", err)
	}
	return out.Bytes(), nil
}

// placeholder returns the ThumbHash and the average colour that a client paints before it has loaded the picture.
func placeholder(img image.Image) (hash, average string) {
	const most = 64 // pixels per side: the hash holds at most seven cosine terms per direction
	b := img.Bounds()
	w, h := most, max(1, b.Dy()*most/b.Dx())
	if b.Dy() > b.Dx() {
		w, h = max(1, b.Dx()*most/b.Dy()), most
	}
	tiny := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(tiny, tiny.Bounds(), img, b, draw.Src, nil)
	var r, g, bl, sum int
	for i := 0; i < len(tiny.Pix); i += 4 {
		a := int(tiny.Pix[i+3])
		r, g, bl, sum = r+int(tiny.Pix[i])*a, g+int(tiny.Pix[i+1])*a, bl+int(tiny.Pix[i+2])*a, sum+a
	}
	sum = max(1, sum)
	return thumbHash(tiny), fmt.Sprintf("#%02x%02x%02x", r/sum, g/sum, bl/sum)
}
