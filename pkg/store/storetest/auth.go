package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/id"
)

// Auth proves that an auth.Store behaves as its port says. open returns it with the account.Store over the same data.
func Auth(t *testing.T, open func(*testing.T) (auth.Store, account.Store)) {
	// ready opens a store in which anna has an account.
	ready := func(t *testing.T) auth.Store {
		t.Helper()
		s, accounts := open(t)
		a, p := owner("anna")
		if err := accounts.AddFirst(t.Context(), a, p, "hash of anna"); err != nil {
			t.Fatal(err)
		}
		return s
	}

	t.Run("credential", func(t *testing.T) {
		t.Parallel()
		s, accounts := open(t)
		testCredential(t, s, accounts)
	})
	run(t, ready, []testCase[auth.Store]{
		{"a change of a sign-in is kept", testSignInChange},
		{"a change with an error is kept too", testSignInChangeWithError},
		{"changes of one sign-in queue up", testConcurrentSignInChanges},
		{"list and end", testSignInListAndEnd},
		{"used tokens are dropped", testUsedTokensAreDropped},
		{"attempts", testAttempts},
		{"keys", testKeys},
		{"pairing", pairing},
		{"API keys", apiKeys},
		{"identities", identities},
		{"security log", securityLog},
	})
}

func testCredential(t *testing.T, s auth.Store, accounts account.Store) {
	a, p := owner("anna")
	if err := accounts.AddFirst(t.Context(), a, p, "hash of anna"); err != nil {
		t.Fatal(err)
	}
	if err := accounts.SetHash(t.Context(), a.ID, "new hash"); err != nil {
		t.Fatal(err)
	}
	want := auth.Credential{Account: a.ID, Profile: p.ID, Role: "owner", Hash: "new hash"}
	got, ok, err := s.Credential(t.Context(), a.Email)
	if diff := cmp.Diff(want, got); !ok || err != nil || diff != "" {
		t.Errorf("by address: %v, %v (-want +got):\n%s", ok, err, diff)
	}
	got, ok, err = s.CredentialOf(t.Context(), a.ID)
	if diff := cmp.Diff(want, got); !ok || err != nil || diff != "" {
		t.Errorf("by account: %v, %v (-want +got):\n%s", ok, err, diff)
	}
	if _, ok, err := s.Credential(t.Context(), "nobody@example.org"); ok || err != nil {
		t.Errorf("of nobody: %v, %v", ok, err)
	}
}

