package original

import (
	"movify/pkg/media"
	"movify/pkg/mp4"
)

// Source is an open file of one kind of container. Times are ticks of a track's own timescale from the zero of the stream,
// where the first picture is shown. Its methods are called in the order below, Samples any number of times and by
// several goroutines.
//
// A container may know its samples by an index, or only the places and times of its key frames until the bytes between
// two of them are read: Samples is where they are read then, and sizes that are not known before may be estimated.
type Source interface {
	// Tracks are the tracks that can be copied, the picture first, then the sounds in file order, and those that cannot.
	Tracks() ([]Track, []media.LeftSound)
	// Points are the places where the picture can be entered, by their times, the first at zero, and where the last
	// picture ends.
	Points() (points []Point, end int64)
	// Cut fixes the segments, by the points that begin them, and gives for each track how it is cut by them. A track without
	// segments is left, for its reason.
	Cut(starts []int) ([]Layout, error)
	// Samples gives the samples of a segment of a track in decoding order, and where the last one ends; 0 says that it is
	// where the Layout has it.
	Samples(track, segment int) (samples []Sample, end int64, err error)
}

// Track is what the Init Section and the playlists need of a track.
type Track struct {
	Format string        // as the container names the codec
	Copy   media.Copy    // without Bounds, sizes and rates
	Init   mp4.TrackInit // without MediaTime
	// Delay is by how much the times of decoding would have to be earlier than those of presentation for all pictures to
	// be decoded in time; an upper bound of it will do.
	Delay int64
	// Units says how the bytes of a sample are checked.
	Units Units
	// Prefix is the beginning that each sample lacks in the file (header stripping of Matroska).
	Prefix []byte
}

// Units is how the pictures of a codec are divided.
type Units struct {
	Codec  string // "h264", "hevc"; "" for those that are not looked at
	Length int    // bytes of the length before each NAL unit (ISO/IEC 14496-15 section 5.3.2)
	Record []byte // parameter sets that may stand before pictures too; nil for none
	// InBand says that others may stand there: the sample entry is one of those that allow it (avc3, hev1).
	InBand bool
}

// Point is a place where the picture can be entered.
type Point struct {
	Time    int64 // of the earliest picture that is shown from there on
	Open    bool  // pictures before the key frame need others than those from there on
	Bytes   int64 // of the samples up to the next point
	Samples int
}

// Layout is how a track is cut.
type Layout struct {
	Segments []Segment
	End      int64            // of the last segment
	Left     media.LeftReason // why there is none
	// Estimated says that bytes and numbers of samples, and of a sound the times, are not known before they are read.
	Estimated bool
}

// Segment is a part of a track.
type Segment struct {
	Time    int64 // at which it begins
	Bytes   int64 // of its samples
	Samples int
}

// Sample is one coded picture or sound frame in the file.
type Sample struct {
	PTS    int64
	Key    bool
	Offset int64 // in the file
	Size   int64 // bytes in the file
	// Pieces are where the bytes are when they are no one range of the file: Size is that of all, Offset that of the first.
	Pieces []Piece
}
