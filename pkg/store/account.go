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
	countAccounts statement = `SELECT COUNT(*) FROM accounts`
	insertAccount statement = `INSERT INTO accounts (id, email, first_name, last_name, role, owner_slot, password_hash, language,
		consent_version, consent_ms, streams, profile_limit, created_ms, email_proven_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	accountColumns = `id, email, first_name, last_name, role, language, consent_version, consent_ms, streams, profile_limit,
		CASE WHEN password_hash = '' THEN 0 ELSE 1 END AS has_password, created_ms, disabled_ms, email_proven_ms`
	selectAccount        statement = `SELECT ` + accountColumns + ` FROM accounts WHERE id = ?`
	selectAccountByEmail statement = `SELECT ` + accountColumns + ` FROM accounts WHERE email = ?`
	selectRows           statement = `SELECT ` + accountColumns + `,
		(SELECT COUNT(*) FROM profiles p WHERE p.account_id = accounts.id) AS profiles,
		(SELECT COUNT(*) FROM sign_ins s WHERE s.account_id = accounts.id AND s.ended_ms = 0 AND s.expires_ms > ?) AS sign_ins,
		(SELECT COALESCE(MAX(s.seen_ms), 0) FROM sign_ins s WHERE s.account_id = accounts.id) AS seen_ms
		FROM accounts ORDER BY created_ms, id`
	countOthersByEmail statement = `SELECT COUNT(*) FROM accounts WHERE email = ? AND id <> ?`
	updateAccount      statement = `UPDATE accounts SET email = ?, first_name = ?, last_name = ?, role = ?, owner_slot = ?, language = ?,
		consent_version = ?, consent_ms = ?, streams = ?, profile_limit = ?, disabled_ms = ?, email_proven_ms = ? WHERE id = ?`
	dethroneOwner statement = `UPDATE accounts SET role = 'admin', owner_slot = NULL WHERE owner_slot = 1`
	enthroneOwner statement = `UPDATE accounts SET role = 'owner', owner_slot = 1 WHERE id = ?`
	updateHash    statement = `UPDATE accounts SET password_hash = ? WHERE id = ?`
)

type accountRow struct {
	ID           id.Account   `db:"id"`
	Email        string       `db:"email"`
	FirstName    string       `db:"first_name"`
	LastName     string       `db:"last_name"`
	Role         account.Role `db:"role"`
	Language     string       `db:"language"`
	Consent      string       `db:"consent_version"`
	ConsentMS    int64        `db:"consent_ms"`
	Streams      int          `db:"streams"`
	ProfileLimit int          `db:"profile_limit"`
	HasPassword  bool         `db:"has_password"`
	CreatedMS    int64        `db:"created_ms"`
	DisabledMS   int64        `db:"disabled_ms"`
	ProvenMS     int64        `db:"email_proven_ms"`
}

func (r accountRow) value() account.Account {
	return account.Account{
		ID: r.ID, Email: r.Email, FirstName: r.FirstName, LastName: r.LastName, Role: r.Role, Language: r.Language,
		Consent: account.Consent{Version: r.Consent, At: momentOf(r.ConsentMS)}, Streams: r.Streams,
		ProfileLimit: r.ProfileLimit,
		HasPassword:  r.HasPassword, Created: momentOf(r.CreatedMS), Disabled: momentOf(r.DisabledMS),
		EmailProven: momentOf(r.ProvenMS),
	}
}

type userRow struct {
	accountRow
	Profiles int   `db:"profiles"`
	SignIns  int   `db:"sign_ins"`
	SeenMS   int64 `db:"seen_ms"`
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
		return addAccount(ctx, tx, x, p, hash)
	})
}

// Add keeps a further account, or gives account.ErrEmailTaken or account.ErrInvite.
func (a Accounts) Add(ctx context.Context, x account.Account, p account.Profile, hash, invite string) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error { return addInvited(ctx, tx, x, p, hash, invite) })
}

// addInvited is Add inside a transaction.
func addInvited(ctx context.Context, tx *sqlx.Tx, x account.Account, p account.Profile, hash, invite string) error {
	if invite != "" {
		at := milliseconds(x.Created)
		done, err := tx.ExecContext(ctx, string(useInvite), at, x.ID, invite, at)
		if err := mustChange(done, err, account.ErrInvite); err != nil {
			return fmt.Errorf("use an invitation: %w", err)
		}
	}
	if err := freeAddress(ctx, tx, x); err != nil {
		return err
	}
	return addAccount(ctx, tx, x, p, hash)
}

func addAccount(ctx context.Context, tx *sqlx.Tx, x account.Account, p account.Profile, hash string) error {
	if _, err := tx.ExecContext(ctx, string(insertAccount), x.ID, x.Email, x.FirstName, x.LastName, x.Role,
		ownerSlot(x.Role), hash, x.Language, x.Consent.Version, milliseconds(x.Consent.At), x.Streams, x.ProfileLimit,
		milliseconds(x.Created), milliseconds(x.EmailProven)); err != nil {
		return fmt.Errorf("keep account: %w", err)
	}
	return addProfile(ctx, tx, p, "")
}

// ownerSlot makes a second owner violate a unique constraint.
func ownerSlot(r account.Role) sql.NullInt64 {
	return sql.NullInt64{Int64: 1, Valid: r == account.Owner}
}

// freeAddress gives account.ErrEmailTaken when another account has the address of this one.
func freeAddress(ctx context.Context, tx *sqlx.Tx, x account.Account) error {
	taken, err := isTaken(ctx, tx, x)
	if taken {
		return account.ErrEmailTaken
	}
	return err
}

// isTaken reports whether another account has the address of this one. The transaction holds the write lock: no other
// transaction can take the address before it commits.
func isTaken(ctx context.Context, tx *sqlx.Tx, x account.Account) (bool, error) {
	var n int
	if err := tx.GetContext(ctx, &n, string(countOthersByEmail), x.Email, x.ID); err != nil {
		return false, fmt.Errorf("look for an address: %w", err)
	}
	return n > 0, nil
}

// mustChange gives an error of a statement, or missing when it changed nothing.
func mustChange(done sql.Result, err, missing error) error {
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err == nil && n == 0 {
		err = missing
	}
	return err
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
	return readAccount(ctx, a.db.read, s, key)
}

func readAccount(ctx context.Context, q sqlx.QueryerContext, s statement, key string) (account.Account, error) {
	var r accountRow
	err := sqlx.GetContext(ctx, q, &r, string(s), key)
	if errors.Is(err, sql.ErrNoRows) {
		return account.Account{}, account.ErrNoAccount
	}
	if err != nil {
		return account.Account{}, fmt.Errorf("read account: %w", err)
	}
	return r.value(), nil
}

// Rows lists every account with what its users page tells, the oldest first.
func (a Accounts) Rows(ctx context.Context, at time.Time) ([]account.UserSummary, error) {
	var rows []userRow
	if err := a.db.read.SelectContext(ctx, &rows, string(selectRows), milliseconds(at)); err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	reaches, err := a.Reaches(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]account.UserSummary, 0, len(rows))
	for _, r := range rows {
		out = append(
			out,
			account.UserSummary{
				Account: r.value(), Reach: reaches[r.ID], Profiles: r.Profiles, SignIns: r.SignIns, Seen: momentOf(r.SeenMS),
			},
		)
	}
	return out, nil
}

// ChangeAccount reads an account, calls change and stores the result, in one transaction.
func (a Accounts) ChangeAccount(
	ctx context.Context, x id.Account, change func(*account.Account) error,
) (account.Account, error) {
	var out account.Account
	err := a.db.write(ctx, func(tx *sqlx.Tx) error {
		var err error
		out, err = changeAccount(ctx, tx, x, change)
		return err
	})
	return out, err
}

// changeAccount is ChangeAccount inside a transaction. Codes go with the address they were sent to.
func changeAccount(
	ctx context.Context, tx *sqlx.Tx, x id.Account, change func(*account.Account) error,
) (account.Account, error) {
	before, err := readAccount(ctx, tx, selectAccount, string(x))
	if err != nil {
		return account.Account{}, err
	}
	after := before
	if err := change(&after); err != nil {
		return account.Account{}, err
	}
	after.ID, after.Created, after.HasPassword = before.ID, before.Created, before.HasPassword
	if after == before {
		return after, nil
	}
	if after.Email != before.Email {
		if err := freeAddress(ctx, tx, after); err != nil {
			return account.Account{}, err
		}
		if _, err := tx.ExecContext(ctx, string(deleteCodesOf), x); err != nil {
			return account.Account{}, fmt.Errorf("drop codes: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, string(updateAccount), after.Email, after.FirstName, after.LastName, after.Role,
		ownerSlot(after.Role), after.Language, after.Consent.Version, milliseconds(after.Consent.At), after.Streams,
		after.ProfileLimit, milliseconds(after.Disabled), milliseconds(after.EmailProven), x); err != nil {
		return account.Account{}, fmt.Errorf("change account: %w", err)
	}
	return after, nil
}

// HandOver makes an account the owner and the present owner an admin.
func (a Accounts) HandOver(ctx context.Context, to id.Account) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(dethroneOwner)); err != nil {
			return fmt.Errorf("change the owner: %w", err)
		}
		done, err := tx.ExecContext(ctx, string(enthroneOwner), to)
		return mustChange(done, err, account.ErrNoAccount)
	})
}

// SetHash replaces a password hash and drops the account's codes, or gives account.ErrNoAccount.
func (a Accounts) SetHash(ctx context.Context, x id.Account, hash string) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		done, err := tx.ExecContext(ctx, string(updateHash), hash, x)
		if err := mustChange(done, err, account.ErrNoAccount); err != nil {
			return fmt.Errorf("change a password: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(deleteCodesOf), x); err != nil {
			return fmt.Errorf("drop codes: %w", err)
		}
		return nil
	})
}
