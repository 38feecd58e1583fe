package catalogue

import (
	"context"

	"movify/library"

	"movify/pkg/id"
)

// maxCredits is the largest number of credits in a Filmography.
const maxCredits = 200

// Filmography is a person with the credits in titles visible to an audience.
type Filmography struct {
	library.Person
	Credits []PersonCredit
}

// PersonCredit is a credit with the card of its title.
type PersonCredit struct {
	Card library.Card
	Kind library.CreditKind
	Role string
}

// Person returns a person with a credit in a title visible to a, or ErrPersonNotFound; latest titles first.
func (s *Service) Person(ctx context.Context, a library.Audience, p id.Person) (Filmography, error) {
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
	byID := make(map[id.Title]library.Card, len(cards))
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
