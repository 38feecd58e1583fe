package app

import (
	"context"
	"log/slog"
)

// entitlementChecks checks running playbacks again after a description changed: an NFO file may rate a title, and a
// profile that may not see it any more must stop playing it.
type entitlementChecks struct {
	requests chan struct{}
	review   func(ctx context.Context) error
	logger   *slog.Logger
}

func newEntitlementChecks(review func(ctx context.Context) error, logger *slog.Logger) entitlementChecks {
	return entitlementChecks{make(chan struct{}, 1), review, logger}
}

// request requests a check and returns at once.
func (r entitlementChecks) request() {
	select {
	case r.requests <- struct{}{}:
	default:
	}
}

// run checks after each request, until ctx is done.
func (r entitlementChecks) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.requests:
		}
		if err := r.review(ctx); err != nil && ctx.Err() == nil {
			r.logger.Error("check running playbacks again", "error", err)
		}
	}
}
