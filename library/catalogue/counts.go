package catalogue

import (
	"context"
	"sync"
	"time"

	"movify/library"
)

// countsCache holds the result of the last count. Every open dashboard asks for it each second while a scan runs, and
// counting a hundred thousand titles takes longer than the scan needs for a second's files.
type countsCache struct {
	mu       sync.Mutex
	counts   library.Counts
	audience library.Audience
	edition  int64
	at       time.Time // zero = nothing was counted
	took     time.Duration
}

// Counts returns the size of the library as visible to a. Of more than indexSmall files the result may be out of date by
// indexRest times as long as counting takes, so that requests during a scan cost a twentieth of a processor at most.
func (s *Service) Counts(ctx context.Context, a library.Audience) (library.Counts, error) {
	c := &s.counted
	c.mu.Lock()
	defer c.mu.Unlock()
	edition, now := s.o.Store.Edition(), time.Now()
	if !c.at.IsZero() && c.audience == a {
		age := now.Sub(c.at)
		if age < indexTTL && c.edition == edition || c.counts.Files > indexSmall && age < indexRest*c.took {
			return c.counts, nil
		}
	}
	counts, err := s.o.Store.Counts(ctx, a)
	if err != nil {
		return library.Counts{}, err
	}
	c.counts, c.audience, c.edition, c.at, c.took = counts, a, edition, now, time.Since(now)
	return counts, nil
}
