package store

import (
	"context"
	"fmt"
	"iter"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
	"movify/player"
)

// FilesByWork lists the files of a root that have a title, in any state and without probes. Those of one work follow each
// other.
func (l *Library) FilesByWork(ctx context.Context, r id.Root) iter.Seq2[library.FileOfWork, error] {
	return each(ctx, l.db.read, workFileRow.value, selectFilesByWork, r)
}

// FilesOfWork lists the files of a movie or series, of its parts and extras, in any root and state, with their probes.
func (l *Library) FilesOfWork(ctx context.Context, work id.Title) ([]library.File, error) {
	return l.files(ctx, selectFilesOfWork, work, work, work)
}

const workOfFile = `COALESCE(s.id, p.id, t.id)`

const selectFilesByWork statement = `
SELECT ` + fileColumns + `, '' AS probe, ` + workOfFile + ` AS work FROM files f
JOIN titles t ON t.id = f.title_id
LEFT JOIN titles p ON p.id = t.parent_id
LEFT JOIN titles s ON s.id = p.parent_id
WHERE f.root_id = ? ORDER BY work`

const selectFilesOfWork statement = `
SELECT ` + fileColumns + `, f.probe FROM files f WHERE f.title_id IN (
  SELECT t.id FROM titles t WHERE t.id = ?
  UNION ALL SELECT t.id FROM titles t WHERE t.parent_id = ?
  UNION ALL SELECT t.id FROM titles p JOIN titles t ON t.parent_id = p.id WHERE p.parent_id = ?)
ORDER BY f.added_ms, f.id`

type workFileRow struct {
	fileRow
	Work id.Title `db:"work"`
}

func (r workFileRow) value() (library.FileOfWork, error) {
	f, err := r.file()
	return library.FileOfWork{File: f, Work: r.Work}, err
}

const (
	selectWorkOf statement = `SELECT COALESCE(s.id, p.id, t.id) FROM titles t
LEFT JOIN titles p ON p.id = t.parent_id AND t.kind IN ('season', 'episode')
LEFT JOIN titles s ON s.id = p.parent_id WHERE t.id = ?`

	selectPositionsOfTitle statement = `SELECT ` + progressColumns + `, resume_ms, cleared_ms FROM progress WHERE title_id = ?`
	selectVisitsOfTitle    statement = `SELECT profile_id, ` + visitColumns + ` FROM history WHERE title_id = ?`
	selectMarksOfTitle     statement = `SELECT profile_id, title_id, kind, value, at_ms FROM marks WHERE title_id = ?`
	selectSessionsOfTitle  statement = `SELECT profile_id, file_id, started_ms, expires_ms, ended_ms FROM sessions WHERE title_id = ?`
	selectLengthOfFile     statement = `SELECT duration_ms FROM files WHERE id = ?`

	deletePosition statement = `DELETE FROM progress WHERE profile_id = ? AND title_id = ?`
	deleteMark     statement = `DELETE FROM marks WHERE profile_id = ? AND title_id = ? AND kind = ?`
	mergePosition  statement = `INSERT INTO progress (profile_id, title_id, file_id, position_ms, duration_ms, resume_ms, at_ms, cleared_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (profile_id, title_id) DO UPDATE SET file_id = excluded.file_id, position_ms = excluded.position_ms,
  duration_ms = excluded.duration_ms, resume_ms = excluded.resume_ms, at_ms = excluded.at_ms,
  cleared_ms = CASE WHEN excluded.cleared_ms > progress.cleared_ms THEN excluded.cleared_ms ELSE progress.cleared_ms END
WHERE excluded.at_ms >= progress.at_ms`
	moveVisit       statement = `UPDATE history SET title_id = ? WHERE profile_id = ? AND id = ?`
	moveSessions    statement = `UPDATE sessions SET title_id = ? WHERE title_id = ? AND file_id = ?`
	copyMemberships statement = `INSERT INTO collection_titles (collection_id, title_id, place, by_rule, added_ms)
SELECT c.collection_id, ?, c.place, c.by_rule, c.added_ms FROM collection_titles c WHERE c.title_id = ?
  AND NOT EXISTS (SELECT 1 FROM collection_titles x WHERE x.collection_id = c.collection_id AND x.title_id = ?)`
	moveUploadedPictures statement = `UPDATE title_art SET title_id = ? WHERE title_id = ? AND source = 'upload'
  AND NOT EXISTS (SELECT 1 FROM title_art x WHERE x.title_id = ? AND x.kind = title_art.kind AND x.source = 'upload')`
)

