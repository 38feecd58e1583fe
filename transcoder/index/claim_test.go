package index

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
)

// newIndex is the index of an asset without stored segments: renditions "v", "w" and "a" of that many segments.
func newIndex(segments int) *Index {
	g := media.Grid{Rate: media.Ratio{Num: 25, Den: 1}, Full: 100}
	for n := range segments + 1 {
		g.Frames = append(g.Frames, n*g.Full)
		g.Audio = append(g.Audio, n*g.Full*media.AudioRate/25/media.AACFrame)
	}
	a := media.Asset{ID: "feed-1", Prefix: "v1/", Grid: g, Ladder: media.Ladder{Renditions: []media.Rendition{
		{ID: "v", Kind: media.Video}, {ID: "w", Kind: media.Video}, {ID: "a", Kind: media.Audio},
	}}}
	return New(a, nil, time.Time{})
}

// store records segments as stored, as if an earlier run had made them.
func (x *Index) store(r id.Rendition, numbers ...int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, n := range numbers {
		x.renditions[r].put(n, 1)
	}
}

// commitTo lets a run store its next segments of a rendition, up to end.
func (c *Claim) commitTo(t testing.TB, r id.Rendition, end int) {
	t.Helper()
	for n := c.next[r]; n < end; n++ {
		if !c.BeginWrite(r, n) {
			t.Fatalf("segment %d of %s is not the run's to make", n, r)
		}
		c.Commit(r, n, 1)
	}
}

// text is a claim in short: "vwa 0-4".
func (c *Claim) text() string {
	if c == nil {
		return "nothing"
	}
	var names strings.Builder
	for _, r := range c.renditions {
		names.WriteString(string(r.ID))
	}
	return fmt.Sprintf("%s %d-%d", names.String(), c.from, c.end)
}

// errBroken is the error of a run that breaks.
var errBroken = errors.New("exit status 1")

func TestClaimGap(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before   func(t *testing.T, x *Index)
		from, to int
		want     []string
	}{
		"all is missing":       {func(*testing.T, *Index) {}, 0, 9, []string{"vwa 0-8", "nothing"}},
		"a beginning":          {func(*testing.T, *Index) {}, 0, 3, []string{"vwa 0-3", "nothing"}},
		"all is stored":        {func(_ *testing.T, x *Index) { x.store("v", 0, 1); x.store("w", 0, 1); x.store("a", 0, 1) }, 0, 2, []string{"nothing"}},
		"resume at the gap":    {func(_ *testing.T, x *Index) { x.store("v", 0, 1); x.store("w", 0, 1); x.store("a", 0, 1) }, 0, 8, []string{"vwa 2-8", "nothing"}},
		"one rendition behind": {func(_ *testing.T, x *Index) { x.store("v", 0, 1, 2); x.store("a", 0, 1, 2) }, 0, 8, []string{"w 0-3", "vwa 3-8", "nothing"}},
		"a hole in the middle": {func(_ *testing.T, x *Index) { x.store("v", 0, 1, 2, 4, 5, 6, 7); x.store("w", 0, 1, 2, 3, 4, 5, 6, 7) }, 0, 8,
			[]string{"a 0-3", "va 3-4", "a 4-8", "nothing"}},
		"around a viewer's run": {func(_ *testing.T, x *Index) { x.ClaimAhead("v", 3, 2) }, 0, 8,
			[]string{"vwa 0-3", "wa 3-5", "vwa 5-8", "nothing"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newIndex(8)
			test.before(t, x)
			for n, want := range test.want {
				if got := x.ClaimGap(test.from, test.to, nil).text(); got != want {
					t.Errorf("claim %d is %s, want %s", n+1, got, want)
				}
			}
		})
	}
}

