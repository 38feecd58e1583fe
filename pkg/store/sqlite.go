package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
)

// mode says what a pool of connections is for.
type mode int

const (
	reading mode = iota
	writing
)

// source is the driver's data source name: a file URI, so that any path is safe, and the pragmas of every connection.
func source(path string, m mode) string {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(5000)") // the last resort: another process, or a checkpoint
	q.Add("_pragma", "foreign_keys(1)")
	switch m {
	case writing:
		q.Add("_pragma", "journal_mode(WAL)")   // readers never wait for the writer
		q.Add("_pragma", "synchronous(NORMAL)") // in WAL a power cut loses the last commits, never consistency
		// In pages: four times the default. A scan changes pages of the same indexes in each transaction, and a checkpoint
		// writes each page once.
		q.Add("_pragma", "wal_autocheckpoint(4000)")
		q.Set("_txlock", "immediate") // upgrading a read lock later is what fails with "database is locked"
	case reading:
		q.Add("_pragma", "query_only(1)")
		q.Add("_pragma", "cache_size(-1000)") // KiB, half of the default: the system caches the file for all readers
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}

// open opens a pool of at most size connections and proves that one works. ran counts their statements.
func open(ctx context.Context, path string, m mode, size int, ran *atomic.Int64) (*sqlx.DB, error) {
	db := sqlx.NewDb(sql.OpenDB(connector{source(path, m), ran}), "sqlite")
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), db.Close())
	}
	return db, nil
}

// ignoreDone drops the error of rolling back a transaction that a cancelled context has already rolled back.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
