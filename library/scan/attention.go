package scan

import (
	"context"

	"movify/library"

	"movify/pkg/id"
)

// NeedAttention lists the files that cannot be played, latest first.
func (s *Service) NeedAttention(ctx context.Context) ([]library.File, error) {
	return s.o.Store.InState(ctx, library.Attention)
}

// Retry examines a file in state Attention again.
func (s *Service) Retry(ctx context.Context, file id.File) error {
	f, err := s.o.Store.File(ctx, file)
	if err != nil {
		return err
	}
	if f.State != library.Attention {
		return nil
	}
	c := library.Change{Moves: []library.Move{{Files: []id.File{file}, State: library.Incoming}}, AtMS: s.now()}
	if err := s.o.Store.Apply(ctx, c); err != nil {
		return err
	}
	s.enqueueHint(library.Hint{Paths: []string{f.Path}})
	return nil
}
