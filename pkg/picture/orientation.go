package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// readOrientation returns the Exif orientation of a JPEG, 1 to 8 (tag 0x0112, Exif 2.32 section 4.6.4). It is 1, upright,
// when there is no valid tag or the data is no JPEG.
func readOrientation(data []byte) int {
	const upright = 1
	if len(data) < 4 || data[0] != 0xff || data[1] != 0xd8 {
		return upright
	}
	for rest := data[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		size := int(binary.BigEndian.Uint16(rest[2:])) // with its own two bytes
		if rest[1] == 0xda || size < 2 || len(rest) < 2+size {
			return upright // the scan data begins, or the segment is cut off
		}
		if exif, ok := bytes.CutPrefix(rest[4:2+size], []byte("Exif\x00\x00")); ok && rest[1] == 0xe1 {
			return orientationTag(exif)
		}
		rest = rest[2+size:]
	}
	return upright
}

// orientationTag reads the orientation tag from a TIFF structure.
func orientationTag(tiff []byte) int {
	const upright, entry = 1, 12
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return upright
	}
	list := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(list) < entry {
			return upright
		}
		if order.Uint16(list) == 0x0112 {
			if n := int(order.Uint16(list[8:])); n >= 1 && n <= 8 {
				return n
			}
			return upright
		}
		list = list[entry:]
	}
	return upright
}

// sideways reports whether applying the orientation swaps width and height.
func sideways(orientation int) bool { return orientation >= 5 }

// applyOrientation returns the picture upright. It copies pixel by pixel, so it is called after the picture was reduced.
func applyOrientation(img *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if sideways(orientation) {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			var to image.Point
			switch orientation {
			case 2: // mirrored
				to = image.Pt(w-1-x, y)
			case 3: // upside down
				to = image.Pt(w-1-x, h-1-y)
			case 4: // upside down and mirrored
				to = image.Pt(x, h-1-y)
			case 5: // mirrored, and turned left
				to = image.Pt(y, x)
			case 6: // turned left
				to = image.Pt(h-1-y, x)
			case 7: // mirrored, and turned right
				to = image.Pt(h-1-y, w-1-x)
			default: // turned right
				to = image.Pt(y, w-1-x)
			}
			copy(out.Pix[out.PixOffset(to.X, to.Y):][:4], img.Pix[img.PixOffset(b.Min.X+x, b.Min.Y+y):][:4])
		}
	}
	return out
}
