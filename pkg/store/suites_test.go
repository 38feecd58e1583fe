package store_test

import (
	"path/filepath"
	"testing"

	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/store"
	"movify/pkg/store/storetest"
	"movify/player"
)

// fresh opens an empty database on disk.
func fresh(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "movify.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

func TestHandovers(t *testing.T) {
	t.Parallel()
	storetest.Handovers(t, func(t *testing.T) (storetest.LibraryStore, player.Store) {
		db := fresh(t)
		return db.Library(), db.Player()
	})
}

func TestPlayer(t *testing.T) {
	t.Parallel()
	storetest.Player(t, func(t *testing.T) player.Store { return fresh(t).Player() })
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	storetest.Account(t, func(t *testing.T) account.Store { return fresh(t).Accounts() })
	storetest.Registration(t, func(t *testing.T) account.Store { return fresh(t).Accounts() })
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	storetest.Profiles(t, func(t *testing.T) account.Store { return fresh(t).Accounts() })
}

func TestAuth(t *testing.T) {
	t.Parallel()
	storetest.Auth(t, func(t *testing.T) (auth.Store, account.Store) {
		db := fresh(t)
		return db.Auth(), db.Accounts()
	})
}

func TestChoices(t *testing.T) {
	t.Parallel()
	storetest.Choices(t, func(t *testing.T) (auth.Store, account.Store) {
		db := fresh(t)
		return db.Auth(), db.Accounts()
	})
}

func TestScopes(t *testing.T) {
	t.Parallel()
	storetest.Scopes(t, func(t *testing.T) (storetest.LibraryStore, account.Store) {
		db := fresh(t)
		return db.Library(), db.Accounts()
	})
}

func TestCollections(t *testing.T) {
	t.Parallel()
	storetest.Collections(t, func(t *testing.T) (storetest.LibraryStore, account.Store) {
		db := fresh(t)
		return db.Library(), db.Accounts()
	})
}
