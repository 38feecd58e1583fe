package media

import "movify/pkg/id"

// Original is the Original stream of a file: its picture, and those of its sounds that can be, as they are in the file, in
// segments that begin at the picture's own key frames. Its timeline is that of the file's Grid.
type Original struct {
	Picture Copy
	Sounds  []Copy // in file order
	// Left are the sounds that are not copied, in file order: the ladder's renditions of them can be played with the picture.
	Left []LeftSound
	// EndsInZeros says that the last 4 KiB of the file are zeros, as of a download that reserved its space and was broken off:
	// the index may promise more than there is.
	EndsInZeros bool
}

// soundBehind is how long sound must be heard after the last picture for the film to last that much longer, milliseconds:
// the last frame of a sound is cut nowhere.
const soundBehind = 100

// DurationMS is how long the stream is, in milliseconds: up to the end of its last picture, or of a sound that goes on after
// it.
func (o Original) DurationMS() int64 {
	if o.Picture.Segments() == 0 {
		return 0
	}
	end := o.Picture.Bounds[o.Picture.Segments()]
	longest := end
	for _, s := range o.Sounds {
		if last := s.Segments(); last > 0 && s.Bounds[last] >= end+soundBehind {
			longest = max(longest, s.Bounds[last])
		}
	}
	return longest
}

// Copies are all copied tracks, the picture first.
func (o Original) Copies() []Copy { return append([]Copy{o.Picture}, o.Sounds...) }

// Find gives the copied track of a rendition.
func (o Original) Find(r id.Rendition) (Copy, bool) {
	for _, c := range o.Copies() {
		if c.ID == r {
			return c, true
		}
	}
	return Copy{}, false
}

// Copy is one copied track. Its Rendition has no MaxRate and no Level.
type Copy struct {
	Rendition
	// Bounds are the times of the segments in milliseconds, each rounded by itself: where each begins and the last ends. Those
	// of a sound are the times of its own samples, at or after those of the picture's segments; a sound that ends before
	// the picture has fewer segments, one that goes on after it more.
	Bounds  []int64
	Samples int   // in all segments; where a container counts them nowhere, about
	Bytes   int64 // of all segments; the same
	Peak    int   // peak segment bit rate of RFC 8216bis section 4.1, bit/s
	Average int   // bit/s

	// Picture only.
	FrameRate    float64 // pictures a second, in the segment that has the most
	Range        string  // VIDEO-RANGE of RFC 8216bis section 4.4.6.2: "SDR", "HLG" or "PQ"
	Turned       bool    // the matrix of its Init Section turns or mirrors it
	Supplemental string  // SUPPLEMENTAL-CODECS of the same section: "dvh1.08.06/db1p"; "" for none
	// OpenGroups says that some of its key frames are no IDR pictures but recovery points (ITU-T H.264 section D.2.8), before which
	// pictures stand that need others. No segment begins at one.
	OpenGroups bool
}

// Segments is the number of segments.
func (c Copy) Segments() int { return max(0, len(c.Bounds)-1) }

// LeftSound is a sound that is not copied.
type LeftSound struct {
	Stream int    // stream index in the file
	Codec  string // as the container names it
	Reason LeftReason
}

// LeftReason is why a sound is not copied.
type LeftReason string

// The reasons. LeftCodec is a codec that no browser plays, LeftLate sound that begins after the picture, LeftHole sound that
// pauses for a whole segment, LeftEdited sound that its edit list puts together from parts, LeftIndex sound whose index
// is wrong, LeftTooMany one of more sounds than a stream has, LeftPacked sound that is encrypted or compressed once more,
// LeftApart sound that lies far from the picture in the file.
const (
	LeftCodec   LeftReason = "codec"
	LeftLate    LeftReason = "late"
	LeftHole    LeftReason = "hole"
	LeftEdited  LeftReason = "edited"
	LeftIndex   LeftReason = "index"
	LeftTooMany LeftReason = "too_many"
	LeftPacked  LeftReason = "packed"
	LeftApart   LeftReason = "apart"
)

// SourceFile is a file of the library as a scan found it.
type SourceFile struct {
	Path      string // absolute
	Size      int64  // bytes
	ModTimeNS int64  // Unix nanoseconds
}

// OriginalPlaylist is the Multivariant Playlist of an Original stream, and what it says of its one variant.
type OriginalPlaylist struct {
	Text    string
	Codecs  string // CODECS
	Peak    int    // BANDWIDTH, bit/s
	Average int    // AVERAGE-BANDWIDTH, bit/s
}
