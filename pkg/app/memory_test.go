package app

import (
	"runtime"
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
