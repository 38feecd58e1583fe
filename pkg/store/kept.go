package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync/atomic"

	"modernc.org/sqlite"
)

// maxPrepared is how many statements a connection keeps ready: more than there are, but for those whose text grows with a
// list of arguments.
const maxPrepared = 512

// connector opens connections that keep their statements ready. Parsing and planning one of the larger statements takes
// longer than running it, and the driver by itself does both for every query.
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
	full, ok := opened.(bareConn)
	if !ok {
		return nil, errors.Join(errors.New("the driver's connections lack what statements are kept ready with"), opened.Close())
	}
	return &preparing{bareConn: full, ready: make(map[string]*kept), ran: c.ran}, nil
}

// Driver is the driver underneath.
func (connector) Driver() driver.Driver { return &sqlite.Driver{} }

// bareConn is a connection of the driver.
type bareConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// preparing is a connection that keeps its statements ready. database/sql lets one goroutine at a time use it.
type preparing struct {
	bareConn
	ready map[string]*kept // by text
	ran   *atomic.Int64
}

// kept is a statement that is ready. It is busy while somebody reads its rows: the same text asked for meanwhile, by
// whoever reads rows and asks more for each, gets a statement of its own.
type kept struct {
	stmt driver.Stmt
	exec driver.StmtExecContext
	rows driver.StmtQueryContext
	busy bool
}

// statement gives the statement of a text, ready to run; nil when it must be run without.
func (c *preparing) statement(ctx context.Context, text string) (*kept, error) {
	if p, ok := c.ready[text]; ok {
		if p.busy {
			return nil, nil
		}
		return p, nil
	}
	if len(c.ready) >= maxPrepared {
		if err := c.forget(maxPrepared / 2); err != nil {
			return nil, err
		}
	}
	stmt, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	p := &kept{stmt: stmt}
	p.exec, _ = stmt.(driver.StmtExecContext)
	p.rows, _ = stmt.(driver.StmtQueryContext)
	if p.exec == nil || p.rows == nil {
		return nil, errors.Join(errors.New("the driver's statements know no context"), stmt.Close())
	}
	c.ready[text] = p
	return p, nil
}

// forget closes statements that nobody reads, whichever come first, until no more than some are left.
func (c *preparing) forget(left int) error {
	var errs []error
	for text, p := range c.ready {
		if len(c.ready) <= left {
			break
		}
		if !p.busy {
			errs = append(errs, p.stmt.Close())
			delete(c.ready, text)
		}
	}
	return errors.Join(errs...)
}

// ExecContext runs a statement without rows.
func (c *preparing) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	c.ran.Add(1)
	p, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.bareConn.ExecContext(ctx, text, args)
	}
	return p.exec.ExecContext(ctx, args)
}

// QueryContext runs a statement with rows.
func (c *preparing) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	c.ran.Add(1)
	p, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.bareConn.QueryContext(ctx, text, args)
	}
	rows, err := p.rows.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	p.busy = true
	return &readingRows{Rows: rows, of: p}, nil
}

// Close closes the statements, then the connection.
func (c *preparing) Close() error { return errors.Join(c.forget(0), c.bareConn.Close()) }

// readingRows are rows of a statement that is free again once they are closed.
type readingRows struct {
	driver.Rows
	of *kept
}

// Close ends the reading.
func (r *readingRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
