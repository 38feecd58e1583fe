package transcoder

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"movify/pkg/blob/blobtest"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// emptyShelf is the index of an asset of which nothing is stored: renditions "v", "w" and "a" of that many segments.
func emptyShelf(t testing.TB, segments int) *shelf {
	t.Helper()
	g := media.Grid{Rate: media.Ratio{Num: 25, Den: 1}, Full: 100}
	for n := range segments + 1 {
		g.Frames = append(g.Frames, n*g.Full)
	}
	g.Audio = audioBounds(g)
	a := media.Asset{ID: "feed-1", Prefix: "v1/", Grid: g, Ladder: media.Ladder{Renditions: []media.Rendition{
		{ID: "v", Kind: media.Video}, {ID: "w", Kind: media.Video}, {ID: "a", Kind: media.Audio},
	}}}
	s, err := New(Options{Stage: blobtest.NewMemory(), Now: func() time.Time { return time.Time{} }}).loadShelf(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// store puts segments on the shelf as if a run had made them before.
func (s *shelf) store(r id.Rendition, numbers ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range numbers {
		s.tracks[r].put(n, 1)
	}
}

// made lets a run store its next segments of a rendition, up to end.
func (r *run) made(t testing.TB, x id.Rendition, end int) {
	t.Helper()
	for n := r.heads[x]; n < end; n++ {
		if !r.shelf.land(r, x, n) {
			t.Fatalf("segment %d of %s is not the run's to make", n, x)
		}
		r.shelf.commit(r, x, n, 1, time.Time{})
	}
}

// text is a claim in short: "vwa 0-4".
func (r *run) text() string {
	if r == nil {
		return "nothing"
	}
	var names strings.Builder
	for _, x := range r.renditions {
		names.WriteString(string(x.ID))
	}
	return fmt.Sprintf("%s %d-%d", names.String(), r.from, r.to)
}

func TestClaimGap(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before   func(t *testing.T, s *shelf)
		from, to int
		want     []string
	}{
		"all is missing":       {func(*testing.T, *shelf) {}, 0, 9, []string{"vwa 0-8", "nothing"}},
		"a beginning":          {func(*testing.T, *shelf) {}, 0, 3, []string{"vwa 0-3", "nothing"}},
		"all is stored":        {func(_ *testing.T, s *shelf) { s.store("v", 0, 1); s.store("w", 0, 1); s.store("a", 0, 1) }, 0, 2, []string{"nothing"}},
		"resume at the gap":    {func(_ *testing.T, s *shelf) { s.store("v", 0, 1); s.store("w", 0, 1); s.store("a", 0, 1) }, 0, 8, []string{"vwa 2-8", "nothing"}},
		"one rendition behind": {func(_ *testing.T, s *shelf) { s.store("v", 0, 1, 2); s.store("a", 0, 1, 2) }, 0, 8, []string{"w 0-3", "vwa 3-8", "nothing"}},
		"a hole in the middle": {func(_ *testing.T, s *shelf) { s.store("v", 0, 1, 2, 4, 5, 6, 7); s.store("w", 0, 1, 2, 3, 4, 5, 6, 7) }, 0, 8,
			[]string{"a 0-3", "va 3-4", "a 4-8", "nothing"}},
		"around a viewer's run": {func(_ *testing.T, s *shelf) { s.claimAhead("v", 3, 2, time.Time{}) }, 0, 8,
			[]string{"vwa 0-3", "wa 3-5", "vwa 5-8", "nothing"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := emptyShelf(t, 8)
			test.before(t, s)
			for n, want := range test.want {
				if got := s.claimGap(queue.Backlog, test.from, test.to, time.Time{}).text(); got != want {
					t.Errorf("claim %d is %s, want %s", n+1, got, want)
				}
			}
		})
	}
}

func TestClaimAhead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before func(t *testing.T, s *shelf)
		n      int
		want   string
	}{
		"nothing stored":               {func(*testing.T, *shelf) {}, 5, "v 5-10"},
		"near the end":                 {func(*testing.T, *shelf) {}, 18, "v 18-20"},
		"stored":                       {func(_ *testing.T, s *shelf) { s.store("v", 5) }, 5, "nothing"},
		"being stored":                 {func(_ *testing.T, s *shelf) { s.land(s.claimGap(queue.Backlog, 0, 20, time.Time{}), "v", 5) }, 5, "nothing"},
		"up to what is stored":         {func(_ *testing.T, s *shelf) { s.store("v", 7) }, 5, "v 5-7"},
		"up to what is being stored":   {func(_ *testing.T, s *shelf) { s.land(s.claimGap(queue.Backlog, 7, 20, time.Time{}), "v", 7) }, 5, "v 5-7"},
		"stored in another rendition":  {func(_ *testing.T, s *shelf) { s.store("w", 5, 6) }, 5, "v 5-10"},
		"a viewer's run is about here": {func(_ *testing.T, s *shelf) { s.claimAhead("v", 3, 5, time.Time{}) }, 5, "nothing"},
		"a viewer's run is far behind": {func(_ *testing.T, s *shelf) { s.claimAhead("v", 2, 5, time.Time{}) }, 5, "v 5-10"},
		"a viewer's run has come near": {func(t *testing.T, s *shelf) { s.claimAhead("v", 0, 8, time.Time{}).made(t, "v", 3) }, 5, "nothing"},
		"up to another viewer's run":   {func(_ *testing.T, s *shelf) { s.claimAhead("v", 8, 5, time.Time{}) }, 5, "v 5-8"},
		"a background run is here":     {func(t *testing.T, s *shelf) { s.claimGap(queue.Backlog, 0, 20, time.Time{}).made(t, "v", 5) }, 5, "v 5-10"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := emptyShelf(t, 20)
			test.before(t, s)
			if got := s.claimAhead("v", test.n, 5, time.Time{}).text(); got != test.want {
				t.Errorf("claim is %s, want %s", got, test.want)
			}
		})
	}
}

