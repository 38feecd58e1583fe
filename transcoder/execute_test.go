package transcoder_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder"
)

// slowToStart is an encoder whose pre-warm runs have not begun when they are stopped.
type slowToStart struct{ transcoder.Encoder }

func (e slowToStart) Start(ctx context.Context, o transcoder.Order) (transcoder.Encode, error) {
	if o.Class != queue.New || o.Careful {
		return e.Encoder.Start(ctx, o)
	}
	<-ctx.Done()
	return nil, fmt.Errorf("encode: %w", ctx.Err())
}

// A run whose segments were all taken over before its encoder started has not failed: nothing of it is tried again, and no
// viewer is told of it.
func TestARunTakenOverBeforeItsStartIsNoFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step := func(ctx context.Context, _ transcoder.Order, _ media.Rendition, _ int) error { return ctx.Err() }
		var log bytes.Buffer
		h := newHarness(t, 1, step, nil, func(o *transcoder.Options) {
			o.Encoder = slowToStart{o.Encoder}
			o.Logger = slog.New(slog.NewTextHandler(&log, nil))
		})
		defer h.stop()
		synctest.Wait() // the pre-warm holds the first segments of all renditions
		for _, r := range h.asset.Ladder.Renditions {
			h.mustGet("alice", r.ID, 0)
		}
		h.stop()
		if strings.Contains(log.String(), "WARN") {
			t.Errorf("the log complains:\n%s", log.String())
		}
		for _, order := range h.orders() {
			if strings.Contains(order, "careful") {
				t.Errorf("tried again: %s", order)
			}
		}
	})
}
