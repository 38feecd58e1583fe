package transcoder_test

import (
	"context"
	"iter"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"movify/pkg/blob"
	"movify/pkg/media"
	"movify/transcoder"
)

// slowStore is a blob store whose first Put of a plan returns only when answer is closed, after the plan is stored.
type slowStore struct {
	blob.Store
	answer       chan struct{}
	lists, plans atomic.Int32
}

func (s *slowStore) Put(ctx context.Context, key string, data []byte) error {
	err := s.Store.Put(ctx, key, data)
	if strings.HasSuffix(key, "/plan.json") && s.plans.Add(1) == 1 && s.answer != nil {
		<-s.answer
	}
	return err
}

func (s *slowStore) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	s.lists.Add(1)
	return s.Store.List(ctx, prefix)
}

// A viewer and the reconciler ask for the plan of a new film at once. The second call must not take the plan that the
// first has just stored for another node's, and list Blobs for segments of that node.
func TestAFilmThatIsPlannedTwiceAtOnceIsNotAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := &slowStore{}
		h := newHarness(t, 0, nil, nil, func(o *transcoder.Options) {
			o.Prewarm, o.Backlog = 0, false
			slow.Store, o.Blobs = o.Blobs, slow
		})
		defer h.stop()
		synctest.Wait()
		slow.answer = make(chan struct{})
		slow.plans.Store(0)
		slow.lists.Store(0)
		src := film()
		src.Fingerprint = strings.Repeat("f", len(src.Fingerprint))
		planned := make(chan media.Asset, 2)
		for range 2 {
			go func() {
				a, err := h.service.Asset(t.Context(), src)
				if err != nil {
					t.Error(err)
				}
				h.service.Measures(a) // looks at what there is of it
				planned <- a
			}()
			synctest.Wait()
		}
		close(slow.answer)
		if one, other := <-planned, <-planned; one.ID != other.ID {
			t.Errorf("two assets, %s and %s", one.ID, other.ID)
		}
		synctest.Wait()
		if lists, plans := slow.lists.Load(), slow.plans.Load(); lists > 0 || plans != 1 {
			t.Errorf("Blobs was listed %d times and given the plan %d times, want never and once", lists, plans)
		}
	})
}
