package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/account"
	"movify/pkg/id"
)

// The rows of an account are found by its own ID or by those of its profiles. A table with a column of either is in
// both lists below; a test fills every table there is and checks that no row is left and that the export had it.
const (
	profilesOf = `(SELECT id FROM profiles WHERE account_id = ?)`
	signInsOf  = `(SELECT id FROM sign_ins WHERE account_id = ?)`

	keepGoneSignIns statement = `INSERT INTO gone_sign_ins (id, ended_ms) SELECT id, ? FROM sign_ins WHERE account_id = ?`

	removeRefresh  statement = `DELETE FROM refresh_tokens WHERE sign_in_id IN ` + signInsOf
	removeSignIns  statement = `DELETE FROM sign_ins WHERE account_id = ?`
	removeProgress statement = `DELETE FROM progress WHERE profile_id IN ` + profilesOf
	removeSessions statement = `DELETE FROM sessions WHERE account_id = ?`
	removeHistory  statement = `DELETE FROM history WHERE profile_id IN ` + profilesOf
	removeMarks    statement = `DELETE FROM marks WHERE profile_id IN ` + profilesOf
	removeSearches statement = `DELETE FROM searches WHERE profile_id IN ` + profilesOf
	removeInvites  statement = `DELETE FROM invites WHERE made_by = ? OR used_by = ? OR email = (SELECT email FROM accounts WHERE id = ?)`
	removePending  statement = `DELETE FROM registrations WHERE email = (SELECT email FROM accounts WHERE id = ?)`
	removeAPIKeys  statement = `DELETE FROM api_keys WHERE account_id = ?`
	removePairings statement = `DELETE FROM pairings WHERE account_id = ?`
	removeIdentity statement = `DELETE FROM identities WHERE account_id = ?`
	removeEvents   statement = `DELETE FROM security_log WHERE account_id = ?`
	removeProfiles statement = `DELETE FROM profiles WHERE account_id = ?`
	removeAccount  statement = `DELETE FROM accounts WHERE id = ?`

	exportAccount statement = `SELECT id, email, first_name, last_name, role, language, consent_version, consent_ms, streams,
		profile_limit, always_ask, created_ms, disabled_ms, email_proven_ms FROM accounts WHERE id = ?`
	exportProfiles statement = `SELECT id, name, color, avatar, picture, kids, max_age, unrated, language, audio_language,
		subtitle_language, autoplay_next, is_default, created_ms FROM profiles WHERE account_id = ? ORDER BY created_ms, id`
	exportSignIns statement = `SELECT id, profile_id, kind, address, agent, remember, chosen_ms, created_ms, seen_ms, expires_ms, ended_ms
		FROM sign_ins WHERE account_id = ? ORDER BY created_ms, id`
	exportSessions statement = `SELECT id, profile_id, sign_in_id, title_id, file_id, agent, started_ms, expires_ms, ended_ms
		FROM sessions WHERE account_id = ? ORDER BY started_ms, id`
	exportProgress statement = `SELECT profile_id, title_id, file_id, position_ms, duration_ms, resume_ms, at_ms
		FROM progress WHERE profile_id IN ` + profilesOf + ` ORDER BY at_ms, title_id`
	exportHistory statement = `SELECT profile_id, title_id, began_ms, at_ms, position_ms, duration_ms, watched, id
		FROM history WHERE profile_id IN ` + profilesOf + ` ORDER BY at_ms, id`
	exportMarks statement = `SELECT profile_id, title_id, kind, value, at_ms FROM marks WHERE profile_id IN ` + profilesOf + `
		ORDER BY at_ms, title_id`
	exportSearches statement = `SELECT profile_id, words, at_ms FROM searches WHERE profile_id IN ` + profilesOf + ` ORDER BY at_ms, id`
	exportInvites  statement = `SELECT id, email, role, made_by, used_by, created_ms, expires_ms, used_ms FROM invites
		WHERE made_by = ? OR used_by = ? ORDER BY created_ms, id`
	exportCodes   statement = `SELECT purpose, email, created_ms, expires_ms FROM account_codes WHERE account_id = ? ORDER BY created_ms`
	exportAPIKeys statement = `SELECT id, name, hint, scopes, created_ms, used_ms, ended_ms FROM api_keys WHERE account_id = ?
		ORDER BY created_ms, id`
	exportPairings statement = `SELECT client, address, agent, created_ms, expires_ms, polled_ms, verdict FROM pairings WHERE account_id = ?
		ORDER BY created_ms`
	exportIdentities statement = `SELECT issuer, subject, created_ms FROM identities WHERE account_id = ? ORDER BY created_ms`
	exportEvents     statement = `SELECT id, at_ms, kind, address, detail FROM security_log WHERE account_id = ? ORDER BY id`
)

