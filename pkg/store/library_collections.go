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
	collectionColumns = `c.id, c.kind, c.name, c.overview, c.logo, c.how, c.rule, c.place, c.added_ms`

	selectCollections statement = `SELECT ` + collectionColumns + ` FROM collections c WHERE (? = '' OR c.kind = ?)
ORDER BY c.kind, c.place, c.name_key`
	selectCollection statement = `SELECT ` + collectionColumns + ` FROM collections c WHERE c.id = ?`
	countNamedAlike  statement = `SELECT COUNT(*) FROM collections WHERE kind = ? AND name_key = ? AND id <> ?`
	updateCollection statement = `UPDATE collections SET kind = ?, name = ?, name_key = ?, overview = ?, logo = ?, how = ?, rule = ? WHERE id = ?`
	insertCollection statement = `INSERT INTO collections (kind, name, name_key, overview, logo, how, rule, id, added_ms, place)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT COALESCE(MAX(place) + 1, 0) FROM collections))`
	deleteCollection        statement = `DELETE FROM collections WHERE id = ?`
	deleteCollectionTitles  statement = `DELETE FROM collection_titles WHERE collection_id = ?`
	deleteCollectionScopes  statement = `DELETE FROM title_scopes WHERE scope_id = ?`
	deleteCollectionReach   statement = `DELETE FROM account_scopes WHERE scope_id = ? AND kind = 'channel'`
	updateCollectionPlace   statement = `UPDATE collections SET place = ? WHERE id = ?`
	selectCollectionMembers statement = `SELECT collection_id, title_id, place, by_rule, added_ms FROM collection_titles
WHERE collection_id = ? ORDER BY place, title_id`
	selectAllMembers statement = `SELECT collection_id, title_id, place, by_rule, added_ms FROM collection_titles
ORDER BY collection_id, place, title_id`
	// A rule does not take over a title that a person added.
	upsertMember statement = `INSERT INTO collection_titles (collection_id, title_id, place, by_rule, added_ms) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (collection_id, title_id) DO UPDATE SET
  place = CASE WHEN excluded.by_rule = 1 THEN collection_titles.place ELSE excluded.place END,
  by_rule = CASE WHEN excluded.by_rule = 1 THEN collection_titles.by_rule ELSE 0 END`
	deleteMember      statement = `DELETE FROM collection_titles WHERE collection_id = ? AND title_id = ?`
	selectCollectable statement = `SELECT COUNT(*) FROM titles t WHERE t.id = ? AND t.wall = 1`
	selectChannelsOf  statement = `SELECT scope_id FROM account_scopes WHERE account_id = ? AND kind = 'channel'`
	selectMembersOf   statement = `SELECT title_id FROM collection_titles WHERE collection_id = ?`
)

type collectionRow struct {
	ID       id.Collection          `db:"id"`
	Kind     library.CollectionKind `db:"kind"`
	Name     string                 `db:"name"`
	Overview string                 `db:"overview"`
	Logo     string                 `db:"logo"`
	How      library.FillMethod     `db:"how"`
	Rule     string                 `db:"rule"`
	Place    int                    `db:"place"`
	AddedMS  int64                  `db:"added_ms"`
}

func (r collectionRow) collection() (library.Collection, error) {
	c := library.Collection{
		ID: r.ID, Kind: r.Kind, Name: r.Name, Overview: r.Overview, Logo: r.Logo, FilledBy: r.How, Position: r.Place,
		AddedMS: r.AddedMS,
	}
	if r.Rule != "" {
		if err := json.Unmarshal([]byte(r.Rule), &c.Rule); err != nil {
			return c, fmt.Errorf("read the rule of collection %s: %w", r.ID, err)
		}
	}
	return c, nil
}

// Collections gives the collections of a kind, "" of all, in their order.
func (l *Library) Collections(ctx context.Context, kind library.CollectionKind) ([]library.Collection, error) {
	return l.collections(ctx, selectCollections, kind, kind)
}

func (l *Library) collections(ctx context.Context, s statement, args ...any) ([]library.Collection, error) {
	var rows []collectionRow
	if err := l.db.read.SelectContext(ctx, &rows, string(s), args...); err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	return convert(rows, collectionRow.collection)
}

// Collection gives one, or library.ErrCollectionNotFound.
func (l *Library) Collection(ctx context.Context, c id.Collection) (library.Collection, error) {
	var row collectionRow
	if err := l.db.read.GetContext(ctx, &row, string(selectCollection), c); err != nil {
		return library.Collection{}, fmt.Errorf("read a collection: %w", noRowsAs(err, library.ErrCollectionNotFound))
	}
	return row.collection()
}

