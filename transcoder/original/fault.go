package original

import "movify/pkg/fault"

// The films that have no Original stream. The ladder plays them.
var (
	ErrContainer = fault.New(
		fault.Unsupported, "original_container", "The picture cannot be copied out of a file of this kind.",
	)
	ErrFragments = fault.New(
		fault.Unsupported, "original_fragments",
		"The film begins in the file's header and goes on in fragments, which is not copied.",
	)
	ErrIndex = fault.New(
		fault.Unsupported, "original_index", "The file's index is wrong: it names samples that cannot be where it says.",
	)
	ErrNoIndex = fault.New(
		fault.Unsupported, "original_no_index", "The file has no index that says where its video can be entered.",
	)
	ErrPacked = fault.New(
		fault.Unsupported, "original_packed", "The file's video is encrypted, or compressed once more.",
	)
	ErrCropped = fault.New(
		fault.Unsupported, "original_cropped", "The file's header crops the video, and players would show all of it.",
	)
	ErrNoPicture = fault.New(fault.Unsupported, "original_no_picture", "There is no video in this file.")
	ErrCodec     = fault.New(fault.Unsupported, "original_codec", "The video's format is one that no browser plays.")
	ErrEdited    = fault.New(
		fault.Unsupported, "original_edited",
		"The file shows parts of its video by an edit list, and players would show all of it.",
	)
	// ErrIndexPending is that of a file without an index, for which one is to be made by MakeIndex.
	ErrIndexPending = fault.New(
		fault.Unavailable, "original_index_pending",
		"The file has no index, so it is read once before it can be played as it is.",
	)
	ErrDamaged = fault.New(
		fault.Unsupported, "original_damaged", "Parts of the video are missing or damaged in the file.",
	)
	ErrClock = fault.New(
		fault.Unsupported, "original_clock",
		"The clock of the file jumps: recordings were joined in it, or a part is missing.",
	)
	ErrChanging = fault.New(
		fault.Unsupported, "original_changing", "The video changes its format in the middle of the film.",
	)
	ErrSparse = fault.New(
		fault.Unsupported, "original_sparse",
		"The video can only be entered at places that are more than ten seconds apart.",
	)
	ErrDense = fault.New(
		fault.Unsupported, "original_dense",
		"The video needs more than 16 MiB from one place where it can be entered to the next.",
	)
	ErrBeginning = fault.New(
		fault.Unsupported, "original_beginning", "The video begins with pictures that need others from before its beginning.",
	)
	ErrTimes = fault.New(
		fault.Unsupported, "original_times", "The times of the video's pictures cannot be right.",
	)
	// ErrChanged is returned for a file that is another one than when it was opened, or whose pictures are not as its index
	// says.
	ErrChanged = fault.New(
		fault.Unsupported, "original_changed", "The file is not as its index says, or was changed while it played.",
	)
	// ErrNoSegment is returned for a segment or rendition that the stream does not have.
	ErrNoSegment = fault.New(fault.NotFound, "original_no_segment", "The stream has no such segment.")
)
