package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Library keeps what package library knows.
type Library struct{ db *DB }

// Library gives the part of the database that belongs to the library.
func (db *DB) Library() *Library { return &Library{db} }

// fileColumns are the columns of a fileRow but the probe, of files f.
const fileColumns = `f.id, f.root_id, f.title_id, f.path, f.size, f.mtime_ns, f.fingerprint, f.duration_ms, f.height,
       f.state, f.code, f.reason, f.since_ms, f.art, f.color, f.added_ms, f.edition, f.part, f.flags, f.pinned,
       f.home`

type fileRow struct {
	ID          id.File        `db:"id"`
	Root        id.Root        `db:"root_id"`
	Title       sql.NullString `db:"title_id"`
	Path        string         `db:"path"`
	Size        int64          `db:"size"`
	ModTimeNS   int64          `db:"mtime_ns"`
	Fingerprint string         `db:"fingerprint"`
	Probe       string         `db:"probe"`
	DurationMS  int64          `db:"duration_ms"`
	Height      int            `db:"height"`
	State       library.State  `db:"state"`
	Code        string         `db:"code"`
	Reason      string         `db:"reason"`
	SinceMS     int64          `db:"since_ms"`
	Art         library.Art    `db:"art"`
	Color       string         `db:"color"`
	AddedMS     int64          `db:"added_ms"`
	Edition     string         `db:"edition"`
	Part        int            `db:"part"`
	Flags       string         `db:"flags"`
	Pinned      bool           `db:"pinned"`
	Home        string         `db:"home"`
}

func (r fileRow) file() (library.File, error) {
	path, err := unescapePath(r.Path)
	if err != nil {
		return library.File{}, err
	}
	var probe media.Probe
	if r.Probe != "" {
		if err := json.Unmarshal([]byte(r.Probe), &probe); err != nil {
			return library.File{}, fmt.Errorf("read the probe of file %s: %w", r.ID, err)
		}
	}
	var flags []string
	if r.Flags != "" {
		flags = strings.Split(r.Flags, ",")
	}
	return library.File{
		ID: r.ID, Root: r.Root, Title: id.Title(r.Title.String), Path: path, Size: r.Size, ModTimeNS: r.ModTimeNS,
		Fingerprint: r.Fingerprint, Probe: probe, DurationMS: r.DurationMS, Height: r.Height, State: r.State, Code: r.Code,
		Reason: r.Reason, SinceMS: r.SinceMS, Art: r.Art, Color: r.Color, AddedMS: r.AddedMS,
		Edition: r.Edition, Part: r.Part, Flags: flags, Pinned: r.Pinned, WorkFolder: r.Home,
	}, nil
}

// convert turns rows into what they stand for.
func convert[R, V any](rows []R, value func(R) (V, error)) ([]V, error) {
	out := make([]V, 0, len(rows))
	for _, r := range rows {
		v, err := value(r)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// each gives the rows of a query one by one, so that not all of them are in memory. After an error it gives no more.
func each[R, V any](
	ctx context.Context, db *sqlx.DB, value func(R) (V, error), query statement, args ...any,
) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		err := func() error {
			rows, err := db.QueryxContext(ctx, string(query), args...)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var r R
				if err := rows.StructScan(&r); err != nil {
					return err
				}
				v, err := value(r)
				if err != nil {
					return err
				}
				if !yield(v, nil) {
					return nil
				}
			}
			return rows.Err()
		}()
		if err != nil {
			var none V
			yield(none, fmt.Errorf("list the films of a folder: %w", err))
		}
	}
}

// orNull gives "" as NULL.
func orNull[T ~string](s T) sql.NullString {
	return sql.NullString{String: string(s), Valid: s != ""}
}
