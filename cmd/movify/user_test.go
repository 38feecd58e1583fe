package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/id"
	"movify/pkg/store"
)

// dataWithMember makes a data folder with an owner and a member.
func dataWithMember(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(data, "movify.db")})
	if err != nil {
		t.Fatal(err)
	}
	at := time.UnixMilli(1_800_000_000_000).UTC()
	for _, a := range []account.Account{
		{ID: "a1", Email: "boss@example.org", FirstName: "Boss", LastName: "Berg", Role: account.Owner},
		{ID: "a2", Email: "anna@example.org", FirstName: "Anna", Role: account.Member},
	} {
		a.Created, a.Streams, a.ProfileLimit = at, 4, 7
		p := account.Profile{ID: id.Profile("p" + a.ID), Account: a.ID, Name: a.FirstName, Color: "#7c5cff", Default: true, Created: at}
		if err := db.Accounts().Add(t.Context(), a, p, "hash", ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

// TestUserCommands compares the output of the commands with one golden file. Links and passwords are random and left out.
func TestUserCommands(t *testing.T) {
	t.Parallel()
	data := dataWithMember(t)
	var said strings.Builder
	for _, args := range [][]string{
		{"user", "list"},
		{"user", "disable", "Anna@example.org"},
		{"user", "list"},
		{"user", "enable", "anna@example.org"},
		{"user", "role", "anna@example.org", "admin"},
		{"user", "role", "boss@example.org", "member"},
		{"user", "disable", "boss@example.org"},
		{"user", "role", "anna@example.org", "owner"},
		{"user", "list", "--json"},
		{"user", "role", "anna@example.org", "king"},
		{"user", "reset", "nobody@example.org"},
		{"user", "invite", "no address"},
		{"user", "invite", "--days", "1000"},
	} {
		code, out, err := do(t, "", nil, append(args, "--data", data)...)
		fmt.Fprintf(&said, "$ movify %s\n%s", strings.Join(args, " "), out)
		if err != "" {
			fmt.Fprintf(&said, "--- stderr\n%s", err)
		}
		fmt.Fprintf(&said, "--- exit %d\n", code)
	}
	path := filepath.Join("testdata", "user.txt")
	if *update {
		if err := os.WriteFile(path, []byte(said.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), said.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUserSecrets(t *testing.T) {
	t.Parallel()
	data := dataWithMember(t)
	env := map[string]string{"MOVIFY_SERVER_PUBLIC_URL": "https://movies.example.org/"}
	for name, c := range map[string]struct {
		args   []string
		env    map[string]string
		begins string
		length int
	}{
		"invitation":         {[]string{"invite"}, env, "https://movies.example.org/signup/", 60},
		"invitation at home": {[]string{"invite", "ben@example.org", "--role", "admin"}, nil, "http://localhost:8484/signup/", 55},
		"link":               {[]string{"reset", "anna@example.org", "--link"}, env, "https://movies.example.org/reset/", 59},
		"password":           {[]string{"reset", "anna@example.org"}, env, "", 23},
	} {
		code, out, stderr := do(t, "", c.env, append(append([]string{"user"}, c.args...), "--data", data)...)
		if out = strings.TrimSuffix(out, "\n"); code != exitOK || !strings.HasPrefix(out, c.begins) || len(out) != c.length || strings.ContainsAny(out, "\n ") {
			t.Errorf("%s: exit %d, %q (%d)\n%s", name, code, out, len(out), stderr)
		}
	}
}

// A server of another version has other tables: the command refuses.
func TestBesideAnotherVersion(t *testing.T) {
	t.Parallel()
	data := t.TempDir() // without a database: as far from this version's as can be
	holder, err := os.Create(filepath.Join(data, "movify.lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	if err := syscall.Flock(int(holder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := do(t, "", nil, "user", "list", "--data", data); code != exitConflict || !strings.Contains(stderr, "database_older") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
