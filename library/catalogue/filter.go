package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/id"
)

// Bits of the filters that have facets. A title that fails only one filter counts for that filter's facet.
const (
	byKind = 1 << iota
	byGenre
	byYear
	byCollection
	bySeen
	byMinutes
	byOther // filters without a facet
)

// preparedFilter is a filter with everything it reads from the store.
type preparedFilter struct {
	*titleIndex
	Filter
	visible      []bool // nil = all
	restrictedTo []map[id.Title]int
	positionOf   map[id.Title]int // position in the collection of the filter
	progress     map[id.Title]library.ProfileProgress
}

// prepareFilter reads everything the filter needs besides the catalogue index.
func (s *Service) prepareFilter(ctx context.Context, a library.Audience, f Filter) (*preparedFilter, error) {
	o, err := s.currentIndex(ctx)
	if err != nil {
		return nil, err
	}
	v := &preparedFilter{titleIndex: o, Filter: f}
	v.Text = naming.Fold(f.Text)
	if v.visible, err = o.visible(ctx, s.o.Store, a); err != nil {
		return nil, err
	}
	if v.Text == "" && strings.TrimSpace(f.Text) != "" {
		v.restrictedTo = append(v.restrictedTo, nil) // punctuation alone matches no name
	}
	if f.Studio != "" {
		titles, err := s.o.Store.TitlesLabelled(ctx, f.Studio)
		if err != nil {
			return nil, fmt.Errorf("list the titles of a studio: %w", err)
		}
		v.restrictedTo = append(v.restrictedTo, positions(titles))
	}
	if f.Person != "" {
		titles, err := s.o.Store.TitlesOfPerson(ctx, a, f.Person)
		if err != nil {
			return nil, fmt.Errorf("list the titles of a person: %w", err)
		}
		v.restrictedTo = append(v.restrictedTo, positions(titles))
	}
	if f.Collection != "" {
		if v.positionOf, err = s.memberPositions(ctx, a, o, f.Collection); err != nil {
			return nil, err
		}
	}
	if f.Profile != "" {
		if v.progress, err = s.o.Store.ProfileProgress(ctx, a, f.Profile); err != nil {
			return nil, fmt.Errorf("list the progress of a profile: %w", err)
		}
	}
	return v, nil
}

// memberPositions returns the positions of the titles of a collection; of a collection hidden from a, none.
func (s *Service) memberPositions(
	ctx context.Context, a library.Audience, o *titleIndex, c id.Collection,
) (map[id.Title]int, error) {
	out := make(map[id.Title]int)
	entered, err := s.visibleCollections(ctx, a, o.collections)
	if err != nil || !slices.ContainsFunc(entered, func(x library.Collection) bool { return x.ID == c }) {
		return out, err
	}
	for place, i := range o.members[c] {
		out[o.titles[i].ID] = place
	}
	return out, nil
}

func positions(titles []id.Title) map[id.Title]int {
	out := make(map[id.Title]int, len(titles))
	for i, t := range titles {
		out[t] = i
	}
	return out
}

// failing returns the bits of the filters that title i fails; 0 = none. ok is false for a hidden title.
func (v *preparedFilter) failing(i int) (which int, ok bool) {
	if v.visible != nil && !v.visible[i] {
		return 0, false
	}
	g := &v.titles[i]
	if v.Kind != "" && g.Kind != v.Kind {
		which |= byKind
	}
	if v.Genre != "" && !slices.Contains(v.genres.of(i), v.Genre) {
		which |= byGenre
	}
	if v.Years != (library.Span{}) && (g.Year == 0 || !v.Years.Holds(g.Year)) {
		which |= byYear
	}
	if v.Minutes != (library.Span{}) && (g.DurationMS == 0 || !v.Minutes.Holds(minutes(g))) {
		which |= byMinutes
	}
	if v.positionOf != nil {
		if _, in := v.positionOf[g.ID]; !in {
			which |= byCollection
		}
	}
	if v.Seen != "" && v.seenOf(g) != v.Seen {
		which |= bySeen
	}
	if v.Text != "" && !strings.Contains(g.Key, v.Text) {
		which |= byOther
	}
	for _, set := range v.restrictedTo {
		if _, in := set[g.ID]; !in {
			which |= byOther
		}
	}
	return which, true
}

func (v *preparedFilter) seenOf(g *library.TitleSummary) Seen {
	w, ok := v.progress[g.ID]
	switch {
	case !ok:
		return SeenNo
	case w.Works >= max(1, g.Episodes):
		return SeenYes
	}
	return SeenBegun
}

func minutes(g *library.TitleSummary) int { return int((g.DurationMS + 30_000) / 60_000) }

// Titles returns a page of the movies and series visible to a.
func (s *Service) Titles(ctx context.Context, a library.Audience, q Query) (Page, error) {
	if q.Sort == "" {
		q.Sort = SortAdded
	}
	if !q.Sort.known() || q.Sort == SortPosition && q.Collection == "" {
		return Page{}, library.ErrBadSort
	}
	if q.Limit <= 0 {
		q.Limit = defaultPage
	}
	q.Limit = min(q.Limit, largestPage)
	at := cursor{Seed: rand.Uint64() >> 16}
	if q.Cursor != "" {
		var err error
		if at, err = parseCursor(q.Cursor, q.Sort); err != nil {
			return Page{}, err
		}
	}
	v, err := s.prepareFilter(ctx, a, q.Filter)
	if err != nil {
		return Page{}, err
	}
	found, total := v.pageAfter(q, at)
	page := Page{Total: total}
	if len(found) > q.Limit {
		found = found[:q.Limit]
		last := found[len(found)-1]
		page.Next = cursor{Sort: q.Sort, Number: last.number, Text: last.text, ID: last.id, Seed: at.Seed}.String()
	}
	ids := make([]id.Title, 0, len(found))
	for _, f := range found {
		ids = append(ids, f.id)
	}
	page.Cards, err = s.o.Store.Cards(ctx, a, ids)
	return page, err
}

