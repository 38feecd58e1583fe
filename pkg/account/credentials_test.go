package account_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"movify/pkg/account"
)

func TestReset(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.run(t)
	s.AskReset(t.Context(), " Member@Example.org")
	l, code := s.mail.next(t)
	if l.To != "member@example.org" || len(code) < 26 {
		t.Fatalf("letter %+v", l)
	}
	if _, err := s.Reset(t.Context(), code, "short"); !errors.Is(err, account.ErrPassword) {
		t.Errorf("a weak password: %v", err)
	}
	if _, err := s.Reset(t.Context(), code+"x", "another battery"); !errors.Is(err, account.ErrReset) {
		t.Errorf("another code: %v", err)
	}
	if _, err := s.Reset(t.Context(), code, "another battery"); err != nil {
		t.Fatal(err)
	}
	if got := s.hash(t, s.member.ID); got != "hash of another battery" {
		t.Errorf("the password is %q", got)
	}
	same(t, "signed out", []string{"Member"}, s.signedOut())
	if l, _ := s.mail.next(t); l.To != "member@example.org" {
		t.Errorf("told %+v", l)
	}
	if _, err := s.Reset(t.Context(), code, "a third battery"); !errors.Is(err, account.ErrReset) {
		t.Errorf("the code again: %v", err)
	}
}

func TestResetCodesAreShortLivedAndFew(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.run(t)
	var codes []string
	for range 5 {
		s.AskReset(t.Context(), "member@example.org")
	}
	s.AskReset(t.Context(), "admin@example.org") // when its letter has arrived, no other is queued
	for {
		l, code := s.mail.next(t)
		if l.To == "admin@example.org" {
			break
		}
		codes = append(codes, code)
	}
	if len(codes) != 3 {
		t.Errorf("%d letters in one mailbox", len(codes))
	}
	s.now = s.now.Add(time.Hour)
	if _, err := s.Reset(t.Context(), codes[0], "another battery"); !errors.Is(err, account.ErrReset) {
		t.Errorf("an hour later: %v", err)
	}
	s.AskReset(t.Context(), "member@example.org")
	if _, code := s.mail.next(t); code == "" {
		t.Error("no letter when the others were over")
	}
}

// Of two concurrent uses of one link exactly one succeeds.
func TestOneResetWinsTheRace(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	code, _, err := s.ResetCode(t.Context(), s.boss.ID, s.member.ID)
	if err != nil {
		t.Fatal(err)
	}
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = s.Reset(t.Context(), code, "another battery") })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, account.ErrReset) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}

func TestNobodyAndTheDisabledGetNoLetter(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	code, _, err := s.ResetCode(t.Context(), s.boss.ID, s.member.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetRights(t.Context(), s.boss.ID, s.member.ID, account.Rights{Disabled: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reset(t.Context(), code, "another battery"); !errors.Is(err, account.ErrReset) {
		t.Errorf("a link of before: %v", err)
	}
	s.run(t)
	s.AskReset(t.Context(), "nobody@example.org")
	s.AskReset(t.Context(), "member@example.org")
	s.AskReset(t.Context(), "boss@example.org")
	if l, _ := s.mail.next(t); l.To != "boss@example.org" {
		t.Errorf("a letter to %s", l.To)
	}
}

func TestWhoMakesResetLinks(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	for name, c := range map[string]struct {
		by, of account.Account
		want   error
	}{
		"owner for an admin":    {s.boss, s.admin, nil},
		"admin for a member":    {s.admin, s.member, nil},
		"admin for the owner":   {s.admin, s.boss, account.ErrOwnerOnly},
		"admin for themselves":  {s.admin, s.admin, account.ErrOwnAccount},
		"member for themselves": {s.member, s.member, account.ErrAdminOnly},
		"operator for owner":    {account.Account{}, s.boss, nil},
		"for nobody":            {s.boss, account.Account{ID: "none"}, account.ErrNoAccount},
	} {
		code, until, err := s.ResetCode(t.Context(), c.by.ID, c.of.ID)
		if !errors.Is(err, c.want) || (c.want == nil && (err != nil || code == "" || until != s.now.Add(time.Hour))) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.run(t)
	var form interface{ Fields() map[string]string }
	if err := s.SetPassword(t.Context(), s.member.ID, "short", "this"); !errors.As(err, &form) || form.Fields()["next"] == "" {
		t.Errorf("a weak one: %v", err)
	}
	same(t, "signed out", nil, s.signedOut())
	code, _, err := s.ResetCode(t.Context(), s.boss.ID, s.member.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetPassword(t.Context(), s.member.ID, "another battery", "this"); err != nil {
		t.Fatal(err)
	}
	same(t, "signed out", []string{"Member but this"}, s.signedOut())
	if l, _ := s.mail.next(t); l.To != "member@example.org" {
		t.Errorf("told %+v", l)
	}
	if _, err := s.Reset(t.Context(), code, "a third battery"); !errors.Is(err, account.ErrReset) {
		t.Errorf("a link of before: %v", err)
	}
}

func TestChangeEmail(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.run(t)
	if _, _, err := s.ChangeEmail(t.Context(), s.member.ID, "member"); !errors.Is(err, account.ErrEmail) {
		t.Errorf("no address: %v", err)
	}
	a, done, err := s.ChangeEmail(t.Context(), s.member.ID, " New@Example.org")
	if err != nil || done || a.Email != "member@example.org" {
		t.Fatalf("%s, %v, %v", a.Email, done, err)
	}
	l, code := s.mail.next(t)
	if l.To != "new@example.org" {
		t.Fatalf("letter %+v", l)
	}
	if _, err := s.Reset(t.Context(), code, "another battery"); !errors.Is(err, account.ErrReset) {
		t.Errorf("the code as one for a password: %v", err)
	}
	if _, err := s.ConfirmEmail(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Account(t.Context(), s.member.ID); err != nil || got.Email != "new@example.org" {
		t.Errorf("%s, %v", got.Email, err)
	}
	if l, _ := s.mail.next(t); l.To != "member@example.org" {
		t.Errorf("the old address was not told: %+v", l)
	}
	if _, err := s.ConfirmEmail(t.Context(), code); !errors.Is(err, account.ErrReset) {
		t.Errorf("the code again: %v", err)
	}

	// Only the reader of the mailbox learns that an address has an account.
	if _, _, err := s.ChangeEmail(t.Context(), s.member.ID, s.admin.Email); err != nil {
		t.Errorf("a taken address is told: %v", err)
	}
	if _, code = s.mail.next(t); !errors.Is(second(s.ConfirmEmail(t.Context(), code)), account.ErrEmailTaken) {
		t.Error("a taken address was given")
	}
}

func TestChangeEmailWithoutLetters(t *testing.T) {
	t.Parallel()
	s := newHarness(t, func(o *account.Options) { o.Mailer = nil })
	a, done, err := s.ChangeEmail(t.Context(), s.member.ID, "new@example.org")
	if err != nil || !done || a.Email != "new@example.org" {
		t.Errorf("%s, %v, %v", a.Email, done, err)
	}
	if _, _, err := s.ChangeEmail(t.Context(), s.member.ID, s.admin.Email); !errors.Is(err, account.ErrEmailTaken) {
		t.Errorf("a taken address: %v", err)
	}
}

func ptr[T any](v T) *T { return &v }
