package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/auth"
	"movify/pkg/id"
)

const (
	insertPairing statement = `INSERT INTO pairings
		(device_hash, user_hash, client, address, agent, created_ms, expires_ms, polled_ms, interval_ms, account_id, verdict)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	pairingQuery = `SELECT device_hash, user_hash, client, address, agent, created_ms, expires_ms, polled_ms, interval_ms,
		account_id, verdict FROM pairings`
	selectPairing       statement = pairingQuery + ` WHERE device_hash = ?`
	selectPairingByUser statement = pairingQuery + ` WHERE user_hash = ?`
	updatePairing       statement = `UPDATE pairings SET polled_ms = ?, interval_ms = ?, account_id = ?, verdict = ? WHERE device_hash = ?`
	deleteOldPairings   statement = `DELETE FROM pairings WHERE expires_ms < ?`

	insertAPIKey statement = `INSERT INTO api_keys (id, account_id, name, hash, hint, scopes, created_ms, used_ms, ended_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	apiKeyQuery             = `SELECT id, account_id, name, hash, hint, scopes, created_ms, used_ms, ended_ms FROM api_keys`
	selectAPIKey  statement = apiKeyQuery + ` WHERE hash = ?`
	selectAPIKeys statement = apiKeyQuery + ` WHERE account_id = ? AND ended_ms = 0 ORDER BY created_ms, id`
	useAPIKey     statement = `UPDATE api_keys SET used_ms = ? WHERE id = ?`
	endAPIKey     statement = `UPDATE api_keys SET ended_ms = ? WHERE id = ? AND ended_ms = 0`

	insertEvent       statement = `INSERT INTO security_log (id, at_ms, kind, account_id, address, detail) VALUES (?, ?, ?, ?, ?, ?)`
	eventQuery                  = `SELECT id, at_ms, kind, account_id, address, detail FROM security_log`
	selectEvents      statement = eventQuery + ` WHERE (? = '' OR id < ?) ORDER BY id DESC LIMIT ?`
	selectEventsOf    statement = eventQuery + ` WHERE account_id = ? AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?`
	deleteOldEvents   statement = `DELETE FROM security_log WHERE at_ms < ?`
	selectEventBeyond statement = `SELECT id FROM security_log ORDER BY id DESC LIMIT 1 OFFSET ?`
	deleteEventsFrom  statement = `DELETE FROM security_log WHERE id <= ?`
)

type pairingRow struct {
	DeviceHash string             `db:"device_hash"`
	UserHash   string             `db:"user_hash"`
	Client     string             `db:"client"`
	Address    string             `db:"address"`
	Agent      string             `db:"agent"`
	CreatedMS  int64              `db:"created_ms"`
	ExpiresMS  int64              `db:"expires_ms"`
	PolledMS   int64              `db:"polled_ms"`
	IntervalMS int64              `db:"interval_ms"`
	Account    id.Account         `db:"account_id"`
	Verdict    auth.PairingStatus `db:"verdict"`
}

func (r pairingRow) value() auth.Pairing {
	return auth.Pairing{
		DeviceHash: r.DeviceHash, UserHash: r.UserHash, Client: r.Client,
		Device:  auth.Device{Address: r.Address, Agent: r.Agent},
		Created: momentOf(r.CreatedMS), Expires: momentOf(r.ExpiresMS), Polled: momentOf(r.PolledMS),
		Interval: time.Duration(r.IntervalMS) * time.Millisecond, Account: r.Account, Status: r.Verdict,
	}
}

type apiKeyRow struct {
	ID        id.SignIn  `db:"id"`
	Account   id.Account `db:"account_id"`
	Name      string     `db:"name"`
	Hash      string     `db:"hash"`
	Hint      string     `db:"hint"`
	Scopes    string     `db:"scopes"`
	CreatedMS int64      `db:"created_ms"`
	UsedMS    int64      `db:"used_ms"`
	EndedMS   int64      `db:"ended_ms"`
}

func (r apiKeyRow) value() auth.APIKey {
	k := auth.APIKey{
		ID: r.ID, Account: r.Account, Name: r.Name, Hash: r.Hash, Hint: r.Hint,
		Created: momentOf(r.CreatedMS), Used: momentOf(r.UsedMS), Ended: momentOf(r.EndedMS),
	}
	for _, x := range strings.Fields(r.Scopes) {
		k.Scopes = append(k.Scopes, auth.Scope(x))
	}
	return k
}

type eventRow struct {
	ID      id.Event   `db:"id"`
	AtMS    int64      `db:"at_ms"`
	Kind    auth.Kind  `db:"kind"`
	Account id.Account `db:"account_id"`
	Address string     `db:"address"`
	Detail  string     `db:"detail"`
}

// AddPairing keeps a device that waits.
func (a Auth) AddPairing(ctx context.Context, p auth.Pairing) error {
	return a.db.exec(
		ctx, insertPairing, p.DeviceHash, p.UserHash, p.Client, p.Device.Address, p.Device.Agent, milliseconds(p.Created),
		milliseconds(p.Expires), milliseconds(p.Polled), p.Interval.Milliseconds(), p.Account, p.Status,
	)
}

// PairingByUser gives a pairing by the hash of its user code.
func (a Auth) PairingByUser(ctx context.Context, userHash string) (auth.Pairing, bool, error) {
	var r pairingRow
	err := a.db.read.GetContext(ctx, &r, string(selectPairingByUser), userHash)
	if errors.Is(err, sql.ErrNoRows) {
		return auth.Pairing{}, false, nil
	}
	if err != nil {
		return auth.Pairing{}, false, fmt.Errorf("read pairing: %w", err)
	}
	return r.value(), true, nil
}

// ChangePairing has change look at a pairing and keeps what it made of it.
func (a Auth) ChangePairing(
	ctx context.Context, deviceHash string, change func(*auth.Pairing) error,
) (ok bool, err error) {
	err = a.db.write(ctx, func(tx *sqlx.Tx) error {
		var r pairingRow
		err := tx.GetContext(ctx, &r, string(selectPairing), deviceHash)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read pairing: %w", err)
		}
		ok = true
		p := r.value()
		if err := change(&p); err != nil {
			return err
		}
		if _, err := tx.ExecContext(
			ctx, string(updatePairing), milliseconds(p.Polled), p.Interval.Milliseconds(), p.Account, p.Status, deviceHash,
		); err != nil {
			return fmt.Errorf("change pairing: %w", err)
		}
		return nil
	})
	return ok, err
}

