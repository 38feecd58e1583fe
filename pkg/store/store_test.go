package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/jmoiron/sqlx"

	"movify/pkg/fault"
)

// newDB opens an empty database that lives as long as the test.
func newDB(t testing.TB) *DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "movify.db"))
}

func openAt(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(context.Background(), Options{Path: path})
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

func TestOpenTakesAnyPathAndKeepsItPrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new folder", "what? 100%41 #1.db")
	openAt(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode is %o, want 600", got)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	if _, err := db.read.Exec(`DELETE FROM roots`); err == nil {
		t.Error("a reading connection wrote")
	}
}

func TestWriteRollsBackOnError(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	boom := errors.New("boom")
	err := db.write(context.Background(), func(tx *sqlx.Tx) error {
		tx.MustExec(`INSERT INTO roots (id, path, path_hash, state, added_ms) VALUES ('a', 'a', 'a', 'present', 1)`)
		return boom
	})
	if !errors.Is(err, boom) {
		t.Errorf("got %v, want the function's own error", err)
	}
	var n int
	if err := db.read.Get(&n, `SELECT COUNT(*) FROM roots`); err != nil || n != 0 {
		t.Errorf("%d rows stayed (%v), want none", n, err)
	}
}

func TestManyWritersAndReadersNeverMeetALock(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	var wg sync.WaitGroup
	errs := make(chan error, 100)
	for i := range 50 {
		wg.Go(func() {
			errs <- db.write(context.Background(), func(tx *sqlx.Tx) error {
				var n int
				if err := tx.Get(&n, `SELECT COUNT(*) FROM roots`); err != nil {
					return err
				}
				_, err := tx.Exec(`INSERT INTO roots (id, path, path_hash, state, added_ms) VALUES (?, ?, ?, 'present', ?)`, i, i, i, n)
				return err
			})
		})
		wg.Go(func() {
			var n int
			errs <- db.read.Get(&n, `SELECT COUNT(*) FROM roots`)
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestAnUpdateKeepsACopyOfWhatWasThere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "movify.db")
	writer, err := open(ctx, path, writing, 1, new(atomic.Int64))
	if err != nil {
		t.Fatal(err)
	}
	db := &DB{log: slog.New(slog.DiscardHandler), writer: writer, read: writer}
	defer writer.Close()
	folder := fstest.MapFS{"00001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE a (id {{id}} NOT NULL);")}}
	step := func() {
		t.Helper()
		if err := db.migrate(ctx, path, folder); err != nil {
			t.Fatal(err)
		}
	}
	step()
	step()
	if n := len(snapshots(t, path)); n != 0 {
		t.Errorf("%d copies were made and there was nothing to lose", n)
	}
	if _, err := writer.Exec(`INSERT INTO a (id) VALUES ('kept')`); err != nil {
		t.Fatal(err)
	}
	for n := 2; n < 2+keptSnapshots+2; n++ {
		folder[fmt.Sprintf("%05d_b.sql", n)] = &fstest.MapFile{Data: []byte("-- +goose Up\nDELETE FROM a;")}
		step()
		if n == 2 {
			first := snapshots(t, path)
			if len(first) != 1 {
				t.Fatalf("%d copies, want 1", len(first))
			}
			old, err := open(ctx, first[0], reading, 1, new(atomic.Int64))
			if err != nil {
				t.Fatal(err)
			}
			var id string
			if err := old.Get(&id, `SELECT id FROM a`); err != nil || id != "kept" {
				t.Errorf("the copy holds %q (%v), want the row of before", id, err)
			}
			if err := old.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	if n := len(snapshots(t, path)); n != keptSnapshots {
		t.Errorf("%d copies stay, want %d", n, keptSnapshots)
	}
	// An update that fails leaves the version, and the copy of before it.
	folder["00099_bad.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nDROP TABLE nowhere;")}
	if err := db.migrate(ctx, path, folder); err == nil {
		t.Error("a migration that cannot be done was done")
	}
}

func TestADatabaseFromTheFutureIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "movify.db")
	db, err := Open(context.Background(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.writer.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), Options{Path: path}); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
}

func TestMigrationTokens(t *testing.T) {
	t.Parallel()
	folder := fstest.MapFS{
		"00001_good.sql": {Data: []byte("a {{id}}, b {{ms}}, c {{longtext}}")},
		"00002_bad.sql":  {Data: []byte("a {{money}}")},
	}
	e := expanded{folder, sqliteTypes()}
	f, err := e.Open("00001_good.sql")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if want := "a TEXT, b INTEGER, c TEXT"; err != nil || string(got) != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
	if _, err := e.Open("00002_bad.sql"); err == nil || !strings.Contains(err.Error(), "{{money}}") {
		t.Errorf("got %v, want an error that names the token", err)
	}
}

func TestNetworkDiskWordsNameTheDisk(t *testing.T) {
	t.Parallel()
	f := fault.Of(ErrNetworkDisk.Saying("x"))
	if f.Code != "database_on_network_disk" || f.Kind != fault.Unsupported {
		t.Errorf("got %+v", f)
	}
}

func snapshots(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".bak") {
			out = append(out, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return out
}
