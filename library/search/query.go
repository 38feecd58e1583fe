package search

import (
	"slices"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"movify/library"
)

// How much the ways to be near count when the engine chooses what is judged.
const (
	boostSame  = 6
	boostBegin = 2
	boostTypo  = 1
	boostWhole = 20
)

// plan gives the engine's query for what may fit: more than fits, never less.
func (q question) plan(kinds []library.FindKind) query.Query {
	ways := bleve.NewDisjunctionQuery()
	episodes := len(kinds) == 0 || slices.Contains(kinds, library.FindEpisode)
	if q.short() {
		ways.AddQuery(term(fieldOpens, q.joined, boostSame), term(fieldWords, q.joined, boostWhole))
	} else {
		ways.AddQuery(q.whole()...)
		for _, way := range q.ways {
			ways.AddQuery(q.way(way, episodes))
		}
	}
	if len(kinds) == 0 {
		return ways
	}
	only := bleve.NewDisjunctionQuery()
	for _, k := range kinds {
		only.AddQuery(term(fieldKind, string(k), 0))
	}
	return bleve.NewConjunctionQuery(ways, only)
}

// short says that so little is typed that it can only be the beginning of a name.
func (q question) short() bool {
	return len(q.words) == 1 && utf8.RuneCountInString(q.joined) < longestStart && !dense(q.joined)
}

// way gives the query for words that must all be somewhere. When own is set one of them must be of the names: a series has
// hundreds of episodes, and its name alone asks for none of them.
func (q question) way(words []token, own bool) query.Query {
	words = words[:min(len(words), mostWords)]
	all, some, mine := bleve.NewBooleanQuery(), bleve.NewDisjunctionQuery(), bleve.NewDisjunctionQuery()
	for i, w := range words {
		last := i == len(words)-1
		names := append(q.inNames(w.text, last), of(fieldPeople, w.text)...)
		if !w.weak {
			mine.AddQuery(names...)
		}
		if len(words) > 1 || !own {
			names = append(names, of(fieldAround, w.text)...)
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
	if own && len(words) > 1 {
		all.AddMust(mine)
	}
	return all
}

// inNames gives the ways in which a word may be one of the names.
func (q question) inNames(w string, last bool) []query.Query {
	out := []query.Query{term(fieldWords, w, boostSame)}
	switch n := utf8.RuneCountInString(w); {
	case n > longestStart:
		out = append(out, begins(fieldWords, w, boostBegin))
	case last || n >= leastBeginning:
		out = append(out, term(fieldStarts, w, boostBegin))
	}
	return append(out, q.misspelt(fieldWords, w, boostTypo)...)
}

// of gives the ways in which a word may be one of those beside the names.
func of(field, w string) []query.Query {
	out := []query.Query{term(field, w, boostTypo)}
	if utf8.RuneCountInString(w) > longestStart {
		out = append(out, begins(field, w, boostTypo))
	}
	return out
}

// whole gives the ways in which all that is typed may be a name, or its beginning, wherever words part.
func (q question) whole() []query.Query {
	joined := q.joined
	out := []query.Query{term(fieldWhole, joined, boostWhole)}
	if utf8.RuneCountInString(joined) > longestStart {
		out = append(out, begins(fieldWhole, joined, boostSame))
	} else {
		out = append(out, term(fieldOpens, joined, boostBegin))
	}
	return append(out, q.misspelt(fieldWhole, joined, boostBegin)...)
}

func term(field, w string, boost float64) query.Query {
	t := bleve.NewTermQuery(w)
	t.SetField(field)
	t.SetBoost(boost)
	return t
}

func begins(field, w string, boost float64) query.Query {
	p := bleve.NewPrefixQuery(w)
	p.SetField(field)
	p.SetBoost(boost)
	return p
}

// misspelt gives the query for words that differ from w by typing errors; none when only what is spelled as asked is
// wanted, or for a word that is too short to hold any.
func (q question) misspelt(field, w string, boost float64) []query.Query {
	n := typos(utf8.RuneCountInString(w))
	if !q.near || n == 0 || len(w) > longestWord {
		return nil
	}
	f := bleve.NewFuzzyQuery(w)
	f.SetField(field)
	f.SetFuzziness(n)
	f.SetBoost(boost)
	return []query.Query{f}
}

// longestWord is the longest in bytes that is looked for with typing errors: what is longer was pasted.
const longestWord = 48
