package search

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"movify/library"
)

// question is a parsed query with its alternatives: the words as typed, and with two neighbours joined ("spider man"
// for "Spiderman").
type question struct {
	text
	ways  [][]token
	loose bool
	near  bool // hits with typing errors are wanted
}

func ask(q library.SearchQuery) question {
	t := read(q.Text)
	out := question{text: t, ways: [][]token{t.words}, loose: q.Loose}
	for i := range min(len(t.words), mostWords) - 1 {
		one := token{text: t.words[i].text + t.words[i+1].text}
		way := append([]token{}, t.words[:i]...)
		out.ways = append(out.ways, append(append(way, one), t.words[i+2:]...))
	}
	return out
}

// mostWords is how many words of a query are searched.
const mostWords = 12

// Scores by kind of match, and bonuses and penalties within them.
const (
	exactly  = 1000.0
	barely   = 910.0 // but for "The"
	beginsSo = 780.0
	allWords = 300.0 // plus up to 400 by similarity of the words
	wrong    = 560.0 // the whole is spelled differently

	otherName  = 8.0   // an original name or one in another language
	ofEpisode  = 120.0 // a movie goes before an episode of the same name
	fromAround = 90.0  // for words of the series, the year, the people
	onlyPeople = 250.0 // only people match
	covered    = 60.0  // all words of the name were asked for
	begun      = 40.0  // all of the name but its last letter was typed
	inOrder    = 20.0
	atStart    = 20.0
	knownBest  = 80.0 // by popularity
	mostWeight = 1000
	mostMissed = 0.67 // share of the letters of a loose query that may be unmatched

	// leastBeginning is the shortest prefix of a word that is not the last.
	leastBeginning = 3
)

// judge scores a document; ok is false when it does not match.
func (q question) judge(d library.SearchDoc) (h library.Hit, ok bool) {
	h = library.Hit{ID: d.ID, Kind: d.Kind, Match: library.MatchPart, Score: -1}
	around := surroundings(d)
	for i, name := range d.Names {
		score, match, fits := q.name(read(name), numbered(d), around)
		if i > 0 {
			score -= otherName
		}
		if fits && score > h.Score {
			h.Name, h.Match, h.Score, ok = name, match, score, true
		}
	}
	if !ok && len(d.People) > 0 {
		if score, match, fits := q.people(d.People); fits {
			h.Name, h.Match, h.Score, ok = d.Names[0], max(match, library.MatchWords), score, true
		}
	}
	if d.Kind == library.FindEpisode {
		h.Score -= ofEpisode
	}
	h.Score += knownBest * float64(min(d.Weight, mostWeight)) / mostWeight
	return h, ok
}

// surroundings are the words of a document beside its names.
func surroundings(d library.SearchDoc) (out []token) {
	for _, s := range d.Series {
		out = append(out, read(s).words...)
	}
	for _, p := range d.People {
		out = append(out, read(p).words...)
	}
	if d.Year > 0 {
		out = append(out, token{text: strconv.Itoa(d.Year)})
	}
	return out
}

// numbered returns the codes of an episode: "s01e02", "s1e2", "1x02".
func numbered(d library.SearchDoc) []string {
	if d.Kind != library.FindEpisode || d.Episode == 0 {
		return nil
	}
	s, e := strconv.Itoa(d.Season), strconv.Itoa(d.Episode)
	return []string{"s" + padded(s) + "e" + padded(e), "s" + s + "e" + e, s + "x" + padded(e)}
}

func padded(n string) string {
	if len(n) < 2 {
		return "0" + n
	}
	return n
}

// name scores one name.
func (q question) name(n text, number []string, around []token) (score float64, m library.MatchQuality, ok bool) {
	switch {
	case n.joined == "" || q.joined == "":
		return 0, 0, false
	case n.joined == q.joined:
		return exactly, library.MatchExact, true
	case n.bare == q.bare:
		return barely, library.MatchExact, true
	}
	part := float64(len(q.bare)) / float64(max(len(n.bare), 1))
	switch {
	case strings.HasPrefix(n.joined, q.joined), strings.HasPrefix(n.bare, q.bare):
		score, m, ok = beginsSo+begun*part, library.MatchBegins, true
	default:
		if d, near := typo(q.joined, n.joined); near {
			score, m, ok = wrong-covered*float64(d), library.MatchNear, true
		}
	}
	for _, way := range q.ways {
		s, match, fits := q.compare(way, n, number, around)
		if fits && (!ok || s > score) {
			score, m, ok = s, match, true
		}
	}
	return score, m, ok
}