func TestViewersRunTakesWhatLiesAhead(t *testing.T) {
	t.Parallel()
	s := emptyShelf(t, 20)
	background := s.claimGap(queue.Backlog, 0, 20, time.Time{})
	var stopped error
	background.stop = func(why error) { stopped = why }
	background.made(t, "v", 3)
	ahead := s.claimAhead("w", 10, 5, time.Time{})
	if background.to != 10 || stopped != nil {
		t.Errorf("the background run ends at %d (%v), want 10 and going on", background.to, stopped)
	}
	if background.wants(10) || !background.wants(9) {
		t.Error("the background run wants what it gave up, or not what it kept")
	}
	if got := s.claimGap(queue.Backlog, 0, 20, time.Time{}).text(); got != "va 10-15" {
		t.Errorf("the next hole is %s, want va 10-15", got)
	}
	if got := s.claimGap(queue.Backlog, 0, 20, time.Time{}).text(); got != "vwa 15-20" {
		t.Errorf("the hole after it is %s, want vwa 15-20", got)
	}
	ahead.end(nil)
	if got := s.claimGap(queue.Backlog, 0, 20, time.Time{}).text(); got != "w 10-15" {
		t.Errorf("what the viewer left is %s, want w 10-15", got)
	}
}

func TestRunWithNothingLeftIsStopped(t *testing.T) {
	t.Parallel()
	s := emptyShelf(t, 20)
	background := s.claimGap(queue.Backlog, 4, 20, time.Time{})
	var stopped error
	background.stop = func(why error) { stopped = why }
	s.claimAhead("v", 4, 20, time.Time{})
	if stopped != errEnded || background.to != 4 {
		t.Errorf("stopped with %v at %d, want %v at 4", stopped, background.to, errEnded)
	}
}

func TestEndReleasesWhatWasNotMade(t *testing.T) {
	t.Parallel()
	s := emptyShelf(t, 8)
	r := s.claimGap(queue.New, 0, 4, time.Time{})
	r.made(t, "v", 2)
	r.end(errShort)
	if got := s.claimGap(queue.New, 0, 8, time.Time{}).text(); got != "wa 0-2" {
		t.Errorf("free is %s, want wa 0-2", got)
	}
	for _, x := range []id.Rendition{"v", "w", "a"} {
		if track := s.tracks[x]; track.failures != 1 || track.failure != errShort {
			t.Errorf("%s: %d failures, the last %v", x, track.failures, track.failure)
		}
	}
}

