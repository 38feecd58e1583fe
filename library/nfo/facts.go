package nfo

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"movify/library"
)

// Limits of stored values; longer files are broken or hostile.
const (
	nameLimit     = 300    // characters
	overviewLimit = 10_000 // characters
	listLimit     = 100    // genres, studios, tags
	creditLimit   = 300
	worksLimit    = 50
)

// parse returns the works described in a text.
func parse(text string, n *notes) []library.NFOWork {
	trees, outside := grow(text, n)
	var works []library.NFOWork
	for _, tree := range trees {
		if len(works) == worksLimit {
			n.add("It describes more than %d works: the rest was left out.", worksLimit)
			break
		}
		w := library.NFOWork{Kind: kindOf(tree), Facts: factsOf(tree, n), SeasonNames: seasonNames(tree)}
		if w.Facts.Name == "" && len(tree.in) > 0 && tree.name != "season" {
			n.add("It does not say what the title is called.")
		}
		works = append(works, w)
	}
	ids := links(outside)
	if len(ids) == 0 {
		return works
	}
	if len(works) == 0 {
		n.add("It holds only the address of the title.")
		return []library.NFOWork{{Facts: library.Facts{IDs: ids}}}
	}
	if len(works) == 1 { // a description with the address below it
		f := &works[0].Facts
		for provider, value := range ids {
			if f.IDs == nil {
				f.IDs = make(map[string]string)
			}
			f.IDs[provider] = cmp.Or(f.IDs[provider], value)
		}
	}
	return works
}

func kindOf(e *node) library.Kind {
	switch e.name {
	case "tvshow":
		return library.Series
	case "season":
		return library.Season
	case "episodedetails":
		return library.Episode
	case "movie", "musicvideo":
		return library.Movie
	}
	return ""
}

