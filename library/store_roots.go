package library

// RootStore keeps what became of the roots and of files that are gone.
type RootStore interface{}