// traces are what profiles left on a title.
type traces struct {
	Positions []positionRow
	Visits    []profileVisitRow
	Marks     []profileMarkRow
	Sessions  []sessionRow
	lengths   map[id.File]int64
	work      map[id.Title]id.Title // the movie or series of each title that takes over
}

type positionRow struct {
	progressRow
	ResumeMS  int64 `db:"resume_ms"`
	ClearedMS int64 `db:"cleared_ms"`
}

type profileVisitRow struct {
	visitRow
	Profile id.Profile `db:"profile_id"`
}

type profileMarkRow struct {
	markRow
	Profile id.Profile `db:"profile_id"`
}

// handOver carries out handovers. All titles are read before one is written, because titles may take over from each other.
func handOver(ctx context.Context, tx *sqlx.Tx, all []library.Handover) error {
	left := make([]traces, len(all))
	for i, h := range all {
		var err error
		if left[i], err = readTraces(ctx, tx, h); err != nil {
			return fmt.Errorf("read what profiles left on title %s: %w", h.From, err)
		}
	}
	for _, write := range []func(context.Context, *sqlx.Tx, library.Handover, traces) error{
		takeTraces, giveTraces, handOverWork,
	} {
		for i, h := range all {
			if err := write(ctx, tx, h, left[i]); err != nil {
				return fmt.Errorf("hand over title %s: %w", h.From, err)
			}
		}
	}
	return nil
}

func readTraces(ctx context.Context, tx *sqlx.Tx, h library.Handover) (traces, error) {
	x := traces{lengths: make(map[id.File]int64), work: make(map[id.Title]id.Title)}
	for _, read := range []struct {
		into any
		by   statement
	}{
		{&x.Positions, selectPositionsOfTitle}, {&x.Visits, selectVisitsOfTitle}, {&x.Marks, selectMarksOfTitle},
		{&x.Sessions, selectSessionsOfTitle},
	} {
		if err := tx.SelectContext(ctx, read.into, string(read.by), h.From); err != nil {
			return x, err
		}
	}
	if len(x.Visits) > 0 {
		for f := range h.Files {
			var ms int64
			if err := tx.GetContext(ctx, &ms, string(selectLengthOfFile), f); err != nil {
				return x, err
			}
			x.lengths[f] = ms
		}
	}
	for _, t := range append(destinations(h), h.From) {
		x.work[t] = t
		if h.Kind != library.Movie && h.Kind != library.Series {
			continue
		}
		var work id.Title
		if err := tx.GetContext(ctx, &work, string(selectWorkOf), t); err != nil {
			return x, err
		}
		x.work[t] = work
	}
	return x, nil
}

// destinations are the titles that take over.
func destinations(h library.Handover) []id.Title {
	out := []id.Title{h.Rest}
	for _, t := range h.Files {
		out = append(out, t)
	}
	return distinct(out)
}

// to returns the title that takes over the traces of a file, "" for an unknown one.
func to(h library.Handover, f id.File) id.Title {
	if t, ok := h.Files[f]; ok {
		return t
	}
	if h.Rest != "" {
		return h.Rest
	}
	return h.From
}

// last returns the position of a profile, which names the file it watched last.
func (x traces) last(p id.Profile) player.Progress {
	for _, r := range x.Positions {
		if r.Profile == p {
			return r.value()
		}
	}
	return player.Progress{}
}

