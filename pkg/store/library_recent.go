package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

const (
	// A position without a length was removed, by hand or because its title was marked: then the mark is as late.
	selectRecentEpisodes statement = `SELECT p.parent_id AS series, t.id AS episode, latest.at_ms,
  CASE WHEN latest.duration_ms > 0 OR EXISTS (SELECT 1 FROM marks k WHERE k.profile_id = latest.profile_id AND k.title_id = latest.title_id
    AND k.kind = 'watched' AND k.at_ms >= latest.at_ms) THEN 0 ELSE 1 END AS removed
FROM (SELECT profile_id, title_id, duration_ms, at_ms FROM progress WHERE profile_id = ? ORDER BY at_ms DESC LIMIT ?) latest
JOIN titles t ON t.id = latest.title_id JOIN titles p ON p.id = t.parent_id
WHERE t.kind = 'episode' AND p.parent_id IS NOT NULL AND ` + visible + ` ORDER BY latest.at_ms DESC, t.id`

	selectEpisodeNumbers statement = `SELECT p.parent_id AS series, t.id, t.season, t.episode, t.episode_last,
  CASE WHEN t.season = 0 THEN t.airs_season ELSE 0 END AS airs_season, CASE WHEN t.season = 0 THEN t.airs_before ELSE 0 END AS airs_before
FROM titles p JOIN titles t ON t.parent_id = p.id
WHERE ` + visible + ` AND t.kind = 'episode' AND t.lead_file_id IS NOT NULL AND p.parent_id IN (?)
ORDER BY t.season, t.episode, t.id`
)

// RecentEpisodes returns the episodes that a profile watched last.
func (l *Library) RecentEpisodes(
	ctx context.Context, a library.Audience, p id.Profile, limit int,
) ([]library.RecentEpisode, error) {
	var rows []struct {
		Series  id.Title
		Episode id.Title
		AtMS    int64 `db:"at_ms"`
		Removed bool
	}
	args := append([]any{p, limit}, audience(a)...)
	if err := l.db.read.SelectContext(ctx, &rows, string(selectRecentEpisodes), args...); err != nil {
		return nil, fmt.Errorf("read the latest positions: %w", err)
	}
	out := make([]library.RecentEpisode, 0, len(rows))
	for _, r := range rows {
		out = append(out, library.RecentEpisode(r))
	}
	return out, nil
}

// EpisodeNumbers returns the shown episodes of series by number.
func (l *Library) EpisodeNumbers(
	ctx context.Context, a library.Audience, series []id.Title,
) ([]library.EpisodeNumber, error) {
	var out []library.EpisodeNumber
	for part := range chunks(series) {
		query, args, err := sqlx.In(string(selectEpisodeNumbers), append(audience(a), part)...)
		if err != nil {
			return nil, fmt.Errorf("widen a list: %w", err)
		}
		var rows []struct {
			Series      id.Title
			ID          id.Title
			Season      int
			Episode     int
			EpisodeLast int `db:"episode_last"`
			AirsSeason  int `db:"airs_season"`
			AirsBefore  int `db:"airs_before"`
		}
		if err := l.db.read.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("read the numbers of episodes: %w", err)
		}
		for _, r := range rows {
			out = append(out, library.EpisodeNumber(r))
		}
	}
	return out, nil
}
