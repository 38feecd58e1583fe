package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
)

// Apply writes the change in one transaction.
func (l *Library) Apply(ctx context.Context, c library.Change) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		var concerned, left, moved, limited []id.Title
		p := prepare(tx)
		before, err := readTitlesBefore(ctx, tx, c)
		if err != nil {
			return err
		}
		for _, t := range c.Titles {
			was, known := before[t.ID]
			if !known {
				was = before[t.Parent].part(t.ID)
				before[t.ID] = was
			}
			if err := saveTitle(ctx, p, t, was, known); err != nil {
				return fmt.Errorf("save title %s: %w", t.ID, err)
			}
			if old := id.Title(was.Parent.String); known && old != t.Parent {
				left = append(left, old)
				limited = append(limited, t.ID)
			}
			if id.Title(was.Parent.String) != t.Parent {
				concerned = append(concerned, t.ID)
				moved = append(moved, t.ID)
			}
		}
		for _, d := range c.Descriptions {
			if err := saveDescription(ctx, p, d, c.AtMS); err != nil {
				return fmt.Errorf("save what %s says of title %s: %w", d.Source, d.Title, err)
			}
		}
		for _, x := range c.Resolved {
			if err := saveShown(ctx, p, x); err != nil {
				return fmt.Errorf("save what is told of title %s: %w", x.Title, err)
			}
			if !before[x.Title].sameAge(x.Facts.Age) {
				limited = append(limited, x.Title)
			}
		}
		if err := noteFound(ctx, tx, c); err != nil {
			return err
		}
		// After the parents and ratings of all titles are written.
		for _, t := range distinct(limited) {
			if err := limit(ctx, tx, t); err != nil {
				return err
			}
		}
		if err := share(ctx, tx, moved); err != nil {
			return err
		}
		was, err := titlesOfFiles(ctx, tx, c.Files)
		if err != nil {
			return err
		}
		for _, f := range c.Files {
			before, known := was[f.ID]
			if err := saveFile(ctx, p, f, known); err != nil {
				return fmt.Errorf("save file %s: %w", f.ID, err)
			}
			concerned = append(concerned, f.Title, before)
		}
		for _, m := range c.Moves {
			for _, f := range m.Files {
				if _, err := tx.ExecContext(ctx, string(moveFile), m.State, m.Code, m.Reason, c.AtMS, f); err != nil {
					return fmt.Errorf("move file %s: %w", f, err)
				}
				var title nullID
				if err := tx.GetContext(ctx, &title, string(selectTitleOfFile), f); err != nil {
					return fmt.Errorf("move file %s: %w", f, noRowsAs(err, library.ErrFileNotFound))
				}
				concerned = append(concerned, id.Title(title.String))
			}
		}
		if err := handOver(ctx, tx, c.Handovers); err != nil {
			return err
		}
		return choose(ctx, tx, concerned, left)
	})
}

// titleBefore is the parent, rating and audience of a title before a change.
type titleBefore struct {
	ID      id.Title      `db:"id"`
	Parent  nullID        `db:"parent_id"`
	Age     sql.NullInt64 `db:"age"`
	MinAge  int64         `db:"min_age"`
	Unrated bool          `db:"unrated"`
}

// part is the initial state of a new title that is part of one: the parent's. Without a parent it is unrated.
func (r titleBefore) part(t id.Title) titleBefore {
	if r.ID == "" {
		return titleBefore{ID: t, Unrated: true}
	}
	return titleBefore{ID: t, MinAge: r.MinAge, Unrated: r.Unrated}
}

// sameAge reports whether the title had that age.
func (r titleBefore) sameAge(age *int) bool {
	if age == nil {
		return !r.Age.Valid
	}
	return r.Age.Valid && r.Age.Int64 == int64(*age)
}

// readTitlesBefore reads the state of the titles of a change, and of their parents, before it.
func readTitlesBefore(ctx context.Context, tx *sqlx.Tx, c library.Change) (map[id.Title]titleBefore, error) {
	var titles []id.Title
	for _, t := range c.Titles {
		titles = append(titles, t.ID, t.Parent)
	}
	for _, x := range c.Resolved {
		titles = append(titles, x.Title)
	}
	out := make(map[id.Title]titleBefore, len(titles))
	for part := range chunks(distinct(titles)) {
		query, args, err := sqlx.In(string(selectStanding), part)
		if err != nil {
			return nil, err
		}
		var rows []titleBefore
		if err := tx.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("look for titles: %w", err)
		}
		for _, r := range rows {
			out[r.ID] = r
		}
	}
	return out, nil
}

