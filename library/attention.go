package library

import (
	"context"

	"movify/pkg/id"
)

// NeedAttention lists the files that cannot be played, latest first.
func (s *Service) NeedAttention(ctx context.Context) ([]File, error) {
	return s.o.Store.InState(ctx, Attention)
}

// Retry examines a file in state Attention again.
func (s *Service) Retry(ctx context.Context, file id.File) error {
	f, err := s.o.Store.File(ctx, file)
	if err != nil {
		return err
	}
	if f.State != Attention {
		return nil
	}
	c := Change{Moves: []Move{{Files: []id.File{file}, State: Incoming}}, AtMS: s.now()}
	if err := s.o.Store.Apply(ctx, c); err != nil {
		return err
	}
	s.enqueueHint(Hint{Paths: []string{f.Path}})
	return nil
}
