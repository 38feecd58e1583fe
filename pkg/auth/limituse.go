package auth

import "context"

// LimitUse counts one use of something that costs nothing once and much a thousand times, such as asking for a letter. After
// free uses from one address about one subject, which may be empty, each next one has to wait longer, as a TooMany says;
// an hour without any clears the count.
func (s *Service) LimitUse(ctx context.Context, what, subject, address string, free int) error {
	now := s.opts.Clock()
	return s.opts.Store.ChangeAttempts(ctx, throttleKey("spend "+what, subject, networkPrefix(address)), func(a *Attempts) error {
		if err := a.blocked(now); err != nil {
			return err
		}
		a.fail(now, free)
		return nil
	})
}
