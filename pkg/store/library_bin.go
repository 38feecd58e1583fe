package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// Bin lists up to limit files that are missing, the latest first, and counts all of them.
func (l *Library) Bin(ctx context.Context, limit int) ([]library.File, int, error) {
	files, err := l.files(ctx, selectBin, cap64(limit))
	if err != nil {
		return nil, 0, err
	}
	var total int
	if err := l.db.read.GetContext(ctx, &total, string(countBin)); err != nil {
		return nil, 0, fmt.Errorf("count the bin: %w", err)
	}
	return files, total, nil
}

// Forget removes up to limit files that are missing since before a time, and the titles that nothing refers to any
// more.
func (l *Library) Forget(ctx context.Context, beforeMS int64, limit int) (n int, err error) {
	err = l.write(ctx, func(tx *sqlx.Tx) error {
		var rows []forgottenFile
		if err := tx.SelectContext(ctx, &rows, string(selectForgettable), beforeMS, limit); err != nil {
			return fmt.Errorf("look through the bin: %w", err)
		}
		n = len(rows)
		return forget(ctx, tx, rows)
	})
	return n, err
}

// ForgetFile removes a missing file, and its title if nothing refers to it any more.
func (l *Library) ForgetFile(ctx context.Context, f id.File) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		var row struct {
			forgottenFile
			State library.State `db:"state"`
		}
		if err := tx.GetContext(ctx, &row, string(selectFate), f); err != nil {
			return noRowsAs(err, library.ErrFileNotFound)
		}
		if row.State != library.Missing {
			return library.ErrNotMissing
		}
		return forget(ctx, tx, []forgottenFile{row.forgottenFile})
	})
}

// forgottenFile is a removed file and its title.
type forgottenFile struct {
	File  id.File `db:"id"`
	Title nullID  `db:"title_id"`
}

// forget removes files, then those of their titles that nothing refers to, and then the titles these were part of.
func forget(ctx context.Context, tx *sqlx.Tx, files []forgottenFile) error {
	var titles []id.Title
	for _, f := range files {
		for _, s := range fileDeletes() {
			if _, err := tx.ExecContext(ctx, string(s), f.File); err != nil {
				return fmt.Errorf("forget file %s: %w", f.File, err)
			}
		}
		titles = append(titles, id.Title(f.Title.String))
	}
	// Up to three levels: an episode, its season, its series.
	for range 3 {
		var above []id.Title
		for _, t := range titles {
			var parent nullID
			switch err := tx.GetContext(ctx, &parent, string(selectUnmissed), t); {
			case errors.Is(err, sql.ErrNoRows):
				continue
			case err != nil:
				return fmt.Errorf("forget title %s: %w", t, err)
			}
			for _, s := range titleDeletes() {
				if _, err := tx.ExecContext(ctx, string(s), t); err != nil {
					return fmt.Errorf("forget title %s: %w", t, err)
				}
			}
			if _, err := tx.ExecContext(ctx, string(noteSearchChange), t, false); err != nil {
				return fmt.Errorf("forget title %s: %w", t, err)
			}
			above = append(above, id.Title(parent.String))
		}
		titles = above
	}
	return nil
}

// fileDeletes are the statements that delete a file and all rows about it.
func fileDeletes() []statement { return []statement{forgetSubtitles, forgetFile} }

// titleDeletes are the statements that delete a title and all rows about it. selectUnmissed leaves out titles that
// people have marks, positions or visits of.
func titleDeletes() []statement {
	return []statement{
		forgetDescriptions, forgetLabels, forgetCredits, forgetNames, forgetIDs, forgetScopes, forgetMembership,
		deleteTitlePictures, forgetTitle,
	}
}

const (
	forgetSubtitles    statement = `DELETE FROM file_subtitles WHERE file_id = ?`
	forgetFile         statement = `DELETE FROM files WHERE id = ?`
	forgetDescriptions statement = `DELETE FROM descriptions WHERE title_id = ?`
	forgetLabels       statement = `DELETE FROM title_labels WHERE title_id = ?`
	forgetCredits      statement = `DELETE FROM credits WHERE title_id = ?`
	forgetNames        statement = `DELETE FROM title_names WHERE title_id = ?`
	forgetIDs          statement = `DELETE FROM title_ids WHERE title_id = ?`
	forgetScopes       statement = `DELETE FROM title_scopes WHERE title_id = ?`
	forgetMembership   statement = `DELETE FROM collection_titles WHERE title_id = ?`
	forgetTitle        statement = `DELETE FROM titles WHERE id = ?`
)

const selectBin statement = `
SELECT ` + fileColumns + `, '' AS probe FROM files f WHERE f.state = 'missing' ORDER BY f.since_ms DESC, f.id DESC LIMIT ?`

const countBin statement = `SELECT COUNT(*) FROM files WHERE state = 'missing'`

// A file missing from an unreachable or held root may only be away with it.
const selectForgettable statement = `
SELECT id, title_id FROM files WHERE state = 'missing' AND since_ms < ?
  AND root_id NOT IN (SELECT id FROM roots WHERE state <> 'present' OR held_missing > 0)
ORDER BY since_ms LIMIT ?`

const selectFate statement = `SELECT id, title_id, state FROM files WHERE id = ?`

// A title stays while it has a file or a part, or while a profile has a mark, position or visit of it.
const selectUnmissed statement = `
SELECT t.parent_id FROM titles t WHERE t.id = ?
  AND NOT EXISTS (SELECT 1 FROM files f WHERE f.title_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM titles c WHERE c.parent_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM history h WHERE h.title_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM marks m WHERE m.title_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM progress p WHERE p.title_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.title_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM collection_titles x WHERE x.title_id = t.id AND x.by_rule = 0)
  AND NOT EXISTS (SELECT 1 FROM title_art a WHERE a.title_id = t.id AND a.source = 'upload')
  AND t.edited = 0 AND t.matched <> 'checked'`
