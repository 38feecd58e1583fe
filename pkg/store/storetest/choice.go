package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/id"
)

// Choices proves that an auth.Store keeps which profile was chosen on a sign-in, also when the profile goes.
func Choices(t *testing.T, open func(*testing.T) (auth.Store, account.Store)) {
	t.Helper()
	ctx := t.Context()
	s, accounts := open(t)
	a, p := owner("anna")
	if err := accounts.AddFirst(ctx, a, p, "hash of anna"); err != nil {
		t.Fatal(err)
	}
	ben := account.Profile{ID: "profile-ben", Account: a.ID, Name: "Ben", Created: moment(1)}
	if err := accounts.AddProfile(ctx, ben, "", 7); err != nil {
		t.Fatal(err)
	}
	addSignIn(t, s, signIn("one", 0), "first")
	addSignIn(t, s, signIn("two", 0), "second")
	expect := func(what string, want bool) {
		t.Helper()
		if got, err := s.Chosen(ctx, "one"); got != want || err != nil {
			t.Errorf("%s: chosen %v, %v", what, got, err)
		}
	}
	since := func(ms int64, want map[id.SignIn]id.Profile) {
		t.Helper()
		got, err := s.ChosenSince(ctx, moment(ms))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("since %d: %v (-want +got):\n%s", ms, err, diff)
		}
	}
	expect("at first", false)
	since(0, map[id.SignIn]id.Profile{})

	got, before, ok, err := s.ChooseProfile(ctx, "one", ben.ID, moment(5))
	want := signIn("one", 0)
	want.Profile = ben.ID
	if diff := cmp.Diff(want, got); !ok || before != p.ID || err != nil || diff != "" {
		t.Errorf("%v, %v (-want +got):\n%s", ok, err, diff)
	}
	expect("afterwards", true)
	since(5, map[id.SignIn]id.Profile{"one": ben.ID})
	since(6, map[id.SignIn]id.Profile{})
	if kept, _ := readSignIn(t, s, "first"); kept.Profile != ben.ID {
		t.Errorf("the next refresh speaks for %s", kept.Profile)
	}
	if kept, _ := readSignIn(t, s, "second"); kept.Profile != p.ID {
		t.Errorf("another sign-in speaks for %s", kept.Profile)
	}
	if err := s.Unchoose(ctx, "one"); err != nil {
		t.Fatal(err)
	}
	expect("when it is to be asked again", false)
	if kept, _ := readSignIn(t, s, "first"); kept.Profile != ben.ID {
		t.Errorf("when it is to be asked again, the sign-in speaks for %s", kept.Profile)
	}
	if _, _, _, err := s.ChooseProfile(ctx, "one", ben.ID, moment(5)); err != nil {
		t.Fatal(err)
	}
	expect("chosen again", true)

	if err := accounts.RemoveProfile(ctx, ben.ID, func([]account.Profile) error { return nil }); err != nil {
		t.Fatal(err)
	}
	expect("when the profile is gone", false)
	if kept, _ := readSignIn(t, s, "first"); kept.Profile != p.ID {
		t.Errorf("a sign-in of a profile that is gone speaks for %s", kept.Profile)
	}

	if err := s.EndSignIn(ctx, "one", moment(9)); err != nil {
		t.Fatal(err)
	}
	for _, over := range []id.SignIn{"one", "none"} {
		if _, _, ok, err := s.ChooseProfile(ctx, over, p.ID, moment(10)); ok || err != nil {
			t.Errorf("%s: %v, %v", over, ok, err)
		}
	}
	if ok, err := s.Chosen(ctx, "none"); ok || err != nil {
		t.Errorf("of no sign-in: %v, %v", ok, err)
	}
}
