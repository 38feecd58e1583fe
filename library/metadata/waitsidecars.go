package metadata

import "context"

// WaitForSidecars waits until the sidecars of every folder walked so far have been read and stored: NFO files,
// subtitles and artwork. It waits for neither stills nor the provider. Run must be running; the error is ctx's.
func (s *Service) WaitForSidecars(ctx context.Context) error {
	read := make(chan struct{})
	s.mu.Lock()
	s.sidecarWaiters = append(s.sidecarWaiters, read)
	s.mu.Unlock()
	s.sidecarWake.Set()
	select {
	case <-read:
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.o.Artwork.Wait(ctx)
}

// takeWaiters removes and returns the channels of a list, to be closed once the work queued by now is done.
func (s *Service) takeWaiters(list *[]chan<- struct{}) []chan<- struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := *list
	*list = nil
	return taken
}

// closeAll closes the channels.
func closeAll(waiting []chan<- struct{}) {
	for _, w := range waiting {
		close(w)
	}
}
