package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// component runs until its context ends.
type component struct {
	name string
	run  func(ctx context.Context) error
}

// runComponents starts the components in order and runs them until ctx ends or one of them fails. Then it stops them in
// reverse, each only after the one that depends on it has returned, and returns the first failure.
func runComponents(ctx context.Context, logger *slog.Logger, parts []component) error {
	type running struct {
		component
		stop context.CancelFunc
		done chan struct{}
	}
	failed := make(chan error, len(parts))
	var started []running
	for _, p := range parts {
		// Not ctx: its end must reach the components one after the other.
		own, stop := context.WithCancel(context.WithoutCancel(ctx))
		r := running{component: p, stop: stop, done: make(chan struct{})}
		started = append(started, r)
		go func() {
			defer close(r.done)
			err := r.run(own)
			switch {
			case own.Err() != nil && (err == nil || errors.Is(err, context.Canceled)):
				failed <- nil
			case err == nil:
				failed <- fmt.Errorf("%s ended by itself", r.name)
			default:
				failed <- fmt.Errorf("%s: %w", r.name, err)
			}
		}()
	}
	var first error
	select {
	case <-ctx.Done():
	case first = <-failed:
	}
	for i := len(started) - 1; i >= 0; i-- {
		logger.Debug("stopping", "part", started[i].name)
		started[i].stop()
		<-started[i].done
	}
	close(failed)
	for err := range failed {
		if first == nil {
			first = err
		}
	}
	return first
}
