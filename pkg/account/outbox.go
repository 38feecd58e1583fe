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

// maxAside bounds the letters that wait because the mail server does not take them for their address at the moment.
const maxAside = 32

// dropEvery is the interval at which expired registrations are deleted.
const dropEvery = time.Hour

// queuedLetter is a letter with the number of times it was tried.
type queuedLetter struct {
	Letter
	tries int
}

// Run sends letters until ctx is done. Letters that are queued then are lost; their readers can request them again. When the
// mail server fails, all wait; a letter that it does not take for its address at the moment waits aside, or a stranger could
// hold up the others with addresses of his own. It deletes expired registrations.
func (s *Service) Run(ctx context.Context) error {
	var (
		queue []queuedLetter
		pause <-chan time.Time // after a failure; nil = none
		aside int
	)
	again := make(chan queuedLetter)
	drop := time.NewTicker(dropEvery)
	defer drop.Stop()
	s.dropRegistrations(ctx)
	for {
		if len(queue) > 0 && pause == nil {
			first := queue[0]
			err := s.deliver(ctx, first.Letter, first.tries)
			mayHelp := err != nil && first.tries < len(s.opts.Retry)
			switch {
			case mayHelp && fault.Of(err).Kind != fault.Limited:
				pause = time.After(s.opts.Retry[first.tries])
				queue[0].tries++
				continue
			case mayHelp && aside < maxAside:
				aside++
				first.tries++
				time.AfterFunc(s.opts.Retry[first.tries-1], func() {
					select {
					case again <- first:
					case <-ctx.Done():
					}
				})
			case mayHelp:
				s.log.Warn("a letter was dropped: too many wait for their addresses", "about", first.Subject)
			}
			queue = queue[1:]
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-pause:
			pause = nil
		case <-drop.C:
			s.dropRegistrations(ctx)
		case l := <-again:
			aside--
			queue = append(queue, l)
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
				queue = append(queue, queuedLetter{Letter: e.letter})
			default:
				s.log.Warn("a letter was dropped: the queue is full")
			}
		}
	}
}

// dropRegistrations deletes the expired registrations.
func (s *Service) dropRegistrations(ctx context.Context) {
	if err := s.opts.Store.DropRegistrations(ctx, s.opts.Clock()); err != nil && ctx.Err() == nil {
		s.log.Warn("registrations that are over could not be deleted", "error", err)
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
	if fault.Of(err).Kind != fault.Limited { // else it is about one address, which a stranger may have named
		s.down.Store(true)
	}
	if tries < len(s.opts.Retry) {
		s.log.Warn("cannot deliver a letter; retrying", "about", l.Subject, "error", err)
	} else {
		s.log.Error("cannot deliver a letter; giving up", "about", l.Subject, "error", err)
	}
	return err
}
