package library

import (
	"slices"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// PictureKind says what a picture of a title is for.
type PictureKind string

// The kinds of picture. A Still is never kept as a Picture: it is what stands for a title at 16:9, its Thumb or a frame of
// its film.
const (
	Poster    PictureKind = "poster"    // 2:3, with the name on it
	Backdrop  PictureKind = "backdrop"  // 16:9, without words
	Landscape PictureKind = "landscape" // 16:9, with the name on it
	Logo      PictureKind = "logo"      // the name as its makers write it, on nothing
	Banner    PictureKind = "banner"    // very wide, with the name on it
	Thumb     PictureKind = "thumb"     // 16:9, a moment of an episode or extra
	StillArt  PictureKind = "still"
)

// PictureKinds lists the kinds that are kept, those that most pages show first.
func PictureKinds() []PictureKind {
	return []PictureKind{Poster, Thumb, Landscape, Backdrop, Logo, Banner}
}

// PictureSource says who gave a picture.
type PictureSource string

// The sources of pictures, the strongest first: each keeps its own picture of a kind, and the strongest is shown. So an
// upload outlives every scan, and what was there before it is back when it is taken away.
const (
	UploadedPicture PictureSource = "upload"
	SidecarPicture  PictureSource = "file"
	ProviderPicture PictureSource = "provider"
)

// Rank orders sources, the strongest first.
func (s PictureSource) Rank() int {
	return slices.Index([]PictureSource{UploadedPicture, SidecarPicture, ProviderPicture}, s)
}

// Picture is one source's picture of a title.
type Picture struct {
	Title    id.Title
	Kind     PictureKind
	Source   PictureSource
	Key      string // blob key of the original as it is kept; "" = what Mark names could not be read
	Revision string // which picture it was made of, in which state
	Width    int    // pixels; 0 = not known
	Height   int
	Color    string // "#rrggbb", its average; "" = not known
	Hash     string // its ThumbHash, base64; "" = not known
}

// Faults of pictures.
var (
	ErrPictureNotFound = fault.New(fault.NotFound, "picture_not_found", "There is no such picture of this title.")
	ErrPictureInvalid  = fault.New(fault.Invalid, "picture_invalid",
		"Please choose a JPEG, PNG or WebP picture of at most 20 MB and 36 million pixels.")
	ErrPictureKind = fault.New(fault.Invalid, "picture_kind", "A title has a poster, backdrop, landscape, logo, banner or thumb.")
)

const (
	// UploadBytes is the largest picture that is taken from a request.
	UploadBytes = 20 << 20
	fileBytes   = 64 << 20 // the largest picture file that is read from a library folder
)

// maxWidth is how many pixels wide the original of a kind is kept: what the largest screen shows of it.
func (k PictureKind) maxWidth() int {
	switch k {
	case Poster, Logo:
		return 960
	case Thumb, Banner:
		return 1280
	}
	return 1920
}

// pictureWidths are the widths in pixels that pictures are given in, the smallest first.
func pictureWidths() []int { return []int{160, 320, 480, 640, 960, 1280, 1920} }

// widthAtLeast is the smallest of the widths that is not below the one asked for, or the largest.
func widthAtLeast(width int) int {
	all := pictureWidths()
	for _, s := range all {
		if s >= width {
			return s
		}
	}
	return all[len(all)-1]
}
