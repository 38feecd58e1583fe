package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/pkg/account"
	"movify/pkg/id"
)

const (
	selectLimited statement = `SELECT id, limit_roots, limit_channels FROM accounts WHERE limit_roots = 1 OR limit_channels = 1`
	selectReaches statement = `SELECT account_id, kind, scope_id FROM account_scopes ORDER BY account_id, kind, scope_id`
	updateReach   statement = `UPDATE accounts SET limit_roots = ?, limit_channels = ?, reach_edition = reach_edition + 1 WHERE id = ?`
	insertReach   statement = `INSERT INTO account_scopes (account_id, kind, scope_id) VALUES (?, ?, ?)`

	removeReach statement = `DELETE FROM account_scopes WHERE account_id = ?`
	exportReach statement = `SELECT account_id, kind, scope_id FROM account_scopes WHERE account_id = ? ORDER BY kind, scope_id`
)

// Reaches gives what the accounts may see that do not see everything.
func (a Accounts) Reaches(ctx context.Context) (map[id.Account]account.Reach, error) {
	var limited []struct {
		Account  id.Account `db:"id"`
		Roots    bool       `db:"limit_roots"`
		Channels bool       `db:"limit_channels"`
	}
	if err := a.db.read.SelectContext(ctx, &limited, string(selectLimited)); err != nil {
		return nil, fmt.Errorf("read which accounts are limited: %w", err)
	}
	var lists []struct {
		Account id.Account `db:"account_id"`
		Kind    string     `db:"kind"`
		Scope   string     `db:"scope_id"`
	}
	if err := a.db.read.SelectContext(ctx, &lists, string(selectReaches)); err != nil {
		return nil, fmt.Errorf("read what accounts may see: %w", err)
	}
	out := make(map[id.Account]account.Reach, len(limited))
	for _, l := range limited {
		var r account.Reach
		if l.Roots {
			r.Roots = []id.Root{}
		}
		if l.Channels {
			r.Channels = []id.Collection{}
		}
		out[l.Account] = r
	}
	for _, x := range lists {
		r, ok := out[x.Account]
		switch {
		case !ok:
			continue
		case x.Kind == "root":
			r.Roots = append(r.Roots, id.Root(x.Scope))
		default:
			r.Channels = append(r.Channels, id.Collection(x.Scope))
		}
		out[x.Account] = r
	}
	return out, nil
}

// SetReach replaces what an account may see, or gives account.ErrNoAccount.
func (a Accounts) SetReach(ctx context.Context, x id.Account, r account.Reach) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		done, err := tx.ExecContext(ctx, string(updateReach), r.Roots != nil, r.Channels != nil, x)
		if err := mustChange(done, err, account.ErrNoAccount); err != nil {
			return fmt.Errorf("limit an account: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(removeReach), x); err != nil {
			return fmt.Errorf("limit an account: %w", err)
		}
		add := func(kind, scope string) error {
			if _, err := tx.ExecContext(ctx, string(insertReach), x, kind, scope); err != nil {
				return fmt.Errorf("limit an account to %s %s: %w", kind, scope, err)
			}
			return nil
		}
		for _, root := range r.Roots {
			if err := add("root", string(root)); err != nil {
				return err
			}
		}
		for _, channel := range r.Channels {
			if err := add("channel", string(channel)); err != nil {
				return err
			}
		}
		return nil
	})
}
