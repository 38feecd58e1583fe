package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"movify/library"
	"movify/pkg/id"
)

const (
	recentSeries    = 12  // series whose next episode may stand in Continue watching, as the row shows two dozen titles
	recentPositions = 500 // positions of a profile that are looked at for them
)

// RecentSeries is a series that a profile watched lately, with its visible episodes in order, specials first.
type RecentSeries struct {
	Series   id.Title
	AtMS     int64 // when one of its episodes was watched or marked last
	Episodes []library.EpisodeNumber
	Removed  map[id.Title]int64 // episodes whose position was removed, with the time of that
}

// Offers reports whether an episode of the series may stand in Continue watching: it was not removed from there after the
// series was watched last.
func (r RecentSeries) Offers(episode id.Title) bool {
	return episode != "" && r.Removed[episode] <= r.AtMS
}

// RecentSeries returns the series that a profile watched last, the latest first, as far as a may see them.
func (s *Service) RecentSeries(ctx context.Context, a library.Audience, p id.Profile) ([]RecentSeries, error) {
	watched, err := s.o.Store.RecentEpisodes(ctx, a, p, recentPositions)
	if err != nil {
		return nil, fmt.Errorf("list the episodes that were watched last: %w", err)
	}
	out := seriesOf(watched, recentSeries)
	if len(out) == 0 {
		return nil, nil
	}
	var ids []id.Title
	for _, r := range out {
		ids = append(ids, r.Series)
	}
	episodes, err := s.o.Store.EpisodeNumbers(ctx, a, ids)
	if err != nil {
		return nil, fmt.Errorf("list the episodes of series: %w", err)
	}
	for _, e := range episodes {
		if i := slices.Index(ids, e.Series); i >= 0 {
			out[i].Episodes = append(out[i].Episodes, e)
		}
	}
	return out, nil
}

// seriesOf groups episodes by series, the latest first, up to limit; a series of which all positions were removed is left
// out.
func seriesOf(watched []library.RecentEpisode, limit int) []RecentSeries {
	bySeries := make(map[id.Title]*RecentSeries)
	for _, w := range watched {
		r := bySeries[w.Series]
		if r == nil {
			r = &RecentSeries{Series: w.Series, Removed: make(map[id.Title]int64)}
			bySeries[w.Series] = r
		}
		if w.Removed {
			r.Removed[w.Episode] = w.AtMS
		} else {
			r.AtMS = max(r.AtMS, w.AtMS)
		}
	}
	var out []RecentSeries
	for _, r := range bySeries {
		if r.AtMS > 0 {
			out = append(out, *r)
		}
	}
	slices.SortFunc(out, func(x, y RecentSeries) int {
		return cmp.Or(cmp.Compare(y.AtMS, x.AtMS), cmp.Compare(x.Series, y.Series))
	})
	return out[:min(limit, len(out))]
}
