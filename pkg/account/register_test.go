package account_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
)

func TestWhoMayRegister(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode   account.Registration
		invite bool
		want   error
	}{
		{account.Closed, false, account.ErrClosed},
		{account.ByInvite, false, account.ErrInvite},
		{account.ByInvite, true, nil},
		{account.Open, false, nil},
		{account.Open, true, nil},
	} {
		s := newHarness(t, func(o *account.Options) { o.Registration = c.mode })
		s.run(t)
		n := account.SignUpForm{NewAccount: person("Anna")}
		want := account.Member
		if c.invite {
			_, code, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{Role: account.Admin})
			if err != nil {
				t.Fatal(err)
			}
			n.Invite, want = code, account.Admin
		}
		a, err := s.join(t, n)
		if !errors.Is(err, c.want) || (c.want == nil && (err != nil || a.Role != want)) {
			t.Errorf("%s, invited %v: %s, %v", c.mode, c.invite, a.Role, err)
		}
	}
}

func TestNobodyRegistersBeforeTheOwner(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	early := account.New(account.Options{Store: db.Accounts(), Hasher: quick{}, Registration: account.Open})
	if _, _, err := early.Register(t.Context(), account.SignUpForm{NewAccount: person("Anna")}); !errors.Is(err, account.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if needed, err := s.SetupNeeded(t.Context()); !needed || err != nil {
		t.Errorf("setup is done: %v", err)
	}
}

func TestRegister(t *testing.T) {
	t.Parallel()
	s := newHarness(t, func(o *account.Options) { o.Registration, o.Consent, o.Mailer = account.Open, "2", nil })
	n := account.SignUpForm{NewAccount: person("Anna"), Consent: "2"}
	n.Language = "fr"
	got, done, err := s.Register(t.Context(), n)
	if err != nil || !done {
		t.Fatal(done, err)
	}
	want := account.Account{
		ID: got.ID, Email: "anna@example.org", FirstName: "Anna", LastName: "Berg", Role: account.Member, Language: "fr",
		Consent: account.Consent{Version: "2", At: s.now}, Streams: 4, ProfileLimit: 7, HasPassword: true, Created: s.now,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	kept, err := s.Account(t.Context(), got.ID)
	if diff := cmp.Diff(want, kept); err != nil || diff != "" {
		t.Errorf("kept: %v (-want +got):\n%s", err, diff)
	}
	profiles, err := s.Profiles(t.Context(), got.ID)
	if err != nil || len(profiles) != 1 || profiles[0].Name != "Anna" || !profiles[0].Default {
		t.Errorf("profiles %+v, %v", profiles, err)
	}
	if _, _, err := s.Register(t.Context(), n); !errors.Is(err, account.ErrEmailTaken) {
		t.Errorf("the same address again: %v", err)
	}
}

// The error of a form lists all invalid fields at once.
func TestARefusalNamesEveryField(t *testing.T) {
	t.Parallel()
	s := newHarness(t, func(o *account.Options) { o.Consent, o.MinPassword = "2", 12 })
	_, code, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{Email: "anna@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	fields := func(n account.SignUpForm) []string {
		t.Helper()
		_, _, err := s.Register(t.Context(), n)
		var form interface{ Fields() map[string]string }
		if !errors.As(err, &form) {
			t.Fatalf("got %v", err)
		}
		var out []string
		for _, name := range []string{"email", "firstName", "lastName", "language", "password", "consent"} {
			if form.Fields()[name] != "" {
				out = append(out, name)
			}
		}
		if len(out) != len(form.Fields()) {
			t.Errorf("unknown fields in %v", form.Fields())
		}
		return out
	}
	bad := account.SignUpForm{NewAccount: account.NewAccount{Email: "anna", FirstName: " ", Password: "elevenchars", Language: "not a language"}, Invite: code, Consent: "1"}
	same(t, "everything wrong", []string{"email", "firstName", "lastName", "language", "password", "consent"}, fields(bad))
	other := account.SignUpForm{NewAccount: person("Ben"), Invite: code, Consent: "2"}
	same(t, "somebody else's invitation", []string{"email"}, fields(other))
	good := account.SignUpForm{NewAccount: person("Anna"), Invite: code, Consent: "2"}
	if _, done, err := s.Register(t.Context(), good); err != nil || !done {
		t.Errorf("the invitation is used up by forms that were refused: %v", err)
	}
	if _, _, err := s.Register(t.Context(), good); !errors.Is(err, account.ErrInvite) {
		t.Errorf("the invitation again: %v", err)
	}
}

func TestInvite(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	for name, c := range map[string]struct {
		by   account.Account
		wish account.InviteRequest
		want error
	}{
		"owner invites an admin":  {s.boss, account.InviteRequest{Role: account.Admin}, nil},
		"admin invites a member":  {s.admin, account.InviteRequest{}, nil},
		"admin invites an admin":  {s.admin, account.InviteRequest{Role: account.Admin}, account.ErrOwnerOnly},
		"member invites":          {s.member, account.InviteRequest{}, account.ErrAdminOnly},
		"an owner is not invited": {s.boss, account.InviteRequest{Role: account.Owner}, account.ErrRole},
		"for ever":                {s.boss, account.InviteRequest{Days: 365}, account.ErrLimits},
		"bad address":             {s.boss, account.InviteRequest{Email: "anna"}, account.ErrEmail},
		"operator":                {account.Account{}, account.InviteRequest{Role: account.Admin}, nil},
	} {
		i, code, err := s.Invite(t.Context(), c.by.ID, c.wish)
		if !errors.Is(err, c.want) || (c.want == nil && (err != nil || len(code) < 26 || i.Expires != s.now.AddDate(0, 0, 7))) {
			t.Errorf("%s: %+v %q %v, want %v", name, i, code, err, c.want)
		}
	}
	all, err := s.Invites(t.Context())
	if err != nil || len(all) != 3 {
		t.Errorf("%d invitations, %v", len(all), err)
	}

	i, code, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{Email: " Anna@Example.org", Days: 2})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.InviteOf(t.Context(), code); err != nil || got.Email != "anna@example.org" {
		t.Errorf("%+v, %v", got, err)
	}
	s.now = s.now.AddDate(0, 0, 2)
	if _, err := s.InviteOf(t.Context(), code); !errors.Is(err, account.ErrInvite) {
		t.Errorf("when it is over: %v", err)
	}
	if err := s.DropInvite(t.Context(), i.ID); err != nil {
		t.Error(err)
	}
	closed := newHarness(t, func(o *account.Options) { o.Registration = account.Closed })
	if _, _, err := closed.Invite(t.Context(), closed.boss.ID, account.InviteRequest{}); !errors.Is(err, account.ErrClosed) {
		t.Errorf("where nobody may come: %v", err)
	}
}

func TestInvitationsAreSent(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.run(t)
	if _, _, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{}); err != nil {
		t.Fatal(err)
	}
	_, code, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{Email: "anna@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	l, sent := s.mail.next(t)
	if l.To != "anna@example.org" || sent != code || !strings.Contains(l.Subject, "Boss Berg") {
		t.Errorf("letter %+v, code %q", l, code)
	}
	s.mail.empty(t)
}

func TestTerms(t *testing.T) {
	t.Parallel()
	s := newHarness(t, func(o *account.Options) { o.Consent = "2" })
	want := account.Terms{Registration: account.ByInvite, MinPassword: 10, Consent: "2", Letters: true}
	if got := s.Terms(); got != want {
		t.Errorf("%+v", got)
	}
	if err := s.CheckPassword("short", ""); !errors.Is(err, account.ErrPassword) {
		t.Errorf("a short password: %v", err)
	}
	if err := s.CheckPassword("anna@example.org", "Anna@example.org"); !errors.Is(err, account.ErrPassword) {
		t.Errorf("one's own address: %v", err)
	}
	if err := s.CheckPassword("correct horse battery", ""); err != nil {
		t.Error(err)
	}
	if d := newHarness(t, func(o *account.Options) { o.Mailer = nil }); d.Terms().Letters {
		t.Error("letters without a mail server")
	}
}
