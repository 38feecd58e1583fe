package library

import (
	"context"

	"movify/pkg/id"
)

// maxCredits is how many parts of a person are told at most.
const maxCredits = 200

// Filmography is a person with what they did in the titles that an audience may see.
type Filmography struct {
	Person
	Credits []PersonCredit
}

// PersonCredit is one part in a title.
type PersonCredit struct {
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
	parts, err := s.o.Store.CreditsOf(ctx, a, p, maxCredits)
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
			out.Credits = append(out.Credits, PersonCredit{c, x.Kind, x.Role})
		}
	}
	return out, nil
}
