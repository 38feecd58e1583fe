package store

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// docColumns are the columns of a docRow, of titles t and of those they are part of, p and s.
const docColumns = `t.id, t.kind, t.name, t.original_name, t.year, t.season, t.episode, t.votes,
       COALESCE(s.name, '') AS series, COALESCE(s.original_name, '') AS series_original
FROM titles t
LEFT JOIN titles p ON p.id = t.parent_id
LEFT JOIN titles s ON s.id = p.parent_id`

const (
	selectTitleDocs statement = `SELECT ` + docColumns + `
WHERE t.id > ? AND t.kind IN ('movie', 'series', 'episode') ORDER BY t.id LIMIT ?`
	selectDocsOfTitles statement = `SELECT ` + docColumns + `
WHERE t.id IN (?) AND t.kind IN ('movie', 'series', 'episode') ORDER BY t.id`

	selectNamesOfDocs  statement = `SELECT title_id, name FROM title_names WHERE title_id IN (?) ORDER BY title_id, place`
	selectPeopleOfDocs statement = `
SELECT c.title_id, c.person_id, p.name FROM credits c JOIN people p ON p.id = c.person_id
WHERE c.title_id IN (?) AND c.place < ? ORDER BY c.title_id, c.place`

	selectPersonDocs statement = `
SELECT p.id, p.name, (SELECT COUNT(*) FROM credits c WHERE c.person_id = p.id) AS n FROM people p
WHERE p.id > ? ORDER BY p.id LIMIT ?`
	selectDocsOfPeople statement = `
SELECT p.id, p.name, (SELECT COUNT(*) FROM credits c WHERE c.person_id = p.id) AS n FROM people p WHERE p.id IN (?) ORDER BY p.id`

	selectGroupDocs statement = `
SELECT id, 'genre' AS kind, name FROM labels WHERE kind = 'genre'
UNION ALL SELECT id, kind, name FROM collections ORDER BY id`

	selectSearchMark    statement = `SELECT mark FROM search_feed WHERE id = 1`
	updateSearchMark    statement = `UPDATE search_feed SET mark = ? WHERE id = 1`
	selectSearchChanges statement = `SELECT title_id, parts, turn FROM search_changes ORDER BY title_id LIMIT ?`
	deleteSearchChange  statement = `DELETE FROM search_changes WHERE title_id = ? AND turn = ?`
	noteSearchChange    statement = `INSERT INTO search_changes (title_id, parts, turn) VALUES (?, ?, 1)
ON CONFLICT (title_id) DO UPDATE SET turn = search_changes.turn + 1,
  parts = CASE WHEN excluded.parts = 1 THEN 1 ELSE search_changes.parts END`
	selectAllParts statement = `
SELECT t.id FROM titles t JOIN titles p ON p.id = t.parent_id WHERE p.parent_id IN (?)`
)

// creditsFound is how many of its people a title is found by, the first in billing.
const creditsFound = 20

// noteFound records for the search index which titles of a change need a new document.
func noteFound(ctx context.Context, tx *sqlx.Tx, c library.Change) error {
	renamed := make(map[id.Title]bool, len(c.Resolved))
	for _, x := range c.Resolved {
		renamed[x.Title] = true
	}
	titles := make([]id.Title, 0, len(c.Titles)+len(c.Resolved))
	for _, t := range c.Titles {
		titles = append(titles, t.ID)
	}
	for t := range renamed {
		titles = append(titles, t)
	}
	slices.Sort(titles)
	for _, t := range slices.Compact(titles) {
		if _, err := tx.ExecContext(ctx, string(noteSearchChange), t, renamed[t]); err != nil {
			return fmt.Errorf("note title %s for the search: %w", t, err)
		}
	}
	return nil
}

