package library

// TitleStore keeps what is known of titles: descriptions from their sources, extras, versions.
type TitleStore interface{}
