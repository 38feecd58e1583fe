package artwork

import (
	"crypto/sha256"
	"encoding/hex"

	"movify/library"
)

// fileBytes is the largest picture file that is read from a library folder.
const fileBytes = 64 << 20

// maxWidth is the width in pixels to which originals of a kind are reduced.
func maxWidth(k library.PictureKind) int {
	switch k {
	case library.Poster, library.Logo:
		return 960
	case library.Thumb, library.Banner:
		return 1280
	}
	return 1920
}

// pictureWidths are the widths in pixels that pictures are served in, smallest first.
func pictureWidths() []int { return []int{160, 320, 480, 640, 960, 1280, 1920} }

// widthAtLeast returns the smallest served width that is not below the one asked for, or the largest.
func widthAtLeast(width int) int {
	all := pictureWidths()
	for _, s := range all {
		if s >= width {
			return s
		}
	}
	return all[len(all)-1]
}

// version is the version of a picture, derived from its key or revision.
func version(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])[:12]
}
