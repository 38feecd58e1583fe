package library

import (
	"movify/pkg/id"
)

// ChangeListener is told of the changes of titles.
type ChangeListener interface {
	// Changed reports that a title changed or, with "", something else that searches find. It returns at once.
	Changed(t id.Title)
	// VisibilityChanged reports that titles may have become visible to other audiences.
	VisibilityChanged()
}

// NoListener ignores changes.
type NoListener struct{}

func (NoListener) Changed(id.Title)   {}
func (NoListener) VisibilityChanged() {}
