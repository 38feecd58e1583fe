package library

// NFOReader reads NFO files, the descriptions beside films that Kodi, Jellyfin and others write.
type NFOReader interface {
	// ReadNFO reads the file at path and nothing else: no address or file named in it is opened. It takes all it can
	// read and reports problems as notes; only an I/O error is returned, fs.ErrNotExist among them. Time and memory are
	// bounded for any file size.
	ReadNFO(path string) (NFODocument, error)
}

// NFOWriter writes NFO files.
type NFOWriter interface {
	// WriteNFO writes a description of the work to path, atomically. It replaces a file only when that file is marked
	// as written by Movify; otherwise it returns ErrNFOForeign.
	WriteNFO(path string, w NFOWork) error
}

// NFODocument is the content of an NFO file.
type NFODocument struct {
	Works []NFOWork // in file order; several when it describes the episodes of one video file
	Notes []string  // problems, for people
	Ours  bool      // written by Movify and not edited since
}

// NFOWork is the description of one work in an NFO file.
type NFOWork struct {
	Kind        Kind // "" when the file holds only addresses of the work
	Facts       Facts
	SeasonNames map[int]string `json:",omitempty"` // of a series: names of its seasons, by number
}
