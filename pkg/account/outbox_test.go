package account_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"movify/pkg/account"
	"movify/pkg/fault"
)

var (
	errAway     = fault.New(fault.Unavailable, "mail_away", "The mail server is away.")
	errDeferred = fault.New(fault.Limited, "mail_deferred", "Not now.")
	errRefused  = fault.New(fault.Invalid, "mail_refused", "Nobody there.")
)

func TestALetterIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.mail.fail(errAway, errors.New("broken pipe"))
	s.run(t)
	s.AskReset(t.Context(), "member@example.org")
	if l, _ := s.mail.next(t); l.To != "member@example.org" {
		t.Errorf("letter %+v", l)
	}
}

// After the last retry the next letter is sent, and Terms reports that letters do not work until one is accepted.
func TestALetterIsGivenUp(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.mail.fail(errAway, errAway, errAway)
	var promised []bool
	s.mail.look = func() { promised = append(promised, s.Terms().Letters) }
	s.run(t)
	s.AskReset(t.Context(), "member@example.org")
	s.AskReset(t.Context(), "admin@example.org")
	if l, _ := s.mail.next(t); l.To != "admin@example.org" {
		t.Errorf("letter %+v", l)
	}
	s.AskReset(t.Context(), "boss@example.org")
	if l, _ := s.mail.next(t); l.To != "boss@example.org" || !slices.Equal(promised, []bool{false, true}) {
		t.Errorf("letter %+v, letters were promised %v", l, promised)
	}
}

// A letter that is rejected for good is not retried and does not delay others.
func TestGivenUpTakenAndRefused(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.run(t)
	s.mail.fail(errAway, errAway, errAway, nil, errRefused, nil)
	for _, who := range []string{"member", "boss", "admin", "boss"} { // given up, taken, refused, taken
		s.AskReset(t.Context(), who+"@example.org")
	}
	for range 2 {
		if l, _ := s.mail.next(t); l.To != "boss@example.org" {
			t.Errorf("letter %+v", l)
		}
	}
	s.mail.empty(t)
}

// A temporary refusal of one recipient delays no other letter, and does not count as an outage of the mail server.
func TestADeferredLetterWaitsAside(t *testing.T) {
	t.Parallel()
	s := newHarness(t, func(o *account.Options) { o.Retry = []time.Duration{time.Hour} })
	s.mail.defers = "member@example.org"
	s.run(t)
	for range 3 {
		s.AskReset(t.Context(), "member@example.org")
		s.AskReset(t.Context(), "boss@example.org")
		if l, _ := s.mail.next(t); l.To != "boss@example.org" || !s.Terms().Letters {
			t.Errorf("a letter to %s, letters are promised: %v", l.To, s.Terms().Letters)
		}
	}
	s.mail.empty(t)
}

// No operation waits for the mail server, not even when the queue is full.
func TestAskingNeverWaits(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil) // Run does not run
	for i := range 1000 {
		s.AskReset(t.Context(), fmt.Sprintf("somebody%d@example.org", i))
	}
	if _, _, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{Email: "anna@example.org"}); err != nil {
		t.Errorf("an invitation whose letter has no room: %v", err)
	}
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"en", "fr"} {
		var out strings.Builder
		for _, l := range account.EveryLetter("Movify", tag) {
			fmt.Fprintf(&out, "To: %s\nSubject: %s\n\n%s\n---\n", l.To, l.Subject, l.Text)
		}
		golden(t, "letters-"+tag+".txt", out.String())
	}
	if got := account.EveryLetter("Movify", "de"); got[0].Subject != account.EveryLetter("Movify", "en")[0].Subject {
		t.Errorf("a language we do not write: %q", got[0].Subject)
	}
}
