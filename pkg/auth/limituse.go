package auth

import "context"

// LimitUse is a rate limit on operations such as requesting a letter. It counts a use by operation, subject (may be empty)
// and network of the address; of a whole site of IPv6 three times as many are free. After free uses each further one must
// wait longer and gives a TooMany until then; an hour without any resets the count.
func (s *Service) LimitUse(ctx context.Context, what, subject, address string, free int) error {
	return s.count(ctx, byNetwork(address, free, "spend "+what, subject), s.opts.Clock())
}
