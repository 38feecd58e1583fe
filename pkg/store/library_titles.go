package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// nullID is an ID that may be absent.
type nullID = sql.NullString

// titleColumns are the columns of a titleRow, of titles t.
const titleColumns = `t.id, t.kind, t.parent_id, t.identity, t.name, t.year, t.season, t.episode, t.episode_last, t.overview,
       t.evidence, t.added_ms, t.age, t.original_name, t.tagline, t.released, t.certification,
       t.rating_x10, t.votes, t.genres, t.extra, t.edited, t.matched, t.duration_ms AS own_duration_ms, t.airs_season, t.airs_before`

// cardColumns are the columns of a cardRow, from cardTables.
const cardColumns = titleColumns + `, t.sort_key, COALESCE(t.age, p.age, s.age) AS age_rating,
       COALESCE(s.id, p.id, '') AS series_id, COALESCE(s.name, p.name, '') AS series_name,
       COALESCE(f.id, '') AS file_id, COALESCE(f.root_id, '') AS root_id, COALESCE(f.fingerprint, '') AS fingerprint, COALESCE(f.path, '') AS path,
       COALESCE(f.size, 0) AS size, COALESCE(f.duration_ms, 0) AS duration_ms, COALESCE(f.height, 0) AS height,
       COALESCE(f.state, '') AS state, CASE WHEN l.id IS NULL THEN '' ELSE f.art END AS art,
       CASE WHEN l.id IS NULL THEN '' ELSE f.color END AS color`

// cardTables joins a title with its parent (p), the parent's parent (s) and the file that represents it (f). The series
// of an episode is s, that of a season is p. The title of that file (l) is joined only when the audience, whose
// arguments come first, may see it: a series shows no picture of a hidden episode.
const cardTables = ` FROM titles t
LEFT JOIN titles p ON p.id = t.parent_id
LEFT JOIN titles s ON s.id = p.parent_id
LEFT JOIN files f ON f.id = t.lead_file_id
LEFT JOIN titles l ON l.id = f.title_id AND ` + visibleLead

const selectCards statement = `SELECT ` + cardColumns + cardTables + ` WHERE ` + visible + ` AND t.id IN (?)`

const selectChildren statement = `SELECT ` + cardColumns + cardTables + `
WHERE ` + visible + ` AND t.parent_id = ? AND t.lead_file_id IS NOT NULL AND t.kind <> 'extra' ORDER BY t.season, t.episode, t.id`

// Extras are ordered by kind and name in their season, episodes by number.
const selectTitleTree statement = `SELECT ` + cardColumns + cardTables + `
WHERE ` + visible + ` AND (t.id = ? OR t.lead_file_id IS NOT NULL) AND t.id IN (
  SELECT ? AS id UNION ALL SELECT c.id FROM titles c WHERE c.parent_id = ?
  UNION ALL SELECT e.id FROM titles c JOIN titles e ON e.parent_id = c.id WHERE c.parent_id = ? AND c.kind = 'season')
ORDER BY t.season, CASE t.kind WHEN 'extra' THEN 0 ELSE t.episode END, t.extra,
  CASE t.kind WHEN 'extra' THEN t.name ELSE '' END, t.id`

// A special with a place among the other seasons, and the season in which an episode is watched.
const (
	placed    = `(t.season = 0 AND t.airs_season > 0)`
	watchedIn = `(CASE WHEN ` + placed + ` THEN t.airs_season ELSE t.season END)`
)

// The episode after one, as player.Episode orders them: a special with a place stands before the episode that it precedes;
// the others are no successors of anything but specials.
const selectNextEpisode statement = `SELECT ` + cardColumns + cardTables + `
WHERE ` + visible + ` AND p.parent_id = ? AND t.kind = 'episode' AND t.lead_file_id IS NOT NULL
  AND (` + watchedIn + ` > ? OR (` + watchedIn + ` = ? AND (
    (NOT ` + placed + ` AND t.episode > ?)
    OR (` + placed + ` AND (t.airs_before > ? OR (t.airs_before = ? AND (t.episode > ? OR (t.episode = ? AND t.id > ?))))))))
ORDER BY ` + watchedIn + `, CASE WHEN ` + placed + ` THEN t.airs_before ELSE t.episode END,
  CASE WHEN ` + placed + ` THEN 0 ELSE 1 END, t.episode, t.id LIMIT 1`