func TestClaimAhead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before func(t *testing.T, x *Index)
		n      int
		want   string
	}{
		"nothing stored":               {func(*testing.T, *Index) {}, 5, "v 5-10"},
		"near the end":                 {func(*testing.T, *Index) {}, 18, "v 18-20"},
		"stored":                       {func(_ *testing.T, x *Index) { x.store("v", 5) }, 5, "nothing"},
		"being stored":                 {func(_ *testing.T, x *Index) { x.ClaimGap(0, 20, nil).BeginWrite("v", 5) }, 5, "nothing"},
		"up to the stored segments":    {func(_ *testing.T, x *Index) { x.store("v", 7) }, 5, "v 5-7"},
		"up to a segment being stored": {func(_ *testing.T, x *Index) { x.ClaimGap(7, 20, nil).BeginWrite("v", 7) }, 5, "v 5-7"},
		"stored in another rendition":  {func(_ *testing.T, x *Index) { x.store("w", 5, 6) }, 5, "v 5-10"},
		"a viewer's run is about here": {func(_ *testing.T, x *Index) { x.ClaimAhead("v", 3, 5) }, 5, "nothing"},
		"a viewer's run is far behind": {func(_ *testing.T, x *Index) { x.ClaimAhead("v", 2, 5) }, 5, "v 5-10"},
		"a viewer's run has come near": {func(t *testing.T, x *Index) { x.ClaimAhead("v", 0, 8).commitTo(t, "v", 3) }, 5, "nothing"},
		"up to another viewer's run":   {func(_ *testing.T, x *Index) { x.ClaimAhead("v", 8, 5) }, 5, "v 5-8"},
		"a background run is here":     {func(t *testing.T, x *Index) { x.ClaimGap(0, 20, nil).commitTo(t, "v", 5) }, 5, "v 5-10"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newIndex(20)
			test.before(t, x)
			if got := x.ClaimAhead("v", test.n, 5).text(); got != test.want {
				t.Errorf("claim is %s, want %s", got, test.want)
			}
		})
	}
}

func TestViewersRunTakesWhatLiesAhead(t *testing.T) {
	t.Parallel()
	x := newIndex(20)
	background := x.ClaimGap(0, 20, nil)
	var stopped error
	background.stop = func(why error) { stopped = why }
	background.commitTo(t, "v", 3)
	ahead := x.ClaimAhead("w", 10, 5)
	if background.end != 10 || stopped != nil {
		t.Errorf("the background run ends at %d (%v), want 10 and going on", background.end, stopped)
	}
	if background.Includes(10) || !background.Includes(9) {
		t.Error("the background run wants what it gave up, or not what it kept")
	}
	if got := x.ClaimGap(0, 20, nil).text(); got != "va 10-15" {
		t.Errorf("the next hole is %s, want va 10-15", got)
	}
	if got := x.ClaimGap(0, 20, nil).text(); got != "vwa 15-20" {
		t.Errorf("the hole after it is %s, want vwa 15-20", got)
	}
	ahead.Release(nil)
	if got := x.ClaimGap(0, 20, nil).text(); got != "w 10-15" {
		t.Errorf("what the viewer left is %s, want w 10-15", got)
	}
}

func TestRunWithNothingLeftIsStopped(t *testing.T) {
	t.Parallel()
	x := newIndex(20)
	background := x.ClaimGap(4, 20, nil)
	var stopped error
	background.stop = func(why error) { stopped = why }
	x.ClaimAhead("v", 4, 20)
	if stopped != ErrClaimEnded || background.end != 4 {
		t.Errorf("stopped with %v at %d, want %v at 4", stopped, background.end, ErrClaimEnded)
	}
}

func TestEndReleasesWhatWasNotMade(t *testing.T) {
	t.Parallel()
	x := newIndex(8)
	r := x.ClaimGap(0, 4, nil)
	r.commitTo(t, "v", 2)
	r.Release(errBroken)
	if got := x.ClaimGap(0, 8, nil).text(); got != "wa 0-2" {
		t.Errorf("free is %s, want wa 0-2", got)
	}
	for _, name := range []id.Rendition{"v", "w", "a"} {
		if state := x.State(name, 0); state.Failures != 1 || state.Err != errBroken {
			t.Errorf("%s: %d failures, the last %v", name, state.Failures, state.Err)
		}
	}
}

