package auth

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
)

// syncInterval is the interval between reads of the sign-ins that another process ended: another node, or a command beside
// the server.
const syncInterval = 2 * time.Second

// syncEnded refuses the access tokens of sign-ins that another process ended, and ends their playbacks. Each time it reads the
// sign-ins that ended within the lifetime of an access token, so that neither clock skew nor a failed read loses one.
func (s *Service) syncEnded(ctx context.Context) error {
	ended, err := s.opts.Store.EndedSince(ctx, s.opts.Clock().Add(-AccessLife))
	if err != nil {
		return fmt.Errorf("read which sign-ins ended elsewhere: %w", err)
	}
	for _, x := range ended {
		s.mu.RLock()
		_, known := s.ended[x]
		s.mu.RUnlock()
		if known {
			continue
		}
		if err := s.revoke(ctx, x); err != nil {
			s.mu.Lock()
			delete(s.ended, x) // the next read tries again
			s.mu.Unlock()
			return err
		}
	}
	return nil
}

// endKeys revokes the API keys of an account and ends their playbacks.
func (s *Service) endKeys(ctx context.Context, a id.Account) error {
	own, err := s.Keys(ctx, a)
	if err != nil {
		return err
	}
	for _, k := range own {
		if err := s.EndKey(ctx, a, k.ID); err != nil {
			return fmt.Errorf("end an API key: %w", err)
		}
	}
	return nil
}
