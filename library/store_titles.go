package library

import (
	"context"

	"movify/pkg/id"
)

// TitleStore keeps what is known of titles: descriptions from their sources, extras, versions.
type TitleStore interface {
	// TitlesByID gives the known ones of those titles, by ID, whoever may see them.
	TitlesByID(ctx context.Context, titles []id.Title) (map[id.Title]Title, error)
	// Descriptions gives what the sources say of those titles, the weakest first. A title of which nothing is said is left out.
	Descriptions(ctx context.Context, titles []id.Title) (map[id.Title][]Description, error)
}
