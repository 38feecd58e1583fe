package auth

import "context"

// Heed is one look of Run at what ended elsewhere.
func (s *Service) Heed(ctx context.Context) error { return s.heed(ctx) }
