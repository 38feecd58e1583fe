package library

import (
	"context"

	"movify/pkg/id"
)

// mostParts is how many parts of a person are told at most.
const mostParts = 200

// Filmography is a person with what they did in the titles that an audience may see.
type Filmography struct {
	Person
	Parts []Played
}

// Played is one part in a title.
type Played struct {
	Card Card
	Kind CreditKind
	Role string
}

// Person gives somebody who had a part in a title that a may see, or ErrPersonNotFound; the latest titles come first.
func (s *Service) Person(ctx context.Context, a Audience, p id.Person) (Filmography, error) {
	who, err := s.o.Store.Person(ctx, a, p)
	if err != nil {
		return Filmography{}, err
	}
	parts, err := s.o.Store.Parts(ctx, a, p, mostParts)
	if err != nil {
		return Filmography{}, err
	}
	ids := make([]id.Title, 0, len(parts))
	for _, x := range parts {
		ids = append(ids, x.Title)
	}
	cards, err := s.o.Store.Cards(ctx, a, ids)
	if err != nil {
		return Filmography{}, err
	}
	byID := make(map[id.Title]Card, len(cards))
	for _, c := range cards {
		byID[c.ID] = c
	}
	out := Filmography{Person: who}
	for _, x := range parts {
		if c, ok := byID[x.Title]; ok {
			out.Parts = append(out.Parts, Played{c, x.Kind, x.Role})
		}
	}
	return out, nil
}
