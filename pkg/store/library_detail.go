package store

import (
	"context"
	"fmt"

	"movify/library"
	"movify/pkg/id"
)

const selectVersions statement = `SELECT ` + fileColumns + `, f.probe FROM files f
WHERE f.state IN ('present', 'unreachable') AND ` + within + ` AND f.title_id = ?
ORDER BY CASE f.state WHEN 'present' THEN 0 ELSE 1 END, CASE WHEN f.part > 1 THEN 1 ELSE 0 END, f.height DESC, f.added_ms DESC, f.id DESC`

const selectWords statement = `
SELECT l.id, l.kind, l.name FROM title_labels x JOIN labels l ON l.id = x.label_id
WHERE x.title_id = ? AND l.kind IN ('genre', 'studio') ORDER BY x.place, l.id`

const selectCast statement = `
SELECT p.id, p.name, p.picture, c.kind, c.role FROM credits c JOIN people p ON p.id = c.person_id
WHERE c.title_id = ? ORDER BY c.place`

const selectLatestOf statement = `
SELECT t.id FROM title_labels x JOIN titles t ON t.id = x.title_id
WHERE x.label_id = ? AND t.kind = ? AND t.lead_file_id IS NOT NULL AND ` + visible + ` ORDER BY x.title_id DESC LIMIT ?`

// A title is well described once a source beyond its names says what it is.
const (
	unmatched = ` FROM titles t WHERE t.matched = 'little' AND t.kind IN ('movie', 'series', 'extra') AND t.lead_file_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM descriptions d WHERE d.title_id = t.id AND d.source IN ('provider', 'nfo', 'owner') AND d.facts <> '{}')`
	selectUnmatched statement = `SELECT t.id` + unmatched + ` ORDER BY t.added_ms DESC, t.id DESC LIMIT ?`
	countUnmatched  statement = `SELECT COUNT(*)` + unmatched
)

// Versions gives the files of a title that a may see, the one that stands for it first.
func (l *Library) Versions(ctx context.Context, a library.Audience, t id.Title) ([]library.File, error) {
	return l.files(ctx, selectVersions, append(withinRoots(a), t)...)
}

// LabelsOf returns the genres and studios of a title.
func (l *Library) LabelsOf(ctx context.Context, t id.Title) (genres, studios []library.Label, err error) {
	var rows []struct {
		ID   id.Label `db:"id"`
		Kind string   `db:"kind"`
		Name string   `db:"name"`
	}
	if err := l.db.read.SelectContext(ctx, &rows, string(selectWords), t); err != nil {
		return nil, nil, fmt.Errorf("read the words of a title: %w", err)
	}
	for _, r := range rows {
		if w := (library.Label{ID: r.ID, Name: r.Name}); r.Kind == labelGenre {
			genres = append(genres, w)
		} else {
			studios = append(studios, w)
		}
	}
	return genres, studios, nil
}

// Cast returns the credits of a title.
func (l *Library) Cast(ctx context.Context, t id.Title) ([]library.CastMember, error) {
	var rows []struct {
		ID      id.Person          `db:"id"`
		Name    string             `db:"name"`
		Picture string             `db:"picture"`
		Kind    library.CreditKind `db:"kind"`
		Role    string             `db:"role"`
	}
	if err := l.db.read.SelectContext(ctx, &rows, string(selectCast), t); err != nil {
		return nil, fmt.Errorf("read the cast of a title: %w", err)
	}
	out := make([]library.CastMember, 0, len(rows))
	for _, r := range rows {
		out = append(out, library.CastMember{ID: r.ID, Name: r.Name, Picture: r.Picture, Kind: r.Kind, Role: r.Role})
	}
	return out, nil
}

// LatestOf returns the latest titles with a label.
func (l *Library) LatestOf(
	ctx context.Context, a library.Audience, word id.Label, k library.Kind, limit int,
) ([]id.Title, error) {
	var out []id.Title
	args := append([]any{word, k}, audience(a)...)
	if err := l.db.read.SelectContext(ctx, &out, string(selectLatestOf), append(args, limit)...); err != nil {
		return nil, fmt.Errorf("list titles of a word: %w", err)
	}
	return out, nil
}

// Unmatched returns titles without a good description.
func (l *Library) Unmatched(ctx context.Context, limit int) (titles []id.Title, total int, err error) {
	if err := l.db.read.GetContext(ctx, &total, string(countUnmatched)); err != nil {
		return nil, 0, fmt.Errorf("count unmatched titles: %w", err)
	}
	if err := l.db.read.SelectContext(ctx, &titles, string(selectUnmatched), limit); err != nil {
		return nil, 0, fmt.Errorf("list unmatched titles: %w", err)
	}
	return titles, total, nil
}
