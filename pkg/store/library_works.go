package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

const selectTitlesByNumber statement = `
SELECT n.value, ` + titleColumns + ` FROM title_ids n JOIN titles t ON t.id = n.title_id
WHERE n.provider = ? AND n.value IN (?) ORDER BY n.value, t.added_ms, t.id`

const selectWorksAt statement = `
SELECT DISTINCT f.home, COALESCE(s.id, t.id) AS id FROM files f
JOIN titles t ON t.id = f.title_id
LEFT JOIN titles p ON p.id = t.parent_id
LEFT JOIN titles s ON s.id = p.parent_id
WHERE f.home IN (?) AND t.kind IN ('movie', 'episode')`

// An extra that is part of nothing is one that little is known of.
const (
	selectAnyOrphan statement = `SELECT t.id FROM titles t WHERE t.matched = 'little' AND t.kind = 'extra' LIMIT 1`
	selectOrphansOf statement = selectOrphans + `t.identity >= ? AND t.identity < ?`
	selectOrphansAt statement = selectOrphans + `f.home IN (?)`
	selectOrphans             = `
SELECT ` + titleColumns + `, f.home FROM titles t JOIN files f ON f.title_id = t.id
WHERE t.kind = 'extra' AND t.parent_id IS NULL AND `
)

// TitlesByExternalID gives the titles that a provider calls by those numbers.
func (l *Library) TitlesByExternalID(
	ctx context.Context, provider string, numbers []string,
) (map[string][]library.Title, error) {
	out := make(map[string][]library.Title)
	for part := range chunks(numbers) {
		query, args, err := sqlx.In(string(selectTitlesByNumber), provider, part)
		if err != nil {
			return nil, fmt.Errorf("look for titles by number: %w", err)
		}
		var rows []struct {
			Value string `db:"value"`
			titleRow
		}
		if err := l.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("look for titles by number: %w", err)
		}
		for _, r := range rows {
			t, err := r.title()
			if err != nil {
				return nil, err
			}
			out[r.Value] = append(out[r.Value], t)
		}
	}
	return out, nil
}

// WorksByFolder gives the films and series of folders.
func (l *Library) WorksByFolder(ctx context.Context, homes []string) (map[string][]id.Title, error) {
	out := make(map[string][]id.Title)
	for part := range chunks(homes) {
		query, args, err := sqlx.In(string(selectWorksAt), part)
		if err != nil {
			return nil, fmt.Errorf("look for the works of folders: %w", err)
		}
		var rows []struct {
			Home  string
			Title id.Title `db:"id"`
		}
		if err := l.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("look for the works of folders: %w", err)
		}
		for _, r := range rows {
			out[r.Home] = append(out[r.Home], r.Title)
		}
	}
	return out, nil
}

// Orphans gives extras that are part of nothing.
func (l *Library) Orphans(ctx context.Context, begin, homes []string) ([]library.Orphan, error) {
	var any id.Title
	switch err := l.db.read.GetContext(ctx, &any, string(selectAnyOrphan)); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil // so it is nearly always
	case err != nil:
		return nil, fmt.Errorf("look for extras: %w", err)
	}
	var all []orphanRow
	for _, text := range begin {
		var rows []orphanRow
		// A semicolon is the sign after the colon they end in.
		if err := l.db.read.SelectContext(
			ctx, &rows, string(selectOrphansOf), text, strings.TrimSuffix(text, ":")+";",
		); err != nil {
			return nil, fmt.Errorf("look for extras: %w", err)
		}
		all = append(all, rows...)
	}
	for part := range chunks(homes) {
		query, args, err := sqlx.In(string(selectOrphansAt), part)
		if err != nil {
			return nil, fmt.Errorf("look for extras: %w", err)
		}
		var rows []orphanRow
		if err := l.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("look for extras: %w", err)
		}
		all = append(all, rows...)
	}
	seen := make(map[id.Title]bool)
	var out []library.Orphan
	for _, r := range all {
		if seen[r.ID] {
			continue
		}
		seen[r.ID] = true
		t, err := r.title()
		if err != nil {
			return nil, err
		}
		out = append(out, library.Orphan{Title: t, WorkFolder: r.Home})
	}
	return out, nil
}

type orphanRow struct {
	titleRow
	Home string `db:"home"`
}
