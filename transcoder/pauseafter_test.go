package transcoder

import (
	"testing"
	"time"
)

func TestPauseAfter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		read, rate int64
		took, want time.Duration
	}{
		{1 << 20, 1 << 20, 0, time.Second},
		{1 << 20, 1 << 20, 400 * time.Millisecond, 600 * time.Millisecond},
		{1 << 20, 1 << 20, 2 * time.Second, 0},
		{1 << 40, 32 << 20, 0, 32768 * time.Second},
		{1 << 40, 0, 0, 0},
	} {
		if got := pauseAfter(c.read, c.rate, c.took); got != c.want {
			t.Errorf("%d bytes at %d a second in %v: %v, want %v", c.read, c.rate, c.took, got, c.want)
		}
	}
}
