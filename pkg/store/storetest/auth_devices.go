package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/auth"
	"movify/pkg/id"
)

func pairing(t *testing.T, s auth.Store) {
	want := auth.Pairing{
		DeviceHash: "device", UserHash: "user", Client: "TV", Device: auth.Device{Address: "10.0.0.7", Agent: "set"},
		Created: moment(0), Expires: moment(600_000), Interval: 5 * time.Second,
	}
	if err := s.AddPairing(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if err := s.AddPairing(t.Context(), auth.Pairing{DeviceHash: "other", UserHash: "user"}); err == nil {
		t.Error("a doubled user code was taken")
	}
	same := func() {
		t.Helper()
		got, ok, err := s.PairingByUser(t.Context(), "user")
		if diff := cmp.Diff(want, got); !ok || err != nil || diff != "" {
			t.Errorf("pairing: %v, %v (-want +got):\n%s", ok, err, diff)
		}
	}
	same()
	want.Polled, want.Interval, want.Account, want.Status = moment(9), 10*time.Second, "account-anna", auth.Approved
	change := func(p *auth.Pairing) error { *p = want; return nil }
	if ok, err := s.ChangePairing(t.Context(), "device", change); !ok || err != nil {
		t.Fatal(ok, err)
	}
	same()
	refusal := errors.New("no")
	spend := func(p *auth.Pairing) error { p.Status = auth.Spent; return refusal }
	if _, err := s.ChangePairing(t.Context(), "device", spend); !errors.Is(err, refusal) {
		t.Errorf("a refused change = %v", err)
	}
	same()
	if ok, err := s.ChangePairing(t.Context(), "nothing", change); ok || err != nil {
		t.Errorf("a change of nothing = %v, %v", ok, err)
	}
	for before, there := range map[int64]bool{600_000: true, 600_001: false} {
		if there {
			if err := s.DropPairings(t.Context(), moment(before)); err != nil {
				t.Fatal(err)
			}
			same()
		}
	}
	if err := s.DropPairings(t.Context(), moment(600_001)); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.PairingByUser(t.Context(), "user"); ok || err != nil {
		t.Errorf("after it was dropped: %v, %v", ok, err)
	}
}

func apiKeys(t *testing.T, s auth.Store) {
	first := auth.APIKey{
		ID: "k1", Account: "account-anna", Name: "script", Hash: "h1", Hint: "mvf_abcd",
		Scopes: []auth.Scope{auth.ScopePlay, auth.ScopeRead}, Created: moment(0),
	}
	second := auth.APIKey{
		ID: "k2", Account: "account-anna", Name: "other", Hash: "h2", Hint: "mvf_efgh", Scopes: []auth.Scope{auth.ScopeAdmin},
		Created: moment(1),
	}
	for _, k := range []auth.APIKey{second, first} {
		if err := s.AddAPIKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.UseAPIKey(t.Context(), "k1", moment(50)); err != nil {
		t.Fatal(err)
	}
	first.Used = moment(50)
	got, c, ok, err := s.APIKey(t.Context(), "h1")
	if diff := cmp.Diff(first, got); !ok || err != nil || diff != "" || c.Account != "account-anna" || c.Role != "owner" {
		t.Errorf("key %v, %v of %+v (-want +got):\n%s", ok, err, c, diff)
	}
	list := func(want ...auth.APIKey) {
		t.Helper()
		got, err := s.APIKeys(t.Context(), "account-anna")
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("keys: %v (-want +got):\n%s", err, diff)
		}
	}
	list(first, second)
	for _, at := range []int64{60, 70} {
		if err := s.EndAPIKey(t.Context(), "k1", moment(at)); err != nil {
			t.Fatal(err)
		}
	}
	list(second)
	if got, _, ok, err := s.APIKey(t.Context(), "h1"); !ok || err != nil || !got.Ended.Equal(moment(60)) {
		t.Errorf("an ended key: %v, %v, ended %v", ok, err, got.Ended)
	}
	if _, _, ok, err := s.APIKey(t.Context(), "nothing"); ok || err != nil {
		t.Errorf("no key: %v, %v", ok, err)
	}
}

func securityLog(t *testing.T, s auth.Store) {
	var all []auth.Event // oldest first
	for n := range 6 {
		e := auth.Event{
			ID: id.Event(fmt.Sprintf("e%d", n)), At: moment(int64(n)), Kind: auth.SignInFailed, Address: "10.0.0.1", Detail: "x",
		}
		if n%2 == 1 {
			e.Account = "account-anna"
		}
		if err := s.AddEvent(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	look := func(a id.Account, before id.Event, limit int, want ...auth.Event) {
		t.Helper()
		got, err := s.Events(t.Context(), a, before, limit)
		if diff := cmp.Diff(append([]auth.Event{}, want...), got); err != nil || diff != "" {
			t.Errorf("events of %q before %q: %v (-want +got):\n%s", a, before, err, diff)
		}
	}
	look("", "", 2, all[5], all[4])
	look("", "e4", 9, all[3], all[2], all[1], all[0])
	look("account-anna", "", 9, all[5], all[3], all[1])
	look("account-anna", "e3", 9, all[1])
	if err := s.DropEvents(t.Context(), moment(1), 100); err != nil {
		t.Fatal(err)
	}
	look("", "", 9, all[5], all[4], all[3], all[2], all[1])
	if err := s.DropEvents(t.Context(), moment(0), 3); err != nil {
		t.Fatal(err)
	}
	look("", "", 9, all[5], all[4], all[3])
}

func identities(t *testing.T, s auth.Store) {
	x := auth.Identity{Issuer: "https://id.example.org", Subject: "ann", Account: "account-anna", Created: moment(0)}
	if _, ok, err := s.Identity(t.Context(), x.Issuer, x.Subject); ok || err != nil {
		t.Errorf("before it is kept: %v, %v", ok, err)
	}
	if err := s.AddIdentity(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if err := s.AddIdentity(t.Context(), x); err == nil {
		t.Error("a doubled identity was taken")
	}
	if a, ok, err := s.Identity(t.Context(), x.Issuer, x.Subject); a != x.Account || !ok || err != nil {
		t.Errorf("identity of %q, %v, %v", a, ok, err)
	}
	for _, other := range [][2]string{{x.Issuer, "bob"}, {"https://other.example.org", x.Subject}} {
		if _, ok, err := s.Identity(t.Context(), other[0], other[1]); ok || err != nil {
			t.Errorf("identity %v: %v, %v", other, ok, err)
		}
	}
}
