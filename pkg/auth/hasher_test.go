package auth

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestHashAndVerify(t *testing.T) {
	t.Parallel()
	h := NewHasher()
	stored, err := h.Hash(t.Context(), "", "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("stored as %s", stored)
	}
	again, err := h.Hash(t.Context(), "", "correct horse")
	if err != nil || again == stored {
		t.Errorf("two hashes of one password are equal: %v", err)
	}
	for password, want := range map[string]bool{"correct horse": true, "correct horse ": false, "": false} {
		if got, err := h.Verify(t.Context(), "", password, stored); err != nil || got != want {
			t.Errorf("%q: %v, %v", password, got, err)
		}
	}
}

// An attempt on an unknown account must take the time of one on a known account.
func TestNobodyCostsTheSame(t *testing.T) {
	t.Parallel()
	h := NewHasher()
	stored, err := h.Hash(t.Context(), "", "x")
	if err != nil {
		t.Fatal(err)
	}
	genuine, err := parsePHC(stored)
	if err != nil {
		t.Fatal(err)
	}
	fake, err := parsePHC(dummyHash())
	if err != nil {
		t.Fatal(err)
	}
	if fake.memory != genuine.memory || fake.time != genuine.time || fake.threads != genuine.threads ||
		len(fake.salt) != len(genuine.salt) || len(fake.hash) != len(genuine.hash) {
		t.Errorf("the hash of nobody is %v, a real one %v", fake, genuine)
	}
	if good, err := h.Verify(t.Context(), "", "", dummyHash()); good || err != nil {
		t.Errorf("nobody has the empty password: %v", err)
	}
}

func TestDamagedHashes(t *testing.T) {
	t.Parallel()
	good := dummyHash()
	for name, s := range map[string]string{
		"empty":       "",
		"other kind":  strings.Replace(good, "argon2id", "argon2i", 1),
		"version":     strings.Replace(good, "v=19", "v=16", 1),
		"no memory":   strings.Replace(good, "m=19456", "m=0", 1),
		"all memory":  strings.Replace(good, "m=19456", "m=4294967295", 1),
		"endless":     strings.Replace(good, "t=2", "t=4000000000", 1),
		"no thread":   strings.Replace(good, "p=1", "p=0", 1),
		"not base64":  good + "!",
		"short":       good[:len(good)-40],
		"more fields": good + "$",
	} {
		if _, err := NewHasher().Verify(t.Context(), "", "x", s); !errors.Is(err, errHash) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWaitingForASlotEndsWithTheContext(t *testing.T) {
	t.Parallel()
	h := NewHasher()
	for range cap(h.slots) { // all cores are busy
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, "", "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("want the end of the context, got %v", err)
	}
}
