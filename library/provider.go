package library

import (
	"context"

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
