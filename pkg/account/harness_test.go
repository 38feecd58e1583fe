package account_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/id"
	"movify/pkg/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

// harness is a Service with an owner, an admin and a member, a mailbox and a clock.
type harness struct {
	*account.Service
	db     *store.DB
	now    time.Time
	mail   *mailbox
	mu     sync.Mutex
	ended  []string // the accounts whose sign-ins were ended, with the kept sign-in
	boss   account.Account
	admin  account.Account
	member account.Account
}

func (s *harness) SignOutAll(ctx context.Context, a id.Account) error {
	return s.SignOutOthers(ctx, a, "")
}

func (s *harness) SignOutOthers(_ context.Context, a id.Account, keep id.SignIn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, strings.TrimSuffix(s.name(a)+" but "+string(keep), " but "))
	return nil
}

func (s *harness) name(a id.Account) string {
	for _, x := range []account.Account{s.boss, s.admin, s.member} {
		if x.ID == a {
			return x.FirstName
		}
	}
	return string(a)
}

// signedOut gives whose sign-ins were ended since it was last asked.
func (s *harness) signedOut() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.ended
	s.ended = nil
	return out
}

// mailbox is a Mailer that collects letters, or fails as long as it has errors.
type mailbox struct {
	mu      sync.Mutex
	errors  []error
	look    func() // called before a letter is taken
	defers  string // the address whose letters are not taken
	arrived chan account.Letter
}

func (m *mailbox) Send(_ context.Context, l account.Letter) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.To == m.defers {
		return errDeferred
	}
	if len(m.errors) > 0 {
		err := m.errors[0]
		m.errors = m.errors[1:]
		if err != nil {
			return err
		}
	}
	if m.look != nil {
		m.look()
	}
	m.arrived <- l
	return nil
}

// fail makes the next tries end with errors.
func (m *mailbox) fail(errs ...error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.errors = append(m.errors, errs...)
}

// next waits for a letter and gives it with the code in its last link, if there is one.
func (m *mailbox) next(t *testing.T) (account.Letter, string) {
	t.Helper()
	select {
	case l := <-m.arrived:
		code := ""
		if at := strings.LastIndex(l.Text, "https://movies.example.org/"); at >= 0 {
			line, _, _ := strings.Cut(l.Text[at:], "\n")
			code = line[strings.LastIndex(line, "/")+1:]
		}
		return l, code
	case <-time.After(time.Minute):
		t.Fatal("no letter came")
	}
	return account.Letter{}, ""
}

// empty fails when a letter came.
func (m *mailbox) empty(t *testing.T) {
	t.Helper()
	select {
	case l := <-m.arrived:
		t.Errorf("a letter came: %+v", l)
	default:
	}
}

// newHarness builds a harness; change may alter its options.
func newHarness(t *testing.T, change func(*account.Options)) *harness {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "movify.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &harness{db: db, now: time.UnixMilli(1_800_000_000_000).UTC(), mail: &mailbox{arrived: make(chan account.Letter, 64)}}
	o := account.Options{
		Store: db.Accounts(), Hasher: quick{}, SignIns: s, Mailer: s.mail, Registration: account.ByInvite,
		Public: "https://movies.example.org", Clock: func() time.Time { return s.now }, Retry: []time.Duration{0, 0},
	}
	if change != nil {
		change(&o)
	}
	s.Service = account.New(o)
	if s.boss, _, err = s.Setup(t.Context(), person("Boss")); err != nil {
		t.Fatal(err)
	}
	s.admin, s.member = s.add(t, "Admin", account.Admin), s.add(t, "Member", account.Member)
	return s
}

// run runs the Service as long as the test.
func (s *harness) run(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// add stores an account directly.
func (s *harness) add(t *testing.T, name string, r account.Role) account.Account {
	t.Helper()
	a := account.Account{ID: id.Account("account-" + name), Email: strings.ToLower(name) + "@example.org", FirstName: name, LastName: "Berg",
		Role: r, Streams: 4, ProfileLimit: 7, HasPassword: true, Created: s.now}
	p := account.Profile{ID: id.Profile("profile-" + name), Account: a.ID, Name: name, Color: "#7c5cff", Default: true, Created: s.now}
	if err := s.db.Accounts().Add(t.Context(), a, p, "hash of old password", ""); err != nil {
		t.Fatal(err)
	}
	return a
}

// join registers, and answers the letter where one is due.
func (s *harness) join(t *testing.T, n account.SignUpForm) (account.Account, error) {
	t.Helper()
	a, done, err := s.Register(t.Context(), n)
	if done || err != nil {
		return a, err
	}
	_, code := s.mail.next(t)
	return s.FinishRegistration(t.Context(), code, n.Password)
}

// hash gives the password hash of an account.
func (s *harness) hash(t *testing.T, a id.Account) string {
	t.Helper()
	c, _, err := s.db.Auth().CredentialOf(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return c.Hash
}

func person(name string) account.NewAccount {
	return account.NewAccount{Email: strings.ToLower(name) + "@example.org", FirstName: name, LastName: "Berg", Password: "correct horse battery"}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	if !slices.Equal(want, got) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
