package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// The inputs of rules. Rules are evaluated for all profiles: visibility is checked when a title is shown.
const (
	subjectColumns = `t.id, t.kind, t.name, t.year, t.age, CASE WHEN t.lead_file_id IS NULL THEN 0 ELSE 1 END AS shown`

	selectSubjectsAfter statement = `SELECT ` + subjectColumns + ` FROM titles t WHERE t.wall = 1 AND t.id > ? ORDER BY t.id LIMIT ?`

	selectWallOf statement = `SELECT DISTINCT COALESCE(s.id, p.id, t.id) FROM titles t
LEFT JOIN titles p ON p.id = t.parent_id LEFT JOIN titles s ON s.id = p.parent_id WHERE t.id IN (?)`

	selectSubjects statement = `SELECT ` + subjectColumns + ` FROM titles t WHERE +t.wall = 1 AND t.id IN (?) ORDER BY t.id`

	selectSubjectLabels statement = `SELECT x.title_id, l.kind, l.name FROM title_labels x JOIN labels l ON l.id = x.label_id
WHERE x.title_id IN (?) ORDER BY x.title_id, x.place`

	selectSubjectFacts statement = `SELECT title_id, source, facts FROM descriptions WHERE facts LIKE '%"sets"%' AND title_id IN (?)`

	selectSubjectFiles statement = `SELECT f.title_id AS title, f.root_id, f.path, COALESCE(r.path, '') AS top
FROM files f LEFT JOIN roots r ON r.id = f.root_id WHERE f.title_id IN (?)`

	selectSubjectEpisodes statement = `SELECT p.parent_id AS title, f.root_id, f.path, COALESCE(r.path, '') AS top
FROM titles p JOIN titles t ON t.parent_id = p.id JOIN files f ON f.title_id = t.id LEFT JOIN roots r ON r.id = f.root_id
WHERE t.kind = 'episode' AND p.parent_id IN (?)`
)

type subjectRow struct {
	ID    id.Title     `db:"id"`
	Kind  library.Kind `db:"kind"`
	Name  string       `db:"name"`
	Year  int          `db:"year"`
	Age   *int         `db:"age"`
	Shown bool         `db:"shown"`
}

// RuleInputs returns the inputs of rules for movies and series.
func (l *Library) RuleInputs(
	ctx context.Context, titles []id.Title, after id.Title, limit int,
) ([]library.RuleInput, error) {
	var rows []subjectRow
	if len(titles) == 0 {
		if err := l.db.read.SelectContext(ctx, &rows, string(selectSubjectsAfter), after, limit); err != nil {
			return nil, fmt.Errorf("read titles for rules: %w", err)
		}
	} else {
		walls, err := many[id.Title](ctx, l.db.read, selectWallOf, titles)
		if err != nil {
			return nil, err
		}
		if rows, err = many[subjectRow](ctx, l.db.read, selectSubjects, walls); err != nil {
			return nil, err
		}
	}
	ids := make([]id.Title, 0, len(rows))
	out := make([]library.RuleInput, 0, len(rows))
	at := make(map[id.Title]int, len(rows))
	for i, r := range rows {
		ids, at[r.ID] = append(ids, r.ID), i
		out = append(
			out,
			library.RuleInput{
				ID: r.ID, Kind: r.Kind, Name: r.Name, Year: r.Year, Age: r.Age, HasFiles: r.Shown,
				Labels: make(map[library.LabelKind][]string),
			},
		)
	}
	labels, err := many[struct {
		Title id.Title          `db:"title_id"`
		Kind  library.LabelKind `db:"kind"`
		Name  string            `db:"name"`
	}](ctx, l.db.read, selectSubjectLabels, ids)
	if err != nil {
		return nil, err
	}
	for _, x := range labels {
		s := &out[at[x.Title]]
		s.Labels[x.Kind] = append(s.Labels[x.Kind], x.Name)
	}
	if err := l.addSets(ctx, out, at, ids); err != nil {
		return nil, err
	}
	return out, l.addFiles(ctx, out, at, ids)
}

// addSets adds the sets of the titles by their merged descriptions.
func (l *Library) addSets(ctx context.Context, out []library.RuleInput, at map[id.Title]int, ids []id.Title) error {
	said, err := many[struct {
		Title  id.Title       `db:"title_id"`
		Source library.Source `db:"source"`
		Facts  string         `db:"facts"`
	}](ctx, l.db.read, selectSubjectFacts, ids)
	if err != nil {
		return err
	}
	of := make(map[id.Title]map[library.Source]library.Facts)
	for _, d := range said {
		var facts library.Facts
		if err := json.Unmarshal([]byte(d.Facts), &facts); err != nil {
			return fmt.Errorf("read what is said of title %s: %w", d.Title, err)
		}
		if of[d.Title] == nil {
			of[d.Title] = make(map[library.Source]library.Facts)
		}
		of[d.Title][d.Source] = facts
	}
	for t, by := range of {
		facts, _ := library.Merge(by)
		out[at[t]].Sets = facts.Sets
	}
	return nil
}

// addFiles adds the paths of the files of titles and of their episodes.
func (l *Library) addFiles(ctx context.Context, out []library.RuleInput, at map[id.Title]int, ids []id.Title) error {
	for _, s := range []statement{selectSubjectFiles, selectSubjectEpisodes} {
		files, err := many[struct {
			Title id.Title `db:"title"`
			Root  id.Root  `db:"root_id"`
			Path  string   `db:"path"`
			Top   string   `db:"top"`
		}](ctx, l.db.read, s, ids)
		if err != nil {
			return err
		}
		for _, f := range files {
			lying := library.FileLocation{Root: f.Root}
			if lying.Path, err = unescapePath(f.Path); err != nil {
				return err
			}
			if lying.RootPath, err = unescapePath(f.Top); err != nil {
				return err
			}
			x := &out[at[f.Title]]
			x.Files = append(x.Files, lying)
		}
	}
	return nil
}

// many reads rows of a statement that ends in a list of titles.
func many[R any](ctx context.Context, q sqlx.QueryerContext, s statement, titles []id.Title) ([]R, error) {
	var out []R
	for part := range chunks(titles) {
		query, args, err := sqlx.In(string(s), part)
		if err != nil {
			return nil, err
		}
		var rows []R
		if err := sqlx.SelectContext(ctx, q, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("read titles: %w", err)
		}
		out = append(out, rows...)
	}
	return out, nil
}
