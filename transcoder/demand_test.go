package transcoder_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob/blobtest"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder"
	"movify/transcoder/encodertest"
)

// newDemand is a harness whose film lies in a folder with a setting.
func newDemand(
	t *testing.T, setting media.LadderSetting, step encodertest.Step, change ...func(*transcoder.Options),
) *harness {
	t.Helper()
	stores := &harness{
		blobs: blobtest.NewMemory(), stage: blobtest.NewMemory(), log: &encodeLog{},
		sources: &oneFile{src: film(), setting: setting},
	}
	return newHarness(t, 1, step, stores, change...)
}

// set changes the setting of the film's folder and tells the transcoder.
func (h *harness) set(setting media.LadderSetting) {
	h.sources.mu.Lock()
	h.sources.setting = setting
	h.sources.mu.Unlock()
	h.service.Poke()
}

// made counts the segments of each rendition: of 480p, of 360p and of the sound.
func (h *harness) made() [3]int {
	synctest.Wait()
	return [3]int{h.log.count(h.video480()), h.log.count(h.video360()), h.log.count(h.audio())}
}

// The start rung is 360p: no speeds are known.
var (
	madeWhole     = [3]int{segments, segments, segments}
	madeBeginning = [3]int{0, 6, 6}
	madeNothing   = [3]int{}
)

func (h *harness) checkMade(want [3]int) {
	h.t.Helper()
	if diff := cmp.Diff(want, h.made()); diff != "" {
		h.t.Errorf("segments of 480p, 360p and sound (-want +got):\n%s", diff)
	}
}

func TestSettingDecidesWhatIsMade(t *testing.T) {
	t.Parallel()
	noPrewarm := func(o *transcoder.Options) { o.Prewarm = 0 }
	for name, test := range map[string]struct {
		setting media.LadderSetting
		change  []func(*transcoder.Options)
		want    [3]int
	}{
		"always":                         {media.LadderAlways, nil, madeWhole},
		"always without beginnings":      {media.LadderAlways, []func(*transcoder.Options){noPrewarm}, madeWhole},
		"when watched":                   {media.LadderWhenWatched, nil, madeBeginning},
		"when watched, no beginnings":    {media.LadderWhenWatched, []func(*transcoder.Options){noPrewarm}, madeNothing},
		"never":                          {media.LadderNever, nil, madeNothing},
		"a setting that is not known":    {"sometimes", nil, madeNothing},
		"the file lies in no folder":     {"", nil, madeNothing},
		"never with no beginnings asked": {media.LadderNever, []func(*transcoder.Options){noPrewarm}, madeNothing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newDemand(t, test.setting, nil, test.change...)
				defer h.stop()
				time.Sleep(time.Hour)
				h.checkMade(test.want)
			})
		})
	}
}

func TestSettingTakesEffectAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newDemand(t, media.LadderNever, nil)
		defer h.stop()
		time.Sleep(time.Minute)
		h.set(media.LadderWhenWatched)
		time.Sleep(time.Minute)
		h.checkMade(madeBeginning)
		h.set(media.LadderAlways)
		time.Sleep(time.Minute)
		h.checkMade(madeWhole)
		h.set(media.LadderNever) // nothing that is stored is deleted
		time.Sleep(time.Hour)
		h.checkComplete()
	})
}

func TestSettingStopsWhatGoesOn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at      int // the segment at which the encoder stands still
		class   queue.Class
		setting media.LadderSetting
		want    []string // runs that go on after the change
	}{
		"the whole ladder, to never":           {9, queue.Backlog, media.LadderNever, nil},
		"the whole ladder, to when watched":    {9, queue.Backlog, media.LadderWhenWatched, nil},
		"the beginnings, to never":             {2, queue.New, media.LadderNever, nil},
		"the beginnings, to when watched":      {2, queue.New, media.LadderWhenWatched, []string{"new 0-6 at 2"}},
		"the whole ladder, to always as it is": {9, queue.Backlog, media.LadderAlways, []string{"backlog 6-27 at 9"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				step, release := blockAt(test.class, test.at)
				h := newDemand(t, media.LadderAlways, step)
				defer h.stop()
				time.Sleep(2 * time.Second)
				if len(h.running()) != 1 || !h.service.Filling(fingerprint) {
					t.Fatalf("running before the change: %v", h.running())
				}
				h.set(test.setting)
				time.Sleep(5 * time.Second)
				if diff := cmp.Diff(test.want, h.running()); diff != "" {
					t.Errorf("running (-want +got):\n%s", diff)
				}
				before := h.made()
				release()
				time.Sleep(time.Hour)
				if test.want == nil {
					h.checkMade(before)
				}
				if h.service.Filling(fingerprint) {
					t.Error("the ladder counts as one that is being made")
				}
				h.set(media.LadderAlways) // goes on with the first gap
				time.Sleep(time.Hour)
				h.checkComplete()
			})
		})
	}
}