// DropPairings forgets those that expired before a time.
func (a Auth) DropPairings(ctx context.Context, before time.Time) error {
	return a.db.exec(ctx, deleteOldPairings, milliseconds(before))
}

// AddAPIKey keeps an API key.
func (a Auth) AddAPIKey(ctx context.Context, k auth.APIKey) error {
	scopes := make([]string, 0, len(k.Scopes))
	for _, x := range k.Scopes {
		scopes = append(scopes, string(x))
	}
	return a.db.exec(ctx, insertAPIKey, k.ID, k.Account, k.Name, k.Hash, k.Hint, strings.Join(scopes, " "),
		milliseconds(k.Created), milliseconds(k.Used), milliseconds(k.Ended))
}

// APIKey gives a key by its hash, with the credential of its account.
func (a Auth) APIKey(ctx context.Context, hash string) (auth.APIKey, auth.Credential, bool, error) {
	var r apiKeyRow
	err := a.db.read.GetContext(ctx, &r, string(selectAPIKey), hash)
	if errors.Is(err, sql.ErrNoRows) {
		return auth.APIKey{}, auth.Credential{}, false, nil
	}
	if err != nil {
		return auth.APIKey{}, auth.Credential{}, false, fmt.Errorf("read API key: %w", err)
	}
	c, ok, err := a.CredentialOf(ctx, r.Account)
	return r.value(), c, ok, err
}

// APIKeys lists the keys of an account that work, oldest first.
func (a Auth) APIKeys(ctx context.Context, x id.Account) ([]auth.APIKey, error) {
	var rows []apiKeyRow
	if err := a.db.read.SelectContext(ctx, &rows, string(selectAPIKeys), x); err != nil {
		return nil, fmt.Errorf("read API keys: %w", err)
	}
	out := make([]auth.APIKey, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.value())
	}
	return out, nil
}

// UseAPIKey notes the last use of a key.
func (a Auth) UseAPIKey(ctx context.Context, k id.SignIn, at time.Time) error {
	return a.db.exec(ctx, useAPIKey, milliseconds(at), k)
}

// EndAPIKey notes the end of a key that has none.
func (a Auth) EndAPIKey(ctx context.Context, k id.SignIn, at time.Time) error {
	return a.db.exec(ctx, endAPIKey, milliseconds(at), k)
}

// AddEvent keeps a line of the security log.
func (a Auth) AddEvent(ctx context.Context, e auth.Event) error {
	return a.db.exec(ctx, insertEvent, e.ID, milliseconds(e.At), e.Kind, e.Account, e.Address, e.Detail)
}

// Events lists lines of the security log, newest first.
func (a Auth) Events(ctx context.Context, x id.Account, before id.Event, limit int) ([]auth.Event, error) {
	var rows []eventRow
	var err error
	if x == "" {
		err = a.db.read.SelectContext(ctx, &rows, string(selectEvents), before, before, limit)
	} else {
		err = a.db.read.SelectContext(ctx, &rows, string(selectEventsOf), x, before, before, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("read security log: %w", err)
	}
	out := make([]auth.Event, 0, len(rows))
	for _, r := range rows {
		out = append(
			out,
			auth.Event{ID: r.ID, At: momentOf(r.AtMS), Kind: r.Kind, Account: r.Account, Address: r.Address, Detail: r.Detail},
		)
	}
	return out, nil
}

// DropEvents forgets lines older than a time, and the oldest beyond a number.
func (a Auth) DropEvents(ctx context.Context, before time.Time, keep int) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(deleteOldEvents), milliseconds(before)); err != nil {
			return fmt.Errorf("drop old events: %w", err)
		}
		var beyond id.Event
		err := tx.GetContext(ctx, &beyond, string(selectEventBeyond), keep)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("count events: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(deleteEventsFrom), beyond); err != nil {
			return fmt.Errorf("drop events beyond %d: %w", keep, err)
		}
		return nil
	})
}
