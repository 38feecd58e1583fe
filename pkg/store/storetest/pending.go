package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
)

func testOneRegistrationOneAccount(t *testing.T, s account.Store) {
	r := pending("one", "anna@example.org")
	if err := s.AddInvite(t.Context(), invite("one"), r.Invite, moment(0)); err != nil {
		t.Fatal(err)
	}
	addPending(t, s, r, 3, true)
	got, err := s.RegistrationOf(t.Context(), r.Code, moment(1))
	if diff := cmp.Diff(r, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if n, err := s.Accounts(t.Context()); n != 0 || err != nil {
		t.Errorf("%d accounts before it is used, %v", n, err)
	}
	errs := race(8, func(n int) error {
		a, p := member(fmt.Sprint("caller", n))
		a.Email = r.Email
		return s.UseRegistration(t.Context(), r.Code, a, p)
	})
	if won := count(t, errs, account.ErrRegistration); won != 1 {
		t.Errorf("it worked %d times", won)
	}
	a, err := s.AccountByEmail(t.Context(), r.Email)
	if err != nil || !a.HasPassword {
		t.Errorf("account %+v, %v", a, err)
	}
	if profiles, err := s.Profiles(t.Context(), a.ID); len(profiles) != 1 || err != nil {
		t.Errorf("profiles %+v, %v", profiles, err)
	}
	if all, err := s.Invites(t.Context()); err != nil || len(all) != 1 || all[0].UsedBy != a.ID {
		t.Errorf("invitations %+v, %v", all, err)
	}
}

func testRegistrationsAreLimited(t *testing.T, s account.Store) {
	one, two := pending("one", "anna@example.org"), pending("two", "anna@example.org")
	other := pending("other", "ben@example.org")
	other.Invite = "another invitation"
	two.FirstName, two.Password = "Another", "another hash"
	addPending(t, s, one, 2, true)
	addPending(t, s, two, 2, true)
	addPending(t, s, pending("three", "anna@example.org"), 2, false)
	addPending(t, s, other, 2, true)
	addPending(t, s, pending("four", "cleo@example.org"), 2, false) // by the invitation of the first two
	for _, name := range []string{"open-1", "open-2", "open-3"} {
		open := pending(name, name+"@example.org")
		open.Invite = ""
		addPending(t, s, open, 2, true)
	}
	for _, want := range []account.PendingRegistration{one, two, other} {
		got, err := s.RegistrationOf(t.Context(), want.Code, moment(1))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	a, p := member("anna")
	a.Created = one.Expires
	for what, err := range map[string]error{
		"over":         second(s.RegistrationOf(t.Context(), one.Code, one.Expires)),
		"used over":    s.UseRegistration(t.Context(), one.Code, a, p),
		"unknown":      second(s.RegistrationOf(t.Context(), "another", moment(1))),
		"used unknown": s.UseRegistration(t.Context(), "another", a, p),
	} {
		if !errors.Is(err, account.ErrRegistration) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := s.DropRegistrations(t.Context(), moment(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RegistrationOf(t.Context(), one.Code, moment(1)); err != nil {
		t.Errorf("an open one was dropped: %v", err)
	}
	if err := s.DropRegistrations(t.Context(), one.Expires); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RegistrationOf(t.Context(), one.Code, moment(1)); !errors.Is(err, account.ErrRegistration) {
		t.Errorf("one that is over was not dropped: %v", err)
	}
	late := pending("late", "anna@example.org")
	late.Created, late.Expires = one.Expires, one.Expires.Add(time.Hour)
	addPending(t, s, late, 1, true) // the others are over
	if _, err := s.RegistrationOf(t.Context(), two.Code, moment(1)); !errors.Is(err, account.ErrRegistration) {
		t.Errorf("kept when it was over: %v", err)
	}
}

// An invitation that is used leaves all as it is; an address that is taken ends what waits for it.
func testRegistrationRefused(t *testing.T, s account.Store) {
	a, p := member("anna")
	r := pending("one", a.Email)
	addPending(t, s, r, 3, true)
	addPending(t, s, pending("two", a.Email), 3, true)
	if err := s.UseRegistration(t.Context(), r.Code, a, p); !errors.Is(err, account.ErrInvite) {
		t.Errorf("an invitation that is not open: %v", err)
	}
	if n, err := s.Accounts(t.Context()); n != 0 || err != nil {
		t.Errorf("%d accounts, %v", n, err)
	}
	if err := s.AddInvite(t.Context(), invite("one"), r.Invite, moment(0)); err != nil {
		t.Fatal(err)
	}
	if err := s.Add(t.Context(), a, p, "hash", ""); err != nil {
		t.Fatal(err)
	}
	double, q := member("double")
	double.Email = a.Email
	for _, want := range []error{account.ErrEmailTaken, account.ErrRegistration} {
		if err := s.UseRegistration(t.Context(), r.Code, double, q); !errors.Is(err, want) {
			t.Errorf("a taken address: %v, want %v", err, want)
		}
	}
	if _, err := s.RegistrationOf(t.Context(), "hash-two", moment(1)); !errors.Is(err, account.ErrRegistration) {
		t.Errorf("the other one of the address: %v", err)
	}
	if _, err := s.InviteOf(t.Context(), r.Invite, moment(1)); err != nil {
		t.Errorf("the invitation is used: %v", err)
	}
}

// pending is a registration with an invitation, good for a minute.
func pending(name, email string) account.PendingRegistration {
	return account.PendingRegistration{
		Code: "hash-" + name, Email: email, FirstName: "First", LastName: "Last", Language: "fr", Password: "hash",
		Invite: "invitation", Consent: account.Consent{Version: "2", At: moment(0)}, Created: moment(0),
		Expires: moment(60_000),
	}
}

func addPending(t *testing.T, s account.Store, r account.PendingRegistration, most int, want bool) {
	t.Helper()
	if ok, err := s.AddRegistration(t.Context(), r, most); ok != want || err != nil {
		t.Errorf("registration %s: kept %v, %v; want %v", r.Code, ok, err, want)
	}
}
