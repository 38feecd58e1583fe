package app

import (
	"runtime"
	"testing"
)

func TestMemoryIsGivenBackWhenMuchIsFree(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for name, c := range map[string]struct {
		free, live uint64
		want       bool
	}{
		"a small server at rest":            {6 * mb, 8 * mb, false},
		"a small server after a scan":       {40 * mb, 8 * mb, true},
		"a large catalogue between two GCs": {75 * mb, 80 * mb, false},
		"a large catalogue after a scan":    {120 * mb, 80 * mb, true},
	} {
		if got := wasted(c.free, c.live); got != c.want {
			t.Errorf("%s: wasted(%d, %d) = %v", name, c.free, c.live, got)
		}
	}
	runtime.GC()
	if _, live := heap(); live == 0 {
		t.Error("the runtime tells of no live heap: is its metric still called so?")
	}
}
