// Package store owns every SQL statement of the product, the tables they speak of and the way those tables came to be.
// It meets the storage ports that the domain packages declare and holds no rules: it is told what to keep and keeps it.
//
// One SQLite file is open twice. A single writing connection begins each transaction with the write lock already held,
// so two writers queue in Go instead of failing in SQLite; a pool of read-only connections sees the last commit and
// never waits for the writer (write-ahead log). Times are Unix milliseconds, IDs are made by us, JSON is opaque text.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
)

// Options say where the database is.
type Options struct {
	Path   string       // the database file; its folder is made when missing
	Logger *slog.Logger // nil means silence
	// Guest says that another process works with the database: its tables are not changed. One of another version is
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
	edition atomic.Int64 // of what the library keeps, see Library.Edition
}

// statement is the text of one SQL statement with ? for its arguments. Every statement is a constant of this type: a test
// finds them all in the source and prepares each against a migrated database.
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
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("make the database folder: %w", err)
	}
	if err := checkDisk(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := reserve(path); err != nil {
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

// Statements is how many SQL statements were run since the database was opened. Tests hold a page to a number of them.
func (db *DB) Statements() int64 { return db.ran.Load() }

// Close waits for what is under way and closes the file.
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

// reserve makes the file for our eyes only: SQLite would make it readable to all, and its log files copy its mode.
func reserve(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make the database file: %w", err)
	}
	return f.Close()
}
