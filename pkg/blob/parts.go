package blob

// Parts are bytes that lie in several places, such as a head in memory and ranges of a file.
type Parts struct {
	Size int64 // of all
	// Open gives the part that holds byte at, and the offset of its first byte. Each part is closed before the next one is
	// opened.
	Open func(at int64) (o Object, start int64, err error)
	// Check reports by an error that bytes which were read from parts before the call may be others than the promised ones,
	// because what they lie in has changed meanwhile. nil: it cannot change.
	Check func() error
	// Close is called once, when no part is open.
	Close func() error
}
