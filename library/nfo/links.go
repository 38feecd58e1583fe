package nfo

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	imdbLink = regexp.MustCompile(`(?i)imdb\.com/(?:[a-z]{2}/)?title/(tt\d{5,10})`)
	imdbBare = regexp.MustCompile(`(?:^|\s)(tt\d{7,10})(?:\s|$)`)
	tmdbLink = regexp.MustCompile(`(?i)(?:themoviedb|tmdb)\.org/(?:movie|tv)/(\d{1,10})`)
	tvdbLink = regexp.MustCompile(
		`(?i)thetvdb\.com/(?:index\.php)?\?(?:[^\s"<>]*&(?:amp;)?)?(?:series)?id=(\d{1,10})`,
	)
	tvdbDeref   = regexp.MustCompile(`(?i)thetvdb\.com/dereferrer/(?:series|movie)/(\d{1,10})`)
	imdbID      = regexp.MustCompile(`^tt\d{5,10}$`)
	numberID    = regexp.MustCompile(`^\d{1,10}$`)
	anyID       = regexp.MustCompile(`^[A-Za-z0-9_./-]{1,64}$`)
	providerTag = regexp.MustCompile(`^[a-z0-9]{2,20}$`)
	youTube     = regexp.MustCompile(`^plugin://plugin\.video\.youtube/.*video_?id=([A-Za-z0-9_-]{6,20})`)
)

// links finds external IDs in the addresses in a text. The first one of a provider counts.
func links(text string) map[string]string {
	ids := make(map[string]string)
	for _, l := range []struct {
		provider string
		pattern  *regexp.Regexp
	}{
		{"imdb", imdbLink}, {"imdb", imdbBare}, {"tmdb", tmdbLink}, {"tvdb", tvdbLink}, {"tvdb", tvdbDeref},
	} {
		if m := l.pattern.FindStringSubmatch(text); m != nil && ids[l.provider] == "" {
			ids[l.provider] = strings.ToLower(m[1])
		}
	}
	return ids
}

// idLimit is how many IDs are kept.
const idLimit = 16

// ids returns the external IDs: <uniqueid type="imdb">, then <imdbid>, <tmdbid>, <tvdbid>, then <id> with its
// attributes.
func (r reader) ids() map[string]string {
	out := make(map[string]string)
	put := func(provider, value string) {
		provider, value = providerName(provider), line(value)
		switch {
		case value == "" || value == "0" || value == "-1" || len(out) >= idLimit || out[provider] != "":
			return
		case provider == "" || !providerTag.MatchString(provider):
			return
		case provider == "imdb":
			value = strings.ToLower(value)
			if !imdbID.MatchString(value) {
				r.add("Its IMDb ID %q is none.", cut(value, 20))
				return
			}
		case (provider == "tmdb" || provider == "tvdb") && !numberID.MatchString(value):
			r.add("Its %s ID %q is none.", strings.ToUpper(provider), cut(value, 20))
			return
		case !anyID.MatchString(value):
			return
		}
		out[provider] = value
	}
	for _, e := range r.all("uniqueid") {
		value := e.text.String()
		provider := e.attr("type")
		if (provider == "" || strings.EqualFold(provider, "unknown")) && imdbID.MatchString(line(value)) {
			provider = "imdb"
		}
		put(provider, value)
	}
	put("imdb", r.first("imdbid", "imdb_id", "imdb"))
	put("tmdb", r.first("tmdbid"))
	put("tvdb", r.first("tvdbid"))
	for _, e := range r.all("id") {
		for _, a := range e.attrs {
			if strings.EqualFold(a.Key, "imdb") || strings.EqualFold(a.Key, "tmdb") ||
				strings.EqualFold(a.Key, "tvdb") {
				put(a.Key, a.Val)
			}
		}
		value := line(e.text.String())
		switch {
		case imdbID.MatchString(value):
			put("imdb", value)
		case e.attr("moviedb") != "":
			put(e.attr("moviedb"), value)
		case r.node.name == "tvshow" && numberID.MatchString(value):
			put("tvdb", value) // what the first scrapers of series asked
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// providerName returns the canonical name of a provider.
func providerName(name string) string {
	switch name = strings.ToLower(strings.TrimSpace(name)); name {
	case "themoviedb", "moviedb", "themoviedb.org", "tmdbid":
		return "tmdb"
	case "thetvdb", "thetvdb.com", "tvdbid":
		return "tvdb"
	case "imdbid":
		return "imdb"
	}
	return name
}

// isAddress reports whether a text is a web address.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(text) <= 2000
}

// trailers returns the addresses of trailers; Kodi's plugin addresses are converted to web addresses.
func (r reader) trailers() []string {
	var out []string
	for _, e := range r.all("trailer") {
		address := line(e.text.String())
		if m := youTube.FindStringSubmatch(address); m != nil {
			address = "https://www.youtube.com/watch?v=" + m[1]
		}
		if isAddress(address) && len(out) < 10 {
			out = append(out, address)
		}
	}
	return out
}