const selectTitlesByIdentity statement = `SELECT ` + titleColumns + ` FROM titles t WHERE t.identity IN (?)`

const countLibrary statement = `
SELECT (SELECT COUNT(*) FROM titles t WHERE t.wall = 1 AND t.lead_file_id IS NOT NULL AND ` + visible + `) AS titles,
       (SELECT COUNT(*) FROM files WHERE state = 'present') AS files,
       (SELECT COUNT(*) FROM files WHERE state = 'attention') AS attention`

// Cards gives the known ones of those titles that a may see, in that order.
func (l *Library) Cards(ctx context.Context, a library.Audience, titles []id.Title) ([]library.Card, error) {
	byID := make(map[id.Title]library.Card, len(titles))
	for part := range chunks(titles) {
		query, args, err := sqlx.In(string(selectCards), append(seen(a), part)...)
		if err != nil {
			return nil, fmt.Errorf("read titles: %w", err)
		}
		cards, err := l.cards(ctx, a, query, args...)
		if err != nil {
			return nil, err
		}
		for _, c := range cards {
			byID[c.ID] = c
		}
	}
	out := make([]library.Card, 0, len(byID))
	for _, t := range titles {
		if c, ok := byID[t]; ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// Children lists the shown titles below a series or season.
func (l *Library) Children(ctx context.Context, a library.Audience, parent id.Title) ([]library.Card, error) {
	return l.cards(ctx, a, string(selectChildren), append(seen(a), parent)...)
}

// TitleTree gives a title and the shown ones below it.
func (l *Library) TitleTree(ctx context.Context, a library.Audience, t id.Title) ([]library.Card, error) {
	return l.cards(ctx, a, string(selectTitleTree), append(seen(a), t, t, t, t)...)
}

// NextEpisode gives the shown episode after one of a series.
func (l *Library) NextEpisode(
	ctx context.Context, a library.Audience, after library.EpisodeNumber,
) (library.Card, bool, error) {
	season, number := after.Season, after.Episode
	last, special := max(after.Episode, after.EpisodeLast), 1<<30 // specials before the episode itself do not follow
	if after.AirsSeason > 0 {
		season, number, last, special = after.AirsSeason, after.AirsBefore, after.AirsBefore-1, after.Episode
	}
	args := append(seen(a), after.Series, season, season, last, number, number, special, special, after.ID)
	cards, err := l.cards(ctx, a, string(selectNextEpisode), args...)
	if err != nil || len(cards) == 0 {
		return library.Card{}, false, err
	}
	return cards[0], true, nil
}

// TitlesByIdentity gives the known titles among those identities.
func (l *Library) TitlesByIdentity(ctx context.Context, identities []string) (map[string]library.Title, error) {
	out := make(map[string]library.Title, len(identities))
	for part := range chunks(identities) {
		titles, err := l.titles(ctx, selectTitlesByIdentity, part)
		if err != nil {
			return nil, err
		}
		for _, t := range titles {
			out[t.Identity] = t
		}
	}
	return out, nil
}

// Counts gives the size of the library.
func (l *Library) Counts(ctx context.Context, a library.Audience) (library.Counts, error) {
	var c struct{ Titles, Files, Attention int }
	if err := l.db.read.GetContext(
		ctx, &c, string(countLibrary), audience(a)...,
	); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return library.Counts{}, fmt.Errorf("count the library: %w", err)
	}
	return library.Counts(c), nil
}

// cards reads the cards of a query that is for a.
func (l *Library) cards(ctx context.Context, a library.Audience, query string, args ...any) ([]library.Card, error) {
	var rows []cardRow
	if err := l.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read titles: %w", err)
	}
	cards, err := convert(rows, cardRow.card)
	if err != nil {
		return nil, err
	}
	return cards, l.keepWithin(ctx, a, cards)
}

