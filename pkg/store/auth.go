package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/auth"
	"movify/pkg/id"
)

const (
	credentialQuery = `SELECT a.id AS account_id, a.role AS role, a.password_hash AS password_hash, p.id AS profile_id
		FROM accounts a JOIN profiles p ON p.account_id = a.id AND p.is_default = 1 AND a.disabled_ms = 0`
	selectCredential   statement = credentialQuery + ` WHERE a.email = ?`
	selectCredentialOf statement = credentialQuery + ` WHERE a.id = ?`

	countEnabled statement = `SELECT COUNT(*) FROM accounts WHERE id = ? AND disabled_ms = 0`
	insertSignIn statement = `INSERT INTO sign_ins
		(id, account_id, profile_id, address, agent, kind, remember, created_ms, seen_ms, expires_ms, ended_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	insertRefresh statement = `INSERT INTO refresh_tokens (hash, sign_in_id, issued_ms, used_ms) VALUES (?, ?, ?, ?)`
	selectRefresh statement = `SELECT hash, sign_in_id, issued_ms, used_ms FROM refresh_tokens WHERE hash = ?`
	updateRefresh statement = `UPDATE refresh_tokens SET used_ms = ? WHERE hash = ?`

	signInQuery = `SELECT s.id AS id, s.account_id AS account_id, s.profile_id AS profile_id, a.role AS role, s.address AS address,
		s.agent AS agent, s.kind AS kind, s.remember AS remember, s.created_ms AS created_ms, s.seen_ms AS seen_ms, s.expires_ms AS expires_ms,
		s.ended_ms AS ended_ms FROM sign_ins s JOIN accounts a ON a.id = s.account_id`
	selectSignIn  statement = signInQuery + ` WHERE s.id = ?`
	selectSignIns statement = signInQuery + ` WHERE s.account_id = ? AND s.ended_ms = 0 AND s.expires_ms > ?
		ORDER BY s.seen_ms DESC, s.id`
	updateSignIn statement = `UPDATE sign_ins SET profile_id = ?, address = ?, agent = ?, seen_ms = ?, expires_ms = ?, ended_ms = ?
		WHERE id = ?`
	endSignIn   statement = `UPDATE sign_ins SET ended_ms = ? WHERE id = ? AND ended_ms = 0`
	selectEnded statement = `SELECT id FROM sign_ins WHERE ended_ms >= ? AND ended_ms > 0
		UNION SELECT id FROM gone_sign_ins WHERE ended_ms >= ?`
	overBefore                 = `(ended_ms > 0 AND ended_ms < ?) OR expires_ms < ?`
	deleteOldRefresh statement = `DELETE FROM refresh_tokens WHERE (used_ms > 0 AND used_ms < ?)
		OR sign_in_id IN (SELECT id FROM sign_ins WHERE ` + overBefore + `)`
	deleteOldSignIns statement = `DELETE FROM sign_ins WHERE ` + overBefore
	deleteOldGone    statement = `DELETE FROM gone_sign_ins WHERE ended_ms < ?`

	selectAttempts statement = `SELECT failures, last_ms, until_ms FROM sign_in_attempts WHERE attempt_key = ?`
	upsertAttempts statement = `INSERT INTO sign_in_attempts (attempt_key, failures, last_ms, until_ms) VALUES (?, ?, ?, ?)
		ON CONFLICT (attempt_key) DO UPDATE SET failures = excluded.failures, last_ms = excluded.last_ms, until_ms = excluded.until_ms`
	deleteOldAttempts statement = `DELETE FROM sign_in_attempts WHERE last_ms < ?`

	insertKey  statement = `INSERT INTO signing_keys (id, purpose, secret, created_ms) VALUES (?, ?, ?, ?)`
	selectKeys statement = `SELECT id, purpose, secret, created_ms FROM signing_keys WHERE purpose = ? ORDER BY created_ms DESC, id`
)

type credentialRow struct {
	Account id.Account `db:"account_id"`
	Profile id.Profile `db:"profile_id"`
	Role    string     `db:"role"`
	Hash    string     `db:"password_hash"`
}

type signInRow struct {
	ID        id.SignIn  `db:"id"`
	Account   id.Account `db:"account_id"`
	Profile   id.Profile `db:"profile_id"`
	Role      string     `db:"role"`
	Address   string     `db:"address"`
	Agent     string     `db:"agent"`
	Kind      string     `db:"kind"`
	Remember  bool       `db:"remember"`
	CreatedMS int64      `db:"created_ms"`
	SeenMS    int64      `db:"seen_ms"`
	ExpiresMS int64      `db:"expires_ms"`
	EndedMS   int64      `db:"ended_ms"`
}

func (r signInRow) value() auth.SignIn {
	return auth.SignIn{
		ID: r.ID, Account: r.Account, Profile: r.Profile, Role: r.Role,
		Device: auth.Device{Address: r.Address, Agent: r.Agent},
		Client: auth.ClientKind(r.Kind), Remember: r.Remember, Created: momentOf(r.CreatedMS), Seen: momentOf(r.SeenMS),
		Expires: momentOf(r.ExpiresMS), Ended: momentOf(r.EndedMS),
	}
}

type refreshRow struct {
	Hash     string    `db:"hash"`
	SignIn   id.SignIn `db:"sign_in_id"`
	IssuedMS int64     `db:"issued_ms"`
	UsedMS   int64     `db:"used_ms"`
}

type attemptsRow struct {
	Failures int   `db:"failures"`
	LastMS   int64 `db:"last_ms"`
	UntilMS  int64 `db:"until_ms"`
}

type keyRow struct {
	ID        uint32 `db:"id"`
	Purpose   string `db:"purpose"`
	Secret    []byte `db:"secret"`
	CreatedMS int64  `db:"created_ms"`
}

// Auth is the part of a DB that meets auth.Store.
type Auth struct{ db *DB }

// Auth gives the part that meets auth.Store.
func (db *DB) Auth() Auth { return Auth{db} }

// Credential gives the credential of a normalised address.
func (a Auth) Credential(ctx context.Context, email string) (auth.Credential, bool, error) {
	return a.credential(ctx, selectCredential, email)
}

// CredentialOf gives the credential of an account.
func (a Auth) CredentialOf(ctx context.Context, x id.Account) (auth.Credential, bool, error) {
	return a.credential(ctx, selectCredentialOf, string(x))
}

func (a Auth) credential(ctx context.Context, s statement, key string) (auth.Credential, bool, error) {
	var r credentialRow
	err := a.db.read.GetContext(ctx, &r, string(s), key)
	if errors.Is(err, sql.ErrNoRows) {
		return auth.Credential{}, false, nil
	}
	if err != nil {
		return auth.Credential{}, false, fmt.Errorf("read credential: %w", err)
	}
	return auth.Credential{Account: r.Account, Profile: r.Profile, Role: r.Role, Hash: r.Hash}, true, nil
}

// AddSignIn keeps a new sign-in with its first refresh token.
func (a Auth) AddSignIn(ctx context.Context, s auth.SignIn, t auth.RefreshToken) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		var n int // the account may have been disabled or deleted since its password was looked at
		if err := tx.GetContext(ctx, &n, string(countEnabled), s.Account); err != nil {
			return fmt.Errorf("look at an account: %w", err)
		}
		if n == 0 {
			return auth.ErrSignIn
		}
		if _, err := tx.ExecContext(ctx, string(insertSignIn), s.ID, s.Account, s.Profile, s.Device.Address, s.Device.Agent,
			s.Client, s.Remember, milliseconds(s.Created), milliseconds(s.Seen), milliseconds(s.Expires),
			milliseconds(s.Ended)); err != nil {
			return fmt.Errorf("keep sign-in: %w", err)
		}
		return addRefresh(ctx, tx, s.ID, t)
	})
}

func addRefresh(ctx context.Context, tx *sqlx.Tx, s id.SignIn, t auth.RefreshToken) error {
	_, err := tx.ExecContext(ctx, string(insertRefresh), t.Hash, s, milliseconds(t.Issued), milliseconds(t.Used))
	if err != nil {
		return fmt.Errorf("keep refresh token: %w", err)
	}
	return nil
}

// ChangeSignIn has change look at the sign-in of a refresh token and keeps what it made, in one transaction.
func (a Auth) ChangeSignIn(
	ctx context.Context, hash string, change func(*auth.SignIn, *auth.RefreshToken) (*auth.RefreshToken, error),
) (ok bool, err error) {
	var verdict error
	err = a.db.write(ctx, func(tx *sqlx.Tx) error {
		var t refreshRow
		err := tx.GetContext(ctx, &t, string(selectRefresh), hash)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read refresh token: %w", err)
		}
		var r signInRow
		if err := tx.GetContext(ctx, &r, string(selectSignIn), t.SignIn); err != nil {
			return fmt.Errorf("read sign-in: %w", err)
		}
		ok = true
		s, token := r.value(), auth.RefreshToken{Hash: t.Hash, Issued: momentOf(t.IssuedMS), Used: momentOf(t.UsedMS)}
		var next *auth.RefreshToken
		next, verdict = change(&s, &token)
		if _, err := tx.ExecContext(ctx, string(updateSignIn), s.Profile, s.Device.Address, s.Device.Agent,
			milliseconds(s.Seen), milliseconds(s.Expires), milliseconds(s.Ended), s.ID); err != nil {
			return fmt.Errorf("change sign-in: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(updateRefresh), milliseconds(token.Used), hash); err != nil {
			return fmt.Errorf("change refresh token: %w", err)
		}
		if next != nil {
			return addRefresh(ctx, tx, s.ID, *next)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	return ok, verdict
}

// EndSignIn notes the end of a sign-in that has none.
func (a Auth) EndSignIn(ctx context.Context, x id.SignIn, at time.Time) error {
	return a.db.exec(ctx, endSignIn, milliseconds(at), x)
}

// SignIns lists the sign-ins of an account that may go on, last seen first.
func (a Auth) SignIns(ctx context.Context, x id.Account, at time.Time) ([]auth.SignIn, error) {
	var rows []signInRow
	if err := a.db.read.SelectContext(ctx, &rows, string(selectSignIns), x, milliseconds(at)); err != nil {
		return nil, fmt.Errorf("read sign-ins: %w", err)
	}
	out := make([]auth.SignIn, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.value())
	}
	return out, nil
}

// EndedSince lists the sign-ins that ended at a time or later.
func (a Auth) EndedSince(ctx context.Context, at time.Time) ([]id.SignIn, error) {
	out := []id.SignIn{}
	if err := a.db.read.SelectContext(ctx, &out, string(selectEnded), milliseconds(at), milliseconds(at)); err != nil {
		return nil, fmt.Errorf("read ended sign-ins: %w", err)
	}
	return out, nil
}

// DropSignIns forgets what ended, expired or was used before a time.
func (a Auth) DropSignIns(ctx context.Context, before time.Time) error {
	at := milliseconds(before)
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(deleteOldRefresh), at, at, at); err != nil {
			return fmt.Errorf("drop refresh tokens: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(deleteOldSignIns), at, at); err != nil {
			return fmt.Errorf("drop sign-ins: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(deleteOldGone), at); err != nil {
			return fmt.Errorf("drop sign-ins of deleted accounts: %w", err)
		}
		return nil
	})
}

// ChangeAttempts has change look at the attempts under a key and keeps its result, unless it gives an error.
func (a Auth) ChangeAttempts(ctx context.Context, key string, change func(*auth.Attempts) error) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		var r attemptsRow
		if err := tx.GetContext(ctx, &r, string(selectAttempts), key); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("read attempts: %w", err)
		}
		x := auth.Attempts{Failures: r.Failures, Last: momentOf(r.LastMS), Until: momentOf(r.UntilMS)}
		before := x
		if err := change(&x); err != nil || x == before {
			return err
		}
		args := []any{key, x.Failures, milliseconds(x.Last), milliseconds(x.Until)}
		if _, err := tx.ExecContext(ctx, string(upsertAttempts), args...); err != nil {
			return fmt.Errorf("keep attempts: %w", err)
		}
		return nil
	})
}

// DropAttempts forgets those whose last failure was before a time.
func (a Auth) DropAttempts(ctx context.Context, before time.Time) error {
	return a.db.exec(ctx, deleteOldAttempts, milliseconds(before))
}

// AddKey keeps a signing key.
func (a Auth) AddKey(ctx context.Context, k auth.Key) error {
	return a.db.exec(ctx, insertKey, k.ID, k.Purpose, k.Secret, milliseconds(k.Created))
}

// Keys lists the keys of a purpose, newest first.
func (a Auth) Keys(ctx context.Context, purpose string) ([]auth.Key, error) {
	var rows []keyRow
	if err := a.db.read.SelectContext(ctx, &rows, string(selectKeys), purpose); err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	out := make([]auth.Key, 0, len(rows))
	for _, r := range rows {
		out = append(out, auth.Key{ID: r.ID, Purpose: r.Purpose, Secret: r.Secret, Created: momentOf(r.CreatedMS)})
	}
	return out, nil
}
