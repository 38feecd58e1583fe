package scan_test

import (
	"fmt"
	"sync"
	"testing"

	"movify/library/catalogue"

	"movify/library"
)

// TestReadersNeverWaitForAScan lists titles while two thousand files are imported. Neither reads nor writes may wait
// for a lock.
func TestReadersNeverWaitForAScan(t *testing.T) {
	t.Parallel()
	const films = 2000
	files := make(map[string]string, films)
	for i := range films {
		files[fmt.Sprintf("%02d/Film %d (1990).mkv", i%50, i)] = fmt.Sprint("film ", i)
	}
	h := newHarness(t, files)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				page, err := h.Titles(t.Context(), library.Unrestricted(), catalogue.Query{Sort: catalogue.SortName})
				if err != nil {
					t.Errorf("read: %v", err)
					return
				}
				if len(page.Cards) == 0 {
					continue
				}
				if _, err := h.FileOf(t.Context(), library.Unrestricted(), page.Cards[0].ID); err != nil {
					t.Errorf("read: %v", err)
					return
				}
			}
		})
	}
	h.Start()
	wg.Wait()
	counts, err := h.Counts(t.Context(), library.Unrestricted())
	if err != nil || counts.Files != films || counts.Titles != films {
		t.Errorf("got %+v (%v), want %d films", counts, err, films)
	}
}
