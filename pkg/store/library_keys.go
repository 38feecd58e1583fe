package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"movify/library/naming"
	"movify/pkg/id"
)

const (
	selectTitleKeys statement = `
SELECT t.id, t.name, t.sort_key, t.search_key, EXISTS (SELECT 1 FROM descriptions d
  WHERE d.title_id = t.id AND d.facts LIKE '%"sortName"%') AS filed
FROM titles t WHERE t.id > ? ORDER BY t.id LIMIT ?`
	updateTitleKeys statement = `UPDATE titles SET sort_key = ?, search_key = ? WHERE id = ? AND name = ?`
)

// RefreshKeys updates the keys by which titles are sorted and searched. A title that a source files under another name keeps
// its key until that source says something new.
func (l *Library) RefreshKeys(ctx context.Context) (changed int, err error) {
	const page = 500
	after := id.Title("")
	for {
		var rows []struct {
			ID        id.Title `db:"id"`
			Name      string   `db:"name"`
			SortKey   string   `db:"sort_key"`
			SearchKey string   `db:"search_key"`
			Filed     bool     `db:"filed"`
		}
		if err := l.db.read.SelectContext(ctx, &rows, string(selectTitleKeys), after, page); err != nil {
			return changed, fmt.Errorf("list the keys of titles: %w", err)
		}
		if len(rows) == 0 {
			return changed, nil
		}
		after = rows[len(rows)-1].ID
		var old []any
		for _, r := range rows {
			key := naming.SortKey(r.Name)
			if r.Filed {
				key = r.SortKey
			}
			if search := naming.Fold(r.Name); key != r.SortKey || search != r.SearchKey {
				old = append(old, key, search, r.ID, r.Name)
			}
		}
		if len(old) == 0 {
			continue
		}
		if err := l.write(ctx, func(tx *sqlx.Tx) error {
			for args := range slices.Chunk(old, 4) {
				if _, err := tx.ExecContext(ctx, string(updateTitleKeys), args...); err != nil {
					return fmt.Errorf("update the keys of titles: %w", err)
				}
				if _, err := tx.ExecContext(ctx, string(noteSearchChange), args[2], true); err != nil {
					return fmt.Errorf("note a title for the search: %w", err)
				}
			}
			return nil
		}); err != nil {
			return changed, err
		}
		changed += len(old) / 4
	}
}
