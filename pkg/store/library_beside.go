package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// DescribedFiles lists the present files of a root at or below path that have a title, with the works around them.
func (l *Library) DescribedFiles(
	ctx context.Context, r id.Root, path string,
) iter.Seq2[library.DescribedFile, error] {
	return each(ctx, l.db.read, besideRow.beside, selectBeside, below(r, path)...)
}

// below returns the arguments for paths at or below a path of a root.
func below(r id.Root, path string) []any {
	folder := path
	if folder != string(filepath.Separator) {
		folder += string(filepath.Separator)
	}
	text := escapePath(folder)
	return []any{r, pathHash(path), len([]rune(text)), text}
}

// SubtitlesBelow gives the subtitles of the files of a root at or below path.
func (l *Library) SubtitlesBelow(ctx context.Context, r id.Root, path string) (map[id.File][]library.Subtitle, error) {
	return l.subtitles(ctx, string(selectSubtitlesBelow), below(r, path)...)
}

// SubtitlesOf gives the subtitles of files.
func (l *Library) SubtitlesOf(ctx context.Context, files []id.File) (map[id.File][]library.Subtitle, error) {
	out := make(map[id.File][]library.Subtitle)
	for part := range chunks(files) {
		query, args, err := sqlx.In(string(selectSubtitlesOf), part)
		if err != nil {
			return nil, fmt.Errorf("read subtitles: %w", err)
		}
		some, err := l.subtitles(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		for f, s := range some {
			out[f] = s
		}
	}
	return out, nil
}

func (l *Library) subtitles(ctx context.Context, query string, args ...any) (map[id.File][]library.Subtitle, error) {
	var rows []subtitleRow
	if err := l.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read subtitles: %w", err)
	}
	out := make(map[id.File][]library.Subtitle)
	for _, r := range rows {
		s, err := r.subtitle()
		if err != nil {
			return nil, err
		}
		out[r.File] = append(out[r.File], s)
	}
	return out, nil
}

// SaveSubtitles replaces the subtitles of files.
func (l *Library) SaveSubtitles(ctx context.Context, of map[id.File][]library.Subtitle) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		for f, subtitles := range of {
			if _, err := tx.ExecContext(ctx, string(deleteSubtitles), f); err != nil {
				return fmt.Errorf("save the subtitles of file %s: %w", f, err)
			}
			for i, s := range subtitles {
				if _, err := tx.ExecContext(ctx, string(insertSubtitle), i, escapePath(s.Path), escapePath(s.Revision), s.Format,
					s.Language, s.Title, s.Forced, s.SDH, s.Default, f); err != nil {
					return fmt.Errorf("save the subtitles of file %s: %w", f, err)
				}
			}
		}
		return nil
	})
}

const selectBeside statement = `
SELECT f.id AS file_id, f.path, t.id, t.kind, t.season, t.episode, t.episode_last, COALESCE(tn.mark, '') AS mark,
       p.id AS p_id, COALESCE(p.kind, '') AS p_kind, COALESCE(pn.mark, '') AS p_mark,
       s.id AS s_id, COALESCE(s.kind, '') AS s_kind, COALESCE(sn.mark, '') AS s_mark
FROM files f
JOIN titles t ON t.id = f.title_id
LEFT JOIN titles p ON p.id = t.parent_id AND t.kind = 'episode'
LEFT JOIN titles s ON s.id = p.parent_id
LEFT JOIN descriptions tn ON tn.title_id = t.id AND tn.source = 'nfo'
LEFT JOIN descriptions pn ON pn.title_id = p.id AND pn.source = 'nfo'
LEFT JOIN descriptions sn ON sn.title_id = s.id AND sn.source = 'nfo'
WHERE f.root_id = ? AND f.state = 'present' AND (f.path_hash = ? OR SUBSTR(f.path, 1, ?) = ?)`

const subtitleColumns = `s.file_id, s.path, s.mark, s.format, s.language, s.title, s.forced, s.sdh, s.is_default`

const selectSubtitlesBelow statement = `
SELECT ` + subtitleColumns + ` FROM file_subtitles s JOIN files f ON f.id = s.file_id
WHERE f.root_id = ? AND (f.path_hash = ? OR SUBSTR(f.path, 1, ?) = ?)
ORDER BY s.file_id, s.place`

const selectSubtitlesOf statement = `
SELECT ` + subtitleColumns + ` FROM file_subtitles s WHERE s.file_id IN (?) ORDER BY s.file_id, s.place`

const deleteSubtitles statement = `DELETE FROM file_subtitles WHERE file_id = ?`

// A file may have gone since the subtitles were seen.
const insertSubtitle statement = `
INSERT INTO file_subtitles (place, path, mark, format, language, title, forced, sdh, is_default, file_id)
SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, id FROM files WHERE id = ?`

