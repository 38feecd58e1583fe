package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/pkg/account"
	"movify/pkg/id"
)

const (
	countAccounts statement = `SELECT COUNT(*) FROM accounts`
	insertAccount statement = `INSERT INTO accounts (id, email, name, role, owner_slot, password_hash, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?)`
	accountColumns                 = `id, email, name, role, created_ms`
	selectAccount        statement = `SELECT ` + accountColumns + ` FROM accounts WHERE id = ?`
	selectAccountByEmail statement = `SELECT ` + accountColumns + ` FROM accounts WHERE email = ?`
	updateHash           statement = `UPDATE accounts SET password_hash = ? WHERE id = ?`
)

type accountRow struct {
	ID        id.Account   `db:"id"`
	Email     string       `db:"email"`
	Name      string       `db:"name"`
	Role      account.Role `db:"role"`
	CreatedMS int64        `db:"created_ms"`
}

// Accounts is the part of a DB that meets account.Store.
type Accounts struct{ db *DB }

// Accounts gives the part that meets account.Store.
func (db *DB) Accounts() Accounts { return Accounts{db} }

// Accounts counts the accounts.
func (a Accounts) Accounts(ctx context.Context) (int, error) {
	var n int
	if err := a.db.read.GetContext(ctx, &n, string(countAccounts)); err != nil {
		return 0, fmt.Errorf("count accounts: %w", err)
	}
	return n, nil
}

// AddFirst keeps the first account, or gives account.ErrSetupDone. The transaction holds the write lock from its start,
// and the owner's slot is unique besides.
func (a Accounts) AddFirst(ctx context.Context, x account.Account, p account.Profile, hash string) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		var n int
		if err := tx.GetContext(ctx, &n, string(countAccounts)); err != nil {
			return fmt.Errorf("count accounts: %w", err)
		}
		if n > 0 {
			return account.ErrSetupDone
		}
		slot := sql.NullInt64{Int64: 1, Valid: x.Role == account.Owner}
		if _, err := tx.ExecContext(ctx, string(insertAccount), x.ID, x.Email, x.Name, x.Role, slot, hash, milliseconds(x.Created)); err != nil {
			return fmt.Errorf("keep account: %w", err)
		}
		return addProfile(ctx, tx, p, "")
	})
}

// Account gives an account, or account.ErrNoAccount.
func (a Accounts) Account(ctx context.Context, x id.Account) (account.Account, error) {
	return a.one(ctx, selectAccount, string(x))
}

// AccountByEmail gives the account of a normalised address, or account.ErrNoAccount.
func (a Accounts) AccountByEmail(ctx context.Context, email string) (account.Account, error) {
	return a.one(ctx, selectAccountByEmail, email)
}

func (a Accounts) one(ctx context.Context, s statement, key string) (account.Account, error) {
	var r accountRow
	err := a.db.read.GetContext(ctx, &r, string(s), key)
	if errors.Is(err, sql.ErrNoRows) {
		return account.Account{}, account.ErrNoAccount
	}
	if err != nil {
		return account.Account{}, fmt.Errorf("read account: %w", err)
	}
	return account.Account{ID: r.ID, Email: r.Email, Name: r.Name, Role: r.Role, Created: momentOf(r.CreatedMS)}, nil
}

// SetHash replaces a password hash, or gives account.ErrNoAccount.
func (a Accounts) SetHash(ctx context.Context, x id.Account, hash string) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		done, err := tx.ExecContext(ctx, string(updateHash), hash, x)
		if err != nil {
			return fmt.Errorf("change a password: %w", err)
		}
		n, err := done.RowsAffected()
		if err == nil && n == 0 {
			err = account.ErrNoAccount
		}
		return err
	})
}
