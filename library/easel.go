package library

import "context"

// easel lets a limited number of pictures be drawn at once.
type easel chan struct{}

// enter waits for a place and gives what leaves it.
func (e easel) enter(ctx context.Context) (leave func(), err error) {
	select {
	case e <- struct{}{}:
		return func() { <-e }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
