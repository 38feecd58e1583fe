package library

import (
	"context"
	"strconv"

	"movify/library/naming"
	"movify/pkg/fault"
)

// Provider is an online metadata service. It is asked only when the owner enabled it.
type Provider interface {
	// Name is the key of its IDs: "tmdb".
	Name() string
	// Search lists up to twenty works of a kind, Movie or Series, that match a name, best match first. A year of 0 is
	// unknown.
	Search(ctx context.Context, kind Kind, name string, year int) ([]Candidate, error)
	// Find returns the ID of the work that has the ID value at another provider, or "".
	Find(ctx context.Context, kind Kind, provider, value string) (string, error)
	// Work returns the metadata of a work, or ErrMatchNotFound.
	Work(ctx context.Context, kind Kind, id string) (ProviderWork, error)
	// Season returns the metadata of a season and of its episodes by number. An unknown season is empty.
	Season(ctx context.Context, series string, number int) (ProviderSeason, error)
	// Picture downloads a picture of a ProviderWork. It contacts no other machine than those of the provider.
	Picture(ctx context.Context, address string) ([]byte, error)
}

// ProviderWork is the metadata of a work at a provider.
type ProviderWork struct {
	Facts    Facts
	Pictures map[PictureKind]string // addresses
}

// ProviderSeason is the metadata of a season at a provider.
type ProviderSeason struct {
	ProviderWork
	Episodes map[int]ProviderWork
}

// Candidate is a work that a title may be.
type Candidate struct {
	Provider     string
	ID           string
	Name         string
	OriginalName string
	Year         int
	Overview     string
	Picture      string // address of a small poster, "" = none
	Certainty    Certainty
}

// Faults of matching.
var (
	ErrMatchNotFound = fault.New(
		fault.NotFound, "match_not_found", "The service does not know a title by this number.",
	)
	ErrNoProvider = fault.New(
		fault.Conflict, "no_provider", "No service that knows titles is set up: see library.tmdb in the configuration.",
	)
	ErrProviderAway = fault.New(
		fault.Unavailable, "provider_away", "The service that knows titles does not answer. Please try again later.",
	)
	ErrProviderRefused = fault.New(
		fault.Unavailable, "provider_refused",
		"The service that knows titles refuses the key. Please check library.tmdb in the configuration.",
	)
	ErrProviderUnclear = fault.New(
		fault.Unavailable, "provider_unclear",
		"The service that knows titles answers something that Movify does not understand.",
	)
	ErrNotMatchable = fault.New(
		fault.Invalid, "not_matchable", "Only movies and series are matched; seasons and episodes follow their series.",
	)
)

// rate returns the certainty that a candidate is the work of that name, year and external IDs. Only the same name of
// the same year counts; series are often named without a year.
func rate(kind Kind, name string, year int, ids map[string]string, m Candidate) Certainty {
	if own := ids[m.Provider]; own != "" {
		if own == m.ID {
			return SureID
		}
		return SureLittle
	}
	if want := naming.Fold(name); want == "" || want != naming.Fold(m.Name) && want != naming.Fold(m.OriginalName) {
		return SureLittle
	}
	if year == m.Year && year > 0 || year == 0 && kind == Series {
		return SureName
	}
	return SureLittle
}

// sure returns the one candidate of the highest certainty. Among several of that certainty none is certain.
func sure(matches []Candidate) (Candidate, bool) {
	for _, c := range []Certainty{SureID, SureName} {
		var found []Candidate
		for _, m := range matches {
			if m.Certainty == c {
				found = append(found, m)
			}
		}
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return Candidate{}, false
}

// unsureNote returns the reason why a title was not matched.
func unsureNote(provider string, matches []Candidate) string {
	switch n := len(matches); {
	case n == 0:
		return "The service " + provider + " knows no title of this name."
	case n == 1:
		return "The service " + provider + " knows one title that may be meant, and it is not certain."
	default:
		return "The service " + provider + " knows " + strconv.Itoa(n) + " titles that may be meant."
	}
}
