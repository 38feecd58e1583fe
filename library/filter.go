package library

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"movify/library/naming"
	"movify/pkg/id"
)

// The filters whose values are counted. A title that one filter alone keeps out counts for that filter's facet.
const (
	byKind = 1 << iota
	byGenre
	byYear
	byCollection
	bySeen
	byMinutes
	byOther // the rest: they have no facet
)

// sieve is a filter made ready for one reading of an overview.
type sieve struct {
	*overview
	Filter
	shown   []bool // nil = all
	within  []map[id.Title]int
	member  map[id.Title]int // place in the collection asked for
	watched map[id.Title]Watched
}

// sieve gets from the store what the filter asks for besides the overview.
func (s *Service) sieve(ctx context.Context, a Audience, f Filter) (*sieve, error) {
	o, err := s.overview(ctx)
	if err != nil {
		return nil, err
	}
	v := &sieve{overview: o, Filter: f}
	v.Text = naming.Fold(f.Text)
	if v.shown, err = o.shown(ctx, s.o.Store, a); err != nil {
		return nil, err
	}
	if v.Text == "" && strings.TrimSpace(f.Text) != "" {
		v.within = append(v.within, nil) // signs are part of no name
	}
	if f.Studio != "" {
		titles, err := s.o.Store.TitlesLabelled(ctx, f.Studio)
		if err != nil {
			return nil, fmt.Errorf("list the titles of a studio: %w", err)
		}
		v.within = append(v.within, placed(titles))
	}
	if f.Person != "" {
		titles, err := s.o.Store.TitlesOfPerson(ctx, a, f.Person)
		if err != nil {
			return nil, fmt.Errorf("list the titles of a person: %w", err)
		}
		v.within = append(v.within, placed(titles))
	}
	if f.Collection != "" {
		if v.member, err = s.members(ctx, a, o, f.Collection); err != nil {
			return nil, err
		}
	}
	if f.Profile != "" {
		if v.watched, err = s.o.Store.Watched(ctx, a, f.Profile); err != nil {
			return nil, fmt.Errorf("list what a profile saw: %w", err)
		}
	}
	return v, nil
}

// members gives the places of the titles of a collection that a may enter; of one that it may not, none.
func (s *Service) members(ctx context.Context, a Audience, o *overview, c id.Collection) (map[id.Title]int, error) {
	out := make(map[id.Title]int)
	entered, err := s.entered(ctx, a, o.named)
	if err != nil || !slices.ContainsFunc(entered, func(x Collection) bool { return x.ID == c }) {
		return out, err
	}
	for place, i := range o.holds[c] {
		out[o.glances[i].ID] = place
	}
	return out, nil
}

func placed(titles []id.Title) map[id.Title]int {
	out := make(map[id.Title]int, len(titles))
	for i, t := range titles {
		out[t] = i
	}
	return out
}

// fails gives the filters that keep title i out; 0 = none. Of one that is not shown ok is false.
func (v *sieve) fails(i int) (which int, ok bool) {
	if v.shown != nil && !v.shown[i] {
		return 0, false
	}
	g := &v.glances[i]
	if v.Kind != "" && g.Kind != v.Kind {
		which |= byKind
	}
	if v.Genre != "" && !slices.Contains(v.genres.of(i), v.Genre) {
		which |= byGenre
	}
	if v.Years != (Span{}) && (g.Year == 0 || !v.Years.holds(g.Year)) {
		which |= byYear
	}
	if v.Minutes != (Span{}) && (g.DurationMS == 0 || !v.Minutes.holds(minutes(g))) {
		which |= byMinutes
	}
	if v.member != nil {
		if _, in := v.member[g.ID]; !in {
			which |= byCollection
		}
	}
	if v.Seen != "" && v.seenOf(g) != v.Seen {
		which |= bySeen
	}
	if v.Text != "" && !strings.Contains(g.Key, v.Text) {
		which |= byOther
	}
	for _, set := range v.within {
		if _, in := set[g.ID]; !in {
			which |= byOther
		}
	}
	return which, true
}

func (v *sieve) seenOf(g *Glance) Seen {
	w, ok := v.watched[g.ID]
	switch {
	case !ok:
		return SeenNo
	case w.Works >= max(1, g.Episodes):
		return SeenYes
	}
	return SeenBegun
}

func minutes(g *Glance) int { return int((g.DurationMS + 30_000) / 60_000) }

