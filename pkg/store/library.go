package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Library keeps what package library knows.
type Library struct{ db *DB }

var _ library.Store = (*Library)(nil)

// Library gives the part of the database that belongs to the library.
func (db *DB) Library() *Library { return &Library{db} }

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
	return l.write(ctx, func(tx *sqlx.Tx) error {
		done, err := changed(tx.ExecContext(ctx, string(updateRoot), escapePath(r.Path), pathHash(r.Path), r.State, r.ScannedMS, r.ID))
		if err == nil && !done {
			_, err = tx.ExecContext(ctx, string(insertRoot), r.ID, escapePath(r.Path), pathHash(r.Path), r.State, r.AddedMS, r.ScannedMS)
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

const selectRoots statement = `SELECT id, path, state, added_ms, scanned_ms FROM roots ORDER BY added_ms, id`

const countFilesByRoot statement = `
SELECT root_id, COUNT(*) AS files FROM files WHERE state <> 'missing' GROUP BY root_id`

const updateRoot statement = `UPDATE roots SET path = ?, path_hash = ?, state = ?, scanned_ms = ? WHERE id = ?`

const insertRoot statement = `
INSERT INTO roots (id, path, path_hash, state, added_ms, scanned_ms) VALUES (?, ?, ?, ?, ?, ?)`

const deleteRoot statement = `DELETE FROM roots WHERE id = ?`

const selectTitlesOfRoot statement = `SELECT DISTINCT title_id FROM files WHERE root_id = ? AND title_id IS NOT NULL`

const loseFilesOfRoot statement = `UPDATE files SET state = ?, code = ?, reason = ?, since_ms = ? WHERE root_id = ?`

type rootRow struct {
	ID        id.Root       `db:"id"`
	Path      string        `db:"path"`
	State     library.State `db:"state"`
	AddedMS   int64         `db:"added_ms"`
	ScannedMS int64         `db:"scanned_ms"`
}

func (r rootRow) root() (library.Root, error) {
	path, err := unescapePath(r.Path)
	return library.Root{ID: r.ID, Path: path, State: r.State, AddedMS: r.AddedMS, ScannedMS: r.ScannedMS}, err
}

// fileColumns are the columns of a fileRow but the probe, of files f.
const fileColumns = `f.id, f.root_id, f.title_id, f.path, f.size, f.mtime_ns, f.fingerprint, f.duration_ms, f.height,
       f.state, f.code, f.reason, f.since_ms, f.art, f.color, f.added_ms, f.edition, f.part, f.flags, f.pinned`

type fileRow struct {
	ID          id.File        `db:"id"`
	Root        id.Root        `db:"root_id"`
	Title       sql.NullString `db:"title_id"`
	Path        string         `db:"path"`
	Size        int64          `db:"size"`
	ModTimeNS   int64          `db:"mtime_ns"`
	Fingerprint string         `db:"fingerprint"`
	Probe       string         `db:"probe"`
	DurationMS  int64          `db:"duration_ms"`
	Height      int            `db:"height"`
	State       library.State  `db:"state"`
	Code        string         `db:"code"`
	Reason      string         `db:"reason"`
	SinceMS     int64          `db:"since_ms"`
	Art         library.Art    `db:"art"`
	Color       string         `db:"color"`
	AddedMS     int64          `db:"added_ms"`
	Edition     string         `db:"edition"`
	Part        int            `db:"part"`
	Flags       string         `db:"flags"`
	Pinned      bool           `db:"pinned"`
}

func (r fileRow) file() (library.File, error) {
	path, err := unescapePath(r.Path)
	if err != nil {
		return library.File{}, err
	}
	var probe media.Probe
	if r.Probe != "" {
		if err := json.Unmarshal([]byte(r.Probe), &probe); err != nil {
			return library.File{}, fmt.Errorf("read the probe of file %s: %w", r.ID, err)
		}
	}
	var flags []string
	if r.Flags != "" {
		flags = strings.Split(r.Flags, ",")
	}
	return library.File{
		ID: r.ID, Root: r.Root, Title: id.Title(r.Title.String), Path: path, Size: r.Size, ModTimeNS: r.ModTimeNS,
		Fingerprint: r.Fingerprint, Probe: probe, DurationMS: r.DurationMS, Height: r.Height, State: r.State, Code: r.Code,
		Reason: r.Reason, SinceMS: r.SinceMS, Art: r.Art, Color: r.Color, AddedMS: r.AddedMS,
		Edition: r.Edition, Part: r.Part, Flags: flags, Pinned: r.Pinned,
	}, nil
}

// convert turns rows into what they stand for.
func convert[R, V any](rows []R, value func(R) (V, error)) ([]V, error) {
	out := make([]V, 0, len(rows))
	for _, r := range rows {
		v, err := value(r)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// changed reports whether a statement found a row to change.
func changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// absent turns "no rows" into the fault that says what is not there.
func absent(err, fault error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault
	}
	return err
}

// orNull gives "" as NULL.
func orNull[T ~string](s T) sql.NullString {
	return sql.NullString{String: string(s), Valid: s != ""}
}