// saveTitle adds a title with the state of its parent, or replaces a known one.
func saveTitle(ctx context.Context, p preparedTx, t library.Title, stands titleBefore, known bool) error {
	wall := t.Kind == library.Movie || t.Kind == library.Series
	if known {
		_, err := p.run(
			ctx, updateTitle, t.Kind, wall, orNull(t.Parent), t.Identity, t.Season, t.Episode, t.EpisodeLast, t.AddedMS, t.Extra,
			t.Matched, t.ID,
		)
		return err
	}
	evidence, err := json.Marshal(t.Evidence)
	if err != nil {
		return err
	}
	_, err = p.run(
		ctx, insertTitle, t.Kind, wall, orNull(t.Parent), t.Identity, t.Name, naming.SortKey(t.Name), naming.Fold(t.Name),
		t.Year, t.Season, t.Episode, t.EpisodeLast, t.Overview, string(evidence), t.AddedMS, t.Extra, t.Matched,
		stands.MinAge, stands.Unrated, t.ID,
	)
	return err
}

// titlesOfFiles returns the titles of known files.
func titlesOfFiles(ctx context.Context, tx *sqlx.Tx, files []library.File) (map[id.File]id.Title, error) {
	ids := make([]id.File, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	out := make(map[id.File]id.Title, len(files))
	for part := range chunks(ids) {
		query, args, err := sqlx.In(string(selectTitlesOfFiles), part)
		if err != nil {
			return nil, err
		}
		var rows []struct {
			ID    id.File `db:"id"`
			Title nullID  `db:"title_id"`
		}
		if err := tx.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("look for files: %w", err)
		}
		for _, r := range rows {
			out[r.ID] = id.Title(r.Title.String)
		}
	}
	return out, nil
}

func saveFile(ctx context.Context, p preparedTx, f library.File, known bool) error {
	probe := ""
	if len(f.Probe.Video) > 0 {
		text, err := json.Marshal(f.Probe)
		if err != nil {
			return err
		}
		probe = string(text)
	}
	values := []any{
		f.Root, orNull(f.Title), escapePath(f.Path), pathHash(f.Path), f.Size, f.ModTimeNS, f.Fingerprint, probe,
		f.DurationMS, f.Height, f.State, f.Code, f.Reason, f.SinceMS, f.Art, f.Color, f.AddedMS, f.Edition, f.Part,
		strings.Join(f.Flags, ","), f.Pinned, f.WorkFolder, f.ID,
	}
	save := insertFile
	if known {
		save = updateFile
	}
	_, err := p.run(ctx, save, values...)
	return err
}

// choose selects the file that represents each of the works, and then those of the seasons and series above them and of
// those that an episode or season has left.
func choose(ctx context.Context, tx *sqlx.Tx, titles, left []id.Title) error {
	titles = distinct(titles)
	all := titles
	for _, s := range []statement{chooseForWorks, measureWorks} {
		if err := forEach(ctx, tx, s, titles); err != nil {
			return fmt.Errorf("choose the files of titles: %w", err)
		}
	}
	if err := placeWorks(ctx, tx, titles); err != nil {
		return err
	}
	for range 2 {
		var above []id.Title
		for part := range chunks(titles) {
			query, args, err := sqlx.In(string(selectWholesOf), part)
			if err != nil {
				return err
			}
			var some []id.Title
			if err := tx.SelectContext(ctx, &some, query, args...); err != nil {
				return fmt.Errorf("find what titles are part of: %w", err)
			}
			above = append(above, some...)
		}
		titles = distinct(append(above, left...))
		if err := forEach(ctx, tx, chooseForWholes, titles); err != nil {
			return fmt.Errorf("choose the files of seasons and series: %w", err)
		}
		if err := placeWholes(ctx, tx, titles); err != nil {
			return err
		}
		all = append(all, titles...)
	}
	return placeExtras(ctx, tx, distinct(all))
}