// TitleDocs returns a page of documents of titles.
func (l *Library) TitleDocs(ctx context.Context, after id.Title, limit int) ([]library.SearchDoc, id.Title, error) {
	var rows []docRow
	if err := l.db.read.SelectContext(ctx, &rows, string(selectTitleDocs), after, limit); err != nil {
		return nil, "", fmt.Errorf("read what titles are found by: %w", err)
	}
	next := id.Title("")
	if len(rows) == limit {
		next = rows[len(rows)-1].ID
	}
	docs, _, err := l.titleDocs(ctx, rows)
	return docs, next, err
}

// titleDocs makes documents of titles, and returns their people.
func (l *Library) titleDocs(ctx context.Context, rows []docRow) ([]library.SearchDoc, []id.Person, error) {
	docs := make([]library.SearchDoc, 0, len(rows))
	at := make(map[id.Title]int, len(rows))
	ids := make([]id.Title, 0, len(rows))
	for _, r := range rows {
		at[r.ID] = len(docs)
		ids = append(ids, r.ID)
		docs = append(docs, r.doc())
	}
	var names []struct {
		Title id.Title `db:"title_id"`
		Name  string   `db:"name"`
	}
	if err := selectIn(ctx, l.db, &names, selectNamesOfDocs, nil, ids); err != nil {
		return nil, nil, fmt.Errorf("read the names of titles: %w", err)
	}
	for _, n := range names {
		d := &docs[at[n.Title]]
		d.Names = named(d.Names, n.Name)
	}
	var credits []struct {
		Title  id.Title  `db:"title_id"`
		Person id.Person `db:"person_id"`
		Name   string    `db:"name"`
	}
	if err := selectIn(ctx, l.db, &credits, selectPeopleOfDocs, nil, ids, creditsFound); err != nil {
		return nil, nil, fmt.Errorf("read the people of titles: %w", err)
	}
	people := make([]id.Person, 0, len(credits))
	for _, c := range credits {
		people = append(people, c.Person)
		if d := &docs[at[c.Title]]; d.Kind != library.FindEpisode {
			d.People = named(d.People, c.Name)
		}
	}
	slices.Sort(people)
	return docs, slices.Compact(people), nil
}

