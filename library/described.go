package library

import "context"

// Described waits until what stands beside the films of every place that was walked so far has been read and is kept:
// descriptions, subtitles and pictures. It waits for no still and for no provider. Run must be running; the error is ctx's.
func (s *Service) Described(ctx context.Context) error {
	read, drawn := make(chan struct{}), make(chan struct{})
	s.mu.Lock()
	s.readers = append(s.readers, read)
	if s.o.Blobs != nil {
		s.viewers = append(s.viewers, drawn)
	} else {
		close(drawn)
	}
	s.mu.Unlock()
	poke(s.reading)
	poke(s.painting)
	for _, done := range []<-chan struct{}{read, drawn} {
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// waiting takes those who wait from a list, to be told once all is done that is wanted by now.
func (s *Service) waiting(list *[]chan<- struct{}) []chan<- struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := *list
	*list = nil
	return taken
}

// release tells those who wait.
func release(waiting []chan<- struct{}) {
	for _, w := range waiting {
		close(w)
	}
}
