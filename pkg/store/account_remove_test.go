package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"movify/pkg/account"
	"movify/pkg/id"
)

// neverExported are tables without information for a person.
func neverExported() []string {
	return []string{"refresh_tokens"}
}

// TestNothingOfADeletedAccountStays puts a row of a victim and one of a bystander into every table with a column of
// accounts, profiles or sign-ins. A table that is added later and not cleared fails here.
func TestNothingOfADeletedAccountStays(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	ctx := t.Context()
	tables := personalTables(t, db)
	if len(tables) < 6 {
		t.Fatalf("found only %v", tables)
	}
	for _, who := range []string{"victim", "bystander"} {
		addPerson(t, db, who)
	}
	if _, err := db.writer.ExecContext(ctx, `PRAGMA foreign_keys = OFF`); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		for _, who := range []string{"victim", "bystander"} {
			fill(t, db, table, who)
		}
	}
	if _, err := db.writer.ExecContext(ctx, `PRAGMA foreign_keys = ON`); err != nil {
		t.Fatal(err)
	}

	told := exportText(t, db, "victim")
	for _, table := range tables {
		if !slices.Contains(neverExported(), table) && !strings.Contains(told, "victim-word-"+table) {
			t.Errorf("the export does not tell of %s: add it to holdings in account_remove.go", table)
		}
	}
	if strings.Contains(told, "bystander") || strings.Contains(told, "secret-hash") {
		t.Errorf("the export tells too much:\n%s", told)
	}

	if err := db.Accounts().Remove(ctx, "victim", time.UnixMilli(5)); err != nil {
		t.Fatalf(
			"remove: %v (a table with a key to another must be cleared before it: see removals in account_remove.go)", err,
		)
	}
	for _, table := range append(tables, "accounts") {
		left := rowsOf(t, db, table)
		if strings.Contains(left, "victim") && table != "gone_sign_ins" {
			t.Errorf("%s still speaks of the deleted account: add it to removals in account_remove.go\n%s", table, left)
		}
		if !strings.Contains(left, "bystander") {
			t.Errorf("%s lost a row of somebody else", table)
		}
	}
	ended, err := db.Auth().EndedSince(ctx, time.UnixMilli(5))
	if err != nil || !slices.Contains(ended, id.SignIn("victim-sign-in")) {
		t.Errorf("ended sign-ins: %v, %v", ended, err)
	}
	if err := db.Accounts().Remove(ctx, "victim", time.UnixMilli(6)); err != nil {
		t.Errorf("removing it again: %v", err)
	}
}

func TestTheOwnerIsNotRemoved(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	addPerson(t, db, "somebody")
	if err := db.Accounts().HandOver(t.Context(), "somebody"); err != nil {
		t.Fatal(err)
	}
	if err := db.Accounts().Remove(t.Context(), "somebody", time.UnixMilli(5)); !errors.Is(err, account.ErrOwnerStays) {
		t.Errorf("got %v", err)
	}
}

// TestNamesArePartedByTheUpdate has the migration meet accounts as the version before kept them.
func TestNamesArePartedByTheUpdate(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "movify.db")
	writer, err := open(ctx, path, writing, 1, new(atomic.Int64))
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	db := &DB{log: slog.New(slog.DiscardHandler), writer: writer, read: writer}
	all, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(all, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	before := fstest.MapFS{}
	for _, name := range files {
		text, err := fs.ReadFile(all, name)
		if err != nil {
			t.Fatal(err)
		}
		if name < "00050" {
			before[name] = &fstest.MapFile{Data: text}
		}
	}
	if err := db.migrate(ctx, path, before); err != nil {
		t.Fatal(err)
	}
	cases := map[string][2]string{
		"Anna": {"Anna", ""}, "Anna Berg": {"Anna", "Berg"}, "Anna  van der Berg": {"Anna", "van der Berg"},
		"Åsa Öberg": {"Åsa", "Öberg"},
	}
	for name := range cases {
		if _, err := writer.ExecContext(ctx, `INSERT INTO accounts (id, email, name, role, password_hash, created_ms)
			VALUES (?1, ?1, ?1, 'member', 'hash', 7)`, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.migrate(ctx, path, all); err != nil {
		t.Fatal(err)
	}
	for name, want := range cases {
		got, err := db.Accounts().Account(ctx, id.Account(name))
		if err != nil || got.FirstName != want[0] || got.LastName != want[1] || got.Streams != 4 || got.ProfileLimit != 7 ||
			!got.HasPassword {
			t.Errorf("%q became %+v, %v", name, got, err)
		}
	}
}

func addPerson(t *testing.T, db *DB, who string) {
	t.Helper()
	a := account.Account{ID: id.Account(who), Email: who + "@example.org", FirstName: who, Role: account.Member}
	p := account.Profile{
		ID: id.Profile(who + "-profile"), Account: a.ID, Name: who, Color: who + "-word-profiles", Default: true,
	}
	if err := db.Accounts().Add(t.Context(), a, p, "secret-hash", ""); err != nil {
		t.Fatal(err)
	}
}

// owners are the columns that name the owner of a row, with the value they have here.
func owners(who string) map[string]string {
	return map[string]string{
		"account_id": who, "profile_id": who + "-profile", "sign_in_id": who + "-sign-in", "made_by": who, "used_by": who,
	}
}

// personalTables lists the tables with a column of owners.
func personalTables(t *testing.T, db *DB) []string {
	t.Helper()
	var all, out []string
	if err := db.read.SelectContext(t.Context(), &all, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`); err != nil {
		t.Fatal(err)
	}
	for _, table := range all {
		for _, c := range columnsOf(t, db, table) {
			if owners("")[c.Name] != "" || c.Name == "account_id" || c.Name == "made_by" {
				out = append(out, table)
				break
			}
		}
	}
	return out
}

type column struct {
	Name string `db:"name"`
	Type string `db:"type"`
}

func columnsOf(t *testing.T, db *DB, table string) []column {
	t.Helper()
	var out []column
	if err := db.read.SelectContext(t.Context(), &out, `SELECT name, type FROM pragma_table_info(?)`, table); err != nil {
		t.Fatal(err)
	}
	return out
}

// fill puts a row of an account into a table: its ID in the columns of owners, a word of it in the others.
func fill(t *testing.T, db *DB, table, who string) {
	t.Helper()
	if table == "profiles" {
		return // every account has one
	}
	var names, places []string
	var values []any
	for _, c := range columnsOf(t, db, table) {
		value := any(who + "-word-" + table)
		switch {
		case owners(who)[c.Name] != "":
			value = owners(who)[c.Name]
		case table == "sign_ins" && c.Name == "id":
			value = who + "-sign-in"
		case strings.Contains(c.Name, "hash"), strings.Contains(c.Name, "secret"):
			value = who + "-secret-hash"
		case c.Type == "INTEGER":
			value = 1
		case c.Type == "REAL":
			value = 1.5
		}
		names, places, values = append(names, c.Name), append(places, "?"), append(values, value)
	}
	query := fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, table, strings.Join(names, ", "), strings.Join(places, ", "))
	if _, err := db.writer.ExecContext(t.Context(), query, values...); err != nil {
		t.Fatalf("fill %s: %v", table, err)
	}
}

func exportText(t *testing.T, db *DB, who id.Account) string {
	t.Helper()
	all, err := db.Accounts().Export(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func rowsOf(t *testing.T, db *DB, table string) string {
	t.Helper()
	rows, err := db.read.QueryxContext(context.WithoutCancel(t.Context()), `SELECT * FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out strings.Builder
	for rows.Next() {
		values, err := rows.SliceScan()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, values...)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