// pageAfter returns the titles after a cursor, one more than fits on a page, and counts all that pass the filter.
func (v *preparedFilter) pageAfter(q Query, at cursor) (found []orderKey, total int) {
	newest := q.Sort.newestFirst()
	order := func(x, y orderKey) int { return x.compare(y, newest) }
	from := orderKey{number: at.Number, text: at.Text, id: at.ID}
	limit := q.Limit + 1
	room := 4 * limit
	var worst *orderKey // last of the page so far: later titles are skipped
	for i := range v.titles {
		if which, ok := v.failing(i); !ok || which != 0 {
			continue
		}
		total++
		g := &v.titles[i]
		x := orderKeyOf(g, q.Sort, at.Seed, v.positionOf[g.ID])
		if at.ID != "" && order(x, from) <= 0 || worst != nil && order(x, *worst) >= 0 {
			continue
		}
		if found = append(found, x); len(found) >= room {
			slices.SortFunc(found, order)
			found = found[:limit]
			last := found[limit-1]
			worst = &last
		}
	}
	slices.SortFunc(found, order)
	return found[:min(limit, len(found))], total
}

// Facets counts the filter values among the movies and series visible to a, under a filter.
func (s *Service) Facets(ctx context.Context, a library.Audience, f Filter) (Facets, error) {
	v, err := s.prepareFilter(ctx, a, f)
	if err != nil {
		return Facets{}, err
	}
	channels, err := s.visibleCollections(ctx, a, v.collections)
	if err != nil {
		return Facets{}, err
	}
	if f.Profile != "" {
		return v.facets(channels), nil
	}
	asked := facetQuery{a, f}
	v.mu.Lock()
	defer v.mu.Unlock()
	out, known := v.facetCache[asked]
	if !known {
		if len(v.facetCache) >= maxCachedFacets {
			clear(v.facetCache)
		}
		out = v.facets(channels)
		v.facetCache[asked] = out
	}
	return out, nil
}

// minuteBounds are the lower bounds of the running time facets.
func minuteBounds() []int { return []int{0, 30, 60, 90, 120, 150} }

// facets counts in one pass: a title that passes counts everywhere, one that fails a single filter counts for that one.
func (v *preparedFilter) facets(channels []library.Collection) Facets {
	kinds, genres, in := make(map[library.Kind]int), make(map[id.Label]int), make(map[id.Collection]int)
	decades, ages, long, seen := make(map[int]int), make(map[int]int), make(map[int]int), make(map[Seen]int)
	var out Facets
	for i := range v.titles {
		which, ok := v.failing(i)
		if !ok {
			continue
		}
		g := &v.titles[i]
		if which == 0 {
			out.Total++
			ages[g.Age]++
		}
		if which&^byKind == 0 {
			kinds[g.Kind]++
		}
		if which&^byGenre == 0 {
			for _, l := range v.genres.of(i) {
				genres[l]++
			}
		}
		if which&^byYear == 0 && g.Year > 0 {
			decades[g.Year/10*10]++
		}
		if which&^byCollection == 0 {
			for _, c := range v.channels.of(i) {
				in[c]++
			}
		}
		if which&^bySeen == 0 && v.progress != nil {
			seen[v.seenOf(g)]++
		}
		if which&^byMinutes == 0 && g.DurationMS > 0 {
			bucket, found := slices.BinarySearch(minuteBounds(), minutes(g))
			if !found {
				bucket--
			}
			long[bucket]++
		}
	}
	for _, k := range []library.Kind{library.Movie, library.Series} {
		out.Kinds = appendFacet(out.Kinds, string(k), string(k), kinds[k])
	}
	for l, n := range genres {
		out.Genres = appendFacet(out.Genres, string(l), v.genreNames[l], n)
	}
	slices.SortFunc(out.Genres, func(a, b Facet) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Name, b.Name))
	})
	for _, d := range slices.Backward(slices.Sorted(maps.Keys(decades))) {
		out.Years = appendFacet(out.Years, fmt.Sprintf("%d-%d", d, d+9), strconv.Itoa(d)+"s", decades[d])
	}
	for _, c := range channels {
		if c.Kind != library.Channel {
			continue
		}
		out.Collections = appendFacet(out.Collections, string(c.ID), c.Name, in[c.ID])
	}
	for _, n := range slices.Sorted(maps.Keys(ages)) {
		name := "none"
		if n >= 0 {
			name = strconv.Itoa(n)
		}
		out.Ages = appendFacet(out.Ages, name, name, ages[n])
	}
	for _, x := range []Seen{SeenNo, SeenBegun, SeenYes} {
		out.Seen = appendFacet(out.Seen, string(x), string(x), seen[x])
	}
	for i, from := range minuteBounds() {
		span := strconv.Itoa(from) + "-"
		if i+1 < len(minuteBounds()) {
			span += strconv.Itoa(minuteBounds()[i+1] - 1)
		}
		out.Minutes = appendFacet(out.Minutes, strings.TrimPrefix(span, "0"), strings.TrimPrefix(span, "0"), long[i])
	}
	return out
}

func appendFacet(list []Facet, key, name string, n int) []Facet {
	if n == 0 {
		return list
	}
	return append(list, Facet{key, name, n})
}
