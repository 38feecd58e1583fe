package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
)

const (
	filmSetColumns = `d.title_id, d.source, d.facts, CASE WHEN t.lead_file_id IS NULL THEN 0 ELSE 1 END AS shown`

	selectAllFilmSets statement = `SELECT ` + filmSetColumns + ` FROM descriptions d JOIN titles t ON t.id = d.title_id
WHERE d.facts LIKE '%"sets"%' AND t.kind = 'movie'`
	selectFilmSets statement = selectAllFilmSets + ` AND d.title_id IN (?)`

	selectSetCollections statement = `SELECT set_key, collection_id, automatic FROM set_collections`
	selectSetCollection  statement = `SELECT set_key, collection_id, automatic FROM set_collections WHERE set_key = ?`
	insertSetCollection  statement = `INSERT INTO set_collections (set_key, collection_id, automatic) VALUES (?, ?, ?)`
	deleteSetCollections statement = `DELETE FROM set_collections WHERE collection_id = ?`
	// A person changed the collection: it does not follow its set any more.
	keepSetCollection statement = `UPDATE set_collections SET automatic = 0 WHERE collection_id = ?`
	// A person deleted the collection: none is made for its set again.
	forgetSetCollection statement = `UPDATE set_collections SET automatic = 0, collection_id = '' WHERE collection_id = ?`

	// Automatic collections share one place, so that their names order them.
	placeSetCollection statement = `UPDATE collections SET place = COALESCE(
  (SELECT MAX(c.place) FROM collections c JOIN set_collections s ON s.collection_id = c.id WHERE s.automatic = 1 AND c.id <> ?), place)
WHERE id = ?`
)

// FilmSets returns the sets that films name: of those among the titles or, without titles, of all.
func (l *Library) FilmSets(ctx context.Context, titles []id.Title) ([]library.FilmSet, error) {
	f := filmSetReader{at: make(map[id.Title]int)}
	if len(titles) == 0 {
		err := f.read(ctx, l.db.read, string(selectAllFilmSets))
		return f.out, err
	}
	for part := range chunks(titles) {
		query, args, err := sqlx.In(string(selectFilmSets), part)
		if err == nil {
			err = f.read(ctx, l.db.read, query, args...)
		}
		if err != nil {
			return nil, err
		}
	}
	return f.out, nil
}

// filmSetReader reads descriptions one after the other, since those of a large library do not fit into memory, and keeps
// for each film the sets of the strongest source that names one, as library.Merge does.
type filmSetReader struct {
	out  []library.FilmSet
	rank []int // of the source of each
	at   map[id.Title]int
}

func (f *filmSetReader) read(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) error {
	rows, err := q.QueryxContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("read the sets of films: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r struct {
			Title  id.Title       `db:"title_id"`
			Source library.Source `db:"source"`
			Facts  string         `db:"facts"`
			Shown  bool           `db:"shown"`
		}
		if err := rows.StructScan(&r); err != nil {
			return fmt.Errorf("read the sets of films: %w", err)
		}
		var said struct {
			Sets         []string          `json:"sets"`
			SetOverviews map[string]string `json:"setOverviews"`
		}
		if err := json.Unmarshal([]byte(r.Facts), &said); err != nil {
			return fmt.Errorf("read what %s says of title %s: %w", r.Source, r.Title, err)
		}
		if len(said.Sets) == 0 {
			continue
		}
		f.add(slices.Index(library.Sources(), r.Source), library.FilmSet{
			Film: r.Title, Names: said.Sets, Overviews: said.SetOverviews, HasFiles: r.Shown,
		})
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the sets of films: %w", err)
	}
	return nil
}

func (f *filmSetReader) add(rank int, set library.FilmSet) {
	i, known := f.at[set.Film]
	switch {
	case !known:
		f.at[set.Film] = len(f.out)
		f.out, f.rank = append(f.out, set), append(f.rank, rank)
	case rank > f.rank[i]:
		f.out[i], f.rank[i] = set, rank
	}
}

type collectedSetRow struct {
	Set        string        `db:"set_key"`
	Collection id.Collection `db:"collection_id"`
	Automatic  bool          `db:"automatic"`
}

// CollectedSets lists the sets that have, or had, a collection.
func (l *Library) CollectedSets(ctx context.Context) ([]library.CollectedSet, error) {
	var rows []collectedSetRow
	if err := l.db.read.SelectContext(ctx, &rows, string(selectSetCollections)); err != nil {
		return nil, fmt.Errorf("list the collections of sets: %w", err)
	}
	out := make([]library.CollectedSet, 0, len(rows))
	for _, r := range rows {
		out = append(out, library.CollectedSet(r))
	}
	return out, nil
}

// ChangeSets makes, changes and removes the collections of sets in one transaction.
func (l *Library) ChangeSets(ctx context.Context, changes []library.SetChange) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		for _, c := range changes {
			if err := changeSet(ctx, tx, c); err != nil {
				return fmt.Errorf("change the collection of the set %q: %w", c.Set, err)
			}
		}
		return nil
	})
}

// changeSet compares with the row of the set first: a person may have changed or deleted the collection meanwhile.
func changeSet(ctx context.Context, tx *sqlx.Tx, c library.SetChange) error {
	var rows []collectedSetRow
	if err := tx.SelectContext(ctx, &rows, string(selectSetCollection), c.Set); err != nil {
		return err
	}
	automatic := len(rows) == 1 && rows[0].Automatic && rows[0].Collection == c.Collection.ID
	switch {
	case c.Action == library.AdoptSet && len(rows) == 0:
		_, err := tx.ExecContext(ctx, string(insertSetCollection), c.Set, c.Collection.ID, false)
		return err
	case c.Action == library.MakeSet && len(rows) == 0:
		return makeSet(ctx, tx, c)
	case c.Action == library.UpdateSet && automatic:
		values, err := collectionValues(c.Collection)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(updateCollection), values...); err != nil {
			return err
		}
		return changeSetTitles(ctx, tx, c)
	case c.Action == library.RemoveSet && automatic:
		if _, err := tx.ExecContext(ctx, string(deleteSetCollections), c.Collection.ID); err != nil {
			return err
		}
		return removeCollection(ctx, tx, c.Collection.ID)
	}
	return nil
}

// makeSet adds a collection unless another one has its name.
func makeSet(ctx context.Context, tx *sqlx.Tx, c library.SetChange) error {
	var alike int
	if err := tx.GetContext(
		ctx, &alike, string(countNamedAlike), c.Collection.Kind, naming.Fold(c.Collection.Name), c.Collection.ID,
	); err != nil || alike > 0 {
		return err
	}
	values, err := collectionValues(c.Collection)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(insertCollection), append(values, c.Collection.AddedMS)...); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(placeSetCollection), c.Collection.ID, c.Collection.ID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(insertSetCollection), c.Set, c.Collection.ID, true); err != nil {
		return err
	}
	return changeSetTitles(ctx, tx, c)
}

// changeSetTitles changes the titles of a collection that is no channel. A title that is gone is left out.
func changeSetTitles(ctx context.Context, tx *sqlx.Tx, c library.SetChange) error {
	for _, m := range c.In {
		var n int
		if err := tx.GetContext(ctx, &n, string(selectCollectable), m.Title); err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if _, err := tx.ExecContext(
			ctx, string(upsertMember), m.Collection, m.Title, m.Position, m.ByRule, m.AddedMS,
		); err != nil {
			return err
		}
	}
	for _, t := range c.Out {
		if _, err := tx.ExecContext(ctx, string(deleteMember), c.Collection.ID, t); err != nil {
			return err
		}
	}
	return nil
}
