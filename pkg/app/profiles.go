package app

import (
	"context"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/id"
)

// audiences tells what a profile may see of the library.
type audiences struct {
	profiles interface {
		Profile(ctx context.Context, p id.Profile) (account.Profile, error)
	}
}

// of gives the audience that a profile is. One that is gone sees nothing: it is an error.
func (a audiences) of(ctx context.Context, p id.Profile) (library.Audience, error) {
	x, err := a.profiles.Profile(ctx, p)
	if err != nil {
		return library.Audience{}, err
	}
	return library.Audience{MaxAge: x.MaxAge, Unrated: x.Unrated}, nil
}