func testSignInChange(t *testing.T, s auth.Store) {
	x := signIn("one", 0)
	addSignIn(t, s, x, "first")
	ok, err := s.ChangeSignIn(
		t.Context(), "first",
		func(got *auth.SignIn, token *auth.RefreshToken) (*auth.RefreshToken, error) {
			if diff := cmp.Diff(x, *got); diff != "" {
				t.Errorf("sign-in (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(auth.RefreshToken{Hash: "first", Issued: moment(0)}, *token); diff != "" {
				t.Errorf("token (-want +got):\n%s", diff)
			}
			got.Seen, got.Expires, got.Device = moment(10), moment(90_000), auth.Device{Address: "10.0.0.2", Agent: "other"}
			token.Used = moment(10)
			return &auth.RefreshToken{Hash: "second", Issued: moment(10)}, nil
		},
	)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	x.Seen, x.Expires, x.Device = moment(10), moment(90_000), auth.Device{Address: "10.0.0.2", Agent: "other"}
	for hash, used := range map[string]time.Time{"first": moment(10), "second": {}} {
		got, token := readSignIn(t, s, hash)
		if diff := cmp.Diff(x, got); diff != "" || !token.Used.Equal(used) {
			t.Errorf("%s: used %v (-want +got):\n%s", hash, token.Used, diff)
		}
	}
}

func testSignInChangeWithError(t *testing.T, s auth.Store) {
	addSignIn(t, s, signIn("one", 0), "first")
	theft := errors.New("theft")
	ok, err := s.ChangeSignIn(
		t.Context(), "first",
		func(x *auth.SignIn, _ *auth.RefreshToken) (*auth.RefreshToken, error) {
			x.Ended = moment(5)
			return nil, theft
		},
	)
	if !ok || !errors.Is(err, theft) {
		t.Fatal(ok, err)
	}
	if got, _ := readSignIn(t, s, "first"); !got.Ended.Equal(moment(5)) {
		t.Errorf("ended %v", got.Ended)
	}
	if ok, err := s.ChangeSignIn(t.Context(), "unknown", nil); ok || err != nil {
		t.Errorf("an unknown token: %v, %v", ok, err)
	}
}

func testConcurrentSignInChanges(t *testing.T, s auth.Store) {
	addSignIn(t, s, signIn("one", 0), "first")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := s.ChangeSignIn(
				t.Context(), "first",
				func(_ *auth.SignIn, r *auth.RefreshToken) (*auth.RefreshToken, error) {
					r.Used = moment(int64(1 + usedTimes(r)))
					return nil, nil
				},
			)
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, r := readSignIn(t, s, "first"); usedTimes(&r) != 8 {
		t.Errorf("8 changes counted %d", usedTimes(&r))
	}
}

func testSignInListAndEnd(t *testing.T, s auth.Store) {
	for i, x := range []id.SignIn{"old", "new", "gone", "expired"} {
		one := signIn(x, int64(i))
		if x == "expired" {
			one.Expires = moment(50)
		}
		addSignIn(t, s, one, "token of "+string(x))
	}
	for _, at := range []int64{40, 60} { // the second end changes nothing
		if err := s.EndSignIn(t.Context(), "gone", moment(at)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.SignIns(t.Context(), "account-anna", moment(100))
	if err != nil || len(all) != 2 || all[0].ID != "new" || all[1].ID != "old" {
		t.Errorf("sign-ins %v, %v", all, err)
	}
	for at, want := range map[int64]int{40: 1, 41: 0} {
		if got, err := s.EndedSince(t.Context(), moment(at)); err != nil || len(got) != want {
			t.Errorf("ended since %d: %v, %v; want %d", at, got, err, want)
		}
	}
	if err := s.DropSignIns(t.Context(), moment(45)); err != nil { // ended at 40, expires at 50
		t.Fatal(err)
	}
	for x, want := range map[string]bool{"old": true, "gone": false, "expired": true} {
		keep := func(*auth.SignIn, *auth.RefreshToken) (*auth.RefreshToken, error) { return nil, nil }
		if ok, err := s.ChangeSignIn(t.Context(), "token of "+x, keep); ok != want || err != nil {
			t.Errorf("%s after the drop: %v, %v", x, ok, err)
		}
	}
}

func testUsedTokensAreDropped(t *testing.T, s auth.Store) {
	addSignIn(t, s, signIn("one", 0), "first")
	use := func(_ *auth.SignIn, r *auth.RefreshToken) (*auth.RefreshToken, error) {
		r.Used = moment(10)
		return &auth.RefreshToken{Hash: "second", Issued: moment(10)}, nil
	}
	if _, err := s.ChangeSignIn(t.Context(), "first", use); err != nil {
		t.Fatal(err)
	}
	if err := s.DropSignIns(t.Context(), moment(20)); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.ChangeSignIn(t.Context(), "first", nil); ok || err != nil {
		t.Errorf("the used token: %v, %v", ok, err)
	}
	readSignIn(t, s, "second")
}

func testAttempts(t *testing.T, s auth.Store) {
	count := func(a *auth.Attempts) error { a.Failures++; a.Last, a.Until = moment(10), moment(20); return nil }
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := s.ChangeAttempts(t.Context(), "key", count); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	refused := errors.New("refused")
	err := s.ChangeAttempts(t.Context(), "key", func(a *auth.Attempts) error {
		if diff := cmp.Diff(auth.Attempts{Failures: 8, Last: moment(10), Until: moment(20)}, *a); diff != "" {
			t.Errorf("attempts (-want +got):\n%s", diff)
		}
		a.Failures = 99
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("want the error of the change, got %v", err)
	}
	left := func(before int64) (n int) {
		if err := s.DropAttempts(t.Context(), moment(before)); err != nil {
			t.Fatal(err)
		}
		if err := s.ChangeAttempts(t.Context(), "key", func(a *auth.Attempts) error {
			n = a.Failures
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if kept, dropped := left(10), left(11); kept != 8 || dropped != 0 {
		t.Errorf("%d failures are left before the last one, %d after it; want 8 and 0", kept, dropped)
	}
}

func testKeys(t *testing.T, s auth.Store) {
	older := auth.Key{ID: 4_000_000_000, Purpose: "media", Secret: []byte{0, 1, 255}, Created: moment(0)}
	newer := auth.Key{ID: 7, Purpose: "media", Secret: []byte{2}, Created: moment(1)}
	for _, k := range []auth.Key{older, newer, {ID: 8, Purpose: "access", Secret: []byte{3}, Created: moment(2)}} {
		if err := s.AddKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Keys(t.Context(), "media")
	if diff := cmp.Diff([]auth.Key{newer, older}, got); err != nil || diff != "" {
		t.Errorf("keys: %v (-want +got):\n%s", err, diff)
	}
	if err := s.AddKey(t.Context(), newer); err == nil {
		t.Error("a doubled key was taken")
	}
}

// usedTimes reads a number that a test hides in the milliseconds of a token's use.
func usedTimes(r *auth.RefreshToken) int {
	if r.Used.IsZero() {
		return 0
	}
	return int(r.Used.Sub(moment(0)).Milliseconds())
}

// signIn is a sign-in of anna, seen last at a moment.
func signIn(x id.SignIn, seen int64) auth.SignIn {
	return auth.SignIn{
		ID: x, Account: "account-anna", Profile: "profile-anna", Role: "owner",
		Device: auth.Device{Address: "10.0.0.1", Agent: "browser"},
		Client: auth.Television, Remember: true, Created: moment(0), Seen: moment(seen), Expires: moment(80_000),
	}
}

func addSignIn(t *testing.T, s auth.Store, x auth.SignIn, hash string) {
	t.Helper()
	if err := s.AddSignIn(t.Context(), x, auth.RefreshToken{Hash: hash, Issued: moment(0)}); err != nil {
		t.Fatal(err)
	}
}

// readSignIn reads a sign-in and a token by a change that changes nothing.
func readSignIn(t *testing.T, s auth.Store, hash string) (x auth.SignIn, r auth.RefreshToken) {
	t.Helper()
	ok, err := s.ChangeSignIn(t.Context(), hash, func(a *auth.SignIn, b *auth.RefreshToken) (*auth.RefreshToken, error) {
		x, r = *a, *b
		return nil, nil
	})
	if !ok || err != nil {
		t.Fatalf("token %s: %v, %v", hash, ok, err)
	}
	return x, r
}
