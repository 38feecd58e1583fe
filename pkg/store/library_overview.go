package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// onWall keeps the movies and series that are shown to an audience.
const onWall = `t.wall = 1 AND t.lead_file_id IS NOT NULL AND ` + visible

const (
	// All rows are read: walls and counts are answered from them, and one read serves many requests.
	selectGlances statement = `SELECT t.id, t.kind, t.search_key, t.sort_key, t.added_ms, t.year, t.released, t.rating_x10,
       t.duration_ms, COALESCE(t.age, -1) AS age FROM titles t WHERE ` + onWall

	countEpisodes statement = `SELECT p.parent_id AS series, COUNT(*) AS episodes FROM titles t JOIN titles p ON p.id = t.parent_id
WHERE t.kind = 'episode' AND t.lead_file_id IS NOT NULL AND p.parent_id IS NOT NULL AND ` + visible + ` GROUP BY p.parent_id`

	selectOnWall statement = `SELECT t.id FROM titles t WHERE ` + onWall

	selectLabels statement = `SELECT id, name FROM labels WHERE kind = ?`

	selectLabelled statement = `SELECT x.title_id, x.label_id FROM labels l JOIN title_labels x ON x.label_id = l.id WHERE l.kind = ?`

	selectTitlesLabelled statement = `SELECT title_id FROM title_labels WHERE label_id = ?`

	// An episode's guest had a part in the series.
	selectTitlesOfPerson statement = `SELECT DISTINCT COALESCE(s.id, p.id, t.id) FROM credits c JOIN titles t ON t.id = c.title_id
LEFT JOIN titles p ON p.id = t.parent_id LEFT JOIN titles s ON s.id = p.parent_id
WHERE c.person_id = ? AND ` + visible

	selectWatchedBy statement = `SELECT COALESCE(s.id, p.id, t.id) AS title, COUNT(*) AS works FROM marks m JOIN titles t ON t.id = m.title_id
LEFT JOIN titles p ON p.id = t.parent_id LEFT JOIN titles s ON s.id = p.parent_id
WHERE m.profile_id = ? AND m.kind = 'watched' AND m.value = 1 AND t.kind IN ('movie', 'episode') AND ` + visible + `
GROUP BY COALESCE(s.id, p.id, t.id)`

	selectBegun statement = `SELECT DISTINCT COALESCE(s.id, p.id, t.id) FROM progress m JOIN titles t ON t.id = m.title_id
LEFT JOIN titles p ON p.id = t.parent_id LEFT JOIN titles s ON s.id = p.parent_id
WHERE m.profile_id = ? AND m.resume_ms > 0 AND t.kind IN ('movie', 'episode') AND ` + visible
)

// Edition is another number after every write of the library.
func (l *Library) Edition() int64 { return l.db.edition.Load() }

// write is DB.write for tables of the library: it invalidates the overview, which is read again.
func (l *Library) write(ctx context.Context, f func(tx *sqlx.Tx) error) error {
	defer l.db.edition.Add(1)
	return l.db.write(ctx, f)
}

type glanceRow struct {
	ID         id.Title     `db:"id"`
	Kind       library.Kind `db:"kind"`
	Key        string       `db:"search_key"`
	SortKey    string       `db:"sort_key"`
	AddedMS    int64        `db:"added_ms"`
	Year       int          `db:"year"`
	Released   string       `db:"released"`
	Rating     int          `db:"rating_x10"`
	DurationMS int64        `db:"duration_ms"`
	Age        int          `db:"age"`
}

// TitleSummaries gives all movies and series that are shown.
func (l *Library) TitleSummaries(ctx context.Context) ([]library.TitleSummary, error) {
	all := audience(library.Unrestricted())
	var rows []glanceRow
	if err := l.db.read.SelectContext(ctx, &rows, string(selectGlances), all...); err != nil {
		return nil, fmt.Errorf("look over the titles: %w", err)
	}
	var counts []struct {
		Series   id.Title
		Episodes int
	}
	if err := l.db.read.SelectContext(ctx, &counts, string(countEpisodes), all...); err != nil {
		return nil, fmt.Errorf("count episodes: %w", err)
	}
	episodes := make(map[id.Title]int, len(counts))
	for _, c := range counts {
		episodes[c.Series] = c.Episodes
	}
	out := make([]library.TitleSummary, 0, len(rows))
	for _, r := range rows {
		out = append(out, library.TitleSummary{
			ID: r.ID, Kind: r.Kind, Key: r.Key, SortKey: r.SortKey, AddedMS: r.AddedMS, Year: r.Year, Released: r.Released,
			Rating: r.Rating, DurationMS: r.DurationMS, Age: r.Age, Episodes: episodes[r.ID],
		})
	}
	return out, nil
}

