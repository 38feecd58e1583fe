package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/id"
	"movify/player"
)

const (
	upsertMark statement = `INSERT INTO marks (profile_id, title_id, kind, value, at_ms) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (profile_id, title_id, kind) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms
		WHERE excluded.at_ms >= marks.at_ms`
	selectStandings statement = `SELECT ` + progressColumns + `, '' AS kind, 0 AS value FROM progress
		WHERE profile_id = ? AND duration_ms > 0 AND title_id IN (?)
		UNION ALL SELECT profile_id, title_id, '', 0, 0, at_ms, kind, value FROM marks
		WHERE profile_id = ? AND value <> 0 AND title_id IN (?)`
	// The arguments of a page: the profile, …, whether it is the first page, and the place it comes after.
	selectMarked statement = `SELECT title_id, kind, value, at_ms FROM marks
		WHERE profile_id = ? AND kind = ? AND value <> 0 AND (? = 1 OR (at_ms, title_id) < (?, ?))
		ORDER BY at_ms DESC, title_id DESC LIMIT ?`

	visitColumns           = `id, title_id, began_ms, at_ms, position_ms, duration_ms, watched`
	selectVisits statement = `SELECT ` + visitColumns + ` FROM history
		WHERE profile_id = ? AND (? = 1 OR (at_ms, id) < (?, ?)) ORDER BY at_ms DESC, id DESC LIMIT ?`
	// The visit a position belongs to: its last sign is no more than a gap before, its first no more than a gap after.
	selectVisitAround statement = `SELECT ` + visitColumns + ` FROM history
		WHERE profile_id = ? AND title_id = ? AND at_ms > ? AND began_ms < ? ORDER BY at_ms DESC LIMIT 1`
	insertVisit statement = `INSERT INTO history (profile_id, id, title_id, began_ms, at_ms, position_ms, duration_ms, watched)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	updateVisit statement = `UPDATE history SET began_ms = ?, at_ms = ?, position_ms = ?, duration_ms = ?, watched = ?
		WHERE profile_id = ? AND id = ?`
	deleteVisits statement = `DELETE FROM history WHERE profile_id = ? AND (? = '' OR title_id = ?)`

	selectCleared  statement = `SELECT cleared_ms FROM progress WHERE profile_id = ? AND title_id = ?`
	updateProgress statement = `UPDATE progress SET position_ms = 0, duration_ms = 0, resume_ms = 0, at_ms = ?, cleared_ms = ?
		WHERE profile_id = ? AND (? = '' OR title_id = ?) AND at_ms <= ?`

	upsertSearch statement = `INSERT INTO searches (profile_id, words_key, id, words, at_ms) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (profile_id, words_key) DO UPDATE SET id = excluded.id, words = excluded.words, at_ms = excluded.at_ms`
	selectSearches statement = `SELECT id, words, at_ms FROM searches WHERE profile_id = ? ORDER BY at_ms DESC, id DESC`
	deleteSearches statement = `DELETE FROM searches WHERE profile_id = ? AND (? = '' OR id = ?)`

	deleteAllProgress statement = `DELETE FROM progress WHERE profile_id = ?`
	deleteAllVisits   statement = `DELETE FROM history WHERE profile_id = ?`
	deleteAllMarks    statement = `DELETE FROM marks WHERE profile_id = ?`
	deleteAllSearches statement = `DELETE FROM searches WHERE profile_id = ?`
	deleteAllSessions statement = `DELETE FROM sessions WHERE profile_id = ?`
)

type markRow struct {
	Title id.Title        `db:"title_id"`
	Kind  player.MarkKind `db:"kind"`
	Value int             `db:"value"`
	AtMS  int64           `db:"at_ms"`
}

type visitRow struct {
	ID         string   `db:"id"`
	Title      id.Title `db:"title_id"`
	BeganMS    int64    `db:"began_ms"`
	AtMS       int64    `db:"at_ms"`
	PositionMS int64    `db:"position_ms"`
	DurationMS int64    `db:"duration_ms"`
	Watched    bool     `db:"watched"`
}

// SaveMarks keeps marks in one transaction, each unless a later one is kept.
func (p Player) SaveMarks(ctx context.Context, ms []player.Mark) error {
	return p.db.write(ctx, func(tx *sqlx.Tx) error {
		for _, m := range ms {
			if err := saveMark(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveMark(ctx context.Context, tx *sqlx.Tx, m player.Mark) error {
	if _, err := tx.ExecContext(
		ctx, string(upsertMark), m.Profile, m.Title, m.Kind, m.Value, milliseconds(m.At),
	); err != nil {
		return fmt.Errorf("keep a mark: %w", err)
	}
	return nil
}

// Standings gives the positions and marks of a profile.
func (p Player) Standings(
	ctx context.Context, x id.Profile, titles []id.Title,
) (map[id.Title]player.Progress, []player.Mark, error) {
	at, marks := make(map[id.Title]player.Progress), []player.Mark{}
	for part := range chunks(titles) {
		query, args, err := sqlx.In(string(selectStandings), x, part, x, part)
		if err != nil {
			return nil, nil, fmt.Errorf("widen a list: %w", err)
		}
		var rows []struct {
			progressRow
			Kind  player.MarkKind `db:"kind"` // "" = a position
			Value int             `db:"value"`
		}
		if err := p.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, nil, fmt.Errorf("read progress and marks: %w", err)
		}
		for _, r := range rows {
			if r.Kind == "" {
				at[r.Title] = r.value()
				continue
			}
			marks = append(marks, player.Mark{Profile: x, Title: r.Title, Kind: r.Kind, Value: r.Value, At: momentOf(r.AtMS)})
		}
	}
	return at, marks, nil
}

// Marked lists the marks of a kind, newest first.
func (p Player) Marked(
	ctx context.Context, x id.Profile, k player.MarkKind, after player.Cursor, limit int,
) ([]player.Mark, error) {
	return p.marks(ctx, x, string(selectMarked), x, k, after.At.IsZero(), milliseconds(after.At), after.ID, limit)
}

func (p Player) marks(ctx context.Context, x id.Profile, query string, args ...any) ([]player.Mark, error) {
	var rows []markRow
	if err := p.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read marks: %w", err)
	}
	out := make([]player.Mark, 0, len(rows))
	for _, r := range rows {
		out = append(out, player.Mark{Profile: x, Title: r.Title, Kind: r.Kind, Value: r.Value, At: momentOf(r.AtMS)})
	}
	return out, nil
}

// Visits lists what a profile watched, newest first.
func (p Player) Visits(ctx context.Context, x id.Profile, after player.Cursor, limit int) ([]player.Visit, error) {
	var rows []visitRow
	err := p.db.read.SelectContext(
		ctx, &rows, string(selectVisits), x, after.At.IsZero(), milliseconds(after.At), after.ID, limit,
	)
	if err != nil {
		return nil, fmt.Errorf("read a history: %w", err)
	}
	out := make([]player.Visit, 0, len(rows))
	for _, r := range rows {
		out = append(out, player.Visit{ID: r.ID, Profile: x, Title: r.Title, Began: momentOf(r.BeganMS), At: momentOf(r.AtMS),
			PositionMS: r.PositionMS, DurationMS: r.DurationMS, Watched: r.Watched})
	}
	return out, nil
}

// visit puts a position into the visit it belongs to, or begins one, unless its time has been forgotten.
func visit(ctx context.Context, tx *sqlx.Tx, x player.Progress) error {
	at, gap := milliseconds(x.At), player.VisitGap.Milliseconds()
	var cleared int64
	if err := tx.GetContext(ctx, &cleared, string(selectCleared), x.Profile, x.Title); err != nil {
		return fmt.Errorf("read what is forgotten: %w", err)
	}
	if at <= cleared {
		return nil
	}
	var r visitRow
	err := tx.GetContext(ctx, &r, string(selectVisitAround), x.Profile, x.Title, at-gap, at+gap)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = tx.ExecContext(
			ctx, string(insertVisit), x.Profile, id.New[string](), x.Title, at, at, x.PositionMS, x.DurationMS, x.Watched(),
		)
	} else if err == nil {
		if at >= r.AtMS {
			r.AtMS, r.PositionMS, r.DurationMS = at, x.PositionMS, x.DurationMS
		}
		_, err = tx.ExecContext(ctx, string(updateVisit), min(r.BeganMS, at), r.AtMS, r.PositionMS, r.DurationMS,
			r.Watched || x.Watched(), x.Profile, r.ID)
	}
	if err != nil {
		return fmt.Errorf("keep a visit: %w", err)
	}
	return nil
}

// ForgetVisits removes visits and the positions that go with them.
func (p Player) ForgetVisits(ctx context.Context, x id.Profile, t id.Title, at time.Time) error {
	return p.db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(deleteVisits), x, t, t); err != nil {
			return fmt.Errorf("forget visits: %w", err)
		}
		ms := milliseconds(at)
		if _, err := tx.ExecContext(ctx, string(updateProgress), ms, ms, x, t, t, ms); err != nil {
			return fmt.Errorf("forget positions: %w", err)
		}
		return nil
	})
}

// SaveSearch keeps a search and forgets the oldest beyond player.SearchesKept.
func (p Player) SaveSearch(ctx context.Context, s player.Search) error {
	return p.db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(
			ctx, string(upsertSearch), s.Profile, s.Key(), s.ID, s.Words, milliseconds(s.At),
		); err != nil {
			return fmt.Errorf("keep a search: %w", err)
		}
		var kept []searchRow
		if err := tx.SelectContext(ctx, &kept, string(selectSearches), s.Profile); err != nil {
			return fmt.Errorf("read searches: %w", err)
		}
		for _, old := range kept[min(player.SearchesKept, len(kept)):] {
			if _, err := tx.ExecContext(ctx, string(deleteSearches), s.Profile, old.ID, old.ID); err != nil {
				return fmt.Errorf("forget an old search: %w", err)
			}
		}
		return nil
	})
}

type searchRow struct {
	ID    string `db:"id"`
	Words string `db:"words"`
	AtMS  int64  `db:"at_ms"`
}

// Searches lists the searches of a profile, newest first.
func (p Player) Searches(ctx context.Context, x id.Profile) ([]player.Search, error) {
	var rows []searchRow
	if err := p.db.read.SelectContext(ctx, &rows, string(selectSearches), x); err != nil {
		return nil, fmt.Errorf("read searches: %w", err)
	}
	out := make([]player.Search, 0, len(rows))
	for _, r := range rows {
		out = append(out, player.Search{ID: r.ID, Profile: x, Words: r.Words, At: momentOf(r.AtMS)})
	}
	return out, nil
}

// ForgetSearch removes one search of a profile, or all.
func (p Player) ForgetSearch(ctx context.Context, x id.Profile, search string) error {
	return p.db.exec(ctx, deleteSearches, x, search, search)
}

// ForgetProfile removes everything a profile left behind, in one transaction.
func (p Player) ForgetProfile(ctx context.Context, x id.Profile) error {
	return p.db.write(ctx, func(tx *sqlx.Tx) error {
		for _, s := range []statement{
			deleteAllProgress, deleteAllVisits, deleteAllMarks, deleteAllSearches, deleteAllSessions,
		} {
			if _, err := tx.ExecContext(ctx, string(s), x); err != nil {
				return fmt.Errorf("forget a profile: %w", err)
			}
		}
		return nil
	})
}
