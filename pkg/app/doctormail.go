package app

import (
	"context"
	"errors"
	"fmt"

	"movify/pkg/config"
)

// checkMail connects and authenticates to the mail server without sending a letter. ok is false when none is configured.
func checkMail(ctx context.Context, c config.Mail) (f Finding, ok bool) {
	at := fmt.Sprintf("%s:%d", c.Host, c.Port)
	s, err := newMail(c)
	switch {
	case err != nil:
		return Finding{"mail", Broken, err.Error()}, true
	case s == nil:
		return Finding{}, false
	}
	if err := s.Check(ctx); err != nil {
		why := err
		if inner := errors.Unwrap(err); inner != nil {
			why = inner
		}
		return Finding{"mail", Warn, fmt.Sprintf("%s takes no letters now, links are for an administrator to hand over: %v.",
			at, why)}, true
	}
	return Finding{"mail", Fine, at + ": takes letters from " + c.From + "."}, true
}
