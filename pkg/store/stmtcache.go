package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync/atomic"
)

// maxCached is how many statements a connection caches: more than there are, except those whose text grows with a list
// of arguments.
const maxCached = 512

// driverConn is a connection of the driver.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// cachingConn is a connection that caches its prepared statements. database/sql lets one goroutine at a time use it.
type cachingConn struct {
	driverConn
	cached map[string]*cachedStmt // by text
	ran    *atomic.Int64
}

// cachedStmt is a prepared statement. It is busy while its rows are read: the same text used meanwhile on the
// connection gets a statement of its own.
type cachedStmt struct {
	stmt driver.Stmt
	exec driver.StmtExecContext
	rows driver.StmtQueryContext
	busy bool
}

// statement returns the prepared statement of a text; nil when it must be run without one.
func (c *cachingConn) statement(ctx context.Context, text string) (*cachedStmt, error) {
	if p, ok := c.cached[text]; ok {
		if p.busy {
			return nil, nil
		}
		return p, nil
	}
	if len(c.cached) >= maxCached {
		if err := c.evict(maxCached / 2); err != nil {
			return nil, err
		}
	}
	stmt, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	p := &cachedStmt{stmt: stmt}
	p.exec, _ = stmt.(driver.StmtExecContext)
	p.rows, _ = stmt.(driver.StmtQueryContext)
	if p.exec == nil || p.rows == nil {
		return nil, errors.Join(errors.New("the driver's statements know no context"), stmt.Close())
	}
	c.cached[text] = p
	return p, nil
}

// evict closes statements that are not busy, in any order, until no more than some are left.
func (c *cachingConn) evict(left int) error {
	var errs []error
	for text, p := range c.cached {
		if len(c.cached) <= left {
			break
		}
		if !p.busy {
			errs = append(errs, p.stmt.Close())
			delete(c.cached, text)
		}
	}
	return errors.Join(errs...)
}

// ExecContext runs a statement without rows.
func (c *cachingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	c.ran.Add(1)
	p, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.driverConn.ExecContext(ctx, text, args)
	}
	return p.exec.ExecContext(ctx, args)
}

// QueryContext runs a statement with rows.
func (c *cachingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	c.ran.Add(1)
	p, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.driverConn.QueryContext(ctx, text, args)
	}
	rows, err := p.rows.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	p.busy = true
	return &cachedRows{Rows: rows, of: p}, nil
}

// Close closes the statements, then the connection.
func (c *cachingConn) Close() error { return errors.Join(c.evict(0), c.driverConn.Close()) }

// cachedRows are rows of a cached statement, which is free again once they are closed.
type cachedRows struct {
	driver.Rows
	of *cachedStmt
}

// Close ends the read.
func (r *cachedRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
