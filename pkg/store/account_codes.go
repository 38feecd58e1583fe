package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/account"
	"movify/pkg/id"
)

const (
	insertInvite statement = `INSERT INTO invites (id, code_hash, email, role, made_by, created_ms, expires_ms, used_ms, used_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	inviteColumns             = `id, email, role, made_by, created_ms, expires_ms, used_ms, used_by`
	selectInvites   statement = `SELECT ` + inviteColumns + ` FROM invites ORDER BY created_ms DESC, id DESC`
	selectInvite    statement = `SELECT ` + inviteColumns + ` FROM invites WHERE code_hash = ? AND used_ms = 0 AND expires_ms > ?`
	useInvite       statement = `UPDATE invites SET used_ms = ?, used_by = ? WHERE code_hash = ? AND used_ms = 0 AND expires_ms > ?`
	deleteInvite    statement = `DELETE FROM invites WHERE id = ?`
	dropInvitesOver statement = `DELETE FROM invites WHERE expires_ms < ?`

	insertCode statement = `INSERT INTO account_codes (code_hash, purpose, account_id, email, created_ms, expires_ms)
		VALUES (?, ?, ?, ?, ?, ?)`
	countCodes statement = `SELECT COUNT(*) FROM account_codes WHERE account_id = ? AND purpose = ?`
	selectCode statement = `SELECT code_hash, purpose, account_id, email, created_ms, expires_ms FROM account_codes
		WHERE code_hash = ? AND purpose = ? AND expires_ms > ?`
	deleteCode    statement = `DELETE FROM account_codes WHERE code_hash = ?`
	deleteCodesOf statement = `DELETE FROM account_codes WHERE account_id = ?`
	dropCodesOver statement = `DELETE FROM account_codes WHERE expires_ms <= ?`
)

type inviteRow struct {
	ID        id.Invite    `db:"id"`
	Email     string       `db:"email"`
	Role      account.Role `db:"role"`
	By        id.Account   `db:"made_by"`
	CreatedMS int64        `db:"created_ms"`
	ExpiresMS int64        `db:"expires_ms"`
	UsedMS    int64        `db:"used_ms"`
	UsedBy    id.Account   `db:"used_by"`
}

func (r inviteRow) value() account.Invite {
	return account.Invite{
		ID: r.ID, Email: r.Email, Role: r.Role, By: r.By, Created: momentOf(r.CreatedMS), Expires: momentOf(r.ExpiresMS),
		Used: momentOf(r.UsedMS), UsedBy: r.UsedBy,
	}
}

type codeRow struct {
	Hash      string          `db:"code_hash"`
	Purpose   account.Purpose `db:"purpose"`
	Account   id.Account      `db:"account_id"`
	Email     string          `db:"email"`
	CreatedMS int64           `db:"created_ms"`
	ExpiresMS int64           `db:"expires_ms"`
}

func (r codeRow) value() account.Code {
	return account.Code{
		Hash: r.Hash, Purpose: r.Purpose, Account: r.Account, Email: r.Email, Created: momentOf(r.CreatedMS),
		Expires: momentOf(r.ExpiresMS),
	}
}

// AddInvite keeps an invitation and forgets those that were over at forget.
func (a Accounts) AddInvite(ctx context.Context, i account.Invite, hash string, forget time.Time) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(dropInvitesOver), milliseconds(forget)); err != nil {
			return fmt.Errorf("drop invitations: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(insertInvite), i.ID, hash, i.Email, i.Role, i.By, milliseconds(i.Created),
			milliseconds(i.Expires), milliseconds(i.Used), i.UsedBy); err != nil {
			return fmt.Errorf("keep invitation: %w", err)
		}
		return nil
	})
}

// Invites lists the invitations, the newest first.
func (a Accounts) Invites(ctx context.Context) ([]account.Invite, error) {
	var rows []inviteRow
	if err := a.db.read.SelectContext(ctx, &rows, string(selectInvites)); err != nil {
		return nil, fmt.Errorf("read invitations: %w", err)
	}
	out := make([]account.Invite, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.value())
	}
	return out, nil
}

// InviteOf gives the open invitation of a code's hash, or account.ErrInvite.
func (a Accounts) InviteOf(ctx context.Context, hash string, at time.Time) (account.Invite, error) {
	var r inviteRow
	err := a.db.read.GetContext(ctx, &r, string(selectInvite), hash, milliseconds(at))
	if errors.Is(err, sql.ErrNoRows) {
		return account.Invite{}, account.ErrInvite
	}
	if err != nil {
		return account.Invite{}, fmt.Errorf("read invitation: %w", err)
	}
	return r.value(), nil
}

// DropInvite forgets an invitation, or gives account.ErrNoInvite.
func (a Accounts) DropInvite(ctx context.Context, i id.Invite) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		done, err := tx.ExecContext(ctx, string(deleteInvite), i)
		return mustChange(done, err, account.ErrNoInvite)
	})
}

// AddCode keeps a code unless its account has enough of them, and forgets those that are over.
func (a Accounts) AddCode(ctx context.Context, c account.Code, most int) (ok bool, err error) {
	err = a.db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(dropCodesOver), milliseconds(c.Created)); err != nil {
			return fmt.Errorf("drop codes: %w", err)
		}
		var n int
		if err := tx.GetContext(ctx, &n, string(countCodes), c.Account, c.Purpose); err != nil {
			return fmt.Errorf("count codes: %w", err)
		}
		if ok = n < most; !ok {
			return nil
		}
		if _, err := tx.ExecContext(ctx, string(insertCode), c.Hash, c.Purpose, c.Account, c.Email, milliseconds(c.Created),
			milliseconds(c.Expires)); err != nil {
			return fmt.Errorf("keep code: %w", err)
		}
		return nil
	})
	return ok && err == nil, err
}

// CodeOf gives the open code of a hash, or account.ErrReset.
func (a Accounts) CodeOf(ctx context.Context, p account.Purpose, hash string, at time.Time) (account.Code, error) {
	return readCode(ctx, a.db.read, p, hash, at)
}

func readCode(
	ctx context.Context, q sqlx.QueryerContext, p account.Purpose, hash string, at time.Time,
) (account.Code, error) {
	var r codeRow
	err := sqlx.GetContext(ctx, q, &r, string(selectCode), hash, p, milliseconds(at))
	if errors.Is(err, sql.ErrNoRows) {
		return account.Code{}, account.ErrReset
	}
	if err != nil {
		return account.Code{}, fmt.Errorf("read code: %w", err)
	}
	return r.value(), nil
}

// UseCode uses up a code and has its account changed, in one transaction.
func (a Accounts) UseCode(
	ctx context.Context, p account.Purpose, hash string, at time.Time, change func(*account.Account, account.Code) error,
) (account.Account, error) {
	var out account.Account
	err := a.db.write(ctx, func(tx *sqlx.Tx) error {
		c, err := readCode(ctx, tx, p, hash, at)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(deleteCode), hash); err != nil {
			return fmt.Errorf("use up a code: %w", err)
		}
		out, err = changeAccount(ctx, tx, c.Account, func(x *account.Account) error { return change(x, c) })
		return err
	})
	return out, err
}
