package library

import (
	"iter"

	"movify/pkg/id"
)

// TitledFile is a present file with its title and the parents of that.
type TitledFile struct {
	Path        string
	Title       id.Title
	Kind        Kind
	Season      int      // of an episode
	Parent      id.Title // the season of an episode, the owner of an extra; "" = none
	Grandparent id.Title // the parent of Parent; "" = none
}

// SliceOf gives all values of a sequence, or its first error.
func SliceOf[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
