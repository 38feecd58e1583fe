package store

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

const selectTitlePictures statement = `
SELECT title_id, kind, source, blob_key, mark, width, height, color, thumbhash FROM title_art WHERE title_id IN (?)`

const updatePicture statement = `
UPDATE title_art SET blob_key = ?, mark = ?, width = ?, height = ?, color = ?, thumbhash = ?
WHERE title_id = ? AND kind = ? AND source = ?`

const insertPicture statement = `
INSERT INTO title_art (blob_key, mark, width, height, color, thumbhash, title_id, kind, source)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

const deletePicture statement = `DELETE FROM title_art WHERE title_id = ? AND kind = ? AND source = ?`

const deleteTitlePictures statement = `DELETE FROM title_art WHERE title_id = ?`

const selectPlaced statement = `
SELECT f.path, t.id, t.kind, t.season, COALESCE(p.id, '') AS parent, COALESCE(p.parent_id, '') AS above
FROM files f
JOIN titles t ON t.id = f.title_id
LEFT JOIN titles p ON p.id = t.parent_id
WHERE f.root_id = ? AND f.state = 'present' AND (f.path_hash = ? OR SUBSTR(f.path, 1, ?) = ?)`

// Pictures returns the pictures of titles, the strongest source first.
func (l *Library) Pictures(ctx context.Context, titles []id.Title) (map[id.Title][]library.Picture, error) {
	out := make(map[id.Title][]library.Picture)
	for part := range chunks(titles) {
		query, args, err := sqlx.In(string(selectTitlePictures), part)
		if err != nil {
			return nil, fmt.Errorf("read pictures: %w", err)
		}
		var rows []pictureRow
		if err := l.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("read pictures: %w", err)
		}
		pictures, err := convert(rows, pictureRow.picture)
		if err != nil {
			return nil, err
		}
		for _, p := range pictures {
			out[p.Title] = append(out[p.Title], p)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b library.Picture) int {
			return cmp.Or(cmp.Compare(a.Source.Rank(), b.Source.Rank()), cmp.Compare(a.Kind, b.Kind))
		})
	}
	return out, nil
}

// SavePicture adds a picture of a title or replaces it.
func (l *Library) SavePicture(ctx context.Context, p library.Picture) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		var parent nullID
		if err := tx.GetContext(ctx, &parent, string(selectParent), p.Title); err != nil {
			return fmt.Errorf("save a picture of title %s: %w", p.Title, noRowsAs(err, library.ErrTitleNotFound))
		}
		values := []any{p.Key, escapePath(p.Revision), p.Width, p.Height, p.Color, p.Hash, p.Title, p.Kind, p.Source}
		done, err := changed(tx.ExecContext(ctx, string(updatePicture), values...))
		if err == nil && !done {
			_, err = tx.ExecContext(ctx, string(insertPicture), values...)
		}
		if err != nil {
			return fmt.Errorf("save a picture of title %s: %w", p.Title, err)
		}
		return nil
	})
}

// RemovePicture deletes a picture of a title.
func (l *Library) RemovePicture(
	ctx context.Context, t id.Title, kind library.PictureKind, source library.PictureSource,
) error {
	return l.exec(ctx, "remove a picture", deletePicture, t, kind, source)
}

// TitledFiles lists the present files of a root at or below path with their titles.
func (l *Library) TitledFiles(ctx context.Context, r id.Root, path string) iter.Seq2[library.TitledFile, error] {
	return each(ctx, l.db.read, placedRow.placed, selectPlaced, below(r, path)...)
}

type pictureRow struct {
	Title    id.Title              `db:"title_id"`
	Kind     library.PictureKind   `db:"kind"`
	Source   library.PictureSource `db:"source"`
	Key      string                `db:"blob_key"`
	Revision string                `db:"mark"`
	Width    int                   `db:"width"`
	Height   int                   `db:"height"`
	Color    string                `db:"color"`
	Hash     string                `db:"thumbhash"`
}

func (r pictureRow) picture() (p library.Picture, err error) {
	p = library.Picture(r)
	p.Revision, err = unescapePath(r.Revision)
	return p, err
}

type placedRow struct {
	Path        string       `db:"path"`
	Title       id.Title     `db:"id"`
	Kind        library.Kind `db:"kind"`
	Season      int          `db:"season"`
	Parent      id.Title     `db:"parent"`
	Grandparent id.Title     `db:"above"`
}

func (r placedRow) placed() (p library.TitledFile, err error) {
	p = library.TitledFile(r)
	p.Path, err = unescapePath(r.Path)
	return p, err
}
