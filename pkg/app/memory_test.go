package app

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestMemoryIsGivenBackWhenMuchIsFree(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for name, c := range map[string]struct {
		held, live uint64
		want       bool
	}{
		"a small server at rest":            {16 * mb, 8 * mb, false},
		"a small server after a scan":       {48 * mb, 8 * mb, true},
		"a large catalogue between two GCs": {130 * mb, 80 * mb, false},
		"a large catalogue after a scan":    {200 * mb, 80 * mb, true},
	} {
		if got := wasted(c.held, c.live); got != c.want {
			t.Errorf("%s: wasted(%d, %d) = %v", name, c.held, c.live, got)
		}
	}
	runtime.GC()
	if held, live := heap(); live == 0 || held < live {
		t.Errorf("the heap holds %d, of which %d live: are the runtime's metrics still called so?", held, live)
	}
}

// TestTheHeapGrowsLessDuringScans is not parallel: the growth is the process's.
func TestTheHeapGrowsLessDuringScans(t *testing.T) {
	growth := func() int {
		usual := debug.SetGCPercent(100)
		debug.SetGCPercent(usual)
		return usual
	}
	defer debug.SetGCPercent(growth())
	for _, usual := range []int{100, 400, 25, -1} {
		debug.SetGCPercent(usual)
		var h heapGrowth
		want := min(usual, scanGrowth)
		for _, step := range []struct {
			scanning bool
			want     int
		}{{false, usual}, {true, want}, {true, want}, {false, usual}, {false, usual}, {true, want}, {false, usual}} {
			if h.set(step.scanning); growth() != step.want {
				t.Errorf("GOGC=%d, scanning %v: %d percent, want %d", usual, step.scanning, growth(), step.want)
			}
		}
	}
}
