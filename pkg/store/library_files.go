package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// KnownFiles lists the files of a root at or below path.
func (l *Library) KnownFiles(ctx context.Context, r id.Root, path string) ([]library.KnownFile, error) {
	var rows []knownRow
	below := path
	if below != string(filepath.Separator) {
		below += string(filepath.Separator)
	}
	text := escapePath(below)
	if err := l.db.read.SelectContext(
		ctx, &rows, string(selectKnown), r, pathHash(path), len([]rune(text)), text,
	); err != nil {
		return nil, fmt.Errorf("list known files: %w", err)
	}
	return convert(rows, knownRow.known)
}

// FilesByFingerprint lists a few files of that content, those that are Missing first and then those that are Present.
func (l *Library) FilesByFingerprint(ctx context.Context, fingerprint string) ([]library.File, error) {
	var any int
	switch err := l.db.read.GetContext(ctx, &any, string(selectAnyOfFingerprint), fingerprint); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil // so it is for nearly every file of a first scan
	case err != nil:
		return nil, fmt.Errorf("look for files of a fingerprint: %w", err)
	}
	return l.files(ctx, selectFilesByFingerprint, fingerprint, fingerprint, fingerprint)
}

// FilesOfTitle gives the files that belong to a title, oldest first.
func (l *Library) FilesOfTitle(ctx context.Context, t id.Title) ([]library.File, error) {
	return l.files(ctx, selectFilesOfTitle, t)
}

// FilesByPath gives the files known at those paths.
func (l *Library) FilesByPath(ctx context.Context, paths []string) (map[string]library.File, error) {
	out := make(map[string]library.File)
	hashes := make([]string, len(paths))
	for i, p := range paths {
		hashes[i] = pathHash(p)
	}
	for part := range chunks(hashes) {
		query, args, err := sqlx.In(string(selectFilesAt), part)
		if err != nil {
			return nil, fmt.Errorf("list files: %w", err)
		}
		files, err := l.files(ctx, statement(query), args...)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			out[f.Path] = f
		}
	}
	return out, nil
}

// File gives a file.
func (l *Library) File(ctx context.Context, f id.File) (library.File, error) {
	return l.file(ctx, selectFile, library.ErrFileNotFound, f)
}

// Contents lists up to limit of the present files that have been read, newest first, from the one behind after on.
func (l *Library) Contents(ctx context.Context, after library.Content, limit int) ([]library.Content, error) {
	if after.File == "" {
		after.AddedMS = math.MaxInt64
	}
	var rows []contentRow
	if err := l.db.read.SelectContext(
		ctx, &rows, string(selectContents), after.AddedMS, after.AddedMS, after.File, limit,
	); err != nil {
		return nil, fmt.Errorf("list contents: %w", err)
	}
	return convert(rows, func(r contentRow) (library.Content, error) { return library.Content(r), nil })
}

// FilesWithoutArt lists up to limit present files without a still, newest first; -1 means all.
func (l *Library) FilesWithoutArt(ctx context.Context, limit int) ([]library.File, error) {
	return l.files(ctx, selectFilesWithoutArt, cap64(limit))
}

// InState lists the files in a state, the latest to come into it first.
func (l *Library) InState(ctx context.Context, s library.State) ([]library.File, error) {
	return l.files(ctx, selectFilesInState, s)
}

// BestFile gives the file that stands for a movie, episode or extra that a may see.
func (l *Library) BestFile(ctx context.Context, a library.Audience, t id.Title) (library.File, error) {
	cards, err := l.Cards(ctx, a, []id.Title{t})
	if err != nil {
		return library.File{}, err
	}
	if len(cards) == 0 {
		return library.File{}, library.ErrTitleNotFound
	}
	if k := cards[0].Kind; k == library.Series || k == library.Season {
		return library.File{}, library.ErrNoFile
	}
	return l.file(ctx, selectFile, library.ErrNoFile, cards[0].File.ID)
}

// SaveArt keeps what became of the still of a file that still has that fingerprint.
func (l *Library) SaveArt(ctx context.Context, f id.File, fingerprint string, art library.Art, color string) error {
	return l.exec(ctx, "save art", updateArt, art, color, f, fingerprint)
}

