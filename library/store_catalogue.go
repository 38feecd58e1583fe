package library

// CatalogueStore keeps what titles are found by: genres, people, collections and channels.
type CatalogueStore interface{}
