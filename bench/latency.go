package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"
)

// latencies holds the durations of requests of one kind, measured by the client on the same machine: the time of the
// server and of the loopback.
type latencies struct {
	name  string
	took  []time.Duration
	limit time.Duration // of the quantile judged; 0 = none
	at    float64       // which quantile is judged
}

// quantile is the smallest time that at least q of all kept to.
func (l *latencies) quantile(q float64) time.Duration {
	if len(l.took) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(l.took))
	return s[max(0, int(math.Ceil(q*float64(len(s))))-1)]
}

// report prints three quantiles and the verdict.
func (l *latencies) report(o options) error {
	verdict := ""
	var err error
	switch got := l.quantile(l.at); {
	case l.limit == 0:
	case got <= l.limit:
		verdict = fmt.Sprintf("  limit of p%.0f %s: kept", 100*l.at, l.limit)
	default:
		verdict = fmt.Sprintf("  limit of p%.0f %s: OVER", 100*l.at, l.limit)
		err = fmt.Errorf("%s: p%.0f is %s, limit %s: %w", l.name, 100*l.at, got, l.limit, errOver)
	}
	o.line("%-34s p50 %8.2f ms  p95 %8.2f ms  p99 %8.2f ms  (%d)%s", l.name,
		inMS(l.quantile(0.50)), inMS(l.quantile(0.95)), inMS(l.quantile(0.99)), len(l.took), verdict)
	return err
}

func inMS(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ask does one GET and notes how long it took until the last byte.
func (l *latencies) ask(ctx context.Context, s *server, path string) error {
	began := time.Now()
	if err := s.call(ctx, http.MethodGet, path, nil, nil); err != nil {
		return err
	}
	l.took = append(l.took, time.Since(began))
	return nil
}

// reportAll prints several.
func reportAll(o options, all []*latencies) error {
	var errs []error
	for _, l := range all {
		errs = append(errs, l.report(o))
	}
	return errors.Join(errs...)
}
