package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Roots lists the library folders, oldest first.
func (l *Library) Roots(ctx context.Context) ([]library.Root, error) {
	var rows []rootRow
	if err := l.db.read.SelectContext(ctx, &rows, string(selectRoots)); err != nil {
		return nil, fmt.Errorf("list roots: %w", err)
	}
	return convert(rows, rootRow.root)
}

// SaveRoot adds the root or replaces the one with its ID.
func (l *Library) SaveRoot(ctx context.Context, r library.Root) error {
	values := []any{
		escapePath(r.Path), pathHash(r.Path), r.State, r.Code, r.Reason, r.SinceMS, r.AddedMS, r.ScannedMS, r.ChangedMS,
		r.CostMS, r.AcceptedMS, r.Disk.Kind, r.Disk.ID, r.WatchMethod, r.PollS, r.Held.Missing, r.Held.Of, r.Held.SinceMS,
		r.NamingRules, r.Ladder, r.ID,
	}
	return l.write(ctx, func(tx *sqlx.Tx) error {
		done, err := changed(tx.ExecContext(ctx, string(updateRoot), values...))
		if err == nil && !done {
			_, err = tx.ExecContext(ctx, string(insertRoot), values...)
		}
		if err != nil {
			return fmt.Errorf("save root: %w", err)
		}
		return nil
	})
}

// RemoveRoot forgets the root and keeps its files as Missing.
func (l *Library) RemoveRoot(ctx context.Context, r id.Root, code, reason string, atMS int64) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		var titles []id.Title
		if err := tx.SelectContext(ctx, &titles, string(selectTitlesOfRoot), r); err != nil {
			return fmt.Errorf("remove root: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(loseFilesOfRoot), library.Missing, code, reason, atMS, r); err != nil {
			return fmt.Errorf("remove root: %w", err)
		}
		done, err := changed(tx.ExecContext(ctx, string(deleteRoot), r))
		if err != nil {
			return fmt.Errorf("remove root: %w", err)
		}
		if !done {
			return library.ErrRootNotFound
		}
		return choose(ctx, tx, titles, nil)
	})
}

// RootSizes counts the files of each root that are not Missing.
func (l *Library) RootSizes(ctx context.Context) (map[id.Root]int, error) {
	var rows []struct {
		Root  id.Root `db:"root_id"`
		Files int     `db:"files"`
	}
	if err := l.db.read.SelectContext(ctx, &rows, string(countFilesByRoot)); err != nil {
		return nil, fmt.Errorf("count the files of roots: %w", err)
	}
	out := make(map[id.Root]int, len(rows))
	for _, r := range rows {
		out[r.Root] = r.Files
	}
	return out, nil
}

// LostSince counts the files of a root that went at or after a time.
func (l *Library) LostSince(ctx context.Context, r id.Root, sinceMS int64) (n int, err error) {
	if err := l.db.read.GetContext(ctx, &n, string(countLost), r, sinceMS); err != nil {
		return 0, fmt.Errorf("count lost files: %w", err)
	}
	return n, nil
}

// InRoot counts the files of a root in a state with a code.
func (l *Library) InRoot(ctx context.Context, r id.Root, s library.State, code string) (n int, err error) {
	if err := l.db.read.GetContext(ctx, &n, string(countInRoot), r, s, code); err != nil {
		return 0, fmt.Errorf("count files of a root: %w", err)
	}
	return n, nil
}

const rootColumns = `path, path_hash, state, code, reason, since_ms, added_ms, scanned_ms, changed_ms, cost_ms, accepted_ms,
       disk_kind, disk_id, wish, poll_s, held_missing, held_of, held_ms, naming_rules, ladder`

const selectRoots statement = `SELECT ` + rootColumns + `, id FROM roots ORDER BY added_ms, id`

const countFilesByRoot statement = `
SELECT root_id, COUNT(*) AS files FROM files WHERE state <> 'missing' GROUP BY root_id`

const countLost statement = `SELECT COUNT(*) FROM files WHERE root_id = ? AND state = 'missing' AND since_ms >= ?`

const countInRoot statement = `SELECT COUNT(*) FROM files WHERE root_id = ? AND state = ? AND code = ?`

const updateRoot statement = `
UPDATE roots SET path = ?, path_hash = ?, state = ?, code = ?, reason = ?, since_ms = ?, added_ms = ?, scanned_ms = ?, changed_ms = ?,
       cost_ms = ?, accepted_ms = ?, disk_kind = ?, disk_id = ?, wish = ?, poll_s = ?, held_missing = ?, held_of = ?, held_ms = ?, naming_rules = ?, ladder = ?
WHERE id = ?`

const insertRoot statement = `INSERT INTO roots (` + rootColumns + `, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const deleteRoot statement = `DELETE FROM roots WHERE id = ?`

const selectTitlesOfRoot statement = `SELECT DISTINCT title_id FROM files WHERE root_id = ? AND title_id IS NOT NULL`

const loseFilesOfRoot statement = `
UPDATE files SET state = ?, code = ?, reason = ?, since_ms = ? WHERE root_id = ? AND state <> 'missing'`

type rootRow struct {
	ID          id.Root             `db:"id"`
	Path        string              `db:"path"`
	PathHash    string              `db:"path_hash"`
	State       library.State       `db:"state"`
	Code        string              `db:"code"`
	Reason      string              `db:"reason"`
	SinceMS     int64               `db:"since_ms"`
	AddedMS     int64               `db:"added_ms"`
	ScannedMS   int64               `db:"scanned_ms"`
	ChangedMS   int64               `db:"changed_ms"`
	CostMS      int64               `db:"cost_ms"`
	AcceptedMS  int64               `db:"accepted_ms"`
	DiskKind    string              `db:"disk_kind"`
	DiskID      string              `db:"disk_id"`
	Wish        library.WatchMethod `db:"wish"`
	PollS       int                 `db:"poll_s"`
	HeldMissing int                 `db:"held_missing"`
	HeldOf      int                 `db:"held_of"`
	HeldMS      int64               `db:"held_ms"`
	NamingRules int                 `db:"naming_rules"`
	Ladder      media.LadderSetting `db:"ladder"`
}

func (r rootRow) root() (library.Root, error) {
	path, err := unescapePath(r.Path)
	return library.Root{
		ID: r.ID, Path: path, State: r.State, Code: r.Code, Reason: r.Reason, SinceMS: r.SinceMS, AddedMS: r.AddedMS,
		ScannedMS: r.ScannedMS, ChangedMS: r.ChangedMS, CostMS: r.CostMS, AcceptedMS: r.AcceptedMS,
		Disk: library.Disk{Kind: r.DiskKind, ID: r.DiskID}, WatchMethod: r.Wish, PollS: r.PollS,
		Held:        library.Held{Missing: r.HeldMissing, Of: r.HeldOf, SinceMS: r.HeldMS},
		NamingRules: r.NamingRules, Ladder: r.Ladder,
	}, err
}
