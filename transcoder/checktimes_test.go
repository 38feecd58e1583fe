package transcoder

import (
	"testing"
	"time"
)

func TestCheckTimes(t *testing.T) {
	t.Parallel()
	c, start := newCheckTimes(), time.Unix(1_800_000_000, 4)
	if c.within("a", extentNothing, time.Hour, start) || c.extent("a") != extentNothing {
		t.Error("a file that was never checked was")
	}
	c.set("a", extentWhole, start)
	for after, want := range map[time.Duration]bool{0: true, time.Hour - 1: true, time.Hour: false} {
		if got := c.within("a", extentWhole, time.Hour, start.Add(after)); got != want {
			t.Errorf("%s after the check: %v, want %v", after, got, want)
		}
	}
	if c.within("a", extentBeginning, time.Hour, start) {
		t.Error("the check of another extent counts")
	}
	if c.within("b", extentWhole, time.Hour, start) {
		t.Error("another file was checked too")
	}
	if c.forget("a"); c.within("a", extentWhole, time.Hour, start) {
		t.Error("a forgotten check counts")
	}
	if c.forget("b"); c.extent("a") != extentWhole || len(c.at) != 1 {
		t.Error("what was wanted is forgotten too, or a file that was never checked is kept")
	}
}
