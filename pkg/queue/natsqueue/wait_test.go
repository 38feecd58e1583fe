package natsqueue

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"
)

func TestLateAnswerIsAskedAgain(t *testing.T) {
	t.Parallel()
	type answer struct {
		late  time.Duration // after the end of the wait
		found bool
		err   error
		news  bool // another job was published meanwhile
	}
	const late = maxFetchWait / 2
	down := errors.New("down")
	for _, c := range []struct {
		name    string
		answers []answer
		waits   []time.Duration // in multiples of fetchWait
		found   bool
		err     error
	}{
		{"nothing, in time", []answer{{late: time.Millisecond}}, []time.Duration{1}, false, nil},
		{"found", []answer{{found: true}}, []time.Duration{1}, true, nil},
		{"found late", []answer{{late: late, found: true}}, []time.Duration{1}, true, nil},
		{"fails late", []answer{{late: late, err: down}}, []time.Duration{1}, false, down},
		{"late, then found", []answer{{late: late}, {found: true}}, []time.Duration{1, 2}, true, nil},
		{"late, then nothing", []answer{{late: late}, {late: late}, {}}, []time.Duration{1, 2, 4}, false, nil},
		{"late, and another job is published", []answer{{late: late, news: true}}, []time.Duration{1}, false, nil},
		{"always late", slices.Repeat([]answer{{late: late}}, 4), []time.Duration{1, 2, 4, 8}, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var waits []time.Duration
				notified := make(chan struct{})
				m, err := untilInTime(notified, func(wait time.Duration) (jetstream.Msg, error) {
					a := c.answers[len(waits)]
					waits = append(waits, wait/fetchWait)
					time.Sleep(wait + a.late)
					if a.news {
						close(notified)
					}
					if a.found {
						return foundMsg{}, nil
					}
					return nil, a.err
				})
				if diff := cmp.Diff(c.waits, waits); diff != "" {
					t.Errorf("waits (-want +got):\n%s", diff)
				}
				if (m != nil) != c.found || !errors.Is(err, c.err) {
					t.Errorf("got message %v and error %v, want a message: %v, error %v", m, err, c.found, c.err)
				}
			})
		})
	}
}

// foundMsg stands for any message.
type foundMsg struct{ jetstream.Msg }
