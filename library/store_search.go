package library

// SearchStore keeps what the search index is fed from.
type SearchStore interface{}