// distinct returns each title of a list once, sorted.
func distinct(titles []id.Title) []id.Title {
	titles = slices.Clone(titles)
	slices.Sort(titles)
	return slices.DeleteFunc(slices.Compact(titles), func(t id.Title) bool { return t == "" })
}

// forEach runs a statement that ends in a list of titles.
func forEach(ctx context.Context, tx *sqlx.Tx, s statement, titles []id.Title) error {
	for part := range chunks(titles) {
		query, args, err := sqlx.In(string(s), part)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// The best file of a movie, episode or extra: present before away, the first part, then the tallest, then the newest.
const chooseForWorks statement = `
UPDATE titles SET lead_file_id = (
  SELECT f.id FROM files f WHERE f.title_id = titles.id AND f.state IN ('present', 'unreachable')
  ORDER BY CASE f.state WHEN 'present' THEN 0 ELSE 1 END, CASE WHEN f.part > 1 THEN 1 ELSE 0 END, f.height DESC, f.added_ms DESC, f.id DESC
  LIMIT 1)
WHERE kind IN ('movie', 'episode', 'extra') AND id IN (?)`

// The duration: a film in parts takes all of them.
const measureWorks statement = `
UPDATE titles SET duration_ms = COALESCE((
  SELECT CASE WHEN f.part = 0 THEN f.duration_ms ELSE (
    SELECT SUM(one.longest) FROM (
      SELECT MAX(p.duration_ms) AS longest FROM files p
      WHERE p.title_id = f.title_id AND p.edition = f.edition AND p.part > 0 AND p.state IN ('present', 'unreachable')
      GROUP BY p.part) one) END
  FROM files f WHERE f.id = titles.lead_file_id), 0)
WHERE id IN (?)`

// The file of the first season or episode that has one; specials come last.
const chooseForWholes statement = `
UPDATE titles SET lead_file_id = (
  SELECT t.lead_file_id FROM titles t WHERE t.parent_id = titles.id AND t.lead_file_id IS NOT NULL AND t.kind IN ('season', 'episode')
  ORDER BY CASE t.season WHEN 0 THEN 1 ELSE 0 END, t.season, t.episode, t.id LIMIT 1)
WHERE kind IN ('season', 'series') AND id IN (?)`

const selectWholesOf statement = `
SELECT DISTINCT t.parent_id FROM titles t WHERE t.parent_id IS NOT NULL AND t.kind IN ('season', 'episode') AND t.id IN (?)`

const selectParent statement = `SELECT parent_id FROM titles WHERE id = ?`

const selectStanding statement = `SELECT t.id, t.parent_id, t.age, t.min_age, t.unrated FROM titles t WHERE t.id IN (?)`

const selectTitlesOfFiles statement = `SELECT id, title_id FROM files WHERE id IN (?)`

const selectTitleOfFile statement = `SELECT title_id FROM files WHERE id = ?`

const moveFile statement = `UPDATE files SET state = ?, code = ?, reason = ?, since_ms = ? WHERE id = ?`

const insertTitle statement = `
INSERT INTO titles (kind, wall, parent_id, identity, name, sort_key, search_key, year, season, episode, episode_last, overview,
                    evidence, added_ms, extra, matched, min_age, unrated, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// Descriptions and pictures of a title have statements of their own.
const updateTitle statement = `
UPDATE titles SET kind = ?, wall = ?, parent_id = ?, identity = ?, season = ?, episode = ?, episode_last = ?, added_ms = ?,
       extra = ?, matched = ?
WHERE id = ?`

const insertFile statement = `
INSERT INTO files (root_id, title_id, path, path_hash, size, mtime_ns, fingerprint, probe, duration_ms, height, state, code,
                   reason, since_ms, art, color, added_ms, edition, part, flags, pinned, home, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateFile statement = `
UPDATE files SET root_id = ?, title_id = ?, path = ?, path_hash = ?, size = ?, mtime_ns = ?, fingerprint = ?, probe = ?,
       duration_ms = ?, height = ?, state = ?, code = ?, reason = ?, since_ms = ?, art = ?, color = ?, added_ms = ?,
       edition = ?, part = ?, flags = ?, pinned = ?, home = ?
WHERE id = ?`
