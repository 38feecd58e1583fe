//go:build !linux

package search

import "github.com/blevesearch/bleve/v2"

// returnPages leaves the pages of the index to the system.
func returnPages(bleve.Index) error { return nil }