// fileOfVisit tells which file a visit was of.
func (x traces) fileOfVisit(r profileVisitRow) id.File {
	var sessions []player.Session
	for _, s := range x.Sessions {
		if s.Profile == r.Profile {
			sessions = append(sessions, player.Session{
				File: s.File, Started: momentOf(s.StartedMS), Expires: momentOf(s.ExpiresMS), Ended: momentOf(s.EndedMS),
			})
		}
	}
	v := player.Visit{Began: momentOf(r.BeganMS), At: momentOf(r.AtMS), DurationMS: r.DurationMS}
	return player.FileOfVisit(v, x.last(r.Profile), sessions, x.lengths)
}

// markTo returns the title that takes over a mark. One that a title was watched follows the visit that made it; the others
// follow the file that the profile watched last.
func (x traces) markTo(h library.Handover, m profileMarkRow) id.Title {
	if m.Kind != player.MarkWatched {
		t := to(h, x.last(m.Profile).File)
		if t == h.From && h.Rest == "" {
			return t
		}
		return x.work[t]
	}
	for _, v := range x.Visits {
		if v.Profile == m.Profile && v.BeganMS <= m.AtMS && m.AtMS <= v.AtMS {
			return to(h, x.fileOfVisit(v))
		}
	}
	return to(h, "")
}

// takeTraces removes from a title the positions and marks that others take over.
func takeTraces(ctx context.Context, tx *sqlx.Tx, h library.Handover, x traces) error {
	for _, r := range x.Positions {
		if to(h, r.File) == h.From {
			continue
		}
		if _, err := tx.ExecContext(ctx, string(deletePosition), r.Profile, h.From); err != nil {
			return err
		}
	}
	for _, m := range x.Marks {
		if x.markTo(h, m) == h.From {
			continue
		}
		if _, err := tx.ExecContext(ctx, string(deleteMark), m.Profile, h.From, m.Kind); err != nil {
			return err
		}
	}
	return nil
}

// giveTraces adds them to the other titles. Of two positions or marks the later one stays.
func giveTraces(ctx context.Context, tx *sqlx.Tx, h library.Handover, x traces) error {
	for _, r := range x.Positions {
		t := to(h, r.File)
		if t == h.From {
			continue
		}
		if _, err := tx.ExecContext(ctx, string(mergePosition), r.Profile, t, r.File, r.PositionMS, r.DurationMS, r.ResumeMS,
			r.AtMS, r.ClearedMS); err != nil {
			return err
		}
	}
	for _, m := range x.Marks {
		if t := x.markTo(h, m); t != h.From {
			m.Title = t
			if err := saveMark(ctx, tx, player.Mark{
				Profile: m.Profile, Title: t, Kind: m.Kind, Value: m.Value, At: momentOf(m.AtMS),
			}); err != nil {
				return err
			}
		}
	}
	for _, v := range x.Visits {
		if t := to(h, x.fileOfVisit(v)); t != h.From {
			if _, err := tx.ExecContext(ctx, string(moveVisit), t, v.Profile, v.ID); err != nil {
				return err
			}
		}
	}
	for f, t := range h.Files {
		if t != h.From {
			if _, err := tx.ExecContext(ctx, string(moveSessions), t, h.From, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// handOverWork passes on the places in collections and the uploaded pictures of a title that is none, or no movie or
// series, any more.
func handOverWork(ctx context.Context, tx *sqlx.Tx, h library.Handover, x traces) error {
	work := x.work[h.Rest]
	if h.Rest == "" || work == h.From {
		return nil
	}
	for _, step := range []struct {
		by   statement
		args []any
	}{
		{copyMemberships, []any{work, h.From, work}}, {forgetMembership, []any{h.From}},
		{moveUploadedPictures, []any{work, h.From, work}},
	} {
		if _, err := tx.ExecContext(ctx, string(step.by), step.args...); err != nil {
			return err
		}
	}
	return share(ctx, tx, []id.Title{h.From, work})
}
