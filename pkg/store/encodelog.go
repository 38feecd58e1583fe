package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/pkg/id"
	"movify/pkg/queue"
	"movify/transcoder"
)

// EncodeLog stores which run made which segment, and when. It meets transcoder.Log.
type EncodeLog struct{ db *DB }

var _ transcoder.Log = (*EncodeLog)(nil)

// NewEncodeLog works on an open database.
func NewEncodeLog(db *DB) *EncodeLog { return &EncodeLog{db: db} }

// encodeRow is a line of the table.
type encodeRow struct {
	Run       string `db:"run_id"`
	Asset     string `db:"asset_id"`
	Rendition string `db:"rendition_id"`
	Segment   int    `db:"segment"`
	Class     string `db:"class"`
	Bytes     int64  `db:"bytes"`
	SHA256    string `db:"sha256"`
	Duplicate bool   `db:"duplicate"`
	AtMS      int64  `db:"at_ms"`
}

const (
	insertEncode statement = `INSERT INTO encode_log
		(id, run_id, asset_id, rendition_id, segment, class, bytes, sha256, duplicate, at_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	selectEncode statement = `SELECT run_id, asset_id, rendition_id, segment, class, bytes, sha256, duplicate, at_ms
		FROM encode_log WHERE asset_id = ? ORDER BY rendition_id, segment, id`
)

// Committed adds a line.
func (l *EncodeLog) Committed(ctx context.Context, e transcoder.Entry) error {
	return l.db.write(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, tx.Rebind(string(insertEncode)), id.New[string](), string(e.Run), string(e.Asset),
			string(e.Rendition), e.Segment, string(e.Class), e.Bytes, e.SHA256, e.Duplicate, e.AtMS)
		if err != nil {
			return fmt.Errorf("add to the encode log: %w", err)
		}
		return nil
	})
}

// Entries gives an asset's lines by rendition and segment.
func (l *EncodeLog) Entries(ctx context.Context, a id.Asset) ([]transcoder.Entry, error) {
	var rows []encodeRow
	if err := l.db.read.SelectContext(ctx, &rows, l.db.read.Rebind(string(selectEncode)), string(a)); err != nil {
		return nil, fmt.Errorf("read the encode log of %s: %w", a, err)
	}
	out := make([]transcoder.Entry, 0, len(rows))
	for _, r := range rows {
		out = append(out, transcoder.Entry{
			Run: id.Run(r.Run), Asset: id.Asset(r.Asset), Class: queue.Class(r.Class), Rendition: id.Rendition(r.Rendition),
			Segment: r.Segment, Bytes: r.Bytes, SHA256: r.SHA256, AtMS: r.AtMS, Duplicate: r.Duplicate,
		})
	}
	return out, nil
}
