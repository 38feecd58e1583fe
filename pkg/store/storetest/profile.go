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

// Profiles proves that an account.Store keeps profiles as its port says.
func Profiles(t *testing.T, open func(*testing.T) account.Store) {
	for name, test := range map[string]func(*testing.T, profileStore){
		"a profile comes back as it went in":              profileRoundTrip,
		"a name is free or taken, however it is written":  profileNames,
		"of many at once no more than the limit are kept": profileLimit,
		"a change is kept, or nothing of it":              profileChanges,
		"one profile is the default":                      profileDefault,
		"a profile goes and leaves the others":            profileRemoval,
		"a PIN is kept beside its profile":                profilePIN,
		"who is watching may be asked always":             alwaysAsk,
		"tries are counted one by one":                    tries,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := profileStore{t, open(t), ""}
			a, p := owner("anna")
			s.must(s.AddFirst(t.Context(), a, p, "hash"))
			s.account = a.ID
			test(t, s)
		})
	}
}

// profileStore is a store with one account, which has one profile.
type profileStore struct {
	t *testing.T
	account.Store
	account id.Account
}

func (s profileStore) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// add keeps a further profile.
func (s profileStore) add(name string) account.Profile {
	s.t.Helper()
	p := account.Profile{
		ID: id.Profile("profile-" + name), Account: s.account, Name: name, Color: "#7c5cff", MaxAge: account.NoLimit,
		Created: moment(1),
	}
	s.must(s.AddProfile(s.t.Context(), p, "", 99))
	return p
}

func (s profileStore) names() (out []string) {
	s.t.Helper()
	all, err := s.Profiles(s.t.Context(), s.account)
	s.must(err)
	for _, p := range all {
		name := p.Name
		if p.Default {
			name += "*"
		}
		out = append(out, name)
	}
	return out
}

func nothing(*account.Profile, []account.Profile) error { return nil }

func profileRoundTrip(t *testing.T, s profileStore) {
	want := account.Profile{
		ID: "p", Account: s.account, Name: "Zoë 🦉", Color: "#010203", Avatar: "owl", Picture: "avatars/p/x.jpg", Kids: true,
		MaxAge: 6, Unrated: true,
		HasPIN: true, Language: "fr", AudioLanguage: "en-GB", SubtitleLanguage: "de", AutoplayNext: true, Created: moment(3),
	}
	s.must(s.AddProfile(t.Context(), want, "a hash", 7))
	got, err := s.Profile(t.Context(), "p")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	want.Name, want.Avatar, want.Picture = "Zoe", "", ""
	want.Kids, want.MaxAge, want.Unrated = false, account.NoLimit, false
	want.Language, want.AudioLanguage, want.SubtitleLanguage, want.AutoplayNext = "", "", "", false
	changed, err := s.ChangeProfile(t.Context(), "p", nil, func(p *account.Profile, _ []account.Profile) error {
		*p = want
		return nil
	})
	s.must(err)
	got, err = s.Profile(t.Context(), "p")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("changed: %v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("given back (-want +got):\n%s", diff)
	}
}

func profileNames(t *testing.T, s profileStore) {
	for _, taken := range []string{"anna", "ANNA", "Ａｎｎａ", "an\u200bna"} {
		p := account.Profile{ID: "twin", Account: s.account, Name: taken}
		if err := s.AddProfile(t.Context(), p, "", 7); !errors.Is(err, account.ErrProfileTaken) {
			t.Errorf("%q: %v", taken, err)
		}
	}
	ben := s.add("Ben")
	rename := func(name string) error {
		_, err := s.ChangeProfile(t.Context(), ben.ID, nil, func(p *account.Profile, _ []account.Profile) error {
			p.Name = name
			return nil
		})
		return err
	}
	if err := rename("Anna"); !errors.Is(err, account.ErrProfileTaken) {
		t.Errorf("renamed to a taken name: %v", err)
	}
	s.must(rename("BEN")) // its own
	if diff := cmp.Diff([]string{"anna*", "BEN"}, s.names()); diff != "" {
		t.Error(diff)
	}
}

func profileLimit(t *testing.T, s profileStore) {
	const callers, limit = 20, 7
	errs := make([]error, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			p := account.Profile{ID: id.New[id.Profile](), Account: s.account, Name: fmt.Sprint("Profile ", i)}
			errs[i] = s.AddProfile(t.Context(), p, "", limit)
		})
	}
	wg.Wait()
	kept := 1
	for _, err := range errs {
		switch {
		case err == nil:
			kept++
		case !errors.Is(err, account.ErrProfileLimit):
			t.Errorf("another error: %v", err)
		}
	}
	if got := len(s.names()); kept != limit || got != limit {
		t.Errorf("%d were told yes, %d are there, want %d", kept, got, limit)
	}
}

