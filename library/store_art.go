package library

// ArtStore keeps the pictures of titles.
type ArtStore interface{}
