package app

import (
	"context"
	"log/slog"
)

// reviews has playbacks looked at again when a description changed: a file beside a film may rate it, and who may not see it
// then stops watching it.
type reviews struct {
	wanted chan struct{}
	review func(ctx context.Context) error
	logger *slog.Logger
}

func newReviews(review func(ctx context.Context) error, logger *slog.Logger) reviews {
	return reviews{make(chan struct{}, 1), review, logger}
}

// want asks for a look and returns at once.
func (r reviews) want() {
	select {
	case r.wanted <- struct{}{}:
	default:
	}
}

// run looks when it is wanted, until ctx is done.
func (r reviews) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.wanted:
		}
		if err := r.review(ctx); err != nil && ctx.Err() == nil {
			r.logger.Error("playbacks could not be looked at again", "error", err)
		}
	}
}
