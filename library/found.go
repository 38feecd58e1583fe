package library

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"movify/library/naming"
	"movify/pkg/id"
)

// Found is what a search found, of each sort the best first.
type Found struct {
	Titles  []Card
	Total   int // titles found, whether or not they are among Titles; never more than findMost
	People  []FoundPerson
	Groups  []FoundGroup // genres, collections and channels
	Instead string       // what may have been meant, when nothing is called as it was typed; "" = nothing comes near either
}

// Suggestion is what may be typed to its end.
type Suggestion struct {
	Text string
	Kind FindKind
	ID   string
}

const (
	findFirst  = 200  // titles asked of the index at first
	findMost   = 3200 // and at most, when those who look may not see the first
	findOthers = 12   // people, and genres and collections, in one answer
)

// Search finds titles, people, genres and collections by name. Nothing that is found tells of a title that a may not see.
// While the index is not there or is being made, titles are found by a part of their name.
func (s *Service) Search(ctx context.Context, a Audience, text string, limit int) (Found, error) {
	if !s.fed.Load() {
		page, err := s.Titles(ctx, a, Query{Filter: Filter{Text: text}, Sort: SortName, Limit: limit})
		return Found{Titles: page.Cards, Total: page.Total}, err
	}
	var f Found
	titles, err := s.titles(ctx, a, text, limit, &f)
	if err != nil {
		return Found{}, err
	}
	// Whoever typed the name of a title right means no person of nearly that name. To look for such costs the most.
	strict := slices.ContainsFunc(titles, func(h Hit) bool { return h.Match < MatchNear })
	var people, groups []Hit
	sorts, within := errgroup.WithContext(ctx) // a person waits for the slower
	sorts.Go(func() (err error) {
		people, err = s.people(within, a, text, strict, &f)
		return err
	})
	sorts.Go(func() (err error) {
		groups, err = s.groups(within, a, text, strict, &f)
		return err
	})
	if err := sorts.Wait(); err != nil {
		return Found{}, err
	}
	f.Instead, err = s.instead(ctx, a, text, slices.Concat(titles, people, groups))
	return f, err
}

// titles adds the titles that a search finds.
func (s *Service) titles(ctx context.Context, a Audience, text string, limit int, f *Found) ([]Hit, error) {
	hits, err := s.seek(ctx, SearchQuery{Text: text, Kinds: titleKinds(), Limit: findFirst}, limit, s.seenTitles(a))
	if err != nil {
		return nil, err
	}
	f.Total = len(hits)
	ids := make([]id.Title, 0, limit)
	for _, h := range hits[:min(limit, len(hits))] {
		ids = append(ids, id.Title(h.ID))
	}
	f.Titles, err = s.o.Store.Cards(ctx, a, ids)
	return hits, err
}

// people adds the people that a search finds.
func (s *Service) people(ctx context.Context, a Audience, text string, strict bool, f *Found) ([]Hit, error) {
	seen := make(map[string]FoundPerson)
	hits, err := s.seek(ctx, SearchQuery{Text: text, Kinds: []FindKind{FindPerson}, Limit: findOthers, Strict: strict}, findOthers, s.seenPeople(a, seen))
	for _, h := range hits[:min(len(hits), findOthers)] {
		f.People = append(f.People, seen[h.ID])
	}
	return hits, err
}

// groups adds the genres, collections and channels that a search finds.
func (s *Service) groups(ctx context.Context, a Audience, text string, strict bool, f *Found) ([]Hit, error) {
	seen := make(map[string]FoundGroup)
	kinds := []FindKind{FindGenre, FindCollection, FindChannel}
	hits, err := s.seek(ctx, SearchQuery{Text: text, Kinds: kinds, Limit: findOthers, Strict: strict}, findOthers, s.seenGroups(a, seen))
	for _, h := range hits[:min(len(hits), findOthers)] {
		f.Groups = append(f.Groups, seen[h.ID])
	}
	return hits, err
}

// instead gives the name that was meant when no hit is called as it was typed.
func (s *Service) instead(ctx context.Context, a Audience, text string, hits []Hit) (string, error) {
	if len(hits) == 0 {
		loose, err := s.seek(ctx, SearchQuery{Text: text, Kinds: titleKinds(), Limit: findFirst, Loose: true}, 1, s.seenTitles(a))
		if err != nil || len(loose) == 0 {
			return "", err
		}
		return loose[0].Name, nil
	}
	best := slices.MaxFunc(hits, func(a, b Hit) int { return b.Match.worse(a.Match, a.Score-b.Score) })
	if best.Match < MatchNear {
		return "", nil
	}
	return best.Name, nil
}