func (l *Library) files(ctx context.Context, s statement, args ...any) ([]library.File, error) {
	var rows []fileRow
	if err := l.db.read.SelectContext(ctx, &rows, string(s), args...); err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	return convert(rows, fileRow.file)
}

func (l *Library) file(ctx context.Context, s statement, missing error, args ...any) (library.File, error) {
	var row fileRow
	if err := l.db.read.GetContext(ctx, &row, string(s), args...); err != nil {
		return library.File{}, noRowsAs(err, missing)
	}
	return row.file()
}

// cap64 gives a limit for LIMIT, which has no word for "none" that every engine knows.
func cap64(limit int) int64 {
	if limit < 0 {
		return 1 << 62
	}
	return int64(limit)
}

const selectKnown statement = `
SELECT f.id, f.title_id, f.path, f.size, f.mtime_ns, f.state, f.code,
       CASE WHEN f.probe = '' THEN 0 ELSE 1 END AS examined
FROM files f WHERE f.root_id = ? AND (f.path_hash = ? OR SUBSTR(f.path, 1, ?) = ?)`

const selectFile statement = `SELECT ` + fileColumns + `, f.probe FROM files f WHERE f.id = ?`

const selectFilesAt statement = `SELECT ` + fileColumns + `, f.probe FROM files f WHERE f.path_hash IN (?)`

const selectFilesOfTitle statement = `
SELECT ` + fileColumns + `, '' AS probe FROM files f WHERE f.title_id = ? ORDER BY f.added_ms, f.id`

const selectAnyOfFingerprint statement = `SELECT 1 FROM files f WHERE f.fingerprint = ? LIMIT 1`

// Of thousands of one content a few are enough; each of the three lists ends after its first rows in the index.
const selectFilesByFingerprint statement = `
SELECT * FROM (SELECT ` + fileColumns + `, f.probe FROM files f
  WHERE f.fingerprint = ? AND f.state = 'missing' ORDER BY f.id DESC LIMIT 4) gone
UNION ALL SELECT * FROM (SELECT ` + fileColumns + `, f.probe FROM files f
  WHERE f.fingerprint = ? AND f.state = 'present' ORDER BY f.id DESC LIMIT 4) there
UNION ALL SELECT * FROM (SELECT ` + fileColumns + `, f.probe FROM files f
  WHERE f.fingerprint = ? AND f.state IN ('incoming', 'attention', 'unreachable') LIMIT 4) others`

const selectContents statement = `
SELECT ` + contentColumns + ` FROM files f
WHERE ` + presentContent + ` AND f.added_ms <= ? AND (f.added_ms < ? OR f.id < ?)
ORDER BY f.added_ms DESC, f.id DESC LIMIT ?`

type contentRow struct {
	File        id.File `db:"id"`
	Fingerprint string  `db:"fingerprint"`
	AddedMS     int64   `db:"added_ms"`
	Root        id.Root `db:"root_id"`
	Wanted      bool    `db:"wanted"`
}

const selectFilesWithoutArt statement = `
SELECT ` + fileColumns + `, f.probe FROM files f
WHERE f.art = '' AND f.state = 'present' ORDER BY f.added_ms DESC, f.id DESC LIMIT ?`

const selectFilesInState statement = `
SELECT ` + fileColumns + `, '' AS probe FROM files f WHERE f.state = ? ORDER BY f.since_ms DESC, f.id DESC`

const updateArt statement = `UPDATE files SET art = ?, color = ? WHERE id = ? AND fingerprint = ?`

type knownRow struct {
	ID        id.File       `db:"id"`
	Title     nullID        `db:"title_id"`
	Path      string        `db:"path"`
	Size      int64         `db:"size"`
	ModTimeNS int64         `db:"mtime_ns"`
	State     library.State `db:"state"`
	Code      string        `db:"code"`
	Examined  bool          `db:"examined"`
}

func (r knownRow) known() (library.KnownFile, error) {
	path, err := unescapePath(r.Path)
	return library.KnownFile{
		ID: r.ID, Title: id.Title(r.Title.String), Path: path, Size: r.Size, ModTimeNS: r.ModTimeNS, State: r.State,
		Code:     r.Code,
		Examined: r.Examined,
	}, err
}