type besideRow struct {
	File        id.File        `db:"file_id"`
	Path        string         `db:"path"`
	ID          id.Title       `db:"id"`
	Kind        library.Kind   `db:"kind"`
	Season      int            `db:"season"`
	Episode     int            `db:"episode"`
	EpisodeLast int            `db:"episode_last"`
	Mark        string         `db:"mark"`
	ParentID    sql.NullString `db:"p_id"`
	ParentKind  library.Kind   `db:"p_kind"`
	ParentMark  string         `db:"p_mark"`
	SeriesID    sql.NullString `db:"s_id"`
	SeriesKind  library.Kind   `db:"s_kind"`
	SeriesMark  string         `db:"s_mark"`
}

func (r besideRow) beside() (b library.DescribedFile, err error) {
	b.File = r.File
	if b.Path, err = unescapePath(r.Path); err != nil {
		return b, err
	}
	b.Works = []library.DescribedWork{
		{ID: r.ID, Kind: r.Kind, Season: r.Season, Episode: r.Episode, EpisodeLast: r.EpisodeLast, Revision: r.Mark},
	}
	if r.ParentID.Valid {
		b.Works = append(
			b.Works,
			library.DescribedWork{ID: id.Title(r.ParentID.String), Kind: r.ParentKind, Season: r.Season, Revision: r.ParentMark},
		)
	}
	if r.SeriesID.Valid {
		b.Works = append(
			b.Works, library.DescribedWork{ID: id.Title(r.SeriesID.String), Kind: r.SeriesKind, Revision: r.SeriesMark},
		)
	}
	for i := range b.Works {
		if b.Works[i].Revision, err = unescapePath(b.Works[i].Revision); err != nil {
			return b, err
		}
	}
	return b, nil
}

type subtitleRow struct {
	File     id.File `db:"file_id"`
	Path     string  `db:"path"`
	Mark     string  `db:"mark"`
	Format   string  `db:"format"`
	Language string  `db:"language"`
	Title    string  `db:"title"`
	Forced   bool    `db:"forced"`
	SDH      bool    `db:"sdh"`
	Default  bool    `db:"is_default"`
}

func (r subtitleRow) subtitle() (library.Subtitle, error) {
	path, err := unescapePath(r.Path)
	if err != nil {
		return library.Subtitle{}, err
	}
	mark, err := unescapePath(r.Mark)
	return library.Subtitle{
		Path: path, Revision: mark, Format: r.Format, Language: r.Language, Title: r.Title, Forced: r.Forced, SDH: r.SDH,
		Default: r.Default,
	}, err
}

// TitlesToMatch lists movies and series without a provider's description, the newest first.
func (l *Library) TitlesToMatch(ctx context.Context, limit int) ([]library.Title, error) {
	var rows []titleRow
	if err := l.db.read.SelectContext(ctx, &rows, string(selectUnasked), limit); err != nil {
		return nil, fmt.Errorf("list titles to look up: %w", err)
	}
	return convert(rows, titleRow.title)
}

// SeasonsToMatch lists seasons with an episode without a provider's description.
func (l *Library) SeasonsToMatch(ctx context.Context, prefix string, limit int) ([]library.SeasonToMatch, error) {
	var rows []struct {
		Season id.Title `db:"id"`
		Number int      `db:"season"`
		Mark   string   `db:"mark"`
	}
	if err := l.db.read.SelectContext(
		ctx, &rows, string(selectUnaskedSeasons), len([]rune(prefix)), prefix, len([]rune(prefix)), limit,
	); err != nil {
		return nil, fmt.Errorf("list seasons to look up: %w", err)
	}
	var out []library.SeasonToMatch
	for _, r := range rows {
		mark, err := unescapePath(r.Mark)
		if err != nil {
			return nil, err
		}
		out = append(out, library.SeasonToMatch{Season: r.Season, Number: r.Number, Revision: mark})
	}
	return out, nil
}

const selectUnasked statement = `
SELECT ` + titleColumns + ` FROM titles t
WHERE t.wall = 1 AND t.lead_file_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM descriptions d WHERE d.title_id = t.id AND d.source = 'provider')
ORDER BY t.added_ms DESC, t.id DESC LIMIT ?`

const selectUnaskedSeasons statement = `
SELECT t.id, t.season, d.mark
FROM titles s
JOIN descriptions d ON d.title_id = s.id AND d.source = 'provider' AND SUBSTR(d.mark, 1, ?) = ? AND LENGTH(d.mark) > ?
JOIN titles t ON t.parent_id = s.id AND t.kind = 'season' AND t.lead_file_id IS NOT NULL
WHERE s.wall = 1 AND s.kind = 'series' AND EXISTS (
  SELECT 1 FROM titles e WHERE e.parent_id = t.id AND e.kind = 'episode' AND e.lead_file_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM descriptions x WHERE x.title_id = e.id AND x.source = 'provider'))
LIMIT ?`
