package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// A title is in the roots of its files that are present or away, a season or series in those of its parts. While no
// file is left it keeps the roots it had: it is not shown, and it is in the same roots when a file comes back. An extra
// is only in the roots that its title is in too, since it reveals the title.
const (
	addRootsOfWorks statement = `
INSERT INTO title_scopes (scope_id, title_id, kind)
SELECT DISTINCT f.root_id, f.title_id, 'root' FROM files f JOIN titles t ON t.id = f.title_id
WHERE +f.state IN ('present', 'unreachable')
  AND (t.kind <> 'extra' OR t.parent_id IS NULL OR EXISTS (SELECT 1 FROM title_scopes p WHERE p.title_id = t.parent_id AND p.scope_id = f.root_id))
  AND NOT EXISTS (SELECT 1 FROM title_scopes s WHERE s.title_id = f.title_id AND s.scope_id = f.root_id) AND f.title_id IN (?)`

	dropRootsOfWorks statement = `
DELETE FROM title_scopes WHERE kind = 'root'
  AND NOT EXISTS (SELECT 1 FROM files f JOIN titles t ON t.id = f.title_id
    WHERE f.title_id = title_scopes.title_id AND f.root_id = title_scopes.scope_id AND f.state IN ('present', 'unreachable')
      AND (t.kind <> 'extra' OR t.parent_id IS NULL OR EXISTS (SELECT 1 FROM title_scopes p WHERE p.title_id = t.parent_id AND p.scope_id = f.root_id)))
  AND title_id IN (SELECT t.id FROM titles t WHERE t.lead_file_id IS NOT NULL AND t.id IN (?))`

	addRootsOfWholes statement = `
INSERT INTO title_scopes (scope_id, title_id, kind)
SELECT DISTINCT c.scope_id, t.parent_id, 'root' FROM titles t JOIN title_scopes c ON c.title_id = t.id AND c.kind = 'root'
WHERE t.kind IN ('season', 'episode') AND t.lead_file_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM title_scopes s WHERE s.title_id = t.parent_id AND s.scope_id = c.scope_id) AND t.parent_id IN (?)`

	dropRootsOfWholes statement = `
DELETE FROM title_scopes WHERE kind = 'root'
  AND NOT EXISTS (SELECT 1 FROM titles t JOIN title_scopes c ON c.title_id = t.id AND c.scope_id = title_scopes.scope_id
    WHERE t.parent_id = title_scopes.title_id AND t.kind IN ('season', 'episode') AND t.lead_file_id IS NOT NULL)
  AND title_id IN (SELECT t.id FROM titles t WHERE t.lead_file_id IS NOT NULL AND t.kind IN ('season', 'series') AND t.id IN (?))`

	selectExtrasOf statement = `SELECT t.id FROM titles t WHERE t.kind = 'extra' AND t.parent_id IN (?)`
)

// placeWorks updates the roots of movies, episodes and extras.
func placeWorks(ctx context.Context, tx *sqlx.Tx, titles []id.Title) error {
	return eachOf(ctx, tx, "find the roots of titles", titles, addRootsOfWorks, dropRootsOfWorks)
}

// placeWholes updates the roots of seasons and series, from those of their parts.
func placeWholes(ctx context.Context, tx *sqlx.Tx, titles []id.Title) error {
	return eachOf(ctx, tx, "find the roots of seasons and series", titles, addRootsOfWholes, dropRootsOfWholes)
}

// placeExtras updates the roots of the extras of titles whose own roots are updated.
func placeExtras(ctx context.Context, tx *sqlx.Tx, of []id.Title) error {
	extras, err := titlesOf(ctx, tx, selectExtrasOf, of)
	if err != nil {
		return fmt.Errorf("list the extras of titles: %w", err)
	}
	return placeWorks(ctx, tx, extras)
}

