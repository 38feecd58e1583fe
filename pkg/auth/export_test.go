package auth

import "context"

// SyncEnded is one sync of Run with sign-ins that another process ended.
func (s *Service) SyncEnded(ctx context.Context) error { return s.syncEnded(ctx) }

// DropOld is one deletion of expired rows as Run does it.
func (s *Service) DropOld(ctx context.Context) error { return s.sweep(ctx, s.opts.Clock()) }
