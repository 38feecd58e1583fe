package player

import (
	"cmp"
	"slices"

	"movify/pkg/id"
)

// Episode is an episode of a series by its number. A file may hold several: Last is the number of the last one in it.
type Episode struct {
	Title   id.Title
	Season  int // 0 is the season of specials
	Episode int
	Last    int
}

// NextUp is the episode that the play button of a series starts: the one that was begun last and not finished, else the one
// after the last that was finished, else the first. When all is watched it is the first again. Specials are never first,
// and only a special comes before them. "" = there is none.
func NextUp(episodes []Episode, standings map[id.Title]Standing) id.Title {
	last := lastWatched(episodes, standings)
	switch {
	case last.Title == "":
		return firstEpisode(episodes)
	case !standings[last.Title].Finished():
		return last.Title
	}
	return cmp.Or(episodeAfter(episodes, last.Season, max(last.Episode, last.Last)), firstEpisode(episodes))
}

// Continued is the episode of a series that stands in Continue watching: the one that was watched last unless it was
// finished, otherwise the first one after it that was not watched. "" = the series was not begun, or nothing follows.
func Continued(episodes []Episode, standings map[id.Title]Standing) id.Title {
	last := lastWatched(episodes, standings)
	if last.Title == "" || !standings[last.Title].Finished() {
		return last.Title
	}
	unwatched := slices.DeleteFunc(slices.Clone(episodes), func(e Episode) bool { return standings[e.Title].Watched })
	return episodeAfter(unwatched, last.Season, max(last.Episode, last.Last))
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

// compare orders episodes by season and number.
func (e Episode) compare(other Episode) int {
	return cmp.Or(cmp.Compare(e.Season, other.Season), cmp.Compare(e.Episode, other.Episode))
}

// firstEpisode is the first that is no special.
func firstEpisode(episodes []Episode) id.Title {
	const afterSpecials = 1 << 30
	return episodeAfter(episodes, 0, afterSpecials)
}

// episodeAfter is the episode that follows a number in a series; "" = none.
func episodeAfter(episodes []Episode, season, episode int) id.Title {
	var next Episode
	for _, e := range episodes {
		if e.Season < season || e.Season == season && e.Episode <= episode {
			continue
		}
		if next.Title == "" || e.compare(next) < 0 {
			next = e
		}
	}
	return next.Title
}
