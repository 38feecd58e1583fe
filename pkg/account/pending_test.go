package account_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/id"
)

// counted is a Hasher that counts what it hashes.
type counted struct {
	quick
	hashes *atomic.Int32
}

func (c counted) Hash(ctx context.Context, source, password string) (string, error) {
	c.hashes.Add(1)
	return c.quick.Hash(ctx, source, password)
}

// seen is a Store that notes who looks an address up.
type seen struct {
	account.Store
	looked *atomic.Int32
}

func (s seen) AccountByEmail(ctx context.Context, email string) (account.Account, error) {
	s.looked.Add(1)
	return s.Store.AccountByEmail(ctx, email)
}

func openToAll(o *account.Options) { o.Registration = account.Open }

// A free address, a taken one and that of a disabled account get the same result for the same work: only Run looks the
// address up.
func TestARegistrationDoesNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	var hashes, looked atomic.Int32
	s := newHarness(t, func(o *account.Options) {
		o.Registration, o.Hasher, o.Store = account.Open, counted{hashes: &hashes}, seen{o.Store, &looked}
	})
	if _, err := s.SetRights(t.Context(), s.boss.ID, s.admin.ID, account.Rights{Disabled: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	_, handed, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{})
	if err != nil {
		t.Fatal(err)
	}
	hashes.Store(0)
	n := int32(0)
	for _, name := range []string{"Anna", "Member", "Boss", "Admin"} {
		for _, invite := range []string{"", handed} {
			a, done, err := s.Register(t.Context(), account.SignUpForm{NewAccount: person(name), Invite: invite})
			if n++; err != nil || done || a != (account.Account{}) || hashes.Load() != n || looked.Load() != 0 {
				t.Errorf("%s, invited by %q: %+v, %v, %v; %d hashes, %d lookups", name, invite, a, done, err, hashes.Load(), looked.Load())
			}
		}
		weak := person(name)
		weak.Password = "short"
		if _, _, err := s.Register(t.Context(), account.SignUpForm{NewAccount: weak}); !errors.Is(err, account.ErrPassword) {
			t.Errorf("%s with a weak password: %v", name, err)
		}
	}
}

func TestTheLetterTellsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	s := newHarness(t, openToAll)
	if _, err := s.SetRights(t.Context(), s.boss.ID, s.admin.ID, account.Rights{Disabled: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	s.run(t)
	register := func(name string) {
		t.Helper()
		if _, done, err := s.Register(t.Context(), account.SignUpForm{NewAccount: person(name)}); done || err != nil {
			t.Fatalf("%s: %v, %v", name, done, err)
		}
	}
	register("Admin") // disabled: no letter
	register("Member")
	l, code := s.mail.next(t)
	if l.To != "member@example.org" || !strings.Contains(l.Text, "https://movies.example.org/login\n") {
		t.Errorf("a taken address: %+v", l)
	}
	if _, err := s.Reset(t.Context(), code, "another battery"); err != nil {
		t.Errorf("the link to a new password: %v", err)
	}
	s.mail.next(t)
	register("Anna")
	l, code = s.mail.next(t)
	if l.To != "anna@example.org" || strings.Contains(l.Text, "Anna") || !strings.Contains(l.Text, "https://movies.example.org/signup/confirm/"+code+"\n") {
		t.Errorf("a free address: %+v", l)
	}
	s.mail.empty(t)
}

func TestFinishRegistration(t *testing.T) {
	t.Parallel()
	s := newHarness(t, func(o *account.Options) { o.Registration, o.Consent = account.Open, "2" })
	s.run(t)
	n := account.SignUpForm{NewAccount: person("Anna"), Consent: "2"}
	n.Language = "fr"
	asked := s.now
	if _, done, err := s.Register(t.Context(), n); done || err != nil {
		t.Fatal(done, err)
	}
	l, code := s.mail.next(t)
	if !strings.HasPrefix(l.Text, "Bonjour") {
		t.Errorf("letter %+v", l)
	}
	if _, err := s.AccountByEmail(t.Context(), n.Email); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("before the letter is answered: %v", err)
	}
	s.now = s.now.Add(time.Minute)
	for what, err := range map[string]error{
		"another code": second(s.FinishRegistration(t.Context(), code+"x", n.Password)),
		"as a reset":   second(s.Reset(t.Context(), code, n.Password)),
		"as a change":  second(s.ConfirmEmail(t.Context(), code)),
	} {
		if !errors.Is(err, account.ErrRegistration) && !errors.Is(err, account.ErrReset) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := s.FinishRegistration(t.Context(), code, "a stranger's battery"); !errors.Is(err, account.ErrWrongPassword) {
		t.Errorf("another password: %v", err)
	}
	got, err := s.FinishRegistration(t.Context(), code, n.Password)
	if err != nil {
		t.Fatal(err)
	}
	want := account.Account{
		ID: got.ID, Email: "anna@example.org", FirstName: "Anna", LastName: "Berg", Role: account.Member, Language: "fr",
		Consent: account.Consent{Version: "2", At: asked}, Streams: 4, ProfileLimit: 7, HasPassword: true, Created: s.now,
		EmailProven: s.now,
	}
	kept, err := s.Account(t.Context(), got.ID)
	if diff := cmp.Diff([]account.Account{want, want}, []account.Account{got, kept}); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	profiles, err := s.Profiles(t.Context(), got.ID)
	if err != nil || len(profiles) != 1 || profiles[0].Name != "Anna" || !profiles[0].Default {
		t.Errorf("profiles %+v, %v", profiles, err)
	}
	if hash := s.hash(t, got.ID); hash != "hash of "+n.Password {
		t.Errorf("the password is %q", hash)
	}
	if _, err := s.FinishRegistration(t.Context(), code, n.Password); !errors.Is(err, account.ErrRegistration) {
		t.Errorf("the code again: %v", err)
	}
	s.mail.empty(t)
}

// Of many uses of one link at once exactly one makes an account.
func TestOneAccountForACode(t *testing.T) {
	t.Parallel()
	s := newHarness(t, openToAll)
	s.run(t)
	n := account.SignUpForm{NewAccount: person("Anna")}
	if _, _, err := s.Register(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	_, code := s.mail.next(t)
	made := make(chan id.Account, 8)
	for range 8 {
		go func() {
			a, err := s.FinishRegistration(context.WithoutCancel(t.Context()), code, n.Password)
			if err != nil && !errors.Is(err, account.ErrRegistration) {
				t.Error(err)
			}
			made <- a.ID
		}()
	}
	won := 0
	for range 8 {
		if <-made != "" {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d accounts", won)
	}
}

// A stranger who registers with the address of another person neither changes that person's registration nor gets an
// account that the person opens: each letter needs the password of its own registration.
func TestNobodyPreparesAnAccountForAnother(t *testing.T) {
	t.Parallel()
	s := newHarness(t, openToAll)
	s.run(t)
	anna := account.SignUpForm{NewAccount: person("Anna")}
	mallory := anna
	mallory.FirstName, mallory.Password = "Mallory", "a stranger's battery"
	letters := map[string]string{}
	for who, n := range map[string]account.SignUpForm{"anna": anna, "mallory": mallory} {
		if _, _, err := s.Register(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		_, letters[who] = s.mail.next(t)
	}
	if _, err := s.FinishRegistration(t.Context(), letters["mallory"], anna.Password); !errors.Is(err, account.ErrWrongPassword) {
		t.Errorf("the stranger's letter opens with anna's password: %v", err)
	}
	a, err := s.FinishRegistration(t.Context(), letters["anna"], anna.Password)
	if err != nil || a.FirstName != "Anna" || s.hash(t, a.ID) != "hash of "+anna.Password {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := s.FinishRegistration(t.Context(), letters["mallory"], mallory.Password); !errors.Is(err, account.ErrRegistration) {
		t.Errorf("the stranger's letter after that: %v", err)
	}
}

func TestRegistrationsAreShortLivedAndFew(t *testing.T) {
	t.Parallel()
	s := newHarness(t, openToAll)
	s.run(t)
	n := account.SignUpForm{NewAccount: person("Anna")}
	var codes []string
	for range 5 {
		if _, _, err := s.Register(t.Context(), n); err != nil {
			t.Fatal(err)
		}
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
	if _, err := s.FinishRegistration(t.Context(), codes[0], n.Password); !errors.Is(err, account.ErrRegistration) {
		t.Errorf("an hour later: %v", err)
	}
	if _, err := s.join(t, n); err != nil {
		t.Errorf("when the others are over: %v", err)
	}
}

// The address is taken while the letter is on its way: its reader is told, and the code is used up.
func TestAnAddressTakenMeanwhile(t *testing.T) {
	t.Parallel()
	s := newHarness(t, openToAll)
	s.run(t)
	n := account.SignUpForm{NewAccount: person("Anna")}
	if _, _, err := s.Register(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	_, code := s.mail.next(t)
	if _, err := s.AddFromIdentity(t.Context(), person("Anna")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []error{account.ErrEmailTaken, account.ErrRegistration} {
		if _, err := s.FinishRegistration(t.Context(), code, n.Password); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

// The policy at the end counts, not the one at the beginning.
func TestRegistrationIsClosedMeanwhile(t *testing.T) {
	t.Parallel()
	s := newHarness(t, openToAll)
	s.run(t)
	n := account.SignUpForm{NewAccount: person("Anna")}
	if _, _, err := s.Register(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	_, code := s.mail.next(t)
	for policy, want := range map[account.Registration]error{account.Closed: account.ErrClosed, account.ByInvite: account.ErrInvite} {
		later := account.New(account.Options{
			Store: s.db.Accounts(), Hasher: quick{}, Registration: policy, Clock: func() time.Time { return s.now },
		})
		if _, err := later.FinishRegistration(t.Context(), code, n.Password); !errors.Is(err, want) {
			t.Errorf("%s: %v", policy, err)
		}
	}
	if _, err := s.FinishRegistration(t.Context(), code, n.Password); err != nil {
		t.Errorf("a refusal uses the code up: %v", err)
	}
}

// An invitation that was handed on is used by the end of the registration, and only then.
func TestAnInvitationThatWasHandedOn(t *testing.T) {
	t.Parallel()
	s := newHarness(t, nil)
	s.run(t)
	_, invitation, err := s.Invite(t.Context(), s.boss.ID, account.InviteRequest{Role: account.Admin, Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	register := func(name string) string {
		t.Helper()
		if _, done, err := s.Register(t.Context(), account.SignUpForm{NewAccount: person(name), Invite: invitation}); done || err != nil {
			t.Fatal(done, err)
		}
		_, code := s.mail.next(t)
		return code
	}
	anna, ben := register("Anna"), register("Ben")
	if _, err := s.InviteOf(t.Context(), invitation); err != nil {
		t.Errorf("used by a registration that is not finished: %v", err)
	}
	a, err := s.FinishRegistration(t.Context(), ben, person("Ben").Password)
	if err != nil || a.Role != account.Admin || !s.proven(t, a.ID) {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := s.FinishRegistration(t.Context(), anna, person("Anna").Password); !errors.Is(err, account.ErrInvite) {
		t.Errorf("an invitation that was used meanwhile: %v", err)
	}
	if _, invitation, err = s.Invite(t.Context(), s.boss.ID, account.InviteRequest{Days: 1}); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.AddDate(0, 0, 1).Add(-time.Minute)
	late := register("Cleo")
	s.now = s.now.Add(time.Minute)
	if _, err := s.FinishRegistration(t.Context(), late, person("Cleo").Password); !errors.Is(err, account.ErrInvite) {
		t.Errorf("an invitation that is over: %v", err)
	}
}