// A part of a title is in the title's channels, and in no others: only movies and series are put into channels.
const (
	addChannelsOfParts statement = `
INSERT INTO title_scopes (scope_id, title_id, kind)
SELECT w.scope_id, t.id, 'channel' FROM titles t JOIN title_scopes w ON w.title_id = t.parent_id AND w.kind = 'channel'
WHERE NOT EXISTS (SELECT 1 FROM title_scopes s WHERE s.title_id = t.id AND s.scope_id = w.scope_id) AND t.id IN (?)`

	dropChannelsOfParts statement = `
DELETE FROM title_scopes WHERE kind = 'channel'
  AND NOT EXISTS (SELECT 1 FROM titles t JOIN title_scopes w ON w.title_id = t.parent_id AND w.scope_id = title_scopes.scope_id
    WHERE t.id = title_scopes.title_id)
  AND title_id IN (SELECT t.id FROM titles t WHERE +t.wall = 0 AND t.id IN (?))`

	addChannelsOfWalls statement = `
INSERT INTO title_scopes (scope_id, title_id, kind)
SELECT ct.collection_id, ct.title_id, 'channel' FROM collection_titles ct JOIN collections c ON c.id = ct.collection_id
WHERE +c.kind = 'channel' AND NOT EXISTS (SELECT 1 FROM title_scopes s WHERE s.title_id = ct.title_id AND s.scope_id = ct.collection_id)
  AND ct.title_id IN (?)`

	dropChannelsOfWalls statement = `
DELETE FROM title_scopes WHERE kind = 'channel'
  AND NOT EXISTS (SELECT 1 FROM collection_titles ct WHERE ct.collection_id = title_scopes.scope_id AND ct.title_id = title_scopes.title_id)
  AND title_id IN (SELECT t.id FROM titles t WHERE +t.wall = 1 AND t.id IN (?))`

	selectPartsOfAll statement = `SELECT t.id FROM titles t WHERE t.parent_id IN (?)`
)

// deepest is the depth of parts: a series has seasons, they have episodes, and those have extras.
const deepest = 3

// share updates the channels of titles, and of all their parts, from those of the movies and series they belong to.
func share(ctx context.Context, tx *sqlx.Tx, titles []id.Title) error {
	const doing = "find the channels of titles"
	for level := 0; level <= deepest && len(titles) > 0; level++ {
		steps := []statement{addChannelsOfParts, dropChannelsOfParts}
		if level == 0 {
			steps = append(steps, addChannelsOfWalls, dropChannelsOfWalls)
		}
		if err := eachOf(ctx, tx, doing, titles, steps...); err != nil {
			return err
		}
		var err error
		if titles, err = titlesOf(ctx, tx, selectPartsOfAll, titles); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
	}
	return nil
}

// eachOf runs several statements that end in a list of titles.
func eachOf(ctx context.Context, tx *sqlx.Tx, doing string, titles []id.Title, steps ...statement) error {
	for _, s := range steps {
		if err := forEach(ctx, tx, s, titles); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
	}
	return nil
}

// titlesOf returns the titles that a statement with a list of titles selects.
func titlesOf(ctx context.Context, tx *sqlx.Tx, s statement, titles []id.Title) ([]id.Title, error) {
	var out []id.Title
	for part := range chunks(titles) {
		query, args, err := sqlx.In(string(s), part)
		if err != nil {
			return nil, err
		}
		var some []id.Title
		if err := tx.SelectContext(ctx, &some, query, args...); err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

const selectRootsOfAccount statement = `SELECT scope_id FROM account_scopes WHERE account_id = ? AND kind = 'root'`

// The files of movies, episodes and extras within roots, the best first.
const selectFilesWithin statement = `SELECT ` + fileColumns + `, '' AS probe FROM files f
WHERE +f.state IN ('present', 'unreachable') AND ` + within + ` AND f.title_id IN (?)
ORDER BY f.title_id, CASE f.state WHEN 'present' THEN 0 ELSE 1 END, CASE WHEN f.part > 1 THEN 1 ELSE 0 END, f.height DESC, f.added_ms DESC, f.id DESC`

// keepWithin makes sure that no card for an audience limited to roots has a file of another root: a movie has its best
// file among those the audience may see, a series only says that there is one.
func (l *Library) keepWithin(ctx context.Context, a library.Audience, cards []library.Card) error {
	if !a.LimitRoots || len(cards) == 0 {
		return nil
	}
	var roots []id.Root
	if err := l.db.read.SelectContext(ctx, &roots, string(selectRootsOfAccount), a.Account); err != nil {
		return fmt.Errorf("read the roots of an account: %w", err)
	}
	var outside []id.Title
	for i, c := range cards {
		switch {
		case c.File.ID == "" || slices.Contains(roots, c.File.Root):
		case c.Kind == library.Series || c.Kind == library.Season:
			cards[i].File = library.File{ID: c.File.ID}
		default:
			cards[i].File = library.File{}
			outside = append(outside, c.ID)
		}
	}
	best := make(map[id.Title]library.File, len(outside))
	for part := range chunks(outside) {
		query, args, err := sqlx.In(string(selectFilesWithin), append(withinRoots(a), part)...)
		if err != nil {
			return fmt.Errorf("list the files of titles: %w", err)
		}
		files, err := l.files(ctx, statement(query), args...)
		if err != nil {
			return err
		}
		for _, f := range files {
			if _, known := best[f.Title]; !known {
				best[f.Title] = f
			}
		}
	}
	for i, c := range cards {
		if f, ok := best[c.ID]; ok {
			cards[i].File = f
		}
	}
	return nil
}
