package account_test

import (
	"testing"

	"movify/pkg/account"
	"movify/pkg/id"
)

// proven reports whether the address of an account is proven.
func (s *harness) proven(t *testing.T, a id.Account) bool {
	t.Helper()
	x, err := s.db.Accounts().Account(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return !x.EmailProven.IsZero()
}

// TestWhatProvesAnAddress: a link that came to it in a letter, and nothing that somebody else could have done.
func TestWhatProvesAnAddress(t *testing.T) {
	t.Parallel()
	s := newHarness(t, func(o *account.Options) { o.Registration = account.Open })
	s.run(t)
	if s.proven(t, s.boss.ID) {
		t.Error("the owner's address is proven by the set-up")
	}

	anna, err := s.join(t, account.SignUpForm{NewAccount: person("Anna")})
	if err != nil || !s.proven(t, anna.ID) {
		t.Errorf("the link in the letter does not prove it: %v", err)
	}
	_, done, err := s.ChangeEmail(t.Context(), s.admin.ID, s.admin.Email)
	if err != nil || done {
		t.Fatal(done, err)
	}
	_, code := s.mail.next(t)
	if a, err := s.ConfirmEmail(t.Context(), code); err != nil || a != s.admin.ID || !s.proven(t, s.admin.ID) {
		t.Errorf("the link in the letter does not prove it: %v", err)
	}
	s.mail.empty(t) // nothing has moved

	handed, _, err := s.ResetCode(t.Context(), s.boss.ID, s.member.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reset(t.Context(), handed, "another battery"); err != nil || s.proven(t, s.member.ID) {
		t.Errorf("a link that an administrator handed on proves it (%v)", err)
	}
	s.mail.next(t)
	s.AskReset(t.Context(), s.member.Email)
	_, code = s.mail.next(t)
	if _, err := s.Reset(t.Context(), code, "a third battery"); err != nil || !s.proven(t, s.member.ID) {
		t.Errorf("a link that came by letter does not prove it (%v)", err)
	}

	_, invitation, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{Email: "ben@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	ben, done, err := s.Register(t.Context(), account.SignUpForm{NewAccount: person("Ben"), Invite: invitation})
	if err != nil || !done || !s.proven(t, ben.ID) {
		t.Errorf("an invitation that came by letter does not prove it (%v)", err)
	}
	cleo, err := s.AddFromIdentity(t.Context(), person("Cleo"))
	if err != nil || !s.proven(t, cleo.ID) {
		t.Errorf("the provider's word does not prove it (%v)", err)
	}
}

// TestWithoutLettersNothingIsProven: an address that is typed is not proven, also when it replaces a proven one.
func TestWithoutLettersNothingIsProven(t *testing.T) {
	t.Parallel()
	s := newHarness(t, func(o *account.Options) { o.Registration, o.Mailer = account.Open, nil })
	_, invitation, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{Email: "ben@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	ben, done, err := s.Register(t.Context(), account.SignUpForm{NewAccount: person("Ben"), Invite: invitation})
	if err != nil || !done || s.proven(t, ben.ID) {
		t.Errorf("proven by an invitation that was handed on (%v)", err)
	}
	cleo, err := s.AddFromIdentity(t.Context(), person("Cleo"))
	if err != nil {
		t.Fatal(err)
	}
	if _, done, err := s.ChangeEmail(t.Context(), cleo.ID, cleo.Email); err != nil || !done || !s.proven(t, cleo.ID) {
		t.Errorf("the same address again is not proven any more (%v)", err)
	}
	if _, done, err := s.ChangeEmail(t.Context(), cleo.ID, "owner@elsewhere.example"); err != nil || !done || s.proven(t, cleo.ID) {
		t.Errorf("another address is proven (%v)", err)
	}
}
