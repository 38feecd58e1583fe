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

// One statement for everything that a title is linked to. The sort keys of its parts: the order of the source for labels
// and credits, kind, place and name for collections.
const selectTitleLinks statement = `
SELECT 'label' AS link, l.id AS id, l.kind AS kind, l.name AS name, '' AS picture, '' AS role,
       '' AS first, x.place AS place, l.id AS last
FROM title_labels x JOIN labels l ON l.id = x.label_id WHERE x.title_id = ? AND l.kind IN ('genre', 'studio')
UNION ALL SELECT 'credit', p.id, c.kind, p.name, p.picture, c.role, '', c.place, ''
FROM credits c JOIN people p ON p.id = c.person_id WHERE c.title_id = ?
UNION ALL SELECT 'collection', c.id, c.kind, c.name, '', '', c.kind, c.place, c.name_key
FROM collection_titles x JOIN collections c ON c.id = x.collection_id WHERE x.title_id = ?
ORDER BY link, first, place, last`

// The latest titles with a label. Its arguments: label, kind, those of visible, limit.
const latestOfLabel = `SELECT * FROM (SELECT x.title_id FROM title_labels x JOIN titles t ON t.id = x.title_id
  WHERE x.label_id = ? AND t.kind = ? AND t.lead_file_id IS NOT NULL AND ` + visible + ` ORDER BY x.title_id DESC LIMIT ?)`

// Titles with up to library.CardGenres labels. Each label is looked up by itself: a limit for all of them would read every
// title that has one.
const selectSimilar statement = `
WITH latest AS (` + latestOfLabel + ` UNION ALL ` + latestOfLabel + ` UNION ALL ` + latestOfLabel + `)
SELECT ` + cardColumns + cardTables + `
WHERE ` + visible + ` AND t.id IN (
  SELECT title_id FROM latest WHERE title_id <> ? GROUP BY title_id ORDER BY COUNT(*) DESC, title_id DESC LIMIT ?)
ORDER BY (SELECT COUNT(*) FROM latest WHERE latest.title_id = t.id) DESC, t.id DESC`

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

// TitleLinks returns the labels, credits and collections of a title.
func (l *Library) TitleLinks(ctx context.Context, t, topTitle id.Title) (library.TitleLinks, error) {
	var rows []struct {
		Link    string `db:"link"`
		ID      string `db:"id"`
		Kind    string `db:"kind"`
		Name    string `db:"name"`
		Picture string `db:"picture"`
		Role    string `db:"role"`

		First string `db:"first"`
		Place int    `db:"place"`
		Last  string `db:"last"`
	}
	var out library.TitleLinks
	if err := l.db.read.SelectContext(ctx, &rows, string(selectTitleLinks), t, t, topTitle); err != nil {
		return out, fmt.Errorf("read what a title is linked to: %w", err)
	}
	for _, r := range rows {
		switch label := (library.Label{ID: id.Label(r.ID), Name: r.Name}); {
		case r.Link == "credit":
			out.Cast = append(out.Cast, library.CastMember{
				ID: id.Person(r.ID), Name: r.Name, Picture: r.Picture, Kind: library.CreditKind(r.Kind), Role: r.Role,
			})
		case r.Link == "collection":
			out.Collections = append(out.Collections, library.Collection{
				ID: id.Collection(r.ID), Kind: library.CollectionKind(r.Kind), Name: r.Name,
			})
		case r.Kind == labelGenre:
			out.Genres = append(out.Genres, label)
		default:
			out.Studios = append(out.Studios, label)
		}
	}
	return out, nil
}

// Similar returns the titles that share most labels, then the latest.
func (l *Library) Similar(
	ctx context.Context, a library.Audience, q library.SimilarQuery,
) ([]library.Card, error) {
	var labels [library.CardGenres]id.Label // no title has the label ""
	copy(labels[:], q.Labels)
	var args []any
	for _, label := range labels {
		args = append(append(append(args, label, q.Kind), audience(a)...), q.Each)
	}
	args = append(append(args, seen(a)...), q.Title, q.Limit)
	return l.cards(ctx, a, string(selectSimilar), args...)
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
