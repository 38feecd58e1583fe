package app

import (
	"context"
	"errors"
	"log/slog"
	"testing"
)

func TestEntitlementChecksFollowDescriptions(t *testing.T) {
	t.Parallel()
	looks := make(chan error)
	r := newEntitlementChecks(func(context.Context) error { return <-looks }, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- r.run(ctx) }()
	r.request()
	looks <- errors.New("the database is away") // and the next one goes on
	for range 3 {
		r.request() // while it checks: once more is enough
	}
	looks <- nil
	stop()
	for {
		select {
		case looks <- nil: // it may have been wanted once more
			continue
		case err := <-ended:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("ended with %v", err)
			}
		}
		return
	}
}