// VisibleTitles gives the movies and series that are shown to a.
func (l *Library) VisibleTitles(ctx context.Context, a library.Audience) ([]id.Title, error) {
	return l.titleIDs(ctx, "list what is shown", selectOnWall, audience(a)...)
}

// Labels returns the labels of a kind.
func (l *Library) Labels(ctx context.Context, kind library.LabelKind) (map[id.Label]string, error) {
	var rows []struct {
		ID   id.Label
		Name string
	}
	if err := l.db.read.SelectContext(ctx, &rows, string(selectLabels), kind); err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	out := make(map[id.Label]string, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}

// Labelled returns the titles of each label of a kind.
func (l *Library) Labelled(ctx context.Context, kind library.LabelKind) ([]library.Labelled, error) {
	var rows []struct {
		Title id.Title `db:"title_id"`
		Label id.Label `db:"label_id"`
	}
	if err := l.db.read.SelectContext(ctx, &rows, string(selectLabelled), kind); err != nil {
		return nil, fmt.Errorf("read the labels of titles: %w", err)
	}
	out := make([]library.Labelled, 0, len(rows))
	for _, r := range rows {
		out = append(out, library.Labelled(r))
	}
	return out, nil
}

// TitlesLabelled returns the titles with a label.
func (l *Library) TitlesLabelled(ctx context.Context, x id.Label) ([]id.Title, error) {
	return l.titleIDs(ctx, "list the titles of a label", selectTitlesLabelled, x)
}

// TitlesOfPerson returns the movies and series in which a person has a credit.
func (l *Library) TitlesOfPerson(ctx context.Context, a library.Audience, p id.Person) ([]id.Title, error) {
	return l.titleIDs(ctx, "list the titles of a person", selectTitlesOfPerson, append([]any{p}, audience(a)...)...)
}

// ProfileProgress returns what a profile has seen of movies and series.
func (l *Library) ProfileProgress(
	ctx context.Context, a library.Audience, p id.Profile,
) (map[id.Title]library.ProfileProgress, error) {
	args := append([]any{p}, audience(a)...)
	var rows []struct {
		Title id.Title
		Works int
	}
	if err := l.db.read.SelectContext(ctx, &rows, string(selectWatchedBy), args...); err != nil {
		return nil, fmt.Errorf("count what was watched: %w", err)
	}
	begun, err := l.titleIDs(ctx, "list what was begun", selectBegun, args...)
	if err != nil {
		return nil, err
	}
	out := make(map[id.Title]library.ProfileProgress, len(rows)+len(begun))
	for _, r := range rows {
		out[r.Title] = library.ProfileProgress{Works: r.Works}
	}
	for _, t := range begun {
		w := out[t]
		w.Begun = true
		out[t] = w
	}
	return out, nil
}

func (l *Library) titleIDs(ctx context.Context, doing string, s statement, args ...any) ([]id.Title, error) {
	var out []id.Title
	if err := l.db.read.SelectContext(ctx, &out, string(s), args...); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return out, nil
}

const (
	// A person is visible to an audience that sees one of the titles with a credit of the person.
	selectPersonFor statement = `SELECT p.id, p.name, p.picture FROM people p
WHERE p.id = ? AND EXISTS (SELECT 1 FROM credits c JOIN titles t ON t.id = c.title_id WHERE c.person_id = p.id AND ` + visible + `)`

	selectParts statement = `SELECT t.id, c.kind, c.role FROM credits c JOIN titles t ON t.id = c.title_id
WHERE c.person_id = ? AND ` + visible + ` ORDER BY t.year DESC, t.sort_key, t.id, c.place LIMIT ?`
)

// Person returns a person with a credit in a title that a may see, or library.ErrPersonNotFound.
func (l *Library) Person(ctx context.Context, a library.Audience, p id.Person) (library.Person, error) {
	var row struct {
		ID      id.Person
		Name    string
		Picture string
	}
	if err := l.db.read.GetContext(ctx, &row, string(selectPersonFor), append([]any{p}, audience(a)...)...); err != nil {
		return library.Person{}, fmt.Errorf("read a person: %w", noRowsAs(err, library.ErrPersonNotFound))
	}
	return library.Person(row), nil
}

// CreditsOf returns the credits of a person in titles.
func (l *Library) CreditsOf(
	ctx context.Context, a library.Audience, p id.Person, limit int,
) ([]library.TitleCredit, error) {
	var rows []struct {
		Title id.Title           `db:"id"`
		Kind  library.CreditKind `db:"kind"`
		Role  string             `db:"role"`
	}
	if err := l.db.read.SelectContext(
		ctx, &rows, string(selectParts), append(append([]any{p}, audience(a)...), limit)...,
	); err != nil {
		return nil, fmt.Errorf("read the parts of a person: %w", err)
	}
	out := make([]library.TitleCredit, 0, len(rows))
	for _, r := range rows {
		out = append(out, library.TitleCredit(r))
	}
	return out, nil
}
