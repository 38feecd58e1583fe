package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

const selectTitlesByID statement = `SELECT ` + titleColumns + ` FROM titles t WHERE t.id IN (?)`

// The weakest source comes first.
const selectDescriptions statement = `
SELECT title_id, source, mark, facts, evidence, notes, at_ms FROM descriptions WHERE title_id IN (?)
ORDER BY title_id, CASE source WHEN 'name' THEN 0 WHEN 'tags' THEN 1 WHEN 'provider' THEN 2 WHEN 'nfo' THEN 3 ELSE 4 END`

const deleteDescription statement = `DELETE FROM descriptions WHERE title_id = ? AND source = ?`

const insertDescription statement = `
INSERT INTO descriptions (mark, facts, evidence, notes, at_ms, title_id, source) VALUES (?, ?, ?, ?, ?, ?, ?)`

const updateDescription statement = `
UPDATE descriptions SET mark = ?, facts = ?, evidence = ?, notes = ?, at_ms = ? WHERE title_id = ? AND source = ?`

// TitlesByID gives the known ones of those titles.
func (l *Library) TitlesByID(ctx context.Context, titles []id.Title) (map[id.Title]library.Title, error) {
	out := make(map[id.Title]library.Title, len(titles))
	for part := range chunks(titles) {
		rows, err := l.titles(ctx, selectTitlesByID, part)
		if err != nil {
			return nil, err
		}
		for _, t := range rows {
			out[t.ID] = t
		}
	}
	return out, nil
}

// titles reads titles by a statement with one list.
func (l *Library) titles(ctx context.Context, s statement, list any) ([]library.Title, error) {
	query, args, err := sqlx.In(string(s), list)
	if err != nil {
		return nil, fmt.Errorf("look for titles: %w", err)
	}
	var rows []titleRow
	if err := l.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("look for titles: %w", err)
	}
	return convert(rows, titleRow.title)
}

// Descriptions gives what the sources say of titles, the weakest first.
func (l *Library) Descriptions(ctx context.Context, titles []id.Title) (map[id.Title][]library.Description, error) {
	out := make(map[id.Title][]library.Description, len(titles))
	for part := range chunks(titles) {
		query, args, err := sqlx.In(string(selectDescriptions), part)
		if err != nil {
			return nil, fmt.Errorf("read descriptions: %w", err)
		}
		var rows []descriptionRow
		if err := l.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("read descriptions: %w", err)
		}
		for _, r := range rows {
			d, err := r.description()
			if err != nil {
				return nil, fmt.Errorf("read what %s says of title %s: %w", r.Source, r.Title, err)
			}
			out[d.Title] = append(out[d.Title], d)
		}
	}
	return out, nil
}

// saveDescription adds or replaces what a source says, and takes away what says nothing.
func saveDescription(ctx context.Context, p preparedTx, d library.Description, atMS int64) error {
	if d.Empty() {
		_, err := p.run(ctx, deleteDescription, d.Title, d.Source)
		return err
	}
	r, err := rowOf(d)
	if err != nil {
		return err
	}
	values := []any{r.Mark, r.Facts, r.Evidence, r.Notes, atMS, r.Title, r.Source}
	done, err := changed(p.run(ctx, updateDescription, values...))
	if err == nil && !done {
		_, err = p.run(ctx, insertDescription, values...)
	}
	return err
}

type descriptionRow struct {
	Title    id.Title       `db:"title_id"`
	Source   library.Source `db:"source"`
	Mark     string         `db:"mark"`
	Facts    string         `db:"facts"`
	Evidence string         `db:"evidence"`
	Notes    string         `db:"notes"`
	AtMS     int64          `db:"at_ms"`
}

func rowOf(d library.Description) (r descriptionRow, err error) {
	r = descriptionRow{Title: d.Title, Source: d.Source, Mark: escapePath(d.Revision)}
	facts, err := json.Marshal(d.Facts)
	if err != nil {
		return r, err
	}
	r.Facts = string(facts)
	if len(d.Evidence) > 0 {
		if r.Evidence, err = jsonText(d.Evidence); err != nil {
			return r, err
		}
	}
	if len(d.Notes) > 0 {
		r.Notes, err = jsonText(d.Notes)
	}
	return r, err
}

func (r descriptionRow) description() (d library.Description, err error) {
	d = library.Description{Title: r.Title, Source: r.Source, AtMS: r.AtMS}
	if d.Revision, err = unescapePath(r.Mark); err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(r.Facts), &d.Facts); err != nil {
		return d, err
	}
	if err := fromJSON(r.Evidence, &d.Evidence); err != nil {
		return d, err
	}
	return d, fromJSON(r.Notes, &d.Notes)
}

// jsonText gives a value as JSON text.
func jsonText(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

// fromJSON reads JSON text; "" leaves the value as it is.
func fromJSON(text string, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}
