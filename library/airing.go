package library

import "movify/pkg/id"

// Airing is the place of a special in the order in which a series was broadcast. Season 0 has no place of its own there.
type Airing struct {
	Season  int  `json:"season"`            // from 1
	Episode int  `json:"episode,omitempty"` // the special airs before this one; 0 = before the first of the season
	After   bool `json:"after,omitempty"`   // the special airs after the last episode of the season
}

// afterSeason is above the number of every episode.
const afterSeason = 1 << 30

// AiringAt returns the place before an episode of a season as Before gives it, nil for season 0.
func AiringAt(season, before int) *Airing {
	switch {
	case season <= 0:
		return nil
	case before >= afterSeason:
		return &Airing{Season: season, After: true}
	}
	return &Airing{Season: season, Episode: max(0, before)}
}

// Before returns the season and the number of the episode that the special precedes; the number is above that of every
// episode when the special airs after the season. Both are 0 without a place.
func (a *Airing) Before() (season, episode int) {
	switch {
	case a == nil:
		return 0, 0
	case a.After:
		return a.Season, afterSeason
	}
	return a.Season, a.Episode
}

// EpisodeNumber is the place of an episode in its series.
type EpisodeNumber struct {
	Series      id.Title
	ID          id.Title
	Season      int // 0 = specials
	Episode     int
	EpisodeLast int // the number of the last one in its file
	// AirsSeason and AirsBefore are Airing.Before of a special with a place; 0 for all others.
	AirsSeason int
	AirsBefore int
}

// BeforeAll is the place in front of the first episode of a series that is no special without a place.
func BeforeAll(series id.Title) EpisodeNumber {
	return EpisodeNumber{Series: series, Episode: afterSeason}
}

// Number returns the place of an episode in its series.
func (t Title) Number(series id.Title) EpisodeNumber {
	n := EpisodeNumber{Series: series, ID: t.ID, Season: t.Season, Episode: t.Episode, EpisodeLast: t.EpisodeLast}
	if t.Season == 0 {
		n.AirsSeason, n.AirsBefore = t.Airs.Before()
	}
	return n
}
