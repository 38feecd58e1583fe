package auth

import "context"

// SyncEnded is one sync of Run with sign-ins that another process ended.
func (s *Service) SyncEnded(ctx context.Context) error { return s.syncEnded(ctx) }

// Block has the calls of a Hasher wait until release is called.
func (h *Hasher) Block() (release func()) {
	for range cap(h.slots) {
		h.slots <- struct{}{}
	}
	return func() {
		for range cap(h.slots) {
			<-h.slots
		}
	}
}

// Places is how many calls a Hasher holds, and how many of them are taken.
func (h *Hasher) Places() (all, taken int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.places, h.taken
}

// DropOld is one deletion of expired rows as Run does it.
func (s *Service) DropOld(ctx context.Context) error { return s.sweep(ctx, s.opts.Clock()) }