// removals are the statements that delete the rows of an account, in an order that the foreign keys allow.
func removals() []statement {
	return []statement{
		removeRefresh, removeSignIns, removeProgress, removeHistory, removeMarks, removeSearches, removeSessions,
		removeInvites, removePending,
		deleteCodesOf, removeReach, removeAPIKeys, removePairings, removeIdentity, removeEvents, removeProfiles,
		removeAccount,
	}
}

// accountRows is one kind of rows that an account has.
type accountRows struct {
	name  string
	query statement
}

func holdings() []accountRows {
	return []accountRows{
		{"account", exportAccount}, {"profiles", exportProfiles}, {"signIns", exportSignIns}, {"playbacks", exportSessions},
		{"progress", exportProgress}, {"history", exportHistory}, {"marks", exportMarks}, {"searches", exportSearches},
		{"invitations", exportInvites}, {"letters", exportCodes}, {"reach", exportReach}, {"apiKeys", exportAPIKeys},
		{"pairings", exportPairings}, {"identities", exportIdentities}, {"securityLog", exportEvents},
	}
}

// Remove deletes an account and all rows about it and its profiles.
func (a Accounts) Remove(ctx context.Context, x id.Account, at time.Time) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		switch have, err := readAccount(ctx, tx, selectAccount, string(x)); {
		case errors.Is(err, account.ErrNoAccount):
			return nil
		case err != nil:
			return err
		case have.Role == account.Owner:
			return account.ErrOwnerStays
		}
		if _, err := tx.ExecContext(ctx, string(keepGoneSignIns), milliseconds(at), x); err != nil {
			return fmt.Errorf("keep which sign-ins ended: %w", err)
		}
		for _, s := range removals() {
			if _, err := tx.ExecContext(ctx, string(s), times(x, s)...); err != nil {
				return fmt.Errorf("remove what an account has: %w", err)
			}
		}
		return nil
	})
}

// times repeats x for each argument of a statement.
func times(x id.Account, s statement) []any {
	args := make([]any, strings.Count(string(s), "?"))
	for i := range args {
		args[i] = x
	}
	return args
}

// Export returns all rows about an account and its profiles, from one snapshot.
func (a Accounts) Export(ctx context.Context, x id.Account) (out []account.ExportTable, err error) {
	tx, err := a.db.read.BeginTxx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() { err = errors.Join(err, ignoreDone(tx.Rollback())) }()
	for _, h := range holdings() {
		rows, err := everything(ctx, tx, h.query, times(x, h.query))
		if err != nil {
			return nil, fmt.Errorf("read the %s of an account: %w", h.name, err)
		}
		if h.query == exportAccount && len(rows) == 0 {
			return nil, account.ErrNoAccount
		}
		out = append(out, account.ExportTable{Name: h.name, Rows: rows})
	}
	return out, nil
}

func everything(ctx context.Context, tx *sqlx.Tx, s statement, args []any) ([]map[string]any, error) {
	rows, err := tx.QueryxContext(ctx, string(s), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []map[string]any{}
	for rows.Next() {
		found := make(map[string]any)
		if err := rows.MapScan(found); err != nil {
			return nil, err
		}
		row := make(map[string]any, len(found))
		for column, value := range found {
			row[camel(column)] = value
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// camel is the name of a column in the export: created_ms → createdMs.
func camel(column string) string {
	parts := strings.Split(column, "_")
	for i, p := range parts[1:] {
		parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
	}
	return strings.Join(parts, "")
}