// named adds a name that is not empty and not there yet.
func named(names []string, name string) []string {
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// PersonDocs returns a page of documents of people.
func (l *Library) PersonDocs(ctx context.Context, after id.Person, limit int) ([]library.SearchDoc, id.Person, error) {
	var rows []personDocRow
	if err := l.db.read.SelectContext(ctx, &rows, string(selectPersonDocs), after, limit); err != nil {
		return nil, "", fmt.Errorf("read what people are found by: %w", err)
	}
	next := id.Person("")
	if len(rows) == limit {
		next = rows[len(rows)-1].ID
	}
	return personDocs(rows), next, nil
}

func personDocs(rows []personDocRow) []library.SearchDoc {
	docs := make([]library.SearchDoc, 0, len(rows))
	for _, r := range rows {
		docs = append(
			docs,
			library.SearchDoc{ID: string(r.ID), Kind: library.FindPerson, Names: []string{r.Name}, Weight: weight(r.N, 250)},
		)
	}
	return docs
}

// GroupDocs returns the documents of genres, collections and channels.
func (l *Library) GroupDocs(ctx context.Context) ([]library.SearchDoc, error) {
	var rows []library.GroupResult
	if err := l.db.read.SelectContext(ctx, &rows, string(selectGroupDocs)); err != nil {
		return nil, fmt.Errorf("read what genres and collections are found by: %w", err)
	}
	docs := make([]library.SearchDoc, 0, len(rows))
	for _, r := range rows {
		docs = append(docs, library.SearchDoc{ID: r.ID, Kind: r.Kind, Names: []string{r.Name}})
	}
	return docs, nil
}

// SearchCheckpoint returns the mark of the last feeding.
func (l *Library) SearchCheckpoint(ctx context.Context) (mark string, err error) {
	if err := l.db.read.GetContext(ctx, &mark, string(selectSearchMark)); err != nil {
		return "", fmt.Errorf("read the mark of the search: %w", err)
	}
	return mark, nil
}

// SearchChanges returns the changes that the index does not have.
func (l *Library) SearchChanges(ctx context.Context, limit int) ([]library.SearchChange, []library.SearchDoc, error) {
	var rows []struct {
		Title id.Title `db:"title_id"`
		Parts bool     `db:"parts"`
		Turn  int      `db:"turn"`
	}
	if err := l.db.read.SelectContext(ctx, &rows, string(selectSearchChanges), limit); err != nil {
		return nil, nil, fmt.Errorf("read what changed for the search: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil, nil
	}
	changes := make([]library.SearchChange, 0, len(rows))
	var titles, wholes []id.Title
	for _, r := range rows {
		changes = append(changes, library.SearchChange{Title: r.Title, Revision: r.Turn})
		titles = append(titles, r.Title)
		if r.Parts {
			wholes = append(wholes, r.Title)
		}
	}
	var parts []id.Title
	if err := selectIn(ctx, l.db, &parts, selectAllParts, nil, wholes); err != nil {
		return nil, nil, fmt.Errorf("list the parts of titles: %w", err)
	}
	titles = append(titles, parts...)
	slices.Sort(titles)
	var of []docRow
	if err := selectIn(ctx, l.db, &of, selectDocsOfTitles, nil, slices.Compact(titles)); err != nil {
		return nil, nil, fmt.Errorf("read what titles are found by: %w", err)
	}
	docs, people, err := l.titleDocs(ctx, of)
	if err != nil {
		return nil, nil, err
	}
	var persons []personDocRow
	if err := selectIn(ctx, l.db, &persons, selectDocsOfPeople, nil, people); err != nil {
		return nil, nil, fmt.Errorf("read what people are found by: %w", err)
	}
	return changes, append(docs, personDocs(persons)...), nil
}

// AckSearchChanges deletes the changes that the index has now.
func (l *Library) AckSearchChanges(ctx context.Context, changes []library.SearchChange, mark string) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		for _, c := range changes {
			if _, err := tx.ExecContext(ctx, string(deleteSearchChange), c.Title, c.Revision); err != nil {
				return fmt.Errorf("take what changed for the search: %w", err)
			}
		}
		if _, err := tx.ExecContext(ctx, string(updateSearchMark), mark); err != nil {
			return fmt.Errorf("keep the mark of the search: %w", err)
		}
		return nil
	})
}

type docRow struct {
	ID             id.Title         `db:"id"`
	Kind           library.FindKind `db:"kind"`
	Name           string           `db:"name"`
	OriginalName   string           `db:"original_name"`
	Year           int              `db:"year"`
	Season         int              `db:"season"`
	Episode        int              `db:"episode"`
	Votes          int              `db:"votes"`
	Series         string           `db:"series"`
	SeriesOriginal string           `db:"series_original"`
}

func (r docRow) doc() library.SearchDoc {
	return library.SearchDoc{
		ID: string(r.ID), Kind: r.Kind, Names: named(named(nil, r.Name), r.OriginalName), Year: r.Year, Season: r.Season,
		Episode: r.Episode, Series: named(named(nil, r.Series), r.SeriesOriginal), Weight: weight(r.Votes, 140),
	}
}

type personDocRow struct {
	ID   id.Person `db:"id"`
	Name string    `db:"name"`
	N    int       `db:"n"` // credits
}

// weight grows with the number of votes or credits n: step more for every ten times as many.
func weight(n, step int) int {
	return int(float64(step) * math.Log10(float64(1+n)))
}

// selectIn reads rows by a statement with a list among its arguments, a chunk of the list at a time.
func selectIn[R, V any](
	ctx context.Context, db *DB, out *[]R, s statement, before []any, list []V, after ...any,
) error {
	for part := range chunks(list) {
		query, args, err := sqlx.In(string(s), append(append(slices.Clone(before), part), after...)...)
		if err != nil {
			return err
		}
		var rows []R
		if err := db.read.SelectContext(ctx, &rows, query, args...); err != nil {
			return err
		}
		*out = append(*out, rows...)
	}
	return nil
}
