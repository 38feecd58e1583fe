package catalogue

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"movify/library"

	"movify/pkg/id"
)

const (
	feedPage  = 5000 // documents read at once to rebuild the index
	feedBatch = 500  // documents indexed at once
)

// searchFeeder copies changes of the store into the search index.
type searchFeeder struct {
	*Service
	groups []library.SearchDoc // genres and collections in the index: they are few, so all are compared each time
}

// run keeps the search index up to date until ctx is done; then searchReady is false. The store records its changes, so
// no change is missed: searchWake only tells when to read them.
func (s *searchFeeder) run(ctx context.Context) error {
	defer s.searchReady.Store(false)
	for {
		switch err := s.catchUp(ctx); {
		case err == nil:
			s.searchReady.Store(true)
		case ctx.Err() == nil:
			s.o.Logger.Error("the search index could not be updated", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.searchWake:
		}
		timer := time.NewTimer(s.o.IndexDelay) // a scan changes many titles in a row
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// catchUp brings the index up to date, rebuilding it when its checkpoint is not that of the store.
func (s *searchFeeder) catchUp(ctx context.Context) error {
	ours, err := s.o.Index.Checkpoint(ctx)
	if err != nil {
		return fmt.Errorf("read the mark of the index: %w", err)
	}
	theirs, err := s.o.Store.SearchCheckpoint(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(strings.Fields(ours), theirs) {
		s.searchReady.Store(false)
		if err := s.rebuild(ctx); err != nil {
			return err
		}
		s.groups = nil
	}
	groups, err := s.o.Store.GroupDocs(ctx)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(groups, s.groups) {
		if err := s.index(ctx, groups); err != nil {
			return err
		}
		s.groups = groups
	}
	for {
		changes, docs, err := s.o.Store.SearchChanges(ctx, feedBatch)
		if err != nil || len(changes) == 0 {
			return err
		}
		if err := s.index(ctx, docs); err != nil {
			return err
		}
		if err := s.acknowledge(ctx, changes); err != nil {
			return err
		}
	}
}

// rebuild makes the index from scratch.
func (s *searchFeeder) rebuild(ctx context.Context) error {
	began := s.o.Clock()
	if err := s.o.Index.Clear(ctx); err != nil {
		return fmt.Errorf("empty the search index: %w", err)
	}
	n := 0
	for after := id.Title(""); ; {
		docs, next, err := s.o.Store.TitleDocs(ctx, after, feedPage)
		if err != nil {
			return err
		}
		if err := s.index(ctx, docs); err != nil {
			return err
		}
		n += len(docs)
		if after = next; next == "" {
			break
		}
	}
	for after := id.Person(""); ; {
		docs, next, err := s.o.Store.PersonDocs(ctx, after, feedPage)
		if err != nil {
			return err
		}
		if err := s.index(ctx, docs); err != nil {
			return err
		}
		if after = next; next == "" {
			break
		}
	}
	if err := s.acknowledge(ctx, nil); err != nil {
		return err
	}
	s.o.Logger.Info("rebuilt the search index", "titles", n, "took", s.o.Clock().Sub(began))
	return nil
}

// index adds documents in batches.
func (s *searchFeeder) index(ctx context.Context, docs []library.SearchDoc) error {
	for part := range slices.Chunk(docs, feedBatch) {
		if err := s.o.Index.Index(ctx, part); err != nil {
			return fmt.Errorf("index titles: %w", err)
		}
	}
	return nil
}

// acknowledge sets a new checkpoint in the index and in the store. The index keeps the previous one as well: when the
// process ends between the two writes, the store still has that one, and the changes too.
func (s *searchFeeder) acknowledge(ctx context.Context, changes []library.SearchChange) error {
	before, err := s.o.Store.SearchCheckpoint(ctx)
	if err != nil {
		return err
	}
	mark := string(id.New[id.Title]())
	if err := s.o.Index.SetCheckpoint(ctx, mark+" "+before); err != nil {
		return fmt.Errorf("mark the search index: %w", err)
	}
	return s.o.Store.AckSearchChanges(ctx, changes, mark)
}