func TestAnAbortedWriteIsFreeAgain(t *testing.T) {
	t.Parallel()
	x := newIndex(8)
	r := x.ClaimGap(2, 8, nil)
	r.BeginWrite("v", 2)
	x.ClaimAhead("w", 2, 1) // the run gives up everything but what it is storing
	if got := x.ClaimAhead("v", 2, 1).text(); got != "nothing" {
		t.Fatalf("claim is %s while it is being stored", got)
	}
	r.AbortWrite("v", 2)
	if got := x.ClaimAhead("v", 2, 1).text(); got != "v 2-3" {
		t.Errorf("claim is %s, want v 2-3", got)
	}
}

func TestRest(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before func(t *testing.T, x *Index, r *Claim)
		want   string
	}{
		"nothing was made": {func(*testing.T, *Index, *Claim) {}, "vwa 2-8"},
		"all stand at one segment": {func(t *testing.T, _ *Index, r *Claim) {
			r.commitTo(t, "v", 4)
			r.commitTo(t, "w", 4)
			r.commitTo(t, "a", 4)
		}, "vwa 4-8"},
		"the slowest alone": {func(t *testing.T, _ *Index, r *Claim) { r.commitTo(t, "v", 4); r.commitTo(t, "a", 5) }, "w 2-8"},
		"all is made": {func(t *testing.T, _ *Index, r *Claim) {
			r.commitTo(t, "v", 8)
			r.commitTo(t, "w", 8)
			r.commitTo(t, "a", 8)
		}, "nothing"},
		"a viewer's run took some":   {func(_ *testing.T, x *Index, _ *Claim) { x.ClaimAhead("w", 5, 5) }, "vwa 2-5"},
		"a viewer's run took it all": {func(_ *testing.T, x *Index, _ *Claim) { x.ClaimAhead("w", 2, 9) }, "nothing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newIndex(8)
			r := x.ClaimGap(2, 8, nil)
			test.before(t, x, r)
			if got := r.Rest().text(); got != test.want {
				t.Errorf("rest is %s, want %s", got, test.want)
			}
		})
	}
}

// Many runs at once, of all classes, that end well, badly or not at all: two runs never store one segment, none is made
// twice, and in the end all are there.
func TestNoSegmentIsMadeTwice(t *testing.T) {
	t.Parallel()
	const segments = 60
	x := newIndex(segments)
	names := []id.Rendition{"v", "w", "a"}
	var mu sync.Mutex
	writers, made := map[string]int{}, map[string]int{}
	grab := func(key string, by int) {
		mu.Lock()
		defer mu.Unlock()
		if writers[key] += by; writers[key] > 1 {
			t.Errorf("%s is being stored by two runs", key)
		}
		if by < 0 {
			made[key]++
		}
	}
	work := func(r *Claim, random *rand.Rand) {
		r.Start(func(error) {})
		for _, rendition := range r.renditions {
			for n := r.from; r.Includes(n); n++ {
				if random.IntN(20) == 0 {
					break // broke off
				}
				if !r.BeginWrite(rendition.ID, n) {
					break
				}
				key := fmt.Sprint(rendition.ID, n)
				grab(key, 1)
				grab(key, -1)
				r.Commit(rendition.ID, n, 1)
			}
		}
		if random.IntN(3) == 0 {
			if again := r.Rest(); again != nil {
				r = again
			}
		}
		r.Release(nil)
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 7))
			for range 300 {
				var r *Claim
				if worker%2 == 0 {
					r = x.ClaimAhead(names[random.IntN(len(names))], random.IntN(segments), 1+random.IntN(22))
				} else {
					r = x.ClaimGap(random.IntN(segments), segments, nil)
				}
				if r != nil {
					work(r, random)
				}
			}
		})
	}
	wg.Wait()
	for r := x.ClaimGap(0, segments, nil); r != nil; r = x.ClaimGap(0, segments, nil) {
		for _, rendition := range r.renditions {
			for n := r.from; n < r.end; n++ {
				made[fmt.Sprint(rendition.ID, n)]++
			}
			r.commitTo(t, rendition.ID, r.end)
		}
		r.Release(nil)
	}
	for _, name := range names {
		for n := range segments {
			if got := made[fmt.Sprint(name, n)]; got != 1 {
				t.Errorf("segment %d of %s was made %d times", n, name, got)
			}
		}
	}
	if stored, wanted := x.Counts(); stored != wanted {
		t.Errorf("%d of %d are stored", stored, wanted)
	}
}
