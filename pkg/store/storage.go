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
	"movify/pkg/keeper"
)

const (
	selectPlace   statement = `SELECT home, target, back, left_home FROM storage_settings WHERE id = 1`
	updatePlace   statement = `UPDATE storage_settings SET home = ?, target = ?, back = ?, left_home = ? WHERE id = 1`
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
	cancelTask    statement = `UPDATE storage_tasks SET cancels = cancels + 1 WHERE id = ? AND finished_ms = 0`
	selectCancels statement = `SELECT cancels FROM storage_tasks WHERE id = ?`

	selectFingerprints statement = `SELECT DISTINCT fingerprint FROM files WHERE fingerprint <> ''`
	selectPictures     statement = `SELECT DISTINCT blob_key FROM title_art WHERE blob_key <> ''`
	selectWatched      statement = `SELECT DISTINCT asset_id FROM sessions WHERE ended_ms = 0 AND expires_ms > ?`
)

type placeRow struct {
	Home   string `db:"home"`
	Target string `db:"target"`
	Back   bool   `db:"back"`
	Left   string `db:"left_home"`
}

type taskRow struct {
	ID         string `db:"id"`
	Kind       string `db:"kind"`
	From       string `db:"from_home"`
	To         string `db:"to_home"`
	State      string `db:"state"`
	Phase      string `db:"phase"`
	Cursor     string `db:"cursor_key"`
	Done       int    `db:"done"`
	Total      int    `db:"total"`
	DoneBytes  int64  `db:"done_bytes"`
	TotalBytes int64  `db:"total_bytes"`
	Speed      int64  `db:"speed"`
	CreatedMS  int64  `db:"created_ms"`
	StartedMS  int64  `db:"started_ms"`
	LeftMS     int64  `db:"left_ms"`
	FinishedMS int64  `db:"finished_ms"`
	Words      string `db:"words"`
	DryRun     bool   `db:"dry_run"`
	Garbage    string `db:"garbage"`
	Cancels    int    `db:"cancels"`
}

func (r taskRow) value() (keeper.Task, error) {
	t := keeper.Task{
		ID: id.Task(r.ID), Kind: keeper.Kind(r.Kind), From: keeper.Home(r.From), To: keeper.Home(r.To),
		State: keeper.State(r.State), Phase: keeper.Phase(r.Phase), Cursor: r.Cursor, Done: r.Done, Total: r.Total,
		DoneBytes: r.DoneBytes, TotalBytes: r.TotalBytes, Speed: r.Speed, Created: momentOf(r.CreatedMS),
		Started: momentOf(r.StartedMS), Left: momentOf(r.LeftMS), Finished: momentOf(r.FinishedMS), Error: r.Words,
		DryRun: r.DryRun, Cancels: r.Cancels,
	}
	if r.Garbage == "" {
		return t, nil
	}
	if err := json.Unmarshal([]byte(r.Garbage), &t.Garbage); err != nil {
		return t, fmt.Errorf("read the garbage of task %s: %w", r.ID, err)
	}
	return t, nil
}

func garbageText(all []keeper.Garbage) (string, error) {
	if len(all) == 0 {
		return "", nil
	}
	text, err := json.Marshal(all)
	if err != nil {
		return "", fmt.Errorf("encode garbage: %w", err)
	}
	return string(text), nil
}

// Storage is the part of a DB that meets keeper.Store.
type Storage struct{ db *DB }

var _ keeper.Store = Storage{}

// Storage gives the part that meets keeper.Store.
func (db *DB) Storage() Storage { return Storage{db} }

// Place gives where things are.
func (s Storage) Place(ctx context.Context) (keeper.Place, error) {
	var r placeRow
	if err := s.db.read.GetContext(ctx, &r, string(selectPlace)); err != nil {
		return keeper.Place{}, fmt.Errorf("read the storage place: %w", err)
	}
	return keeper.Place{Home: keeper.Home(r.Home), Target: keeper.Home(r.Target), Back: r.Back, Left: keeper.Home(r.Left)}, nil
}

