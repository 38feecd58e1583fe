package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// part is something that runs until its context ends.
type part struct {
	name string
	run  func(ctx context.Context) error
}

// runParts starts the parts in order and runs them until ctx ends or one of them fails. Then it stops them in reverse,
// each only after the one that depends on it has returned, and gives the first failure.
func runParts(ctx context.Context, logger *slog.Logger, parts []part) error {
	type running struct {
		part
		stop context.CancelFunc
		done chan struct{}
	}
	failed := make(chan error, len(parts))
	var started []running
	for _, p := range parts {
		// Not ctx: its end must reach the parts one after the other.
		own, stop := context.WithCancel(context.WithoutCancel(ctx))
		r := running{part: p, stop: stop, done: make(chan struct{})}
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
