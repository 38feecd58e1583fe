package library

import "context"

// WaitForSidecars waits until what stands beside the films of every place that was walked so far has been read and is kept:
// descriptions, subtitles and pictures. It waits for no still and for no provider. Run must be running; the error is ctx's.
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

// takeWaiters takes those who wait from a list, to be told once all is done that is wanted by now.
func (s *Service) takeWaiters(list *[]chan<- struct{}) []chan<- struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := *list
	*list = nil
	return taken
}

// closeAll tells those who wait.
func closeAll(waiting []chan<- struct{}) {
	for _, w := range waiting {
		close(w)
	}
}