// Titles gives a page of the movies and series that a may see.
func (s *Service) Titles(ctx context.Context, a Audience, q Query) (Page, error) {
	if q.Sort == "" {
		q.Sort = SortAdded
	}
	if !q.Sort.known() || q.Sort == SortPlace && q.Collection == "" {
		return Page{}, ErrBadSort
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
	v, err := s.sieve(ctx, a, q.Filter)
	if err != nil {
		return Page{}, err
	}
	found, total := v.after(q, at)
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

// after gives the first titles after a cursor, one more than a page holds, and counts all that pass the filter.
func (v *sieve) after(q Query, at cursor) (found []rank, total int) {
	newest := q.Sort.newestFirst()
	order := func(x, y rank) int { return x.compare(y, newest) }
	from := rank{number: at.Number, text: at.Text, id: at.ID}
	limit := q.Limit + 1
	room := 4 * limit
	var worst *rank // once there are enough: what comes after it does not matter
	for i := range v.glances {
		if which, ok := v.fails(i); !ok || which != 0 {
			continue
		}
		total++
		g := &v.glances[i]
		x := g.rank(q.Sort, at.Seed, v.member[g.ID])
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

// Facets counts what can be chosen among the movies and series that a may see, under a filter.
func (s *Service) Facets(ctx context.Context, a Audience, f Filter) (Facets, error) {
	v, err := s.sieve(ctx, a, f)
	if err != nil {
		return Facets{}, err
	}
	channels, err := s.entered(ctx, a, v.named)
	if err != nil {
		return Facets{}, err
	}
	if f.Profile != "" {
		return v.facets(channels), nil
	}
	asked := question{a, f}
	v.mu.Lock()
	defer v.mu.Unlock()
	out, known := v.counted[asked]
	if !known {
		if len(v.counted) >= overviewCounts {
			clear(v.counted)
		}
		out = v.facets(channels)
		v.counted[asked] = out
	}
	return out, nil
}

// bounds are where the facets of minutes begin.
func bounds() []int { return []int{0, 30, 60, 90, 120, 150} }

// facets counts in one walk: a title that passes counts everywhere, one that a single filter keeps out counts for that.
func (v *sieve) facets(channels []Collection) Facets {
	kinds, genres, in := make(map[Kind]int), make(map[id.Label]int), make(map[id.Collection]int)
	decades, ages, long, seen := make(map[int]int), make(map[int]int), make(map[int]int), make(map[Seen]int)
	var out Facets
	for i := range v.glances {
		which, ok := v.fails(i)
		if !ok {
			continue
		}
		g := &v.glances[i]
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
		if which&^bySeen == 0 && v.watched != nil {
			seen[v.seenOf(g)]++
		}
		if which&^byMinutes == 0 && g.DurationMS > 0 {
			bucket, found := slices.BinarySearch(bounds(), minutes(g))
			if !found {
				bucket--
			}
			long[bucket]++
		}
	}
	for _, k := range []Kind{Movie, Series} {
		out.Kinds = counted(out.Kinds, string(k), string(k), kinds[k])
	}
	for l, n := range genres {
		out.Genres = counted(out.Genres, string(l), v.words[l], n)
	}
	slices.SortFunc(out.Genres, func(a, b Facet) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Name, b.Name)) })
	for _, d := range slices.Backward(slices.Sorted(maps.Keys(decades))) {
		out.Years = counted(out.Years, fmt.Sprintf("%d-%d", d, d+9), strconv.Itoa(d)+"s", decades[d])
	}
	for _, c := range channels {
		if c.Kind != Channel {
			continue
		}
		out.Collections = counted(out.Collections, string(c.ID), c.Name, in[c.ID])
	}
	for _, n := range slices.Sorted(maps.Keys(ages)) {
		name := "none"
		if n >= 0 {
			name = strconv.Itoa(n)
		}
		out.Ages = counted(out.Ages, name, name, ages[n])
	}
	for _, x := range []Seen{SeenNo, SeenBegun, SeenYes} {
		out.Seen = counted(out.Seen, string(x), string(x), seen[x])
	}
	for i, from := range bounds() {
		span := strconv.Itoa(from) + "-"
		if i+1 < len(bounds()) {
			span += strconv.Itoa(bounds()[i+1] - 1)
		}
		out.Minutes = counted(out.Minutes, strings.TrimPrefix(span, "0"), strings.TrimPrefix(span, "0"), long[i])
	}
	return out
}

func counted(list []Facet, key, name string, n int) []Facet {
	if n == 0 {
		return list
	}
	return append(list, Facet{key, name, n})
}
