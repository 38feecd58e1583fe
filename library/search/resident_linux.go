package search

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// returnPages takes the pages of the index's mapped files from the process. They stay in the system's cache and come back
// when they are used. The snapshot keeps the files mapped meanwhile: the engine replaces them at any time.
func returnPages(engine bleve.Index) (err error) {
	advanced, err := engine.Advanced()
	if err != nil {
		return fmt.Errorf("give back pages of the search index: %w", err)
	}
	reader, err := advanced.Reader()
	if err != nil {
		return fmt.Errorf("give back pages of the search index: %w", err)
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil
	}
	for _, part := range snapshot.Segments() {
		mapped, ok := part.Segment().(interface{ Data() []byte })
		if !ok || len(mapped.Data()) == 0 {
			continue // it is not in a file yet
		}
		if err := syscall.Madvise(mapped.Data(), syscall.MADV_DONTNEED); err != nil {
			return fmt.Errorf("give back pages of the search index: %w", err)
		}
	}
	return nil
}
