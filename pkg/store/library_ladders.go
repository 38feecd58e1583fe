package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// LadderWanted reports whether the ladder of a content is wanted.
func (l *Library) LadderWanted(ctx context.Context, fingerprint string) (wanted bool, err error) {
	if err := l.db.read.GetContext(ctx, &wanted, string(selectWanted), fingerprint); err != nil {
		return false, fmt.Errorf("ask whether a ladder is wanted: %w", err)
	}
	return wanted, nil
}

// WantLadders records that ladders are wanted, from a time on in Unix milliseconds. Those that are wanted already stay.
func (l *Library) WantLadders(ctx context.Context, fingerprints []string, atMS int64) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		prepared := prepare(tx)
		for _, f := range fingerprints {
			if _, err := prepared.run(ctx, insertWanted, f, atMS); err != nil {
				return fmt.Errorf("want a ladder: %w", err)
			}
		}
		return nil
	})
}

// WantLaddersOfRoot records that the ladders of all present files of a root are wanted, and counts the files.
func (l *Library) WantLaddersOfRoot(ctx context.Context, r id.Root, atMS int64) (files int, err error) {
	err = l.write(ctx, func(tx *sqlx.Tx) error {
		if err := tx.GetContext(ctx, &files, string(countLadderFilesOfRoot), r); err != nil {
			return fmt.Errorf("count the files of a root: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(insertWantedOfRoot), atMS, r); err != nil {
			return fmt.Errorf("want the ladders of a root: %w", err)
		}
		return nil
	})
	return files, err
}

// LadderFiles lists the present files of a title and of its parts, without its extras.
func (l *Library) LadderFiles(ctx context.Context, t id.Title) ([]library.Content, error) {
	var rows []contentRow
	if err := l.db.read.SelectContext(ctx, &rows, string(selectLadderFiles), t, t, t); err != nil {
		return nil, fmt.Errorf("list the files of a title: %w", err)
	}
	return convert(rows, func(r contentRow) (library.Content, error) { return library.Content(r), nil })
}

// Footage sums up the present files of each root, by the height of their picture.
func (l *Library) Footage(ctx context.Context) ([]library.Footage, error) {
	var rows []struct {
		Root       id.Root `db:"root_id"`
		Height     int     `db:"height"`
		Files      int     `db:"files"`
		DurationMS int64   `db:"duration_ms"`
	}
	if err := l.db.read.SelectContext(ctx, &rows, string(selectFootage)); err != nil {
		return nil, fmt.Errorf("sum up the files of roots: %w", err)
	}
	out := make([]library.Footage, 0, len(rows))
	for _, r := range rows {
		out = append(out, library.Footage(r))
	}
	return out, nil
}

// contentColumns are the columns of a contentRow, of files f.
const contentColumns = `f.id, f.fingerprint, f.added_ms, f.root_id,
       EXISTS (SELECT 1 FROM wanted_ladders w WHERE w.fingerprint = f.fingerprint) AS wanted`

// presentContent are the files f that can have a ladder.
const presentContent = `f.state = 'present' AND f.fingerprint <> ''`

const (
	selectWanted statement = `SELECT EXISTS (SELECT 1 FROM wanted_ladders WHERE fingerprint = ?)`

	insertWanted statement = `INSERT INTO wanted_ladders (fingerprint, since_ms) VALUES (?, ?)
ON CONFLICT (fingerprint) DO NOTHING`

	countLadderFilesOfRoot statement = `SELECT COUNT(*) FROM files f WHERE f.root_id = ? AND ` + presentContent

	insertWantedOfRoot statement = `INSERT INTO wanted_ladders (fingerprint, since_ms)
SELECT DISTINCT f.fingerprint, ? FROM files f WHERE f.root_id = ? AND ` + presentContent + `
ON CONFLICT (fingerprint) DO NOTHING`

	selectLadderFiles statement = `SELECT ` + contentColumns + ` FROM files f
WHERE ` + presentContent + ` AND f.title_id IN (
  SELECT ? AS id UNION ALL SELECT c.id FROM titles c WHERE c.parent_id = ? AND c.kind <> 'extra'
  UNION ALL SELECT e.id FROM titles c JOIN titles e ON e.parent_id = c.id
  WHERE c.parent_id = ? AND c.kind = 'season' AND e.kind <> 'extra')
ORDER BY f.added_ms DESC, f.id DESC`

	selectFootage statement = `
SELECT f.root_id, f.height, COUNT(*) AS files, SUM(f.duration_ms) AS duration_ms FROM files f
WHERE ` + presentContent + ` GROUP BY f.root_id, f.height ORDER BY f.root_id, f.height`
)
