package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/id"
	"movify/pkg/storage"
)

const (
	selectLayout  statement = `SELECT home, target, back, left_home FROM storage_settings WHERE id = 1`
	updateLayout  statement = `UPDATE storage_settings SET home = ?, target = ?, back = ?, left_home = ? WHERE id = 1`
	selectS3      statement = `SELECT s3 FROM storage_settings WHERE id = 1`
	updateS3      statement = `UPDATE storage_settings SET s3 = ? WHERE id = 1`
	countOpenTask statement = `SELECT COUNT(*) FROM storage_tasks WHERE finished_ms = 0`
	taskColumns             = `id, kind, from_home, to_home, state, phase, cursor_key, done, total, done_bytes, total_bytes, speed,
		created_ms, started_ms, left_ms, finished_ms, words, dry_run, garbage, cancels`
	insertTask statement = `INSERT INTO storage_tasks (` + taskColumns + `)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	selectLastTask statement = `SELECT ` + taskColumns + ` FROM storage_tasks ORDER BY created_ms DESC, id DESC LIMIT 1`
	updateTask     statement = `UPDATE storage_tasks SET state = ?, phase = ?, cursor_key = ?, done = ?, total = ?, done_bytes = ?,
		total_bytes = ?, speed = ?, started_ms = ?, left_ms = ?, finished_ms = ?, words = ?, garbage = ? WHERE id = ?`
	cancelTask           statement = `UPDATE storage_tasks SET cancels = cancels + 1 WHERE id = ? AND finished_ms = 0`
	selectCancelRequests statement = `SELECT cancels FROM storage_tasks WHERE id = ?`

	selectFingerprints statement = `SELECT DISTINCT fingerprint FROM files WHERE fingerprint <> ''`
	selectPictures     statement = `SELECT DISTINCT blob_key FROM title_art WHERE blob_key <> ''`
	selectAssetsInUse  statement = `SELECT DISTINCT asset_id FROM sessions WHERE ended_ms = 0 AND expires_ms > ?`
)

type layoutRow struct {
	Backend  string `db:"home"`
	Target   string `db:"target"`
	Rollback bool   `db:"back"`
	Retired  string `db:"left_home"`
}

type taskRow struct {
	ID             string `db:"id"`
	Kind           string `db:"kind"`
	From           string `db:"from_home"`
	To             string `db:"to_home"`
	State          string `db:"state"`
	Phase          string `db:"phase"`
	Cursor         string `db:"cursor_key"`
	Done           int    `db:"done"`
	Total          int    `db:"total"`
	DoneBytes      int64  `db:"done_bytes"`
	TotalBytes     int64  `db:"total_bytes"`
	Speed          int64  `db:"speed"`
	CreatedMS      int64  `db:"created_ms"`
	StartedMS      int64  `db:"started_ms"`
	RetiredReadMS  int64  `db:"left_ms"`
	FinishedMS     int64  `db:"finished_ms"`
	Error          string `db:"words"`
	DryRun         bool   `db:"dry_run"`
	Garbage        string `db:"garbage"`
	CancelRequests int    `db:"cancels"`
}

func (r taskRow) value() (storage.Task, error) {
	t := storage.Task{
		ID: id.Task(r.ID), Kind: storage.Kind(r.Kind), From: storage.Backend(r.From), To: storage.Backend(r.To),
		State: storage.State(r.State), Phase: storage.Phase(r.Phase), Cursor: r.Cursor, Done: r.Done, Total: r.Total,
		DoneBytes: r.DoneBytes, TotalBytes: r.TotalBytes, Speed: r.Speed, Created: momentOf(r.CreatedMS),
		Started: momentOf(r.StartedMS), RetiredReadAt: momentOf(r.RetiredReadMS), Finished: momentOf(r.FinishedMS),
		Error:  r.Error,
		DryRun: r.DryRun, CancelRequests: r.CancelRequests,
	}
	if r.Garbage == "" {
		return t, nil
	}
	if err := json.Unmarshal([]byte(r.Garbage), &t.Garbage); err != nil {
		return t, fmt.Errorf("read the garbage of task %s: %w", r.ID, err)
	}
	return t, nil
}

func garbageText(all []storage.Garbage) (string, error) {
	if len(all) == 0 {
		return "", nil
	}
	text, err := json.Marshal(all)
	if err != nil {
		return "", fmt.Errorf("encode garbage: %w", err)
	}
	return string(text), nil
}

// Storage meets storage.Store.
type Storage struct{ db *DB }

var _ storage.Store = Storage{}

// Storage returns the part that meets storage.Store.
func (db *DB) Storage() Storage { return Storage{db} }

// Layout returns the recorded layout.
func (s Storage) Layout(ctx context.Context) (storage.Layout, error) {
	var r layoutRow
	if err := s.db.read.GetContext(ctx, &r, string(selectLayout)); err != nil {
		return storage.Layout{}, fmt.Errorf("read the storage place: %w", err)
	}
	return storage.Layout{
		Backend: storage.Backend(r.Backend), Target: storage.Backend(r.Target), Rollback: r.Rollback,
		Retired: storage.Backend(r.Retired),
	}, nil
}

// Add stores a new task unless one is open.
func (s Storage) Add(ctx context.Context, t storage.Task) error {
	garbage, err := garbageText(t.Garbage)
	if err != nil {
		return err
	}
	return s.db.write(ctx, func(tx *sqlx.Tx) error {
		var open int
		if err := tx.GetContext(ctx, &open, string(countOpenTask)); err != nil {
			return fmt.Errorf("count storage tasks: %w", err)
		}
		if open > 0 {
			return storage.ErrBusy
		}
		_, err := tx.ExecContext(
			ctx, string(insertTask), t.ID, t.Kind, t.From, t.To, t.State, t.Phase, t.Cursor, t.Done, t.Total, t.DoneBytes,
			t.TotalBytes, t.Speed, milliseconds(t.Created), milliseconds(t.Started), milliseconds(t.RetiredReadAt),
			milliseconds(t.Finished), t.Error, t.DryRun, garbage, t.CancelRequests,
		)
		if err != nil {
			return fmt.Errorf("add a storage task: %w", err)
		}
		return nil
	})
}

// Last returns the newest task.
func (s Storage) Last(ctx context.Context) (storage.Task, error) {
	var r taskRow
	err := s.db.read.GetContext(ctx, &r, string(selectLastTask))
	if errors.Is(err, sql.ErrNoRows) {
		return storage.Task{}, storage.ErrNoTask
	}
	if err != nil {
		return storage.Task{}, fmt.Errorf("read the storage task: %w", err)
	}
	return r.value()
}

// Save stores a task and a layout in one transaction.
func (s Storage) Save(ctx context.Context, t storage.Task, p *storage.Layout) error {
	garbage, err := garbageText(t.Garbage)
	if err != nil {
		return err
	}
	return s.db.write(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(
			ctx, string(updateTask), t.State, t.Phase, t.Cursor, t.Done, t.Total, t.DoneBytes, t.TotalBytes, t.Speed,
			milliseconds(t.Started), milliseconds(t.RetiredReadAt), milliseconds(t.Finished), t.Error, garbage, t.ID,
		)
		if err != nil {
			return fmt.Errorf("keep a storage task: %w", err)
		}
		if p == nil {
			return nil
		}
		if _, err := tx.ExecContext(ctx, string(updateLayout), p.Backend, p.Target, p.Rollback, p.Retired); err != nil {
			return fmt.Errorf("keep the storage place: %w", err)
		}
		return nil
	})
}

// SaveLayout stores a layout by itself.
func (s Storage) SaveLayout(ctx context.Context, p storage.Layout) error {
	return s.db.exec(ctx, updateLayout, p.Backend, p.Target, p.Rollback, p.Retired)
}

// Cancel counts a request to end an open task.
func (s Storage) Cancel(ctx context.Context, t id.Task) error {
	return s.db.exec(ctx, cancelTask, t)
}

// CancelRequests returns the count of such requests.
func (s Storage) CancelRequests(ctx context.Context, t id.Task) (int, error) {
	var n int
	if err := s.db.read.GetContext(ctx, &n, string(selectCancelRequests), t); err != nil {
		return 0, fmt.Errorf("read a storage task: %w", err)
	}
	return n, nil
}

// S3 returns the settings that SaveS3 stored last; empty at first.
func (s Storage) S3(ctx context.Context) ([]byte, error) {
	var text string
	if err := s.db.read.GetContext(ctx, &text, string(selectS3)); err != nil {
		return nil, fmt.Errorf("read the storage settings: %w", err)
	}
	return []byte(text), nil
}

// SaveS3 stores the settings of a bucket; empty text deletes them.
func (s Storage) SaveS3(ctx context.Context, text []byte) error {
	return s.db.exec(ctx, updateS3, string(text))
}

// Fingerprints lists the content keys of all known files in every state.
func (s Storage) Fingerprints(ctx context.Context) ([]string, error) {
	var out []string
	if err := s.db.read.SelectContext(ctx, &out, string(selectFingerprints)); err != nil {
		return nil, fmt.Errorf("list fingerprints: %w", err)
	}
	return out, nil
}

// Pictures lists the blob keys of the pictures that titles have.
func (s Storage) Pictures(ctx context.Context) ([]string, error) {
	var out []string
	if err := s.db.read.SelectContext(ctx, &out, string(selectPictures)); err != nil {
		return nil, fmt.Errorf("list pictures: %w", err)
	}
	return out, nil
}

// AssetsInUse lists the assets of sessions that have not ended or expired.
func (s Storage) AssetsInUse(ctx context.Context, now time.Time) ([]id.Asset, error) {
	var out []id.Asset
	if err := s.db.read.SelectContext(ctx, &out, string(selectAssetsInUse), milliseconds(now)); err != nil {
		return nil, fmt.Errorf("list what is watched: %w", err)
	}
	return out, nil
}
