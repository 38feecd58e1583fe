package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/id"
)

// Registration proves that an account.Store keeps further accounts, invitations and codes as its port says.
func Registration(t *testing.T, open func(*testing.T) account.Store) {
	run(t, open, []testCase[account.Store]{
		{"one invitation, one account", testOneInvitationOneAccount},
		{"an account that cannot be kept leaves its invitation open", testFailedAccountKeepsInvitation},
		{"invitations are over one day", testInvitationsExpire},
		{"a code works once and for a while", testCodeWorksOnce},
		{"a code whose change fails stays", testCodeOfFailedChangeStays},
		{"codes are few and go with what they were for", testCodesAreLimited},
		{"one registration, one account", testOneRegistrationOneAccount},
		{"registrations of one address are few, short and apart", testRegistrationsAreLimited},
		{"a registration that cannot be finished", testRegistrationRefused},
		{"a change is kept whole or not at all", testAccountChangeIsAtomic},
		{"there is one owner", testOneOwner},
	})
}

func testOneInvitationOneAccount(t *testing.T, s account.Store) {
	i := invite("one")
	if err := s.AddInvite(t.Context(), i, "code", moment(0)); err != nil {
		t.Fatal(err)
	}
	errs := race(8, func(n int) error {
		a, p := member(fmt.Sprint("caller", n))
		return s.Add(t.Context(), a, p, "hash", "code")
	})
	if won := count(t, errs, account.ErrInvite); won != 1 {
		t.Errorf("%d callers came in", won)
	}
	all, err := s.Invites(t.Context())
	if err != nil || len(all) != 1 || !all[0].Used.Equal(moment(0)) || all[0].UsedBy == "" {
		t.Errorf("invitations %+v, %v", all, err)
	}
	if n, err := s.Accounts(t.Context()); n != 1 || err != nil {
		t.Errorf("%d accounts, %v", n, err)
	}
}

func testFailedAccountKeepsInvitation(t *testing.T, s account.Store) {
	if err := s.AddInvite(t.Context(), invite("one"), "code", moment(0)); err != nil {
		t.Fatal(err)
	}
	anna, p := member("anna")
	if err := s.Add(t.Context(), anna, p, "hash", ""); err != nil {
		t.Fatal(err)
	}
	double, p := member("double")
	double.Email = anna.Email
	if err := s.Add(t.Context(), double, p, "hash", "code"); !errors.Is(err, account.ErrEmailTaken) {
		t.Errorf("an address twice: %v", err)
	}
	if got, err := s.InviteOf(t.Context(), "code", moment(1)); err != nil || got.ID != "invite-one" {
		t.Errorf("the invitation: %+v, %v", got, err)
	}
}

