package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/id"
)

// Account proves that an account.Store behaves as its port says.
func Account(t *testing.T, open func(*testing.T) account.Store) {
	t.Run("first account", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		if n, err := s.Accounts(t.Context()); n != 0 || err != nil {
			t.Fatalf("an empty store counts %d, %v", n, err)
		}
		a, p := owner("anna")
		if err := s.AddFirst(t.Context(), a, p, "hash"); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Accounts(t.Context()); n != 1 || err != nil {
			t.Errorf("counts %d, %v", n, err)
		}
		byID, err := s.Account(t.Context(), a.ID)
		if diff := cmp.Diff(a, byID); err != nil || diff != "" {
			t.Errorf("account: %v (-want +got):\n%s", err, diff)
		}
		byEmail, err := s.AccountByEmail(t.Context(), a.Email)
		if diff := cmp.Diff(a, byEmail); err != nil || diff != "" {
			t.Errorf("account by address: %v (-want +got):\n%s", err, diff)
		}
		profile, err := s.Profile(t.Context(), p.ID)
		if diff := cmp.Diff(p, profile); err != nil || diff != "" {
			t.Errorf("profile: %v (-want +got):\n%s", err, diff)
		}
		all, err := s.Profiles(t.Context(), a.ID)
		if diff := cmp.Diff([]account.Profile{p}, all); err != nil || diff != "" {
			t.Errorf("profiles: %v (-want +got):\n%s", err, diff)
		}
	})

	t.Run("of many at once one is the first", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		const callers = 16
		errs := make([]error, callers)
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				a, p := owner(fmt.Sprintf("caller%d", i))
				errs[i] = s.AddFirst(t.Context(), a, p, "hash")
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, account.ErrSetupDone):
				t.Errorf("another error: %v", err)
			}
		}
		if n, err := s.Accounts(t.Context()); won != 1 || n != 1 || err != nil {
			t.Errorf("%d callers won, %d accounts, %v", won, n, err)
		}
	})

	t.Run("what is not there", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		if _, err := s.Account(t.Context(), "none"); !errors.Is(err, account.ErrNoAccount) {
			t.Errorf("account: %v", err)
		}
		if _, err := s.AccountByEmail(t.Context(), "none"); !errors.Is(err, account.ErrNoAccount) {
			t.Errorf("account by address: %v", err)
		}
		if _, err := s.Profile(t.Context(), "none"); !errors.Is(err, account.ErrNoProfile) {
			t.Errorf("profile: %v", err)
		}
		if all, err := s.Profiles(t.Context(), "none"); len(all) != 0 || err != nil {
			t.Errorf("profiles: %v, %v", all, err)
		}
		if err := s.SetHash(t.Context(), "none", "hash"); !errors.Is(err, account.ErrNoAccount) {
			t.Errorf("password: %v", err)
		}
	})
}

// owner is an owner's account with its profile.
func owner(name string) (account.Account, account.Profile) {
	a := account.Account{
		ID: id.Account("account-" + name), Email: name + "@example.org", FirstName: name, LastName: "Berg",
		Role: account.Owner, Language: "fr",
		Consent: account.Consent{Version: "2", At: moment(0)}, Streams: 4, ProfileLimit: 7, HasPassword: true,
		Created: moment(0), EmailProven: moment(3),
	}
	p := account.Profile{
		ID: id.Profile("profile-" + name), Account: a.ID, Name: name, Color: "#7c5cff", Default: true, Created: moment(0),
	}
	return a, p
}
