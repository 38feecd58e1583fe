package account_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
)

func TestWhoMayChangeWhom(t *testing.T) {
	t.Parallel()
	role := func(r account.Role) account.Rights { return account.Rights{Role: &r} }
	off, on := account.Rights{Disabled: ptr(true)}, account.Rights{Disabled: ptr(false)}
	few := account.Rights{Streams: ptr(1)}
	operator := account.Account{}
	for name, c := range map[string]struct {
		by, of func(*harness) account.Account
		rights account.Rights
		want   error
		out    []string // who is signed out
	}{
		"owner disables an admin":            {boss, admin, off, nil, []string{"Admin"}},
		"owner disables a member":            {boss, member, off, nil, []string{"Member"}},
		"owner enables":                      {boss, member, on, nil, nil},
		"owner promotes":                     {boss, member, role(account.Admin), nil, nil},
		"owner demotes":                      {boss, admin, role(account.Member), nil, []string{"Admin"}},
		"owner changes nothing":              {boss, boss, role(account.Owner), nil, nil},
		"owner limits themselves":            {boss, boss, few, nil, nil},
		"owner steps down":                   {boss, boss, role(account.Admin), account.ErrOwnerStays, nil},
		"owner disables themselves":          {boss, boss, off, account.ErrOwnerStays, nil},
		"admin disables a member":            {admin, member, off, nil, []string{"Member"}},
		"admin limits a member":              {admin, member, few, nil, nil},
		"admin limits themselves":            {admin, admin, few, nil, nil},
		"admin promotes":                     {admin, member, role(account.Admin), account.ErrOwnerOnly, nil},
		"admin makes a member of themselves": {admin, admin, role(account.Member), account.ErrOwnAccount, nil},
		"admin disables the owner":           {admin, boss, off, account.ErrOwnerOnly, nil},
		"admin limits the owner":             {admin, boss, few, account.ErrOwnerOnly, nil},
		"admin takes the server":             {admin, member, role(account.Owner), account.ErrOwnerOnly, nil},
		"member":                             {member, admin, few, account.ErrAdminOnly, nil},
		"operator disables an admin":         {func(*harness) account.Account { return operator }, admin, off, nil, []string{"Admin"}},
		"operator disables the owner":        {func(*harness) account.Account { return operator }, boss, off, account.ErrOwnerStays, nil},
		"a role that is none":                {boss, member, role("king"), account.ErrRole, nil},
		"no streams":                         {boss, member, account.Rights{Streams: ptr(0)}, account.ErrLimits, nil},
		"many profiles":                      {boss, member, account.Rights{ProfileLimit: ptr(51)}, account.ErrLimits, nil},
		"owner and disabled":                 {boss, member, account.Rights{Role: ptr(account.Owner), Disabled: ptr(true)}, account.ErrOwnerStays, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHarness(t, nil)
			target := c.of(s)
			got, err := s.SetRights(t.Context(), c.by(s).ID, target.ID, c.rights)
			if !errors.Is(err, c.want) || (c.want == nil && err != nil) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			same(t, "signed out", c.out, s.signedOut())
			kept, err := s.Account(t.Context(), target.ID)
			if err != nil {
				t.Fatal(err)
			}
			want := target
			if c.want == nil {
				want = got
			}
			if diff := cmp.Diff(want, kept); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			if c.want == nil && c.rights.Disabled != nil && kept.Disabled.IsZero() == *c.rights.Disabled {
				t.Errorf("disabled %v", kept.Disabled)
			}
		})
	}
}

func boss(s *harness) account.Account   { return s.boss }
func admin(s *harness) account.Account  { return s.admin }
func member(s *harness) account.Account { return s.member }

func TestHandOver(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	got, err := s.SetRights(t.Context(), s.boss.ID, s.member.ID, account.Rights{Role: ptr(account.Owner)})
	if err != nil || got.Role != account.Owner {
		t.Fatalf("%s, %v", got.Role, err)
	}
	if old, err := s.Account(t.Context(), s.boss.ID); err != nil || old.Role != account.Admin {
		t.Errorf("the old owner is %s, %v", old.Role, err)
	}
	if _, err := s.SetRights(t.Context(), s.boss.ID, s.member.ID, account.Rights{Role: ptr(account.Member)}); !errors.Is(err, account.ErrOwnerOnly) {
		t.Errorf("the old owner wants it back: %v", err)
	}
	if err := s.Delete(t.Context(), s.boss.ID, s.boss.Email); err != nil {
		t.Errorf("the old owner goes: %v", err)
	}
}

// A disabled admin's token lives on for a while: it must not matter.
func TestADisabledAdminAdministersNothing(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	if _, err := s.SetRights(t.Context(), s.boss.ID, s.admin.ID, account.Rights{Disabled: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"rights":  second(s.SetRights(t.Context(), s.admin.ID, s.member.ID, account.Rights{Streams: ptr(1)})),
		"dismiss": s.RemoveUser(t.Context(), s.admin.ID, s.member.ID),
	} {
		if !errors.Is(err, account.ErrAdminOnly) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestDelete(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	if err := s.Delete(t.Context(), s.member.ID, s.admin.Email); !errors.Is(err, account.ErrEmail) {
		t.Errorf("with another address: %v", err)
	}
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"the owner":                {s.Delete(t.Context(), s.boss.ID, s.boss.Email), account.ErrOwnerStays},
		"the owner, by themselves": {s.RemoveUser(t.Context(), s.boss.ID, s.boss.ID), account.ErrOwnerStays},
		"the owner, by an admin":   {s.RemoveUser(t.Context(), s.admin.ID, s.boss.ID), account.ErrOwnerOnly},
		"an admin, by themselves":  {s.RemoveUser(t.Context(), s.admin.ID, s.admin.ID), account.ErrOwnAccount},
		"nobody":                   {s.RemoveUser(t.Context(), s.boss.ID, "none"), account.ErrNoAccount},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	same(t, "signed out", nil, s.signedOut())
	if err := s.Delete(t.Context(), s.member.ID, " Member@Example.org"); err != nil {
		t.Fatal(err)
	}
	same(t, "signed out", []string{"Member"}, s.signedOut())
	if _, err := s.Account(t.Context(), s.member.ID); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("it is there: %v", err)
	}
	rows, err := s.Users(t.Context())
	if err != nil || len(rows) != 2 {
		t.Errorf("%d accounts, %v", len(rows), err)
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	got, err := s.ChangeDetails(t.Context(), s.member.ID, account.Details{FirstName: ptr(" Anne "), Language: ptr("fr-CA")})
	if err != nil || got.Name() != "Anne Berg" || got.Language != "fr-CA" {
		t.Errorf("%+v, %v", got, err)
	}
	var form interface{ Fields() map[string]string }
	_, err = s.ChangeDetails(t.Context(), s.member.ID, account.Details{FirstName: ptr(""), LastName: ptr("\x00"), Language: ptr("?")})
	if !errors.As(err, &form) || len(form.Fields()) != 3 {
		t.Errorf("got %v", err)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.now = s.now.Add(time.Minute)
	e, err := s.Export(t.Context(), s.member.ID)
	if err != nil || !e.Made.Equal(s.now) {
		t.Fatalf("%v, %v", e.Made, err)
	}
	found := make(map[string]int)
	for _, h := range e.Tables {
		found[h.Name] = len(h.Rows)
	}
	if found["account"] != 1 || found["profiles"] != 1 {
		t.Errorf("holdings %v", found)
	}
	if _, err := s.Export(t.Context(), "none"); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("of nobody: %v", err)
	}
}
