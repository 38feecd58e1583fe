package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"movify/library"

	"golang.org/x/sync/errgroup"

	"movify/library/naming"
	"movify/pkg/id"
)

// SearchResult is the answer to a search, best hits first.
type SearchResult struct {
	Titles     []library.Card
	Total      int // titles found, at most maxHits
	People     []library.PersonResult
	Groups     []library.GroupResult // genres, collections and channels
	DidYouMean string                // name that was probably meant, when nothing has the name as typed; "" = none
}

// Suggestion is a completion of the words being typed.
type Suggestion struct {
	Text string
	Kind library.FindKind
	ID   string
}

const (
	firstHits    = 200  // titles of the first query to the index
	maxHits      = 3200 // and of the largest, when most hits are hidden from the audience
	maxOtherHits = 12   // people, and genres and collections, in one answer
)

// Search finds titles, people, genres and collections by name; hidden titles have no influence on the answer. While the
// index is missing or being built, titles are found by a part of their name.
func (s *Service) Search(ctx context.Context, a library.Audience, text string, limit int) (SearchResult, error) {
	if !s.searchReady.Load() {
		page, err := s.Titles(ctx, a, Query{Filter: Filter{Text: text}, Sort: SortName, Limit: limit})
		return SearchResult{Titles: page.Cards, Total: page.Total}, err
	}
	var f SearchResult
	titles, err := s.searchTitles(ctx, a, text, limit, &f)
	if err != nil {
		return SearchResult{}, err
	}
	// After an exact match of a title people with similar names are not meant, and finding them is the most expensive part.
	strict := slices.ContainsFunc(titles, func(h library.Hit) bool { return h.Match < library.MatchNear })
	var people, groups []library.Hit
	sorts, within := errgroup.WithContext(ctx) // a person waits for the slower
	sorts.Go(func() (err error) {
		people, err = s.searchPeople(within, a, text, strict, &f)
		return err
	})
	sorts.Go(func() (err error) {
		groups, err = s.searchGroups(within, a, text, strict, &f)
		return err
	})
	if err := sorts.Wait(); err != nil {
		return SearchResult{}, err
	}
	f.DidYouMean, err = s.didYouMean(ctx, a, text, slices.Concat(titles, people, groups))
	return f, err
}

