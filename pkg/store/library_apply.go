package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// Apply writes the change in one transaction.
func (l *Library) Apply(ctx context.Context, c library.Change) error {
	return l.db.write(ctx, func(tx *sqlx.Tx) error {
		var left []id.Title
		for _, t := range c.Titles {
			old, err := saveTitle(ctx, tx, t)
			if err != nil {
				return fmt.Errorf("save title %s: %w", t.ID, err)
			}
			if old != t.Parent {
				left = append(left, old)
			}
		}
		for _, t := range c.Titles { // once they all know what they are part of
			if err := limit(ctx, tx, t.ID); err != nil {
				return err
			}
		}
		var concerned []id.Title
		for _, f := range c.Files {
			if err := saveFile(ctx, tx, f); err != nil {
				return fmt.Errorf("save file %s: %w", f.ID, err)
			}
			concerned = append(concerned, f.Title)
		}
		for _, m := range c.Moves {
			for _, f := range m.Files {
				if _, err := tx.ExecContext(ctx, string(moveFile), m.State, m.Code, m.Reason, c.AtMS, f); err != nil {
					return fmt.Errorf("move file %s: %w", f, err)
				}
				var title nullID
				if err := tx.GetContext(ctx, &title, string(selectTitleOfFile), f); err != nil {
					return fmt.Errorf("move file %s: %w", f, absent(err, library.ErrFileNotFound))
				}
				concerned = append(concerned, id.Title(title.String))
			}
		}
		return choose(ctx, tx, concerned, left)
	})
}

// saveTitle adds or replaces a title and gives the parent it had before.
func saveTitle(ctx context.Context, tx *sqlx.Tx, t library.Title) (id.Title, error) {
	evidence, err := json.Marshal(t.Evidence)
	if err != nil {
		return "", err
	}
	var parent nullID
	err = tx.GetContext(ctx, &parent, string(selectParent), t.ID)
	known := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	values := []any{t.Kind, t.Kind == library.Movie || t.Kind == library.Series, orNull(t.Parent), t.Identity, t.Name, library.SortKey(t.Name), library.Fold(t.Name), t.Year, t.Season,
		t.Episode, t.EpisodeLast, t.Overview, string(evidence), t.AddedMS, t.ID}
	save := insertTitle
	if known {
		save = updateTitle
	}
	_, err = tx.ExecContext(ctx, string(save), values...)
	return id.Title(parent.String), err
}

func saveFile(ctx context.Context, tx *sqlx.Tx, f library.File) error {
	probe := ""
	if len(f.Probe.Video) > 0 {
		text, err := json.Marshal(f.Probe)
		if err != nil {
			return err
		}
		probe = string(text)
	}
	values := []any{f.Root, orNull(f.Title), escapePath(f.Path), pathHash(f.Path), f.Size, f.ModTimeNS, f.Fingerprint, probe,
		f.DurationMS, f.Height, f.State, f.Code, f.Reason, f.SinceMS, f.Art, f.Color, f.AddedMS, f.ID}
	done, err := changed(tx.ExecContext(ctx, string(updateFile), values...))
	if err == nil && !done {
		_, err = tx.ExecContext(ctx, string(insertFile), values...)
	}
	return err
}

// choose finds the file that stands for each of the movies and episodes, and then for the seasons and series above them
// and for those that an episode or season has left.
func choose(ctx context.Context, tx *sqlx.Tx, titles, left []id.Title) error {
	for level, s := range []statement{selectLeadOfWork, selectLeadOfParent, selectLeadOfParent} {
		titles = slices.Clone(titles)
		if level > 0 {
			titles = append(titles, left...)
		}
		slices.Sort(titles)
		var parents []id.Title
		for _, t := range slices.Compact(titles) {
			if t == "" {
				continue
			}
			var lead nullID
			if err := tx.GetContext(ctx, &lead, string(s), t); err != nil && !errors.Is(err, sql.ErrNoRows) {
				return fmt.Errorf("choose the file of title %s: %w", t, err)
			}
			if _, err := tx.ExecContext(ctx, string(updateLead), lead, t); err != nil {
				return fmt.Errorf("choose the file of title %s: %w", t, err)
			}
			var parent nullID
			if err := tx.GetContext(ctx, &parent, string(selectParent), t); err != nil {
				return fmt.Errorf("choose the file of title %s: %w", t, absent(err, library.ErrTitleNotFound))
			}
			parents = append(parents, id.Title(parent.String))
		}
		titles = parents
	}
	return nil
}

// The best file of a movie or episode: there before away, then the tallest, then the newest.
const selectLeadOfWork statement = `
SELECT id FROM files WHERE title_id = ? AND state IN ('present', 'unreachable')
ORDER BY CASE state WHEN 'present' THEN 0 ELSE 1 END, height DESC, added_ms DESC, id DESC LIMIT 1`

// The file of the first season or episode that has one; specials come last.
const selectLeadOfParent statement = `
SELECT lead_file_id FROM titles WHERE parent_id = ? AND lead_file_id IS NOT NULL
ORDER BY CASE season WHEN 0 THEN 1 ELSE 0 END, season, episode, id LIMIT 1`

const selectParent statement = `SELECT parent_id FROM titles WHERE id = ?`

const updateLead statement = `UPDATE titles SET lead_file_id = ? WHERE id = ?`

const selectTitleOfFile statement = `SELECT title_id FROM files WHERE id = ?`

const moveFile statement = `UPDATE files SET state = ?, code = ?, reason = ?, since_ms = ? WHERE id = ?`

const insertTitle statement = `
INSERT INTO titles (kind, wall, parent_id, identity, name, sort_key, search_key, year, season, episode, episode_last, overview,
                    evidence, added_ms, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateTitle statement = `
UPDATE titles SET kind = ?, wall = ?, parent_id = ?, identity = ?, name = ?, sort_key = ?, search_key = ?, year = ?, season = ?,
       episode = ?, episode_last = ?, overview = ?, evidence = ?, added_ms = ?
WHERE id = ?`

const insertFile statement = `
INSERT INTO files (root_id, title_id, path, path_hash, size, mtime_ns, fingerprint, probe, duration_ms, height, state, code,
                   reason, since_ms, art, color, added_ms, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateFile statement = `
UPDATE files SET root_id = ?, title_id = ?, path = ?, path_hash = ?, size = ?, mtime_ns = ?, fingerprint = ?, probe = ?,
       duration_ms = ?, height = ?, state = ?, code = ?, reason = ?, since_ms = ?, art = ?, color = ?, added_ms = ?
WHERE id = ?`