// Add keeps a new task unless one is open.
func (s Storage) Add(ctx context.Context, t keeper.Task) error {
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
			return keeper.ErrBusy
		}
		_, err := tx.ExecContext(ctx, string(insertTask), t.ID, t.Kind, t.From, t.To, t.State, t.Phase, t.Cursor, t.Done, t.Total,
			t.DoneBytes, t.TotalBytes, t.Speed, milliseconds(t.Created), milliseconds(t.Started), milliseconds(t.Left),
			milliseconds(t.Finished), t.Error, t.DryRun, garbage, t.Cancels)
		if err != nil {
			return fmt.Errorf("add a storage task: %w", err)
		}
		return nil
	})
}

// Last gives the newest task.
func (s Storage) Last(ctx context.Context) (keeper.Task, error) {
	var r taskRow
	err := s.db.read.GetContext(ctx, &r, string(selectLastTask))
	if errors.Is(err, sql.ErrNoRows) {
		return keeper.Task{}, keeper.ErrNoTask
	}
	if err != nil {
		return keeper.Task{}, fmt.Errorf("read the storage task: %w", err)
	}
	return r.value()
}

// Save keeps a task and a place in one transaction.
func (s Storage) Save(ctx context.Context, t keeper.Task, p *keeper.Place) error {
	garbage, err := garbageText(t.Garbage)
	if err != nil {
		return err
	}
	return s.db.write(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, string(updateTask), t.State, t.Phase, t.Cursor, t.Done, t.Total, t.DoneBytes, t.TotalBytes,
			t.Speed, milliseconds(t.Started), milliseconds(t.Left), milliseconds(t.Finished), t.Error, garbage, t.ID)
		if err != nil {
			return fmt.Errorf("keep a storage task: %w", err)
		}
		if p == nil {
			return nil
		}
		if _, err := tx.ExecContext(ctx, string(updatePlace), p.Home, p.Target, p.Back, p.Left); err != nil {
			return fmt.Errorf("keep the storage place: %w", err)
		}
		return nil
	})
}

// SavePlace keeps a place by itself.
func (s Storage) SavePlace(ctx context.Context, p keeper.Place) error {
	return s.db.exec(ctx, updatePlace, p.Home, p.Target, p.Back, p.Left)
}

// Cancel counts a wish to end a task that is open.
func (s Storage) Cancel(ctx context.Context, t id.Task) error {
	return s.db.exec(ctx, cancelTask, t)
}

// Cancels gives the count of such wishes.
func (s Storage) Cancels(ctx context.Context, t id.Task) (int, error) {
	var n int
	if err := s.db.read.GetContext(ctx, &n, string(selectCancels), t); err != nil {
		return 0, fmt.Errorf("read a storage task: %w", err)
	}
	return n, nil
}

// S3 gives what SaveS3 kept last; nothing at first.
func (s Storage) S3(ctx context.Context) ([]byte, error) {
	var text string
	if err := s.db.read.GetContext(ctx, &text, string(selectS3)); err != nil {
		return nil, fmt.Errorf("read the storage settings: %w", err)
	}
	return []byte(text), nil
}

// SaveS3 keeps how the bucket is reached; nothing forgets it.
func (s Storage) SaveS3(ctx context.Context, text []byte) error {
	return s.db.exec(ctx, updateS3, string(text))
}

// Fingerprints gives the content keys of all known files, whatever their state.
func (s Storage) Fingerprints(ctx context.Context) ([]string, error) {
	var out []string
	if err := s.db.read.SelectContext(ctx, &out, string(selectFingerprints)); err != nil {
		return nil, fmt.Errorf("list fingerprints: %w", err)
	}
	return out, nil
}

// Pictures gives the blob keys of the pictures that titles have.
func (s Storage) Pictures(ctx context.Context) ([]string, error) {
	var out []string
	if err := s.db.read.SelectContext(ctx, &out, string(selectPictures)); err != nil {
		return nil, fmt.Errorf("list pictures: %w", err)
	}
	return out, nil
}

// Watched gives the assets that are being played, or may be gone on with.
func (s Storage) Watched(ctx context.Context, now time.Time) ([]id.Asset, error) {
	var out []id.Asset
	if err := s.db.read.SelectContext(ctx, &out, string(selectWatched), milliseconds(now)); err != nil {
		return nil, fmt.Errorf("list what is watched: %w", err)
	}
	return out, nil
}
