package search

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"movify/library"
)

// Scores of the kinds of match, for the engine's choice of candidates.
const (
	scoreSame  = 6
	scoreBegin = 2
	scoreTypo  = 1
	scoreWhole = 20
)

// plan returns the engine's query for the candidates: a superset of the hits.
func (q question) plan(kinds []library.FindKind) query.Query {
	all := bleve.NewDisjunctionQuery()
	for _, own := range []sort{sortTitle, sortPerson, sortGroup} {
		wanted := kindsOf[own]
		if len(kinds) > 0 {
			wanted = slices.DeleteFunc(slices.Clone(wanted), func(k library.FindKind) bool {
				return !slices.Contains(kinds, k)
			})
		}
		if len(wanted) > 0 {
			all.AddQuery(q.of(own, wanted))
		}
	}
	if len(all.Disjuncts) == 1 {
		return all.Disjuncts[0]
	}
	return all
}

// of returns the query for documents of some of the kinds of a sort.
func (q question) of(own sort, kinds []library.FindKind) query.Query {
	ways := bleve.NewDisjunctionQuery()
	if q.short() {
		ways.AddQuery(term(own.of(fieldOpens), q.joined, scoreSame), term(own.of(fieldWords), q.joined, scoreWhole))
	} else {
		ways.AddQuery(q.whole(own)...)
		ways.AddQuery(q.wordByWord(own, slices.Contains(kinds, library.FindEpisode)))
	}
	if len(kinds) == len(kindsOf[own]) {
		return ways
	}
	only := bleve.NewDisjunctionQuery()
	for _, k := range kinds {
		only.AddQuery(term(fieldKind, string(k), 0))
	}
	return bleve.NewConjunctionQuery(ways, only)
}

// short reports whether the text is so short that it can only be the prefix of a name.
func (q question) short() bool {
	return len(q.words) == 1 && utf8.RuneCountInString(q.joined) < leastBeginning && !dense(q.joined)
}

// wordByWord returns the query for words that must all occur, alone or joined with a neighbour. With named one of them
// must be in the names: a series has hundreds of episodes, and its name alone asks for none of them.
func (q question) wordByWord(own sort, named bool) query.Query {
	words := q.words[:min(len(q.words), mostWords)]
	all, some, mine := bleve.NewBooleanQuery(), bleve.NewDisjunctionQuery(), bleve.NewDisjunctionQuery()
	for i, w := range words {
		last := i == len(words)-1
		names := append(q.inNames(own, w.text, last), q.misspelt(own.of(fieldWords), w.text, scoreTypo)...)
		names = append(names, aside(own.of(fieldPeople), w.text)...)
		if i > 0 {
			names = append(names, q.inNames(own, words[i-1].text+w.text, last)...)
		}
		if !last {
			names = append(names, q.inNames(own, w.text+words[i+1].text, i == len(words)-2)...)
		}
		if !w.weak {
			mine.AddQuery(names...)
		}
		if len(words) > 1 || !named {
			names = append(names, aside(own.of(fieldAround), w.text)...)
		}
		anywhere := bleve.NewDisjunctionQuery(names...)
		switch {
		case w.weak:
			all.AddShould(anywhere)
		case q.loose:
			some.AddQuery(anywhere)
		default:
			all.AddMust(anywhere)
		}
	}
	if q.loose {
		some.SetMin(float64((len(some.Disjuncts) + 1) / 2))
		all.AddMust(some)
	}
	if named && len(words) > 1 {
		all.AddMust(mine)
	}
	return all
}

// inNames returns the queries for a word in the names.
func (q question) inNames(own sort, w string, last bool) []query.Query {
	out := []query.Query{term(own.of(fieldWords), w, scoreSame)}
	switch n := utf8.RuneCountInString(w); {
	case n > longestStart:
		out = append(out, begins(own.of(fieldWords), w, scoreBegin))
	case last || n >= leastBeginning:
		out = append(out, term(own.of(fieldStarts), w, scoreBegin))
	}
	return out
}

// aside returns the queries for a word in a field beside the names.
func aside(field, w string) []query.Query {
	out := []query.Query{term(field, w, scoreTypo)}
	if utf8.RuneCountInString(w) > leastBeginning {
		out = append(out, begins(field, w, scoreTypo))
	}
	return out
}

// fewWords is up to how many words may be one misspelt word. With more of them each is searched on its own.
const fewWords = 2

// whole returns the queries for the whole text as a name or prefix of one, wherever its words are separated.
func (q question) whole(own sort) []query.Query {
	joined := q.joined
	out := []query.Query{term(own.of(fieldWhole), joined, scoreWhole)}
	if utf8.RuneCountInString(joined) > longestOpen {
		out = append(out, begins(own.of(fieldWhole), joined, scoreSame))
	} else {
		out = append(out, term(own.of(fieldOpens), joined, scoreSame))
	}
	if len(q.words) > fewWords {
		return out
	}
	return append(out, q.misspelt(own.of(fieldWhole), joined, scoreBegin)...)
}

func term(field, w string, score float64) query.Query {
	t := bleve.NewTermQuery(w)
	t.SetField(field)
	return scored{t, score}
}

func begins(field, w string, score float64) query.Query {
	p := bleve.NewPrefixQuery(w)
	p.SetField(field)
	return scored{p, score}
}

// misspelt returns the query for words within the allowed number of typing errors of w; none in strict queries, or for
// a word too short for errors.
func (q question) misspelt(field, w string, score float64) []query.Query {
	n := typos(utf8.RuneCountInString(w))
	if !q.near || n == 0 || len(w) > longestWord {
		return nil
	}
	f := bleve.NewFuzzyQuery(w)
	f.SetField(field)
	f.SetFuzziness(n)
	return []query.Query{scored{f, score}}
}

// longestWord is the longest word in bytes that is searched with typing errors; longer ones were pasted.
const longestWord = 48

// scored is a query whose matches all have one score. How often a word occurs in a document and how long its field is,
// from which the engine would score them, tells nothing about names, and takes long to read for all words with a prefix.
type scored struct {
	query.Query
	score float64
}

// Searcher implements query.Query.
func (s scored) Searcher(
	ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions,
) (search.Searcher, error) {
	o.Score = "none"
	matches, err := s.Query.Searcher(ctx, r, m, o)
	if err != nil {
		return nil, err
	}
	return searcher.NewFilteringSearcher(ctx, matches, func(_ *search.SearchContext, d *search.DocumentMatch) bool {
		d.Score = s.score
		return true
	}), nil
}