func testInvitationsExpire(t *testing.T, s account.Store) {
	i := invite("one")
	if err := s.AddInvite(t.Context(), i, "code", moment(0)); err != nil {
		t.Fatal(err)
	}
	got, err := s.InviteOf(t.Context(), "code", i.Expires.Add(-time.Millisecond))
	if diff := cmp.Diff(i, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for what, err := range map[string]error{
		"over":    second(s.InviteOf(t.Context(), "code", i.Expires)),
		"unknown": second(s.InviteOf(t.Context(), "another", moment(1))),
	} {
		if !errors.Is(err, account.ErrInvite) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := s.DropInvite(t.Context(), i.ID); err != nil {
		t.Error(err)
	}
	if err := s.DropInvite(t.Context(), i.ID); !errors.Is(err, account.ErrNoInvite) {
		t.Errorf("dropped twice: %v", err)
	}
	if err := s.AddInvite(t.Context(), i, "code", moment(0)); err != nil {
		t.Fatal(err)
	}
	later := invite("later")
	if err := s.AddInvite(t.Context(), later, "later", i.Expires.Add(time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Invites(t.Context()); err != nil || len(all) != 1 || all[0].ID != later.ID {
		t.Errorf("kept %+v, %v", all, err)
	}
}

func testCodeWorksOnce(t *testing.T, s account.Store) {
	a, p := member("anna")
	if err := s.Add(t.Context(), a, p, "hash", ""); err != nil {
		t.Fatal(err)
	}
	c := code("one", a.ID)
	add(t, s, c, 3, true)
	got, err := s.CodeOf(t.Context(), account.ToReceive, c.Hash, moment(1))
	if diff := cmp.Diff(c, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for what, err := range map[string]error{
		"over":            second(s.CodeOf(t.Context(), c.Purpose, c.Hash, c.Expires)),
		"another purpose": second(s.CodeOf(t.Context(), account.ToReset, c.Hash, moment(1))),
		"unknown":         second(s.CodeOf(t.Context(), c.Purpose, "another", moment(1))),
	} {
		if !errors.Is(err, account.ErrReset) {
			t.Errorf("%s: %v", what, err)
		}
	}
	errs := race(8, func(int) error {
		return second(s.UseCode(t.Context(), c.Purpose, c.Hash, moment(1), func(x *account.Account, c account.Code) error {
			x.Email = c.Email
			return nil
		}))
	})
	if won := count(t, errs, account.ErrReset); won != 1 {
		t.Errorf("it worked %d times", won)
	}
	if got, err := s.Account(t.Context(), a.ID); err != nil || got.Email != c.Email {
		t.Errorf("account %+v, %v", got, err)
	}
}

func testCodeOfFailedChangeStays(t *testing.T, s account.Store) {
	a, p := member("anna")
	if err := s.Add(t.Context(), a, p, "hash", ""); err != nil {
		t.Fatal(err)
	}
	c := code("one", a.ID)
	add(t, s, c, 3, true)
	no := errors.New("no")
	refuse := func(*account.Account, account.Code) error { return no }
	if _, err := s.UseCode(t.Context(), c.Purpose, c.Hash, moment(1), refuse); !errors.Is(err, no) {
		t.Errorf("got %v", err)
	}
	if _, err := s.CodeOf(t.Context(), c.Purpose, c.Hash, moment(1)); err != nil {
		t.Errorf("it is gone: %v", err)
	}
}

func testCodesAreLimited(t *testing.T, s account.Store) {
	a, p := member("anna")
	if err := s.Add(t.Context(), a, p, "hash", ""); err != nil {
		t.Fatal(err)
	}
	add(t, s, code("one", a.ID), 2, true)
	add(t, s, code("two", a.ID), 2, true)
	add(t, s, code("three", a.ID), 2, false)
	other := code("reset", a.ID)
	other.Purpose = account.ToReset
	add(t, s, other, 2, true)
	late := code("late", a.ID)
	late.Created = late.Expires
	late.Expires = late.Expires.Add(time.Hour)
	add(t, s, late, 2, true) // the others are over
	if err := s.SetHash(t.Context(), a.ID, "new"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CodeOf(t.Context(), late.Purpose, late.Hash, late.Created); !errors.Is(err, account.ErrReset) {
		t.Errorf("after a new password: %v", err)
	}
	add(t, s, late, 2, true)
	if _, err := s.ChangeAccount(t.Context(), a.ID, func(x *account.Account) error {
		x.Email = "new@example.org"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CodeOf(t.Context(), late.Purpose, late.Hash, late.Created); !errors.Is(err, account.ErrReset) {
		t.Errorf("after a new address: %v", err)
	}
}

func testAccountChangeIsAtomic(t *testing.T, s account.Store) {
	a, p := member("anna")
	b, q := member("ben")
	if err := errors.Join(s.Add(t.Context(), a, p, "hash", ""), s.Add(t.Context(), b, q, "hash", "")); err != nil {
		t.Fatal(err)
	}
	want := a
	want.Email, want.FirstName, want.LastName, want.Language = "new@example.org", "Anne", "Bergé", "en"
	want.Role, want.Streams, want.ProfileLimit, want.Disabled = account.Admin, 2, 3, moment(9)
	want.Consent = account.Consent{Version: "3", At: moment(9)}
	got, err := s.ChangeAccount(t.Context(), a.ID, func(x *account.Account) error {
		*x = want
		x.ID, x.Created, x.HasPassword = "other", moment(77), false
		return nil
	})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	got, err = s.Account(t.Context(), a.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("kept: %v (-want +got):\n%s", err, diff)
	}
	no := errors.New("no")
	for what, c := range map[string]struct {
		change func(*account.Account) error
		want   error
	}{
		"refused":      {func(x *account.Account) error { x.FirstName = "Nobody"; return no }, no},
		"taken":        {func(x *account.Account) error { x.FirstName, x.Email = "Nobody", b.Email; return nil }, account.ErrEmailTaken},
		"of no change": {func(*account.Account) error { return nil }, nil},
	} {
		if _, err := s.ChangeAccount(t.Context(), a.ID, c.change); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got, err = s.Account(t.Context(), a.ID); err != nil || got.FirstName != "Anne" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.ChangeAccount(t.Context(), "none", nil); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("of nobody: %v", err)
	}
}

func testOneOwner(t *testing.T, s account.Store) {
	boss, p := owner("boss")
	ben, q := member("ben")
	if err := errors.Join(s.AddFirst(t.Context(), boss, p, "hash"), s.Add(t.Context(), ben, q, "hash", "")); err != nil {
		t.Fatal(err)
	}
	if err := s.HandOver(t.Context(), "none"); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("to nobody: %v", err)
	}
	if got, err := s.Account(t.Context(), boss.ID); err != nil || got.Role != account.Owner {
		t.Errorf("the owner is %s, %v", got.Role, err)
	}
	if err := s.HandOver(t.Context(), ben.ID); err != nil {
		t.Fatal(err)
	}
	for x, want := range map[id.Account]account.Role{boss.ID: account.Admin, ben.ID: account.Owner} {
		if got, err := s.Account(t.Context(), x); err != nil || got.Role != want {
			t.Errorf("%s is %s, %v", x, got.Role, err)
		}
	}
	if _, err := s.ChangeAccount(t.Context(), boss.ID, func(x *account.Account) error {
		x.Role = account.Owner
		return nil
	}); err == nil {
		t.Error("a second owner")
	}
	if err := s.Remove(t.Context(), ben.ID, moment(1)); !errors.Is(err, account.ErrOwnerStays) {
		t.Errorf("removing the owner: %v", err)
	}
	rows, err := s.Rows(t.Context(), moment(1))
	if err != nil || len(rows) != 2 || rows[0].Account.ID != ben.ID || rows[0].Profiles != 1 || rows[0].SignIns != 0 ||
		!rows[0].Seen.IsZero() {
		t.Errorf("rows %+v, %v", rows, err)
	}
	if err := s.Remove(t.Context(), boss.ID, moment(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Account(t.Context(), boss.ID); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("a removed account: %v", err)
	}
	if _, err := s.Export(t.Context(), boss.ID); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("its export: %v", err)
	}
}

// member is a member's account with its profile.
func member(name string) (account.Account, account.Profile) {
	a, p := owner(name)
	a.Role, a.Created = account.Member, moment(0)
	return a, p
}

func invite(name string) account.Invite {
	return account.Invite{
		ID: id.Invite("invite-" + name), Email: name + "@example.org", Role: account.Admin, By: "account-boss",
		Created: moment(0), Expires: moment(60_000),
	}
}

func code(name string, a id.Account) account.Code {
	return account.Code{
		Hash: "hash-" + name, Purpose: account.ToReceive, Account: a, Email: name + "@example.com", Created: moment(0),
		Expires: moment(60_000),
	}
}

func add(t *testing.T, s account.Store, c account.Code, most int, want bool) {
	t.Helper()
	if ok, err := s.AddCode(t.Context(), c, most); ok != want || err != nil {
		t.Errorf("code %s: kept %v, %v; want %v", c.Hash, ok, err, want)
	}
}

// race calls f at once from n goroutines and gives what each got.
func race(n int, f func(n int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	return errs
}

// count gives how many of the errors are nil; the others must be want.
func count(t *testing.T, errs []error, want error) (won int) {
	t.Helper()
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, want) {
			t.Errorf("another error: %v", err)
		}
	}
	return won
}

func second[T any](_ T, err error) error { return err }
