package tmdb

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"movify/library"
)

// matchLimit is the largest number of works that Search returns.
const matchLimit = 20

// Search lists the works that match a name.
func (c *Client) Search(ctx context.Context, kind library.Kind, name string, year int) ([]library.Candidate, error) {
	query := url.Values{"query": {name}, "include_adult": {"false"}}
	path := "/search/movie"
	if kind == library.Series {
		path = "/search/tv"
	}
	if year > 0 {
		key := "year"
		if kind == library.Series {
			key = "first_air_date_year"
		}
		query.Set(key, strconv.Itoa(year))
	}
	var answer searchAnswer
	if err := c.get(ctx, path, query, &answer); err != nil {
		return nil, err
	}
	var out []library.Candidate
	for _, f := range answer.Results[:min(matchLimit, len(answer.Results))] {
		out = append(out, library.Candidate{
			Provider: c.Name(), ID: strconv.Itoa(f.ID), Name: cmp.Or(f.Title, f.Name),
			OriginalName: cmp.Or(f.OriginalTitle, f.OriginalName),
			Year:         year4(cmp.Or(f.ReleaseDate, f.FirstAirDate)), Overview: f.Overview,
			Picture: c.picture("w185", f.PosterPath),
		})
	}
	return out, nil
}

var (
	ownID   = regexp.MustCompile(`^\d{1,10}$`)
	otherID = regexp.MustCompile(`^[a-z0-9]{1,20}$`)
)

// Find returns the ID of the work with an ID of IMDb or TheTVDB.
func (c *Client) Find(ctx context.Context, kind library.Kind, provider, value string) (string, error) {
	if provider != "imdb" && provider != "tvdb" || !otherID.MatchString(value) {
		return "", nil
	}
	var answer findAnswer
	err := c.get(ctx, "/find/"+value, url.Values{"external_source": {provider + "_id"}}, &answer)
	if errors.Is(err, library.ErrMatchNotFound) {
		return "", nil
	}
	works := answer.Movies
	if kind == library.Series {
		works = answer.Series
	}
	if err != nil || len(works) != 1 {
		return "", err
	}
	return strconv.Itoa(works[0].ID), nil
}

// Work returns the metadata of a movie or series.
func (c *Client) Work(ctx context.Context, kind library.Kind, id string) (library.ProviderWork, error) {
	if !ownID.MatchString(id) {
		return library.ProviderWork{}, library.ErrMatchNotFound
	}
	path, more := "/movie/"+id, "credits,release_dates,external_ids"
	if kind == library.Series {
		path, more = "/tv/"+id, "aggregate_credits,content_ratings,external_ids"
	}
	var a workAnswer
	if err := c.get(ctx, path, url.Values{"append_to_response": {more}}, &a); err != nil {
		return library.ProviderWork{}, err
	}
	f := library.Facts{
		Name: cmp.Or(a.Title, a.Name), OriginalName: cmp.Or(a.OriginalTitle, a.OriginalName), Overview: a.Overview,
		Tagline:  a.Tagline,
		Released: day(cmp.Or(a.ReleaseDate, a.FirstAirDate)), Year: year4(cmp.Or(a.ReleaseDate, a.FirstAirDate)),
		Genres: names(a.Genres), Studios: names(slices.Concat(a.Networks, a.ProductionCompanies)),
		Countries: names(a.ProductionCountries),
		Ratings:   rated(a.VoteAverage, a.VoteCount), RuntimeMS: minutes(a.Runtime), IDs: map[string]string{"tmdb": id},
	}
	if f.OriginalName == f.Name {
		f.OriginalName = ""
	}
	if imdb := cmp.Or(a.IMDB, a.ExternalIDs.IMDB); strings.HasPrefix(imdb, "tt") {
		f.IDs["imdb"] = imdb
	}
	if a.ExternalIDs.TVDB > 0 {
		f.IDs["tvdb"] = strconv.Itoa(a.ExternalIDs.TVDB)
	}
	if a.Collection != nil && a.Collection.Name != "" {
		f.Sets = []string{a.Collection.Name}
	}
	if kind == library.Series {
		f.Status = seriesStatus(a.Status)
		if len(a.EpisodeRunTime) > 0 {
			f.RuntimeMS = minutes(a.EpisodeRunTime[0])
		}
	}
	f.Credits = c.credits(a)
	f.Certification, f.Age = c.certification(a)
	return library.ProviderWork{Facts: f, Pictures: c.pictures(map[library.PictureKind]string{
		library.Poster: a.PosterPath, library.Backdrop: a.BackdropPath,
	})}, nil
}