func TestMissedIsFreeAgain(t *testing.T) {
	t.Parallel()
	s := emptyShelf(t, 8)
	r := s.claimGap(queue.Backlog, 2, 8, time.Time{})
	s.land(r, "v", 2)
	s.claimAhead("w", 2, 1, time.Time{}) // the run gives up everything but what it is storing
	if got := s.claimAhead("v", 2, 1, time.Time{}).text(); got != "nothing" {
		t.Fatalf("claim is %s while it is being stored", got)
	}
	s.missed("v", 2)
	if got := s.claimAhead("v", 2, 1, time.Time{}).text(); got != "v 2-3" {
		t.Errorf("claim is %s, want v 2-3", got)
	}
}

func TestRest(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before func(t *testing.T, s *shelf, r *run)
		want   string
	}{
		"nothing was made":           {func(*testing.T, *shelf, *run) {}, "vwa 2-8"},
		"all stand at one segment":   {func(t *testing.T, _ *shelf, r *run) { r.made(t, "v", 4); r.made(t, "w", 4); r.made(t, "a", 4) }, "vwa 4-8"},
		"the slowest alone":          {func(t *testing.T, _ *shelf, r *run) { r.made(t, "v", 4); r.made(t, "a", 5) }, "w 2-8"},
		"all is made":                {func(t *testing.T, _ *shelf, r *run) { r.made(t, "v", 8); r.made(t, "w", 8); r.made(t, "a", 8) }, "nothing"},
		"a viewer's run took some":   {func(_ *testing.T, s *shelf, _ *run) { s.claimAhead("w", 5, 5, time.Time{}) }, "vwa 2-5"},
		"a viewer's run took it all": {func(_ *testing.T, s *shelf, _ *run) { s.claimAhead("w", 2, 9, time.Time{}) }, "nothing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := emptyShelf(t, 8)
			r := s.claimGap(queue.Backlog, 2, 8, time.Time{})
			test.before(t, s, r)
			if got := r.rest(time.Time{}).text(); got != test.want {
				t.Errorf("rest is %s, want %s", got, test.want)
			}
		})
	}
}

// Many runs at once, of all classes, that end well, badly or not at all: no segment is ever in two hands, none is made
// twice, and in the end all are there.
func TestNoSegmentIsMadeTwice(t *testing.T) {
	t.Parallel()
	const segments = 60
	s := emptyShelf(t, segments)
	names := []id.Rendition{"v", "w", "a"}
	var mu sync.Mutex
	hands, made := map[string]int{}, map[string]int{}
	grab := func(key string, by int) {
		mu.Lock()
		defer mu.Unlock()
		if hands[key] += by; hands[key] > 1 {
			t.Errorf("%s is being stored by two runs", key)
		}
		if by < 0 {
			made[key]++
		}
	}
	work := func(r *run, random *rand.Rand) {
		r.shelf.mu.Lock()
		r.stop = func(error) {}
		r.shelf.mu.Unlock()
		for _, x := range r.renditions {
			for n := r.from; r.wants(n); n++ {
				if random.IntN(20) == 0 {
					break // broke off
				}
				if !s.land(r, x.ID, n) {
					break
				}
				key := fmt.Sprint(x.ID, n)
				grab(key, 1)
				grab(key, -1)
				s.commit(r, x.ID, n, 1, time.Time{})
			}
		}
		if random.IntN(3) == 0 {
			if again := r.rest(time.Time{}); again != nil {
				r = again
			}
		}
		r.end(nil)
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 7))
			for range 300 {
				var r *run
				if worker%2 == 0 {
					r = s.claimAhead(names[random.IntN(len(names))], random.IntN(segments), 1+random.IntN(22), time.Time{})
				} else {
					r = s.claimGap(queue.Backlog, random.IntN(segments), segments, time.Time{})
				}
				if r != nil {
					work(r, random)
				}
			}
		})
	}
	wg.Wait()
	for r := s.claimGap(queue.Backlog, 0, segments, time.Time{}); r != nil; r = s.claimGap(queue.Backlog, 0, segments, time.Time{}) {
		for _, x := range r.renditions {
			for n := r.from; n < r.to; n++ {
				made[fmt.Sprint(x.ID, n)]++
			}
			r.made(t, x.ID, r.to)
		}
		r.end(nil)
	}
	for _, x := range names {
		for n := range segments {
			if got := made[fmt.Sprint(x, n)]; got != 1 {
				t.Errorf("segment %d of %s was made %d times", n, x, got)
			}
		}
	}
	if stored, wanted := s.counts(); stored != wanted {
		t.Errorf("%d of %d are stored", stored, wanted)
	}
}
