package auth

import "context"

// LimitUse is a rate limit on operations such as requesting a letter. It counts a use by operation, subject (may be empty)
// and network of the address. After free uses each further one must wait longer and gives a TooMany until then; an hour
// without any resets the count.
func (s *Service) LimitUse(ctx context.Context, what, subject, address string, free int) error {
	now := s.opts.Clock()
	return s.opts.Store.ChangeAttempts(ctx, throttleKey("spend "+what, subject, networkPrefix(address)),
		func(a *Attempts) error {
			if err := a.blocked(now); err != nil {
				return err
			}
			a.fail(now, free)
			return nil
		})
}
