package transcoder

import (
	"testing"
	"time"
)

func TestCheckTimes(t *testing.T) {
	t.Parallel()
	c, start := newCheckTimes(), time.Unix(1_800_000_000, 5)
	if c.within("a", time.Hour, start) {
		t.Error("a file that was never checked was")
	}
	c.set("a", start)
	for after, want := range map[time.Duration]bool{0: true, time.Hour - 1: true, time.Hour: false} {
		if got := c.within("a", time.Hour, start.Add(after)); got != want {
			t.Errorf("%s after the check: %v, want %v", after, got, want)
		}
	}
	if c.within("b", time.Hour, start) {
		t.Error("another file was checked too")
	}
	if c.forget("a"); c.within("a", time.Hour, start) {
		t.Error("a forgotten check counts")
	}
}
