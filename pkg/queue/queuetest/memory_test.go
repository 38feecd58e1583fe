package queuetest_test

import (
	"testing"
	"time"

	"movify/pkg/queue/queuetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	queuetest.Run(t, func(_ *testing.T, ttl time.Duration) queuetest.Engine {
		m := queuetest.NewMemory(ttl)
		return queuetest.Engine{Queue: m, Dead: m.Dead, Close: m.Close}
	})
}