// compare scores the words of a query against those of a name, in any order.
func (q question) compare(
	asked []token, n text, number []string, around []token,
) (float64, library.MatchQuality, bool) {
	var (
		got, all, outside, missed float64 // letters, weighted by similarity
		taken                     = make([]bool, len(n.words))
		match                     = library.MatchWords
		last                      = -1
		order, first              = true, false
		own                       int // words of the name itself
	)
	for i, w := range asked[:min(len(asked), mostWords)] {
		weight := float64(utf8.RuneCountInString(w.text))
		if w.weak {
			weight /= 4
		}
		all += weight
		at, wide, fit := best(w, n.words, taken, i == len(asked)-1)
		if fit > 0 {
			for k := range wide {
				taken[at+k] = true
			}
			order = order && at > last
			first = first || at == 0
			last = at
			got += fit * weight
			if !w.weak {
				own++
			}
		} else if slices.Contains(number, w.text) {
			got += weight
			fit = sameWord
			own++
		} else if fit = beside(w, around); fit > 0 {
			outside += weight
			got += fit * weight
		} else if !w.weak {
			if !q.loose {
				return 0, 0, false
			}
			missed += weight
		}
		if fit > 0 && fit < nearest {
			match = library.MatchNear
		}
	}
	if own == 0 || all == 0 || missed > mostMissed*all {
		return 0, 0, false
	}
	score := allWords + 400*got/all - fromAround*outside/all
	if missed > 0 {
		match, score = library.MatchPart, score-allWords
	}
	if n.joined != "" { // it is a name, and not a list of them
		score += covered * share(n.words, taken)
		if order {
			score += inOrder
		}
		if first {
			score += atStart
		}
	}
	return score, match, true
}

// share returns how much of a name the query covers: 1 = all of it but weak words.
func share(words []token, taken []bool) float64 {
	var got, all float64
	for i, w := range words {
		if w.weak {
			continue
		}
		n := float64(utf8.RuneCountInString(w.text))
		all += n
		if taken[i] {
			got += n
		}
	}
	if all == 0 {
		return 0
	}
	return got / all
}

// people scores a query against the people of a title, when its names do not match.
func (q question) people(names []string) (score float64, m library.MatchQuality, ok bool) {
	all := text{words: read(strings.Join(names, " ")).words}
	for _, way := range q.ways {
		if s, match, fits := q.compare(way, all, nil, nil); fits && (!ok || s-onlyPeople > score) {
			score, m, ok = s-onlyPeople, match, true
		}
	}
	return score, m, ok
}

// Similarity of a word of a query to one of a name: 1 = equal.
const (
	sameWord    = 1.0
	otherSpelt  = 0.97
	beginning   = 0.85 // of the last word, which may not be typed to its end
	beginsOther = 0.78
	oneTypo     = 0.62
	twoTypos    = 0.5
	nearest     = 0.7 // less than this is spelled differently
)

// best returns the unused word of a name that is most similar to w, or two in a row that equal w when joined; fit is 0
// when there is none.
func best(w token, words []token, taken []bool, last bool) (at, wide int, fit float64) {
	for i, x := range words {
		if taken[i] {
			continue
		}
		if f := near(w.text, x, last); f > fit {
			at, wide, fit = i, 1, f
		}
		if i+1 < len(words) && !taken[i+1] && len(w.text) > len(x.text) {
			if f := near(w.text, token{text: x.text + words[i+1].text}, last); f > fit {
				at, wide, fit = i, 2, f
			}
		}
	}
	return at, wide, fit
}

// beside returns the similarity of the most similar of the words around a name.
func beside(w token, around []token) (fit float64) {
	for _, x := range around {
		fit = max(fit, near(w.text, x, false))
	}
	return fit
}

func near(asked string, x token, last bool) float64 {
	if x.text == asked {
		return sameWord
	}
	fit := spelt(asked, x.text, last)
	for _, alt := range x.alts {
		if alt == asked {
			return otherSpelt
		}
		fit = max(fit, spelt(asked, alt, last)*otherSpelt)
	}
	return fit
}

func spelt(asked, known string, last bool) float64 {
	if strings.HasPrefix(known, asked) || dense(asked) && strings.HasSuffix(known, asked) {
		part := 0.1 * float64(len(asked)) / float64(len(known))
		if last {
			return beginning + part
		}
		if utf8.RuneCountInString(asked) >= leastBeginning {
			return beginsOther + part
		}
	}
	switch d, ok := typo(asked, known); {
	case !ok:
		return 0
	case d < 2:
		return oneTypo
	default:
		return twoTypos
	}
}
