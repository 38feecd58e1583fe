package auth

import "context"

// SyncEnded is one look of Run at what ended elsewhere.
func (s *Service) SyncEnded(ctx context.Context) error { return s.syncEnded(ctx) }