// worse compares two ways to match, and by the difference of their scores when they are the same.
func (m Fit) worse(n Fit, scores float64) int {
	switch {
	case m != n:
		return int(m - n)
	case scores > 0:
		return 1
	case scores < 0:
		return -1
	}
	return 0
}

// Suggest gives what the words that are being typed may become, the likeliest first.
func (s *Service) Suggest(ctx context.Context, a Audience, text string, limit int) ([]Suggestion, error) {
	if !s.fed.Load() {
		page, err := s.Titles(ctx, a, Query{Filter: Filter{Text: text}, Sort: SortName, Limit: limit})
		out := make([]Suggestion, 0, len(page.Cards))
		for _, c := range page.Cards {
			out = append(out, Suggestion{Text: c.Name, Kind: FindKind(c.Kind), ID: string(c.ID)})
		}
		return out, err
	}
	titles, err := s.seek(ctx, SearchQuery{Text: text, Kinds: []FindKind{FindMovie, FindSeries}, Limit: findFirst}, limit, s.seenTitles(a))
	if err != nil {
		return nil, err
	}
	people, err := s.people(ctx, a, text, len(titles) > 0, &Found{})
	if err != nil {
		return nil, err
	}
	hits := slices.Concat(titles, people)
	slices.SortStableFunc(hits, func(a, b Hit) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	out := make([]Suggestion, 0, limit)
	told := make(map[string]bool)
	for _, h := range hits {
		if key := string(h.Kind) + naming.Fold(h.Name); !told[key] && len(out) < limit {
			told[key] = true
			out = append(out, Suggestion{Text: h.Name, Kind: h.Kind, ID: h.ID})
		}
	}
	return out, nil
}

// Find gives the movies and series that a text finds, the best first, whoever may see them. known is false when there is no
// index to ask.
func (s *Service) Find(ctx context.Context, text string, limit int) (titles []id.Title, known bool, err error) {
	if !s.fed.Load() {
		return nil, false, nil
	}
	hits, err := s.o.Index.Search(ctx, SearchQuery{Text: text, Kinds: []FindKind{FindMovie, FindSeries}, Limit: limit})
	if err != nil {
		return nil, true, fmt.Errorf("search: %w", err)
	}
	titles = make([]id.Title, 0, len(hits))
	for _, h := range hits {
		titles = append(titles, id.Title(h.ID))
	}
	return titles, true, nil
}

// seek asks the index for hits until enough of them are seen or none is hidden.
func (s *Service) seek(ctx context.Context, q SearchQuery, enough int, seen func(context.Context, []string) (map[string]bool, error)) ([]Hit, error) {
	for {
		hits, err := s.o.Index.Search(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		ids := make([]string, 0, len(hits))
		for _, h := range hits {
			ids = append(ids, h.ID)
		}
		may, err := seen(ctx, ids)
		if err != nil {
			return nil, err
		}
		found := len(hits)
		hits = slices.DeleteFunc(hits, func(h Hit) bool { return !may[h.ID] })
		if len(hits) == found || len(hits) >= enough || q.Limit >= findMost {
			return hits, nil
		}
		q.Limit *= 4
	}
}

func titleKinds() []FindKind { return []FindKind{FindMovie, FindSeries, FindEpisode} }

func (s *Service) seenTitles(a Audience) func(context.Context, []string) (map[string]bool, error) {
	return func(ctx context.Context, ids []string) (map[string]bool, error) {
		titles := make([]id.Title, 0, len(ids))
		for _, t := range ids {
			titles = append(titles, id.Title(t))
		}
		seen, err := s.o.Store.Seen(ctx, a, titles)
		out := make(map[string]bool, len(seen))
		for _, t := range seen {
			out[string(t)] = true
		}
		return out, err
	}
}

func (s *Service) seenPeople(a Audience, into map[string]FoundPerson) func(context.Context, []string) (map[string]bool, error) {
	return func(ctx context.Context, ids []string) (map[string]bool, error) {
		people := make([]id.Person, 0, len(ids))
		for _, p := range ids {
			people = append(people, id.Person(p))
		}
		seen, err := s.o.Store.SeenPeople(ctx, a, people)
		out := make(map[string]bool, len(seen))
		for _, p := range seen {
			out[string(p.ID)], into[string(p.ID)] = true, p
		}
		return out, err
	}
}

func (s *Service) seenGroups(a Audience, into map[string]FoundGroup) func(context.Context, []string) (map[string]bool, error) {
	return func(ctx context.Context, ids []string) (map[string]bool, error) {
		seen, err := s.o.Store.SeenGroups(ctx, a, ids)
		out := make(map[string]bool, len(seen))
		for _, g := range seen {
			out[g.ID], into[g.ID] = true, g
		}
		return out, err
	}
}