// Season returns the metadata of a season.
func (c *Client) Season(ctx context.Context, series string, number int) (library.ProviderSeason, error) {
	if !ownID.MatchString(series) || number < 0 {
		return library.ProviderSeason{}, library.ErrMatchNotFound
	}
	var a seasonAnswer
	err := c.get(ctx, "/tv/"+series+"/season/"+strconv.Itoa(number), nil, &a)
	if errors.Is(err, library.ErrMatchNotFound) {
		return library.ProviderSeason{}, nil
	}
	if err != nil {
		return library.ProviderSeason{}, err
	}
	out := library.ProviderSeason{Episodes: make(map[int]library.ProviderWork)}
	out.Facts = library.Facts{
		Name: a.Name, Overview: a.Overview, Released: day(a.AirDate), Year: year4(a.AirDate), Season: &number,
	}
	out.Pictures = c.pictures(map[library.PictureKind]string{library.Poster: a.PosterPath})
	for _, e := range a.Episodes {
		out.Episodes[e.EpisodeNumber] = library.ProviderWork{
			Facts: library.Facts{
				Name: e.Name, Overview: e.Overview, Released: day(e.AirDate), Year: year4(e.AirDate), Season: &number,
				Episode:   e.EpisodeNumber,
				RuntimeMS: minutes(e.Runtime), Ratings: rated(e.VoteAverage, e.VoteCount),
				Credits: c.people(credits{Cast: e.GuestStars, Crew: e.Crew}),
			},
			Pictures: c.pictures(map[library.PictureKind]string{library.Thumb: e.StillPath}),
		}
	}
	return out, nil
}

func (c *Client) pictures(paths map[library.PictureKind]string) map[library.PictureKind]string {
	out := make(map[library.PictureKind]string)
	for kind, path := range paths {
		size := "w1280"
		if kind == library.Poster {
			size = "w780"
		}
		if address := c.picture(size, path); address != "" {
			out[kind] = address
		}
	}
	return out
}

// castLimit is how many actors are kept.
const castLimit = 30

func (c *Client) credits(a workAnswer) []library.Credit {
	all := a.Credits
	if len(all.Cast)+len(all.Crew) == 0 {
		all = a.AggregateCredits
	}
	out := c.people(all)
	for _, p := range a.CreatedBy {
		out = append(
			out, library.Credit{Name: p.Name, Kind: library.Creator, Picture: c.picture("w185", p.ProfilePath)},
		)
	}
	return out
}

func (c *Client) people(all credits) []library.Credit {
	var out []library.Credit
	for _, p := range all.Cast[:min(castLimit, len(all.Cast))] {
		role := p.Character
		if role == "" && len(p.Roles) > 0 {
			role = p.Roles[0].Character
		}
		out = append(
			out,
			library.Credit{Name: p.Name, Kind: library.Actor, Role: role, Picture: c.picture("w185", p.ProfilePath)},
		)
	}
	jobs := map[string]library.CreditKind{
		"Director": library.Director, "Writer": library.Writer, "Screenplay": library.Writer,
		"Original Music Composer": library.Composer, "Producer": library.Producer,
	}
	for _, p := range all.Crew {
		kind, ok := jobs[p.Job]
		if ok && !slices.ContainsFunc(out, func(have library.Credit) bool {
			return have.Kind == kind && have.Name == p.Name
		}) {
			out = append(out, library.Credit{Name: p.Name, Kind: kind, Picture: c.picture("w185", p.ProfilePath)})
		}
	}
	return out
}

// certification returns the certification of the language's country, or that of the United States.
func (c *Client) certification(a workAnswer) (string, *int) {
	said := make(map[string]string)
	for _, r := range a.ReleaseDates.Results {
		for _, d := range r.Dates {
			said[r.Country] = cmp.Or(said[r.Country], d.Certification)
		}
	}
	for _, r := range a.ContentRatings.Results {
		said[r.Country] = r.Rating
	}
	_, country, _ := strings.Cut(c.o.Language, "-")
	for _, country := range []string{strings.ToUpper(country), "US"} {
		if said[country] == "" {
			continue
		}
		text := said[country]
		if country != "US" {
			text = country + ":" + text
		}
		if age, ok := library.AgeOf(text); ok {
			return text, &age
		}
		return text, nil
	}
	return "", nil
}

func seriesStatus(text string) string {
	switch text {
	case "Ended", "Canceled":
		return "ended"
	case "Returning Series", "In Production", "Planned":
		return "continuing"
	}
	return ""
}

func names(all []named) []string {
	var out []string
	for _, n := range all {
		if n.Name != "" && !slices.Contains(out, n.Name) {
			out = append(out, n.Name)
		}
	}
	return out
}

func rated(value float64, votes int) []library.Rating {
	if value <= 0 || value > 10 || votes <= 0 {
		return nil
	}
	return []library.Rating{{By: "themoviedb", Value: math.Round(value*10) / 10, Votes: votes}}
}

func minutes(n int) int64 { return int64(max(0, n)) * time.Minute.Milliseconds() }

// day returns a valid date, or "".
func day(text string) string {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return ""
	}
	return text
}

// year4 returns the year of a date, or 0.
func year4(text string) int {
	if day(text) == "" {
		return 0
	}
	n, _ := strconv.Atoi(text[:4]) // digits, or it would be no day
	return n
}