func (l *Library) exec(ctx context.Context, doing string, s statement, args ...any) error {
	return l.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, string(s), args...); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		return nil
	})
}

type titleRow struct {
	ID          id.Title     `db:"id"`
	Kind        library.Kind `db:"kind"`
	Parent      nullID       `db:"parent_id"`
	Identity    string       `db:"identity"`
	Name        string       `db:"name"`
	Year        int          `db:"year"`
	Season      int          `db:"season"`
	Episode     int          `db:"episode"`
	EpisodeLast int          `db:"episode_last"`
	Overview    string       `db:"overview"`
	Evidence    string       `db:"evidence"`
	AddedMS     int64        `db:"added_ms"`
	Age         *int         `db:"age"`

	OriginalName  string            `db:"original_name"`
	Tagline       string            `db:"tagline"`
	Released      string            `db:"released"`
	Certification string            `db:"certification"`
	Rating        int               `db:"rating_x10"`
	Votes         int               `db:"votes"`
	Genres        string            `db:"genres"`
	Extra         library.ExtraKind `db:"extra"`
	Edited        bool              `db:"edited"`
	Matched       library.Certainty `db:"matched"`
	OwnDurationMS int64             `db:"own_duration_ms"`
	AirsSeason    int               `db:"airs_season"`
	AirsBefore    int               `db:"airs_before"`
}

func (r titleRow) title() (library.Title, error) {
	t := library.Title{
		ID: r.ID, Kind: r.Kind, Parent: id.Title(r.Parent.String), Identity: r.Identity, Name: r.Name, Year: r.Year,
		Season: r.Season, Episode: r.Episode, EpisodeLast: r.EpisodeLast, Overview: r.Overview, AddedMS: r.AddedMS,
		Age: r.Age, OriginalName: r.OriginalName, Tagline: r.Tagline, Released: r.Released, Certification: r.Certification,
		Rating: r.Rating, Votes: r.Votes, Extra: r.Extra, Edited: r.Edited, Matched: r.Matched, DurationMS: r.OwnDurationMS,
	}
	if t.Season == 0 {
		t.Airs = library.AiringAt(r.AirsSeason, r.AirsBefore)
	}
	if err := fromJSON(r.Evidence, &t.Evidence); err != nil {
		return t, fmt.Errorf("read the evidence of title %s: %w", r.ID, err)
	}
	if err := fromJSON(r.Genres, &t.Genres); err != nil {
		return t, fmt.Errorf("read the genres of title %s: %w", r.ID, err)
	}
	return t, nil
}

type cardRow struct {
	titleRow
	SortKey     string        `db:"sort_key"`
	SeriesID    id.Title      `db:"series_id"`
	SeriesName  string        `db:"series_name"`
	AgeRating   *int          `db:"age_rating"`
	File        id.File       `db:"file_id"`
	Root        id.Root       `db:"root_id"`
	Fingerprint string        `db:"fingerprint"`
	Path        string        `db:"path"`
	Size        int64         `db:"size"`
	DurationMS  int64         `db:"duration_ms"`
	Height      int           `db:"height"`
	State       library.State `db:"state"`
	Art         library.Art   `db:"art"`
	Color       string        `db:"color"`
}

func (r cardRow) card() (library.Card, error) {
	t, err := r.title()
	if err != nil {
		return library.Card{}, err
	}
	path, err := unescapePath(r.Path)
	file := library.File{
		ID: r.File, Root: r.Root, Fingerprint: r.Fingerprint, Path: path, Size: r.Size, DurationMS: r.DurationMS,
		Height: r.Height, State: r.State, Art: r.Art, Color: r.Color,
	}
	return library.Card{
		Title: t, SeriesID: r.SeriesID, SeriesName: r.SeriesName, AgeRating: r.AgeRating, File: file,
	}, err
}
