package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// preparedTx is a transaction that prepares each statement once, however often it runs: a scan writes thousands of rows
// by a few statements, and preparing one takes as long as running it. The statements are closed with the transaction.
type preparedTx struct {
	*sqlx.Tx
	read map[statement]*sqlx.Stmt
}

func prepare(tx *sqlx.Tx) preparedTx { return preparedTx{tx, make(map[statement]*sqlx.Stmt)} }

// run runs a statement without rows.
func (p preparedTx) run(ctx context.Context, s statement, args ...any) (sql.Result, error) {
	stmt, err := p.statement(ctx, s)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

// get reads one row.
func (p preparedTx) get(ctx context.Context, to any, s statement, args ...any) error {
	stmt, err := p.statement(ctx, s)
	if err != nil {
		return err
	}
	return stmt.GetContext(ctx, to, args...)
}

func (p preparedTx) statement(ctx context.Context, s statement) (*sqlx.Stmt, error) {
	if stmt, ok := p.read[s]; ok {
		return stmt, nil
	}
	stmt, err := p.PreparexContext(ctx, string(s))
	if err != nil {
		return nil, fmt.Errorf("prepare a statement: %w", err)
	}
	p.read[s] = stmt
	return stmt, nil
}