func profileChanges(t *testing.T, s profileStore) {
	s.add("Ben")
	boom := errors.New("boom")
	hash := "a hash"
	_, err := s.ChangeProfile(t.Context(), "profile-Ben", &hash, func(p *account.Profile, all []account.Profile) error {
		if len(all) != 2 {
			t.Errorf("%d profiles to look at", len(all))
		}
		p.Name = "Changed"
		return boom
	})
	if !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
	if p, err := s.Profile(t.Context(), "profile-Ben"); err != nil || p.Name != "Ben" || p.HasPIN {
		t.Errorf("half of a change was kept: %+v, %v", p, err)
	}
	if _, err := s.ChangeProfile(t.Context(), "none", nil, nothing); !errors.Is(err, account.ErrNoProfile) {
		t.Errorf("of nobody: %v", err)
	}
}

func profileDefault(t *testing.T, s profileStore) {
	s.add("Ben")
	_, err := s.ChangeProfile(t.Context(), "profile-Ben", nil, func(p *account.Profile, _ []account.Profile) error {
		p.Default = true
		return nil
	})
	s.must(err)
	if diff := cmp.Diff([]string{"Ben*", "anna"}, s.names()); diff != "" {
		t.Error(diff)
	}
}

func profileRemoval(t *testing.T, s profileStore) {
	ctx := t.Context()
	fine := func([]account.Profile) error { return nil }
	if err := s.RemoveProfile(ctx, "profile-anna", fine); !errors.Is(err, account.ErrProfileLast) {
		t.Errorf("the only one: %v", err)
	}
	kid := account.Profile{ID: "kid", Account: s.account, Name: "Kid", Kids: true, MaxAge: 7, Created: moment(0)}
	s.must(s.AddProfile(ctx, kid, "", 7))
	s.add("Ben")
	if err := s.RemoveProfile(ctx, "profile-anna", func(all []account.Profile) error {
		if len(all) != 3 {
			t.Errorf("%d profiles to look at", len(all))
		}
		return account.ErrProfileLast
	}); !errors.Is(err, account.ErrProfileLast) || len(s.names()) != 3 {
		t.Errorf("refused: %v, %v", err, s.names())
	}
	s.must(s.RemoveProfile(ctx, "profile-anna", fine))
	if diff := cmp.Diff([]string{"Ben*", "Kid"}, s.names()); diff != "" {
		t.Errorf("the default falls to who is not for kids:\n%s", diff)
	}
	if err := s.RemoveProfile(ctx, "profile-anna", fine); !errors.Is(err, account.ErrNoProfile) {
		t.Errorf("again: %v", err)
	}
}

func profilePIN(t *testing.T, s profileStore) {
	ctx, x := t.Context(), id.Profile("profile-anna")
	for _, hash := range []string{"one", "two", ""} {
		p, err := s.ChangeProfile(ctx, x, &hash, nothing)
		s.must(err)
		kept, err := s.PINHash(ctx, x)
		if err != nil || kept != hash || p.HasPIN != (hash != "") {
			t.Errorf("%q: kept %q, %v, has %v", hash, kept, err, p.HasPIN)
		}
	}
	if _, err := s.PINHash(ctx, "none"); !errors.Is(err, account.ErrNoProfile) {
		t.Errorf("of nobody: %v", err)
	}
}

func alwaysAsk(t *testing.T, s profileStore) {
	for _, want := range []bool{false, true, false} {
		if want {
			s.must(s.SetAlwaysAsk(t.Context(), s.account, want))
		}
		if got, err := s.AlwaysAsk(t.Context(), s.account); got != want || err != nil {
			t.Errorf("got %v, %v", got, err)
		}
		s.must(s.SetAlwaysAsk(t.Context(), s.account, false))
	}
	if err := s.SetAlwaysAsk(t.Context(), "none", true); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("of nobody: %v", err)
	}
	if _, err := s.AlwaysAsk(t.Context(), "none"); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("of nobody: %v", err)
	}
}

func tries(t *testing.T, s profileStore) {
	ctx := t.Context()
	want := account.Tries{Failures: 3, Question: 136, Last: moment(1), Until: moment(2)}
	s.must(s.ChangeTries(ctx, "a", moment(1), func(x *account.Tries) error {
		if *x != (account.Tries{}) {
			t.Errorf("a new key has %+v", x)
		}
		*x = want
		return nil
	}))
	boom := errors.New("boom")
	if err := s.ChangeTries(ctx, "a", moment(1), func(x *account.Tries) error {
		if diff := cmp.Diff(want, *x); diff != "" {
			t.Error(diff)
		}
		x.Failures = 99
		return boom
	}); !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if err := s.ChangeTries(ctx, "a", moment(1), func(x *account.Tries) error { x.Failures++; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	look := func(key string) (out account.Tries) {
		_ = s.ChangeTries(ctx, key, moment(1), func(x *account.Tries) error { out = *x; return boom })
		return out
	}
	if got := look("a").Failures; got != 13 {
		t.Errorf("%d failures, want 13", got)
	}
	s.must(
		s.ChangeTries(
			ctx, "b", moment(1).Add(25*time.Hour),
			func(x *account.Tries) error { x.Last = moment(1).Add(25 * time.Hour); return nil },
		),
	)
	if got := look("a"); got != (account.Tries{}) {
		t.Errorf("a day later there is still %+v", got)
	}
}
