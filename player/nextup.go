package player

import (
	"cmp"

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
	var last Episode
	for _, e := range episodes {
		if standings[e.Title].Last().After(standings[last.Title].Last()) {
			last = e
		}
	}
	switch {
	case last.Title == "":
		return firstEpisode(episodes)
	case !standings[last.Title].Finished():
		return last.Title
	}
	return cmp.Or(episodeAfter(episodes, last.Season, max(last.Episode, last.Last)), firstEpisode(episodes))
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
		if next.Title == "" || cmp.Or(cmp.Compare(e.Season, next.Season), cmp.Compare(e.Episode, next.Episode)) < 0 {
			next = e
		}
	}
	return next.Title
}