// searchTitles adds the titles that a search finds.
func (s *Service) searchTitles(
	ctx context.Context, a library.Audience, text string, limit int, f *SearchResult,
) ([]library.Hit, error) {
	hits, err := s.searchVisible(
		ctx, library.SearchQuery{Text: text, Kinds: titleKinds(), Limit: firstHits}, limit, s.visibleTitles(a),
	)
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

// searchPeople adds the people that a search finds.
func (s *Service) searchPeople(
	ctx context.Context, a library.Audience, text string, strict bool, f *SearchResult,
) ([]library.Hit, error) {
	seen := make(map[string]library.PersonResult)
	hits, err := s.searchVisible(
		ctx, library.SearchQuery{
			Text: text, Kinds: []library.FindKind{library.FindPerson}, Limit: maxOtherHits, Strict: strict,
		},
		maxOtherHits, s.visiblePeople(a, seen),
	)
	for _, h := range hits[:min(len(hits), maxOtherHits)] {
		f.People = append(f.People, seen[h.ID])
	}
	return hits, err
}

// searchGroups adds the genres, collections and channels that a search finds.
func (s *Service) searchGroups(
	ctx context.Context, a library.Audience, text string, strict bool, f *SearchResult,
) ([]library.Hit, error) {
	seen := make(map[string]library.GroupResult)
	kinds := []library.FindKind{library.FindGenre, library.FindCollection, library.FindChannel}
	hits, err := s.searchVisible(
		ctx, library.SearchQuery{Text: text, Kinds: kinds, Limit: maxOtherHits, Strict: strict}, maxOtherHits,
		s.visibleGroups(a, seen),
	)
	for _, h := range hits[:min(len(hits), maxOtherHits)] {
		f.Groups = append(f.Groups, seen[h.ID])
	}
	return hits, err
}

// didYouMean returns the name that was probably meant when no hit has the name as typed.
func (s *Service) didYouMean(ctx context.Context, a library.Audience, text string, hits []library.Hit) (string, error) {
	if len(hits) == 0 {
		loose, err := s.searchVisible(
			ctx, library.SearchQuery{Text: text, Kinds: titleKinds(), Limit: firstHits, Loose: true}, 1, s.visibleTitles(a),
		)
		if err != nil || len(loose) == 0 {
			return "", err
		}
		return loose[0].Name, nil
	}
	best := slices.MaxFunc(hits, compareHits)
	if best.Match < library.MatchNear {
		return "", nil
	}
	return best.Name, nil
}

// compareHits is positive when a is the better hit: it matches better or, equally well, has the higher score.
func compareHits(a, b library.Hit) int {
	return cmp.Or(cmp.Compare(b.Match, a.Match), cmp.Compare(a.Score, b.Score))
}

// Suggest completes the words being typed, best first.
func (s *Service) Suggest(ctx context.Context, a library.Audience, text string, limit int) ([]Suggestion, error) {
	if !s.searchReady.Load() {
		page, err := s.Titles(ctx, a, Query{Filter: Filter{Text: text}, Sort: SortName, Limit: limit})
		out := make([]Suggestion, 0, len(page.Cards))
		for _, c := range page.Cards {
			out = append(out, Suggestion{Text: c.Name, Kind: library.FindKind(c.Kind), ID: string(c.ID)})
		}
		return out, err
	}
	titles, err := s.searchVisible(
		ctx, library.SearchQuery{
			Text: text, Kinds: []library.FindKind{library.FindMovie, library.FindSeries}, Limit: firstHits,
		}, limit,
		s.visibleTitles(a),
	)
	if err != nil {
		return nil, err
	}
	people, err := s.searchPeople(ctx, a, text, len(titles) > 0, &SearchResult{})
	if err != nil {
		return nil, err
	}
	hits := slices.Concat(titles, people)
	slices.SortStableFunc(hits, func(a, b library.Hit) int {
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

// SearchTitles returns the movies and series that match a text, best first, for any audience. known is false when there
// is no index.
func (s *Service) SearchTitles(ctx context.Context, text string, limit int) (titles []id.Title, known bool, err error) {
	if !s.searchReady.Load() {
		return nil, false, nil
	}
	hits, err := s.o.Index.Search(ctx, library.SearchQuery{
		Text: text, Kinds: []library.FindKind{library.FindMovie, library.FindSeries}, Limit: limit,
	})
	if err != nil {
		return nil, true, fmt.Errorf("search: %w", err)
	}
	titles = make([]id.Title, 0, len(hits))
	for _, h := range hits {
		titles = append(titles, id.Title(h.ID))
	}
	return titles, true, nil
}

// searchVisible queries the index until enough hits are visible or none is hidden.
func (s *Service) searchVisible(
	ctx context.Context, q library.SearchQuery, enough int, seen func(context.Context, []string) (map[string]bool, error),
) ([]library.Hit, error) {
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
		hits = slices.DeleteFunc(hits, func(h library.Hit) bool { return !may[h.ID] })
		if len(hits) == found || len(hits) >= enough || q.Limit >= maxHits {
			return hits, nil
		}
		q.Limit *= 4
	}
}

func titleKinds() []library.FindKind {
	return []library.FindKind{library.FindMovie, library.FindSeries, library.FindEpisode}
}

func (s *Service) visibleTitles(a library.Audience) func(context.Context, []string) (map[string]bool, error) {
	return func(ctx context.Context, ids []string) (map[string]bool, error) {
		titles := make([]id.Title, 0, len(ids))
		for _, t := range ids {
			titles = append(titles, id.Title(t))
		}
		seen, err := s.o.Store.FilterVisible(ctx, a, titles)
		out := make(map[string]bool, len(seen))
		for _, t := range seen {
			out[string(t)] = true
		}
		return out, err
	}
}

func (s *Service) visiblePeople(
	a library.Audience, into map[string]library.PersonResult,
) func(context.Context, []string) (map[string]bool, error) {
	return func(ctx context.Context, ids []string) (map[string]bool, error) {
		people := make([]id.Person, 0, len(ids))
		for _, p := range ids {
			people = append(people, id.Person(p))
		}
		seen, err := s.o.Store.FilterVisiblePeople(ctx, a, people)
		out := make(map[string]bool, len(seen))
		for _, p := range seen {
			out[string(p.ID)], into[string(p.ID)] = true, p
		}
		return out, err
	}
}

func (s *Service) visibleGroups(
	a library.Audience, into map[string]library.GroupResult,
) func(context.Context, []string) (map[string]bool, error) {
	return func(ctx context.Context, ids []string) (map[string]bool, error) {
		seen, err := s.o.Store.FilterVisibleGroups(ctx, a, ids)
		out := make(map[string]bool, len(seen))
		for _, g := range seen {
			out[g.ID], into[g.ID] = true, g
		}
		return out, err
	}
}
