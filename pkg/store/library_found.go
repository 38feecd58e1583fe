package store

import (
	"context"
	"fmt"

	"movify/library"
	"movify/pkg/id"
)

const selectSeen statement = `
SELECT t.id FROM titles t WHERE ` + visible + ` AND t.lead_file_id IS NOT NULL AND t.id IN (?)`

// An episode counts as its series.
const selectSeenPeople statement = `
SELECT r.id, r.name, r.picture, COUNT(DISTINCT COALESCE(p.parent_id, t.id)) AS titles
FROM credits c JOIN people r ON r.id = c.person_id JOIN titles t ON t.id = c.title_id
LEFT JOIN titles p ON p.id = t.parent_id
WHERE ` + visible + ` AND t.lead_file_id IS NOT NULL AND c.person_id IN (?) GROUP BY r.id, r.name, r.picture`

const (
	selectSeenGenres statement = `
SELECT b.id, b.kind, b.name FROM labels b WHERE +b.kind = 'genre' AND EXISTS (
  SELECT 1 FROM title_labels x JOIN titles t ON t.id = x.title_id
  WHERE x.label_id = b.id AND +t.wall = 1 AND t.lead_file_id IS NOT NULL AND ` + visible + `) AND b.id IN (?)`
	selectSeenCollections statement = `
SELECT b.id, b.kind, b.name FROM collections b
WHERE (b.kind <> 'channel' OR ? = '' OR EXISTS (
    SELECT 1 FROM account_scopes y WHERE y.account_id = ? AND y.kind = 'channel' AND y.scope_id = b.id)) AND EXISTS (
  SELECT 1 FROM collection_titles x JOIN titles t ON t.id = x.title_id
  WHERE x.collection_id = b.id AND t.lead_file_id IS NOT NULL AND ` + visible + `) AND b.id IN (?)`
)

// FilterVisible gives those of the titles that are shown to a.
func (l *Library) FilterVisible(ctx context.Context, a library.Audience, titles []id.Title) ([]id.Title, error) {
	var rows []id.Title
	if err := selectIn(ctx, l.db, &rows, selectSeen, audience(a), titles); err != nil {
		return nil, fmt.Errorf("see which titles are shown: %w", err)
	}
	return asAsked(titles, rows, func(t id.Title) id.Title { return t }), nil
}

// FilterVisiblePeople gives those of the people who are in a title that is shown to a.
func (l *Library) FilterVisiblePeople(
	ctx context.Context, a library.Audience, people []id.Person,
) ([]library.PersonResult, error) {
	var rows []library.PersonResult
	if err := selectIn(ctx, l.db, &rows, selectSeenPeople, audience(a), people); err != nil {
		return nil, fmt.Errorf("see which people are in titles: %w", err)
	}
	return asAsked(people, rows, func(p library.PersonResult) id.Person { return p.ID }), nil
}

// FilterVisibleGroups gives those of the genres, collections and channels that hold a title that is shown to a.
func (l *Library) FilterVisibleGroups(
	ctx context.Context, a library.Audience, groups []string,
) ([]library.GroupResult, error) {
	var rows []library.GroupResult
	channels := listOf(a.Account, a.LimitChannels)
	for s, args := range map[statement][]any{
		selectSeenGenres: audience(a), selectSeenCollections: append([]any{channels, channels}, audience(a)...),
	} {
		if err := selectIn(ctx, l.db, &rows, s, args, groups); err != nil {
			return nil, fmt.Errorf("see which genres and collections hold titles: %w", err)
		}
	}
	return asAsked(groups, rows, func(g library.GroupResult) string { return g.ID }), nil
}

// asAsked gives the values in the order that their keys were asked for in.
func asAsked[K comparable, V any](keys []K, values []V, key func(V) K) []V {
	by := make(map[K]V, len(values))
	for _, v := range values {
		by[key(v)] = v
	}
	out := make([]V, 0, len(by))
	for _, k := range keys {
		if v, ok := by[k]; ok {
			out = append(out, v)
			delete(by, k)
		}
	}
	return out
}
