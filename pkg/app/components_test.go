package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorder notes in which order components start and stop.
type recorder struct {
	mu     sync.Mutex
	events []string
}

func (r *recorder) note(e string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// waiting is a component that runs until it is stopped.
func (r *recorder) waiting(name string, started chan<- struct{}) component {
	return component{name, func(ctx context.Context) error {
		started <- struct{}{}
		<-ctx.Done()
		r.note("stop " + name)
		return ctx.Err()
	}}
}

func TestComponentsStopInReverse(t *testing.T) {
	t.Parallel()
	var r recorder
	started := make(chan struct{}, 3)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for range 3 {
			<-started
		}
		cancel()
	}()
	err := runComponents(
		ctx, slog.New(slog.DiscardHandler),
		[]component{r.waiting("a", started), r.waiting("b", started), r.waiting("c", started)},
	)
	if err != nil {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff([]string{"stop c", "stop b", "stop a"}, r.events); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestComponentThatFailsStopsTheRest(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		fail error
		want string
	}{
		"an error":        {broken, "bad: broken"},
		"ended by itself": {nil, "bad ended by itself"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r recorder
			started := make(chan struct{}, 2)
			err := runComponents(t.Context(), slog.New(slog.DiscardHandler), []component{
				r.waiting("a", started),
				{"bad", func(context.Context) error { <-started; return c.fail }},
				r.waiting("c", make(chan struct{}, 1)),
			})
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if diff := cmp.Diff([]string{"stop c", "stop a"}, r.events); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestComponentThatFailsWhileStoppingIsHeard(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := runComponents(ctx, slog.New(slog.DiscardHandler), []component{{"player", func(ctx context.Context) error {
		<-ctx.Done()
		return errors.New("the last positions were not kept")
	}}})
	if err == nil || !strings.Contains(err.Error(), "player: the last positions") {
		t.Errorf("got %v", err)
	}
}
