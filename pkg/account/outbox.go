package account

import (
	"context"
	"errors"
	"time"

	"movify/pkg/fault"
)

// maxMailJobs bounds the mail jobs that wait for Run.
const maxMailJobs = 256

// mailJob is a letter to send, an address for which a password reset was requested, or a registration.
type mailJob struct {
	letter       Letter
	reset        string
	registration PendingRegistration
}

// sendLater queues a letter for Run. When the mail server is unreachable, Run retries, then gives up with a line in the log.
func (s *Service) sendLater(ctx context.Context, l Letter) {
	if s.opts.Mailer != nil {
		s.enqueueMail(ctx, mailJob{letter: l})
	}
}

func (s *Service) enqueueMail(ctx context.Context, e mailJob) {
	select {
	case s.mailJobs <- e:
	default:
		s.log.WarnContext(ctx, "a letter was dropped: the queue is full")
	}
}

// Run sends letters until ctx is done. Letters that are queued then are lost; their readers can request them again.
func (s *Service) Run(ctx context.Context) error {
	var (
		queue []Letter
		tries int              // of the first in the queue
		pause <-chan time.Time // after a failure; nil = none
	)
	for {
		if len(queue) > 0 && pause == nil {
			if err := s.deliver(ctx, queue[0], tries); err != nil && tries < len(s.opts.Retry) {
				pause = time.After(s.opts.Retry[tries])
				tries++
				continue
			}
			queue, tries = queue[1:], 0
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-pause:
			pause = nil
		case e := <-s.mailJobs:
			switch {
			case e.registration.Email != "":
				if err := s.sendRegistration(ctx, e.registration); err != nil && !errors.Is(err, ErrNoAccount) {
					s.log.Warn("cannot send a link to finish a registration", "error", err)
				}
			case e.reset != "":
				if err := s.sendReset(ctx, e.reset); err != nil && !errors.Is(err, ErrNoAccount) {
					s.log.Warn("cannot send a password reset link", "error", err)
				}
			case len(queue) < maxMailJobs:
				queue = append(queue, e.letter)
			default:
				s.log.Warn("a letter was dropped: the queue is full")
			}
		}
	}
}

// deliver tries to send a letter once. It returns an error only when a retry may help.
func (s *Service) deliver(ctx context.Context, l Letter, tries int) error {
	err := s.opts.Mailer.Send(ctx, l)
	switch {
	case ctx.Err() != nil:
		return nil
	case err == nil:
		s.down.Store(false)
		return nil
	case fault.Of(err).Kind == fault.Invalid:
		s.down.Store(false)
		s.log.Warn("the mail server rejected a letter", "about", l.Subject, "error", err)
		return nil
	}
	s.down.Store(true)
	if tries < len(s.opts.Retry) {
		s.log.Warn("cannot deliver a letter; retrying", "about", l.Subject, "error", err)
	} else {
		s.log.Error("cannot deliver a letter; giving up", "about", l.Subject, "error", err)
	}
	return err
}
