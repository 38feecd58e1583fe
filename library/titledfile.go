package library

import "movify/pkg/id"

// TitledFile is a present file with its title and the parents of that.
type TitledFile struct {
	Path        string
	Title       id.Title
	Kind        Kind
	Season      int      // of an episode
	Parent      id.Title // the season of an episode, the owner of an extra; "" = none
	Grandparent id.Title // the parent of Parent; "" = none
}