func TestJobThatWaitedUntilItWasUnwanted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		idle := func(o *transcoder.Options) { o.Background = 0 } // the job stays in the queue
		h := newDemand(t, media.LadderAlways, nil, idle)
		time.Sleep(time.Minute)
		waiting := h.queue
		h.stop()
		h.sources.setting = media.LadderNever
		h = newHarness(t, 1, nil, h, func(o *transcoder.Options) { o.Queue = waiting })
		defer h.stop()
		time.Sleep(time.Hour)
		h.checkMade(madeNothing)
	})
}

// watch asks for the first segments of 480p.
func (h *harness) watch(segments int) {
	h.t.Helper()
	for n := range segments {
		h.mustGet("alice", h.video480(), n)
	}
}

func TestLadderIsFilledOnceAViewerHasNeededIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newDemand(t, media.LadderWhenWatched, nil)
		defer h.stop()
		time.Sleep(time.Minute)
		h.watch(segments - 1)
		h.service.Leave("alice")
		time.Sleep(time.Hour)
		if n := h.sources.wishes(); n != 0 {
			t.Errorf("a part of the film counts as needed, %d times", n)
		}
		h.watch(segments) // a film of less than two minutes: all of it
		time.Sleep(time.Minute)
		if n := h.sources.wishes(); n != 1 {
			t.Errorf("the ladder was needed %d times, want once", n)
		}
		h.checkComplete()
	})
}

func TestWhatIsNotNeedingTheLadder(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(h *harness){
		"one segment again and again": func(h *harness) {
			for range 3 * segments {
				h.mustGet("alice", h.video480(), 4)
			}
		},
		"one segment on every rung": func(h *harness) {
			for range 3 * segments {
				h.mustGet("alice", h.video480(), 4)
				h.mustGet("alice", h.video360(), 4)
			}
		},
		"sound beside the Original stream": func(h *harness) {
			for n := range segments {
				h.mustGet("alice", h.audio(), n)
			}
		},
		"half of it for each of two viewers": func(h *harness) {
			for n := range segments / 2 {
				h.mustGet("alice", h.video480(), n)
				h.mustGet("bob", h.video480(), n+segments/2)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newDemand(t, media.LadderWhenWatched, nil)
				defer h.stop()
				ask(h)
				time.Sleep(time.Hour)
				if n := h.sources.wishes(); n != 0 {
					t.Errorf("it counts as needed, %d times", n)
				}
			})
		})
	}
}

func TestNeededInAFolderThatMakesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newDemand(t, media.LadderNever, nil)
		defer h.stop()
		h.watch(segments)
		h.service.Leave("alice")
		time.Sleep(time.Hour)
		if n := h.sources.wishes(); n != 1 {
			t.Errorf("the ladder was needed %d times, want once: the setting may change", n)
		}
		h.checkMade([3]int{segments, 0, 0})
	})
}

func TestNeededOutlivesAStopAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newDemand(t, media.LadderWhenWatched, nil)
		time.Sleep(time.Minute)
		h.watch(segments)
		h.stop()
		if n := h.sources.wishes(); n != 1 {
			t.Fatalf("the ladder was needed %d times, want once", n)
		}
		h = newHarness(t, 1, nil, h)
		defer h.stop()
		time.Sleep(time.Hour)
		h.checkComplete()
	})
}
