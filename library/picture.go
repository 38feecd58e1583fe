package library

import (
	"slices"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// PictureKind is the purpose of a picture.
type PictureKind string

// The kinds of picture. StillArt is not stored as a Picture: it is the 16:9 picture that represents a title, its Thumb
// or a frame of its film.
const (
	Poster    PictureKind = "poster"    // 2:3, with the name on it
	Backdrop  PictureKind = "backdrop"  // 16:9, without words
	Landscape PictureKind = "landscape" // 16:9, with the name on it
	Logo      PictureKind = "logo"      // the name as its makers write it, on nothing
	Banner    PictureKind = "banner"    // very wide, with the name on it
	Thumb     PictureKind = "thumb"     // 16:9, a moment of an episode or extra
	StillArt  PictureKind = "still"
)

// PictureKinds lists the stored kinds, those that most pages show first.
func PictureKinds() []PictureKind {
	return []PictureKind{Poster, Thumb, Landscape, Backdrop, Logo, Banner}
}

// PictureSource is the origin of a picture.
type PictureSource string

// The sources of pictures, strongest first. Each keeps its own picture of a kind and the strongest is shown, so an
// upload survives every scan, and the earlier picture returns when the upload is removed.
const (
	UploadedPicture PictureSource = "upload"
	SidecarPicture  PictureSource = "file"
	ProviderPicture PictureSource = "provider"
)

// Rank orders sources, strongest first.
func (s PictureSource) Rank() int {
	return slices.Index([]PictureSource{UploadedPicture, SidecarPicture, ProviderPicture}, s)
}

// Picture is a picture of a title from one source.
type Picture struct {
	Title    id.Title
	Kind     PictureKind
	Source   PictureSource
	Key      string // blob key of the stored original; "" = it could not be decoded
	Revision string // the file, address or upload it was made from
	Width    int    // pixels; 0 = unknown
	Height   int
	Color    string // average colour, "#rrggbb"; "" = unknown
	Hash     string // ThumbHash, base64; "" = unknown
}

// Faults of pictures.
var (
	ErrPictureNotFound = fault.New(fault.NotFound, "picture_not_found", "There is no such picture of this title.")
	ErrPictureInvalid  = fault.New(fault.Invalid, "picture_invalid",
		"Please choose a JPEG, PNG or WebP picture of at most 20 MB and 36 million pixels.")
	ErrPictureKind = fault.New(
		fault.Invalid, "picture_kind", "A title has a poster, backdrop, landscape, logo, banner or thumb.",
	)
)

// UploadBytes is the largest picture that is accepted as an upload.
const UploadBytes = 20 << 20
