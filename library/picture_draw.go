package library

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // pictures may be WebP
)

const (
	picturePixels = 36_000_000 // a picture of more (8K is 33 million) is not decoded: it would take 150 MB and more
	fileBytes     = 64 << 20   // nor is a file of more read
	// UploadBytes is the largest picture that is taken from a request.
	UploadBytes = 20 << 20
	// smallWidth is the width that walls ask for. It is made with the original, so that other small ones are made of it
	// and not of the large one.
	smallWidth = 480
)

// original is a picture as it is kept.
type original struct {
	data   []byte
	ext    string // ".jpg", or ".png" where something shows through
	width  int
	height int
	color  string // "#rrggbb"
	hash   string // ThumbHash
	small  []byte // the same, smallWidth wide; nil when it is not wider
}

// drawOriginal reads a picture of a stranger's making and makes it one of ours: at most as wide as the kind asks for, and
// opaque but for logos, upright, and without whatever else the file holds. The picture is judged by its first bytes before any memory is taken for it. An error says what is
// wrong with it.
func drawOriginal(data []byte, kind PictureKind) (original, error) {
	full, err := decodePicture(data)
	if err != nil {
		return original{}, err
	}
	glass := kind == Logo && !opaque(full)
	way := orientation(data)
	width := kind.widest()
	if way >= 5 { // what is its width now will be its height
		width = max(1, min(width, full.Bounds().Dy())*full.Bounds().Dx()/full.Bounds().Dy())
	}
	large := turned(shrink(full, width, glass), way)
	o := original{width: large.Bounds().Dx(), height: large.Bounds().Dy()}
	if o.data, o.ext, err = encodePicture(large, glass); err != nil {
		return original{}, err
	}
	small := large
	if o.width > smallWidth {
		small = shrink(large, smallWidth, glass)
		if o.small, _, err = encodePicture(small, glass); err != nil {
			return original{}, err
		}
	}
	o.hash, o.color = impression(small)
	return o, nil
}

// decodePicture decodes a JPEG, PNG or WebP of a size that memory allows.
func decodePicture(data []byte) (image.Image, error) {
	head, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if format != "jpeg" && format != "png" && format != "webp" { // another package may have brought other decoders
		return nil, fmt.Errorf("the picture is a %s: that is not taken", format)
	}
	most := picturePixels
	switch head.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model: // twice the bytes
		most /= 2
	}
	if head.Width <= 0 || head.Height <= 0 || head.Height > most/head.Width {
		return nil, fmt.Errorf("the picture is %d×%d pixels: too many", head.Width, head.Height)
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

// shrink draws a picture at most width wide. What shows through is black, unless it stays glass.
func shrink(img image.Image, width int, glass bool) *image.RGBA {
	from := img.Bounds()
	width = min(width, from.Dx())
	height := min(from.Dy(), max(1, (from.Dy()*width+from.Dx()/2)/from.Dx()))
	return reduce(img, from, width, height, glass)
}

// cutPoster cuts the middle out of a wide frame: a poster, 2:3 and at most width wide.
func cutPoster(img image.Image, width int) *image.RGBA {
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

// encodePicture writes a JPEG, or a PNG where something shows through.
func encodePicture(img *image.RGBA, glass bool) (data []byte, ext string, err error) {
	var out bytes.Buffer
	if glass {
		err = png.Encode(&out, img)
		ext = ".png"
	} else {
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: 86})
		ext = ".jpg"
	}
	if err != nil {
		return nil, "", fmt.Errorf("write a picture: %w", err)
	}
	return out.Bytes(), ext, nil
}

// impression gives what a client paints before a picture is there: its ThumbHash and its average colour.
func impression(img image.Image) (hash, average string) {
	const most = 64 // pixels either way: the hash holds no more than seven waves
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
