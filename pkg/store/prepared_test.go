package store

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"
)

// scratchpad is a database with one connection and a table of three numbers.
func scratchpad(t testing.TB) *sqlx.DB {
	t.Helper()
	db, err := open(t.Context(), filepath.Join(t.TempDir(), "x.db"), writing, 1, new(atomic.Int64))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	db.MustExec("CREATE TABLE n (v INTEGER); INSERT INTO n VALUES (1), (2), (3)")
	return db
}

const sumOfOthers = "SELECT SUM(v) FROM n WHERE v <> ?"

func TestAStatementIsReadWhileItIsRead(t *testing.T) {
	t.Parallel()
	db := scratchpad(t)
	for range 2 { // the second time all statements are ready
		tx := db.MustBegin()
		rows, err := tx.Query("SELECT v FROM n ORDER BY v")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for rows.Next() {
			var v, first, others int
			if err := rows.Scan(&v); err != nil {
				t.Fatal(err)
			}
			if err := tx.Get(&first, "SELECT v FROM n ORDER BY v"); err != nil { // the very text that is being read
				t.Fatal(err)
			}
			if err := tx.Get(&others, sumOfOthers, v); err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(v, first, others))
		}
		if err := rows.Err(); err != nil || fmt.Sprint(got) != "[1 1 5 2 1 4 3 1 3]" {
			t.Errorf("read %v, %v", got, err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAReadyStatementSurvivesFailureAndANewTable(t *testing.T) {
	t.Parallel()
	db := scratchpad(t)
	var got int
	ended, end := context.WithCancel(t.Context())
	end()
	if err := db.GetContext(ended, &got, sumOfOthers, 1); err == nil {
		t.Error("a query of a context that has ended gives an answer")
	}
	if _, err := db.Exec("INSERT INTO n VALUES (?, ?)", 1, 2); err == nil {
		t.Error("a statement that cannot be is run")
	}
	for _, change := range []string{"ALTER TABLE n ADD COLUMN w INTEGER", "DROP TABLE n; CREATE TABLE n (w INTEGER, v INTEGER); INSERT INTO n VALUES (8, 1), (8, 2), (8, 3)"} {
		if err := db.Get(&got, sumOfOthers, 1); err != nil || got != 5 {
			t.Fatalf("%d, %v", got, err)
		}
		db.MustExec(change)
	}
	if err := db.Get(&got, sumOfOthers, 2); err != nil || got != 4 {
		t.Errorf("%d, %v", got, err)
	}
}

func TestStatementsKeptReadyAreBounded(t *testing.T) {
	t.Parallel()
	db := scratchpad(t)
	rows, err := db.Query("SELECT v FROM n")
	if err != nil {
		t.Fatal(err)
	}
	rows.Next() // it is being read, and its connection is another's meanwhile
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	for n := range 2*maxCached + 10 {
		var got int
		if err := db.Get(&got, fmt.Sprintf("SELECT %d", n)); err != nil || got != n {
			t.Fatalf("%d, %v", got, err)
		}
	}
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Raw(func(driver any) error {
		if n := len(driver.(*cachingConn).cached); n == 0 || n > maxCached {
			return fmt.Errorf("%d statements are kept ready", n)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func BenchmarkReadyStatement(b *testing.B) {
	db := scratchpad(b)
	for b.Loop() {
		var got int
		if err := db.Get(&got, sumOfOthers, 1); err != nil {
			b.Fatal(err)
		}
	}
}
