package auth_test

import (
	"errors"
	"testing"
	"time"

	"movify/pkg/auth"
)

func TestSpend(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	for i := range 4 {
		var wait auth.TooMany
		err := s.LimitUse(t.Context(), "letters", "anna", laptop.Address, 3)
		if limited := errors.As(err, &wait); limited != (i == 3) || (err != nil && !limited) {
			t.Errorf("use %d: %v", i, err)
		}
	}
	for what, err := range map[string]error{
		"another subject": s.LimitUse(t.Context(), "letters", "ben", laptop.Address, 3),
		"another thing":   s.LimitUse(t.Context(), "accounts", "anna", laptop.Address, 3),
		"another address": s.LimitUse(t.Context(), "letters", "anna", "203.0.113.80", 3),
	} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	s.now = s.now.Add(time.Hour + time.Minute)
	if err := s.LimitUse(t.Context(), "letters", "anna", laptop.Address, 3); err != nil {
		t.Errorf("after a while: %v", err)
	}
}
