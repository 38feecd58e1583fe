package library

import "context"

// WaitForSidecars waits until the sidecars of every folder walked so far have been read and stored: NFO files,
// subtitles and artwork. It waits for neither stills nor the provider. Run must be running; the error is ctx's.
func (s *Service) WaitForSidecars(ctx context.Context) error {
	read, drawn := make(chan struct{}), make(chan struct{})
	s.mu.Lock()
	s.sidecarWaiters = append(s.sidecarWaiters, read)
	if s.o.Blobs != nil {
		s.artworkWaiters = append(s.artworkWaiters, drawn)
	} else {
		close(drawn)
	}
	s.mu.Unlock()
	wake(s.sidecarWake)
	wake(s.artworkWake)
	for _, done := range []<-chan struct{}{read, drawn} {
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
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
