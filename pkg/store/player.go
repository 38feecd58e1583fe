package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/id"
	"movify/player"
)

const (
	insertSession statement = `INSERT INTO sessions
		(id, account_id, profile_id, sign_in_id, title_id, file_id, asset_id, agent, way, copies, started_ms, expires_ms, ended_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	selectSession statement = `SELECT id, account_id, profile_id, sign_in_id, title_id, file_id, asset_id, agent, way, copies, started_ms, expires_ms, ended_ms
		FROM sessions WHERE id = ?`
	endSession         statement = `UPDATE sessions SET ended_ms = ? WHERE id = ? AND ended_ms = 0`
	endSignInSessions  statement = `UPDATE sessions SET ended_ms = ? WHERE sign_in_id = ? AND ended_ms = 0`
	endProfileSessions statement = `UPDATE sessions SET ended_ms = ? WHERE profile_id = ? AND ended_ms = 0`
	endAccountSessions statement = `UPDATE sessions SET ended_ms = ? WHERE account_id = ? AND ended_ms = 0`
	deleteOldSessions  statement = `DELETE FROM sessions WHERE expires_ms < ?`
	progressColumns              = `profile_id, title_id, file_id, position_ms, duration_ms, at_ms`
	upsertProgress     statement = `INSERT INTO progress (profile_id, title_id, file_id, position_ms, duration_ms, resume_ms, at_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (profile_id, title_id) DO UPDATE SET file_id = excluded.file_id, position_ms = excluded.position_ms,
			duration_ms = excluded.duration_ms, resume_ms = excluded.resume_ms, at_ms = excluded.at_ms
		WHERE excluded.at_ms >= progress.at_ms`
	// A position without a length was removed: its row only keeps earlier ones from coming back.
	selectProgress statement = `SELECT ` + progressColumns + ` FROM progress
		WHERE profile_id = ? AND duration_ms > 0 AND title_id IN (?)`
	selectResumable statement = `SELECT ` + progressColumns + ` FROM progress
		WHERE profile_id = ? AND resume_ms > 0 ORDER BY at_ms DESC, title_id LIMIT ?`
)

type sessionRow struct {
	ID        id.Session `db:"id"`
	Account   id.Account `db:"account_id"`
	Profile   id.Profile `db:"profile_id"`
	SignIn    id.SignIn  `db:"sign_in_id"`
	Title     id.Title   `db:"title_id"`
	File      id.File    `db:"file_id"`
	Asset     id.Asset   `db:"asset_id"`
	Agent     string     `db:"agent"`
	Way       string     `db:"way"`
	Copies    string     `db:"copies"`
	StartedMS int64      `db:"started_ms"`
	ExpiresMS int64      `db:"expires_ms"`
	EndedMS   int64      `db:"ended_ms"`
}

type progressRow struct {
	Profile    id.Profile `db:"profile_id"`
	Title      id.Title   `db:"title_id"`
	File       id.File    `db:"file_id"`
	PositionMS int64      `db:"position_ms"`
	DurationMS int64      `db:"duration_ms"`
	AtMS       int64      `db:"at_ms"`
}

func (r progressRow) value() player.Progress {
	return player.Progress{
		Profile: r.Profile, Title: r.Title, File: r.File, PositionMS: r.PositionMS, DurationMS: r.DurationMS,
		At: momentOf(r.AtMS),
	}
}

// Player meets player.Store.
type Player struct{ db *DB }

// Player returns the part that meets player.Store.
func (db *DB) Player() Player { return Player{db} }

// AddSession stores a new session.
func (p Player) AddSession(ctx context.Context, s player.Session) error {
	chosen, copies := "", make([]string, 0, len(s.Copies))
	if s.Way.Kind != "" {
		text, err := json.Marshal(s.Way)
		if err != nil {
			return fmt.Errorf("write the way of a session: %w", err)
		}
		chosen = string(text)
	}
	for _, r := range s.Copies {
		copies = append(copies, string(r))
	}
	return p.db.exec(
		ctx, insertSession, s.ID, s.Viewer.Account, s.Viewer.Profile, s.SignIn, s.Title, s.File, s.Asset, s.Agent, chosen,
		strings.Join(copies, ","), milliseconds(s.Started), milliseconds(s.Expires),
		milliseconds(s.Ended),
	)
}

// Session returns a session, or player.ErrNoSession.
func (p Player) Session(ctx context.Context, x id.Session) (player.Session, error) {
	var r sessionRow
	err := p.db.read.GetContext(ctx, &r, string(selectSession), x)
	if errors.Is(err, sql.ErrNoRows) {
		return player.Session{}, player.ErrNoSession
	}
	if err != nil {
		return player.Session{}, fmt.Errorf("read session: %w", err)
	}
	out := player.Session{
		ID: r.ID, Viewer: id.Viewer{Account: r.Account, Profile: r.Profile}, SignIn: r.SignIn, Title: r.Title, File: r.File,
		Asset: r.Asset, Agent: r.Agent, Started: momentOf(r.StartedMS), Expires: momentOf(r.ExpiresMS),
		Ended: momentOf(r.EndedMS),
	}
	if r.Copies != "" {
		for word := range strings.SplitSeq(r.Copies, ",") {
			out.Copies = append(out.Copies, id.Rendition(word))
		}
	}
	if r.Way == "" {
		return out, nil
	}
	if err := json.Unmarshal([]byte(r.Way), &out.Way); err != nil {
		return player.Session{}, fmt.Errorf("read the way of a session: %w", err)
	}
	return out, nil
}

// EndSession notes the end of a session that has none.
func (p Player) EndSession(ctx context.Context, x id.Session, at time.Time) error {
	return p.db.exec(ctx, endSession, milliseconds(at), x)
}

// EndSignIn notes the end of a sign-in's sessions that have none.
func (p Player) EndSignIn(ctx context.Context, x id.SignIn, at time.Time) error {
	return p.db.exec(ctx, endSignInSessions, milliseconds(at), x)
}

// EndProfile notes the end of a profile's sessions that have none.
func (p Player) EndProfile(ctx context.Context, x id.Profile, at time.Time) error {
	return p.db.exec(ctx, endProfileSessions, milliseconds(at), x)
}

// EndAccount notes the end of an account's sessions that have none.
func (p Player) EndAccount(ctx context.Context, x id.Account, at time.Time) error {
	return p.db.exec(ctx, endAccountSessions, milliseconds(at), x)
}

// DropSessions deletes the sessions that expired before a time.
func (p Player) DropSessions(ctx context.Context, before time.Time) error {
	return p.db.exec(ctx, deleteOldSessions, milliseconds(before))
}

// SaveProgress stores positions in one transaction, each unless a later one is stored, with the visits and marks that
// follow from them.
func (p Player) SaveProgress(ctx context.Context, ps []player.Progress) error {
	return p.db.write(ctx, func(tx *sqlx.Tx) error {
		for _, x := range ps {
			if err := saveProgress(ctx, tx, x); err != nil {
				return err
			}
			if !x.Started() {
				continue
			}
			if err := visit(ctx, tx, x); err != nil {
				return err
			}
			if !x.Watched() {
				continue
			}
			if err := saveMark(
				ctx, tx, player.Mark{Profile: x.Profile, Title: x.Title, Kind: player.MarkWatched, Value: 1, At: x.At},
			); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveProgress(ctx context.Context, tx *sqlx.Tx, x player.Progress) error {
	if _, err := tx.ExecContext(ctx, string(upsertProgress), x.Profile, x.Title, x.File,
		x.PositionMS, x.DurationMS, x.ResumeMS(), milliseconds(x.At)); err != nil {
		return fmt.Errorf("keep progress: %w", err)
	}
	return nil
}

// Progress returns the positions of a profile in titles.
func (p Player) Progress(ctx context.Context, x id.Profile, titles []id.Title) (map[id.Title]player.Progress, error) {
	out := make(map[id.Title]player.Progress)
	for part := range chunks(titles) {
		query, args, err := sqlx.In(string(selectProgress), x, part)
		if err != nil {
			return nil, fmt.Errorf("widen a list: %w", err)
		}
		var rows []progressRow
		if err := p.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("read progress: %w", err)
		}
		for _, r := range rows {
			out[r.Title] = r.value()
		}
	}
	return out, nil
}

// Resumable lists the positions that a profile may resume, newest first.
func (p Player) Resumable(ctx context.Context, x id.Profile, limit int) ([]player.Progress, error) {
	var rows []progressRow
	if err := p.db.read.SelectContext(ctx, &rows, string(selectResumable), x, limit); err != nil {
		return nil, fmt.Errorf("read progress: %w", err)
	}
	out := make([]player.Progress, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.value())
	}
	return out, nil
}

// ForgetProgress replaces a position by an empty one, so that no earlier one comes back.
func (p Player) ForgetProgress(ctx context.Context, x id.Profile, t id.Title, at time.Time) error {
	return p.db.write(ctx, func(tx *sqlx.Tx) error {
		return saveProgress(ctx, tx, player.Progress{Profile: x, Title: t, At: at})
	})
}
