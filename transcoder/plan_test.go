package transcoder_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

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
		h := newDemand(t, media.LadderNever, nil, func(o *transcoder.Options) {
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

// fakeProber is a prober that counts how often it is asked.
type fakeProber struct {
	asked atomic.Int32
	probe media.Probe
	err   error
}

func (l *fakeProber) Probe(context.Context, string) (media.Probe, error) {
	l.asked.Add(1)
	return l.probe, l.err
}

func TestAQuickProbeIsMadeFullBeforeThePlanAndOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		full := &fakeProber{probe: film().Probe}
		h := newHarness(t, 0, nil, nil, func(o *transcoder.Options) { o.Prober = full })
		defer h.stop()
		other := film()
		other.Fingerprint = "beef"
		other.Probe = media.Probe{Quick: true, DurationUS: 5e6} // not what a plan could be made of
		quick := other
		quick.Probe = film().Probe
		quick.Probe.Quick = true
		if a, planned, err := h.service.Planned(t.Context(), quick); err != nil || planned ||
			len(a.Ladder.Renditions) != 3 || !a.Probe.Quick || a.ID == "" || a.Prefix == "" || a.Grid.Segments() != 0 ||
			len(h.service.Measures(a)) != 0 {
			t.Errorf("before it is planned it is %+v, %t, %v", a, planned, err)
		}
		if n := full.asked.Load(); n != 0 {
			t.Errorf("looking at it probed it %d times", n)
		}
		for range 3 {
			a, err := h.service.Asset(t.Context(), other)
			if err != nil {
				t.Fatal(err)
			}
			if a.Grid.Segments() != segments || a.Probe.Quick || a.ID == h.asset.ID {
				t.Errorf("asset %s with %d segments of %+v", a.ID, a.Grid.Segments(), a.Probe)
			}
		}
		if n := full.asked.Load(); n != 1 {
			t.Errorf("it was probed %d times", n)
		}
		if a, planned, err := h.service.Planned(t.Context(), quick); err != nil || !planned ||
			a.Grid.Segments() != segments {
			t.Errorf("once it is planned it is %+v, %t, %v", a, planned, err)
		}
		full.err, other.Fingerprint = transcoder.ErrNoPicture, "dead"
		if _, err := h.service.Asset(t.Context(), other); !errors.Is(err, transcoder.ErrNoPicture) {
			t.Errorf("error is %v, want what the full probe says", err)
		}
	})
}

func TestAQuicklySeenFileIsPlannedByItsJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		full := &fakeProber{probe: film().Probe}
		quick := film()
		quick.Fingerprint, quick.Probe = "beef", media.Probe{Quick: true}
		h := newHarness(t, 1, nil, nil, func(o *transcoder.Options) { o.Prober = full })
		defer h.stop()
		time.Sleep(time.Minute)
		h.sources.mu.Lock()
		h.sources.src = quick
		h.sources.mu.Unlock()
		h.service.Poke()
		time.Sleep(time.Hour)
		if n := full.asked.Load(); n != 1 {
			t.Errorf("it was probed %d times, want once", n)
		}
		if p := h.service.Percent("beef"); p != 100 {
			t.Errorf("%d %% of it is made", p)
		}
	})
}