// SaveCollection adds a collection or replaces the one with its ID.
func (l *Library) SaveCollection(ctx context.Context, c library.Collection) error {
	values, err := collectionValues(c)
	if err != nil {
		return fmt.Errorf("save a collection: %w", err)
	}
	return l.write(ctx, func(tx *sqlx.Tx) error {
		var alike int
		if err := tx.GetContext(ctx, &alike, string(countNamedAlike), c.Kind, naming.Fold(c.Name), c.ID); err != nil {
			return fmt.Errorf("save a collection: %w", err)
		}
		if alike > 0 {
			return library.ErrCollectionExists
		}
		done, err := changed(tx.ExecContext(ctx, string(updateCollection), values...))
		if err == nil && !done {
			_, err = tx.ExecContext(ctx, string(insertCollection), append(values, c.AddedMS)...)
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, string(keepSetCollection), c.ID)
		}
		if err != nil {
			return fmt.Errorf("save a collection: %w", err)
		}
		if done { // a channel may have become a collection
			return updateChannels(ctx, tx, c.ID)
		}
		return nil
	})
}

// collectionValues returns the arguments of updateCollection, and of insertCollection but for the time.
func collectionValues(c library.Collection) ([]any, error) {
	rule, err := json.Marshal(c.Rule)
	return []any{c.Kind, c.Name, naming.Fold(c.Name), c.Overview, c.Logo, c.FilledBy, string(rule), c.ID}, err
}

// updateChannels updates the channels of all titles in a collection, and of their parts.
func updateChannels(ctx context.Context, tx *sqlx.Tx, c id.Collection) error {
	if _, err := tx.ExecContext(ctx, string(deleteCollectionScopes), c); err != nil {
		return fmt.Errorf("find the channels of titles: %w", err)
	}
	var titles []id.Title
	if err := tx.SelectContext(ctx, &titles, string(selectMembersOf), c); err != nil {
		return fmt.Errorf("find the channels of titles: %w", err)
	}
	return share(ctx, tx, titles)
}

// RemoveCollection deletes a collection and its members.
func (l *Library) RemoveCollection(ctx context.Context, c id.Collection) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(forgetSetCollection), c); err != nil {
			return fmt.Errorf("remove a collection: %w", err)
		}
		return removeCollection(ctx, tx, c)
	})
}

func removeCollection(ctx context.Context, tx *sqlx.Tx, c id.Collection) error {
	for _, s := range []statement{
		deleteCollectionScopes, deleteCollectionReach, deleteCollectionTitles, deleteCollection,
	} {
		if _, err := tx.ExecContext(ctx, string(s), c); err != nil {
			return fmt.Errorf("remove a collection: %w", err)
		}
	}
	return nil
}

// OrderCollections puts collections into an order, before all others.
func (l *Library) OrderCollections(ctx context.Context, order []id.Collection) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		for place, c := range order {
			// Collections that are not named keep their positions, which are 0 and more.
			if _, err := tx.ExecContext(ctx, string(updateCollectionPlace), place-len(order), c); err != nil {
				return fmt.Errorf("order collections: %w", err)
			}
		}
		return nil
	})
}

// Members gives the titles of a collection, of "" of all.
func (l *Library) Members(ctx context.Context, c id.Collection) ([]library.Member, error) {
	query, args := selectAllMembers, []any(nil)
	if c != "" {
		query, args = selectCollectionMembers, []any{c}
	}
	var rows []struct {
		Collection id.Collection `db:"collection_id"`
		Title      id.Title      `db:"title_id"`
		Position   int           `db:"place"`
		ByRule     bool          `db:"by_rule"`
		AddedMS    int64         `db:"added_ms"`
	}
	if err := l.db.read.SelectContext(ctx, &rows, string(query), args...); err != nil {
		return nil, fmt.Errorf("list the titles of collections: %w", err)
	}
	out := make([]library.Member, 0, len(rows))
	for _, r := range rows {
		out = append(out, library.Member(r))
	}
	return out, nil
}

// SaveMembers adds titles to a collection and takes others out.
func (l *Library) SaveMembers(ctx context.Context, c id.Collection, in []library.Member, out []id.Title) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		titles := append([]id.Title{}, out...)
		for _, m := range in {
			var n int
			if err := tx.GetContext(ctx, &n, string(selectCollectable), m.Title); err != nil {
				return fmt.Errorf("add to a collection: %w", err)
			}
			if n == 0 {
				return library.ErrNotCollectable
			}
			if _, err := tx.ExecContext(ctx, string(upsertMember), c, m.Title, m.Position, m.ByRule, m.AddedMS); err != nil {
				return fmt.Errorf("add to a collection: %w", err)
			}
			titles = append(titles, m.Title)
		}
		if slices.ContainsFunc(in, func(m library.Member) bool { return !m.ByRule }) {
			if _, err := tx.ExecContext(ctx, string(keepSetCollection), c); err != nil {
				return fmt.Errorf("add to a collection: %w", err)
			}
		}
		for _, t := range out {
			if _, err := tx.ExecContext(ctx, string(deleteMember), c, t); err != nil {
				return fmt.Errorf("take out of a collection: %w", err)
			}
		}
		return share(ctx, tx, titles)
	})
}

// ChannelsOf gives the list of channels of an account.
func (l *Library) ChannelsOf(ctx context.Context, a id.Account) ([]id.Collection, error) {
	var out []id.Collection
	if err := l.db.read.SelectContext(ctx, &out, string(selectChannelsOf), a); err != nil {
		return nil, fmt.Errorf("read the channels of an account: %w", err)
	}
	return out, nil
}