// seasonNames returns the names of the seasons of a series: <namedseason number="1">Name</namedseason>.
func seasonNames(e *node) map[int]string {
	if e.name != "tvshow" {
		return nil
	}
	out := make(map[int]string)
	for _, season := range (reader{node: e}).all("namedseason") {
		number, err := strconv.Atoi(strings.TrimSpace(season.attr("number")))
		name := cut(line(season.text.String()), nameLimit)
		if err == nil && number >= 0 && name != "" && len(out) < listLimit && out[number] == "" {
			out[number] = name
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// factsOf reads one work.
func factsOf(e *node, n *notes) library.Facts {
	r := reader{node: e, notes: n}
	f := library.Facts{
		Name:         r.name("title"),
		OriginalName: r.name("originaltitle"),
		SortName:     r.name("sorttitle", "sortname"),
		SeriesName:   r.name("showtitle"),
		Year:         r.year(),
		Released:     r.date("premiered", "releasedate", "aired"),
		Overview:     cmp.Or(r.long("plot"), r.long("outline")),
		Tagline:      r.name("tagline"),
		Status:       r.status(),
		Genres:       r.list("genre"),
		Studios:      r.list("studio", "network"),
		Countries:    r.list("country"),
		Tags:         r.list("tag"),
		Sets:         r.sets(),
		SetOverviews: r.setOverviews(),
		Credits:      r.credits(),
		Ratings:      r.ratings(),
		RuntimeMS:    r.runtime(),
		IDs:          r.ids(),
		Trailers:     r.trailers(),
	}
	if f.OriginalName == f.Name {
		f.OriginalName = ""
	}
	if f.Year == 0 && f.Released != "" {
		f.Year = yearOf(f.Released)
	}
	f.Certification = r.name("mpaa", "certification", "contentrating")
	if age, ok := library.AgeOf(f.Certification); ok {
		f.Age = &age
	}
	switch e.name {
	case "season":
		f.Season = r.whole("seasonnumber", "season")
	case "episodedetails":
		f.Season = r.whole("season", "seasonnumber")
		if episode := r.whole("episode"); episode != nil {
			f.Episode = *episode
		}
		f.Airs = r.airs()
	}
	return f
}

// kodiAfterSeason is the <displayepisode> that Kodi writes for a special after its season (VideoInfoTag.cpp, m_iSpecialSortEpisode).
const kodiAfterSeason = 0x1000

// airs returns the place of a special: <airsafter_season>, else <airsbefore_season> with <airsbefore_episode>, as TheTVDB
// names them and Jellyfin writes them, or Kodi's <displayafterseason>, <displayseason> and <displayepisode>. Kodi writes -1
// for none.
func (r reader) airs() *library.Airing {
	first := func(names ...string) int {
		for _, name := range names {
			if n := r.whole(name); n != nil && *n > 0 {
				return *n
			}
		}
		return 0
	}
	if season := first("airsafter_season", "displayafterseason"); season > 0 {
		return &library.Airing{Season: season, After: true}
	}
	season := first("airsbefore_season", "displayseason")
	if season == 0 {
		return nil
	}
	episode := first("airsbefore_episode", "displayepisode")
	if episode >= kodiAfterSeason {
		return &library.Airing{Season: season, After: true}
	}
	return &library.Airing{Season: season, Episode: episode}
}

// reader reads values from the elements of a work.
type reader struct {
	*node
	*notes
}

// all returns the elements of that name.
func (r reader) all(names ...string) []*node {
	var out []*node
	for _, name := range names {
		for _, e := range r.in {
			if e.name == name {
				out = append(out, e)
			}
		}
	}
	return out
}

// first returns the text of the first non-empty element of those names.
func (r reader) first(names ...string) string {
	for _, e := range r.all(names...) {
		if text := line(e.text.String()); text != "" {
			return text
		}
	}
	return ""
}

func (r reader) name(names ...string) string { return cut(r.first(names...), nameLimit) }

// long returns a text of several lines.
func (r reader) long(name string) string {
	for _, e := range r.all(name) {
		if text := paragraphs(e.text.String()); text != "" {
			return cut(text, overviewLimit)
		}
	}
	return ""
}

// list returns the values of elements, which may hold several each, without duplicates.
func (r reader) list(names ...string) []string {
	var out []string
	for _, e := range r.all(names...) {
		for _, value := range several(e.text.String()) {
			if len(out) < listLimit && !slices.ContainsFunc(out, func(have string) bool {
				return strings.EqualFold(have, value)
			}) {
				out = append(out, value)
			}
		}
	}
	return out
}

// sets returns the collections: <set>Name</set>, or <set><name>Name</name><overview>…</set>.
func (r reader) sets() []string {
	var out []string
	for _, e := range r.all("set") {
		name := cmp.Or(reader{node: e}.name("name"), cut(line(e.text.String()), nameLimit))
		if name != "" && len(out) < listLimit && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// setOverviews returns the overviews of collections by their names.
func (r reader) setOverviews() map[string]string {
	var out map[string]string
	for _, e := range r.all("set") {
		in := reader{node: e}
		name, overview := in.name("name"), in.long("overview")
		if name != "" && overview != "" && len(out) < listLimit && out[name] == "" {
			if out == nil {
				out = make(map[string]string)
			}
			out[name] = overview
		}
	}
	return out
}

func (r reader) status() string {
	switch status := strings.ToLower(r.first("status")); status {
	case "continuing", "returning series", "in production", "running":
		return "continuing"
	case "ended", "canceled", "cancelled":
		return "ended"
	default:
		return ""
	}
}

// credits returns the actors in their order, then directors, writers and producers.
func (r reader) credits() []library.Credit {
	var out []library.Credit
	add := func(kind library.CreditKind, e *node, name string) {
		in := reader{node: e}
		c := library.Credit{Name: name, Kind: kind, Role: in.name("role", "character")}
		if picture := in.first("thumb", "profile"); isAddress(picture) {
			c.Picture = picture
		}
		same := func(have library.Credit) bool {
			return have.Kind == c.Kind && strings.EqualFold(have.Name, c.Name) && (have.Role == c.Role || c.Role == "")
		}
		if name != "" && len(out) < creditLimit && !slices.ContainsFunc(out, same) {
			out = append(out, c)
		}
	}
	actors := r.all("actor", "artist")
	slices.SortStableFunc(actors, func(a, b *node) int { return cmp.Compare(order(a), order(b)) })
	for _, e := range actors {
		in := reader{node: e}
		kind := library.Actor
		switch strings.ToLower(in.first("type")) {
		case "director":
			kind = library.Director
		case "writer":
			kind = library.Writer
		case "producer":
			kind = library.Producer
		case "composer":
			kind = library.Composer
		}
		add(kind, e, cmp.Or(in.name("name"), cut(line(e.text.String()), nameLimit)))
	}
	for _, job := range [...]struct {
		kind  library.CreditKind
		names []string
	}{
		{library.Director, []string{"director"}}, {library.Writer, []string{"credits", "writer"}},
		{library.Producer, []string{"producer"}},
	} {
		for _, e := range r.all(job.names...) {
			if name := (reader{node: e}).name("name"); name != "" {
				add(job.kind, e, name)
				continue
			}
			for _, name := range several(e.text.String()) {
				add(job.kind, e, name)
			}
		}
	}
	return out
}
