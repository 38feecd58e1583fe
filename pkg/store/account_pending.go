package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/account"
)

const (
	insertRegistration statement = `INSERT INTO registrations (code_hash, email, first_name, last_name, language, password_hash,
		invite_hash, consent_version, consent_ms, created_ms, expires_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	countRegistrations statement = `SELECT COUNT(*) FROM registrations WHERE email = ? OR invite_hash = ? AND invite_hash <> ''`
	selectRegistration statement = `SELECT code_hash, email, first_name, last_name, language, password_hash, invite_hash,
		consent_version, consent_ms, created_ms, expires_ms FROM registrations WHERE code_hash = ? AND expires_ms > ?`
	deleteRegistrationsOf statement = `DELETE FROM registrations WHERE email = ?`
	dropRegistrationsOver statement = `DELETE FROM registrations WHERE expires_ms <= ?`
)

type registrationRow struct {
	Code      string `db:"code_hash"`
	Email     string `db:"email"`
	FirstName string `db:"first_name"`
	LastName  string `db:"last_name"`
	Language  string `db:"language"`
	Password  string `db:"password_hash"`
	Invite    string `db:"invite_hash"`
	Consent   string `db:"consent_version"`
	ConsentMS int64  `db:"consent_ms"`
	CreatedMS int64  `db:"created_ms"`
	ExpiresMS int64  `db:"expires_ms"`
}

func (r registrationRow) value() account.PendingRegistration {
	return account.PendingRegistration{
		Code: r.Code, Email: r.Email, FirstName: r.FirstName, LastName: r.LastName, Language: r.Language,
		Password: r.Password, Invite: r.Invite, Consent: account.Consent{Version: r.Consent, At: momentOf(r.ConsentMS)},
		Created: momentOf(r.CreatedMS), Expires: momentOf(r.ExpiresMS),
	}
}

// AddRegistration keeps a registration unless its address or its invitation has enough of them, and forgets those that are
// over.
func (a Accounts) AddRegistration(ctx context.Context, r account.PendingRegistration, most int) (ok bool, err error) {
	err = a.db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(dropRegistrationsOver), milliseconds(r.Created)); err != nil {
			return fmt.Errorf("drop registrations: %w", err)
		}
		var n int
		if err := tx.GetContext(ctx, &n, string(countRegistrations), r.Email, r.Invite); err != nil {
			return fmt.Errorf("count registrations: %w", err)
		}
		if ok = n < most; !ok {
			return nil
		}
		if _, err := tx.ExecContext(ctx, string(insertRegistration), r.Code, r.Email, r.FirstName, r.LastName, r.Language,
			r.Password, r.Invite, r.Consent.Version, milliseconds(r.Consent.At), milliseconds(r.Created),
			milliseconds(r.Expires)); err != nil {
			return fmt.Errorf("keep registration: %w", err)
		}
		return nil
	})
	return ok && err == nil, err
}

// DropRegistrations deletes the registrations that are over at a time.
func (a Accounts) DropRegistrations(ctx context.Context, at time.Time) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(dropRegistrationsOver), milliseconds(at)); err != nil {
			return fmt.Errorf("drop registrations: %w", err)
		}
		return nil
	})
}

// RegistrationOf gives the open registration of a code's hash, or account.ErrRegistration.
func (a Accounts) RegistrationOf(
	ctx context.Context, hash string, at time.Time,
) (account.PendingRegistration, error) {
	return readRegistration(ctx, a.db.read, hash, at)
}

func readRegistration(
	ctx context.Context, q sqlx.QueryerContext, hash string, at time.Time,
) (account.PendingRegistration, error) {
	var r registrationRow
	err := sqlx.GetContext(ctx, q, &r, string(selectRegistration), hash, milliseconds(at))
	if errors.Is(err, sql.ErrNoRows) {
		return account.PendingRegistration{}, account.ErrRegistration
	}
	if err != nil {
		return account.PendingRegistration{}, fmt.Errorf("read registration: %w", err)
	}
	return r.value(), nil
}

// UseRegistration makes the account of a registration and deletes what waits for its address. A taken address is not an
// error of the transaction: the deletion is kept.
func (a Accounts) UseRegistration(ctx context.Context, hash string, x account.Account, p account.Profile) error {
	var taken bool
	err := a.db.write(ctx, func(tx *sqlx.Tx) error {
		taken = false
		r, err := readRegistration(ctx, tx, hash, x.Created)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(deleteRegistrationsOf), r.Email); err != nil {
			return fmt.Errorf("drop registrations: %w", err)
		}
		x.Email = r.Email
		if taken, err = isTaken(ctx, tx, x); taken || err != nil {
			return err
		}
		return addInvited(ctx, tx, x, p, r.Password, r.Invite)
	})
	if taken && err == nil {
		return account.ErrEmailTaken
	}
	return err
}
