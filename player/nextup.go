package player

import (
	"cmp"
	"slices"

	"movify/pkg/id"
)

// Episode is an episode of a series by its number. A file may hold several: Last is the number of the last one in it. A
// special with a place airs in AirsSeason before episode AirsBefore of it, a number above all when it airs after the season.
type Episode struct {
	Title      id.Title
	Season     int // 0 is the season of specials
	Episode    int
	Last       int
	AirsSeason int // 0 = it is no special, or one without a place
	AirsBefore int
}

// NextUp is the episode that the play button of a series starts: the one that was begun last and not finished, else the one
// after the last that was finished, else the first. When all is watched it is the first again. A special with a place comes
// there; the others are never first, and only one of them comes before them. "" = there is none.
func NextUp(episodes []Episode, standings map[id.Title]Standing) id.Title {
	last := lastWatched(episodes, standings)
	switch {
	case last.Title == "":
		return firstEpisode(episodes)
	case !standings[last.Title].Finished():
		return last.Title
	}
	return cmp.Or(episodeAfter(episodes, last), firstEpisode(episodes))
}

// Continued is the episode of a series that stands in Continue watching: the one that was watched last unless it was
// finished, otherwise the first one after it that was not watched. "" = the series was not begun, or nothing follows.
func Continued(episodes []Episode, standings map[id.Title]Standing) id.Title {
	last := lastWatched(episodes, standings)
	if last.Title == "" || !standings[last.Title].Finished() {
		return last.Title
	}
	unwatched := slices.DeleteFunc(slices.Clone(episodes), func(e Episode) bool { return standings[e.Title].Watched })
	return episodeAfter(unwatched, last)
}

// lastWatched is the episode that was watched or marked last; of several that were marked at once, as those of a season
// are, the highest number. Its Title is "" when none was.
func lastWatched(episodes []Episode, standings map[id.Title]Standing) (last Episode) {
	for _, e := range episodes {
		at := standings[e.Title].Last()
		if at.IsZero() {
			continue
		}
		if cmp.Or(at.Compare(standings[last.Title].Last()), e.compare(last)) > 0 {
			last = e
		}
	}
	return last
}

// placed reports whether the episode is a special with a place among the other seasons.
func (e Episode) placed() bool { return e.Season == 0 && e.AirsSeason > 0 }

// at returns the season in which the episode is watched, and the number that it has or precedes there.
func (e Episode) at() (season, number int) {
	if e.placed() {
		return e.AirsSeason, e.AirsBefore
	}
	return e.Season, e.Episode
}

// compare orders episodes as they are watched: by season and number, a special before the episode that it precedes.
func (e Episode) compare(other Episode) int {
	season, number := e.at()
	otherSeason, otherNumber := other.at()
	order := cmp.Or(cmp.Compare(season, otherSeason), cmp.Compare(number, otherNumber))
	switch {
	case order != 0 || !e.placed() && !other.placed():
		return order
	case !other.placed():
		return -1
	case !e.placed():
		return 1
	}
	return cmp.Or(cmp.Compare(e.Episode, other.Episode), cmp.Compare(e.Title, other.Title))
}

// follows reports whether the episode comes after another one. One in the same file does not.
func (e Episode) follows(other Episode) bool {
	if !e.placed() && !other.placed() && e.Season == other.Season {
		return e.Episode > max(other.Episode, other.Last)
	}
	return e.compare(other) > 0
}

// firstEpisode is the first that is no special without a place.
func firstEpisode(episodes []Episode) id.Title {
	const afterSpecials = 1 << 30
	return episodeAfter(episodes, Episode{Episode: afterSpecials})
}

// episodeAfter is the episode that follows one of a series; "" = none.
func episodeAfter(episodes []Episode, last Episode) id.Title {
	var next Episode
	for _, e := range episodes {
		if e.follows(last) && (next.Title == "" || e.compare(next) < 0) {
			next = e
		}
	}
	return next.Title
}
