package library

// NFOReader reads the files that describe films, as Kodi, Jellyfin and their kin write them.
type NFOReader interface {
	// ReadNFO reads the file at path and nothing else: no address in it is asked, no file it names is opened. It takes what
	// can be taken and says in notes what was odd; only a file that cannot be read from the disk is an error, fs.ErrNotExist
	// among them. Time and memory are bounded whatever the file's size.
	ReadNFO(path string) (NFODocument, error)
}

// NFOWriter writes such files.
type NFOWriter interface {
	// WriteNFO puts a description of the work at path, whole or not at all. It replaces a file only when the file says that
	// Movify wrote it; any other stays, and the answer is ErrNFOForeign.
	WriteNFO(path string, w NFOWork) error
}

// NFODocument is what one file of this sort says.
type NFODocument struct {
	Works []NFOWork // in the file's order; several when it describes the episodes of one film file
	Notes []string  // what was odd about it, in plain words
	Ours  bool      // Movify wrote it, and nobody changed that mark
}

// NFOWork is what it says of one work.
type NFOWork struct {
	Kind  Kind // "" when it does not say: only addresses of the work elsewhere stand there
	Facts Facts
}
