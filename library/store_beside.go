package library

// BesideStore keeps what stands beside files: descriptions and subtitles.
type BesideStore interface{}
