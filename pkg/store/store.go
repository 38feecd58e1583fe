// Package store owns every SQL statement of the product, the tables and their migrations. It meets the storage ports
// that the domain packages declare and holds no rules.
//
// One SQLite file is open twice. A single writing connection begins each transaction with the write lock already held,
// so two writers queue in Go instead of failing in SQLite; a pool of read-only connections sees the last commit and
// never waits for the writer (write-ahead log). Times are Unix milliseconds, IDs are made by pkg/id, JSON is opaque
// text.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"

	"movify/pkg/perm"
)

// Options configure Open.
type Options struct {
	Path   string       // the database file; its folder is made when missing
	Logger *slog.Logger // nil discards
	// Guest says that a server has the database open: the tables are not migrated, and a database of another version is
	// refused.
	Guest bool
}

// DB is an open database. All its methods may be called at once from many goroutines.
type DB struct {
	log    *slog.Logger
	read   *sqlx.DB // many connections, read-only
	writer *sqlx.DB // one connection; reached through write
	guest  bool

	ran     atomic.Int64 // statements run since it was opened
	edition atomic.Int64 // number of writes to the library, see Library.Edition
}

// statement is the text of one SQL statement with ? for its arguments. Every statement is a constant of this type: a test
// finds them all in the source and prepares each against a migrated database. A plus before a column keeps SQLite from
// answering by an index that begins with it ("The SQLite Query Optimizer Overview", on
// disqualifying terms by unary plus): where a statement has a list
// of IDs too, SQLite takes the list for longer than the rows of a state or kind, and reads all of these.
type statement string

// Open opens the database at Path, brings its tables up to date and returns it ready. A database that already holds data
// is copied beside itself before its tables change. It refuses a network or FUSE disk, where SQLite's locks are not
// reliable, and a database that a newer version wrote.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	path, err := filepath.Abs(o.Path)
	if err != nil {
		return nil, fmt.Errorf("find the database: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), perm.Folder); err != nil {
		return nil, fmt.Errorf("make the database folder: %w", err)
	}
	if err := checkDisk(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := createPrivate(path); err != nil {
		return nil, err
	}

	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}

	db := &DB{log: o.Logger, guest: o.Guest}
	if db.writer, err = open(ctx, path, writing, 1, &db.ran); err != nil {
		return nil, err
	}
	if err := db.migrate(ctx, path, folder); err != nil {
		return nil, errors.Join(err, db.writer.Close())
	}
	if db.read, err = open(ctx, path, reading, min(8, max(4, runtime.NumCPU())), &db.ran); err != nil {
		return nil, errors.Join(err, db.writer.Close())
	}
	return db, nil
}

// Statements is how many SQL statements were run since the database was opened. Tests limit the number for a page.
func (db *DB) Statements() int64 { return db.ran.Load() }

// Close waits for running statements and closes the file.
func (db *DB) Close() error {
	return errors.Join(db.read.Close(), db.writer.Close())
}

// write runs f in a transaction that holds the write lock, and commits when f returns nil. Writers wait for each other in
// the pool: keep f short and do no I/O of another kind in it.
func (db *DB) write(ctx context.Context, f func(tx *sqlx.Tx) error) error {
	tx, err := db.writer.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// createPrivate makes the file readable for its owner alone: SQLite would make it readable to all, and its log files
// copy its mode.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm.OwnFile)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make the database file: %w", err)
	}
	return f.Close()
}

// connector opens connections with a cache of prepared statements. Parsing and planning one of the larger statements
// takes longer than running it, and the driver by itself does both for every query.
type connector struct {
	source string
	ran    *atomic.Int64 // counts the statements that were run
}

// Connect opens a connection.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	opened, err := c.Driver().Open(c.source)
	if err != nil {
		return nil, err
	}
	full, ok := opened.(driverConn)
	if !ok {
		return nil, errors.Join(
			errors.New("the driver's connections lack what statements are kept ready with"), opened.Close(),
		)
	}
	return &cachingConn{driverConn: full, cached: make(map[string]*cachedStmt), ran: c.ran}, nil
}

// Driver is the driver of the connections.
func (connector) Driver() driver.Driver { return &sqlite.Driver{} }

// exec runs one statement in a transaction of its own.
func (db *DB) exec(ctx context.Context, s statement, args ...any) error {
	return db.write(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, string(s), args...)
		return err
	})
}

// changed reports whether a statement changed a row.
func changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// noRowsAs turns sql.ErrNoRows into a fault.
func noRowsAs(err, fault error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault
	}
	return err
}

// chunks splits a list for IN (?): engines limit the number of arguments. A shorter part is filled up to a power of two with
// its last value: each length is a statement of its own, and connections cache hundreds of statements.
func chunks[T any](list []T) iter.Seq[[]T] {
	const most = 512
	return func(yield func([]T) bool) {
		for len(list) > 0 {
			n := min(most, len(list))
			part := list[:n:n]
			list = list[n:]
			for size := 1 << bits.Len(uint(n-1)); len(part) < size; {
				part = append(part, part[n-1])
			}
			if !yield(part) {
				return
			}
		}
	}
}

// milliseconds is a time as it is stored; the zero time is 0.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// momentOf is the inverse of milliseconds, in UTC.
func momentOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
