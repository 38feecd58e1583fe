package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"

	"movify/library"
)

// version is the format of the documents: an index of another version is rebuilt.
const version = "2"

// The fields of a document. Each holds folded words, separated by spaces.
const (
	fieldKind   = "kind"
	fieldWeight = "weight" // popularity, as text that sorts
	fieldDoc    = "doc"    // the SearchDoc: stored, not searched

	// Each sort has its own copy of the fields below, see of: a search for people skips the names of titles.
	fieldWords  = "words"  // of all names, in all spellings
	fieldStarts = "starts" // prefixes of those words
	fieldWhole  = "whole"  // each name in one word
	fieldOpens  = "opens"  // prefixes of each name
	fieldAround = "around" // words of the series, the year and the number of an episode
	fieldPeople = "people"
)

// sort is a group of kinds that is searched together.
type sort string

const (
	sortTitle  sort = "title"
	sortPerson sort = "person"
	sortGroup  sort = "group" // genres, collections, channels
)

// kindsOf are the kinds of a sort.
var kindsOf = map[sort][]library.FindKind{
	sortTitle:  {library.FindMovie, library.FindSeries, library.FindEpisode},
	sortPerson: {library.FindPerson},
	sortGroup:  {library.FindGenre, library.FindCollection, library.FindChannel},
}

func sortOf(k library.FindKind) sort {
	for s, kinds := range kindsOf {
		if slices.Contains(kinds, k) {
			return s
		}
	}
	return sortTitle
}

// of returns the name of a sort's own field.
func (s sort) of(field string) string { return string(s) + "_" + field }

// The longest prefix of a word in fieldStarts and of a name in fieldOpens, in letters. Longer prefixes match so few
// words that these are enumerated; enumerating the thousands of words that begin with "ma" would make a search slow.
const (
	longestStart = 8
	longestOpen  = 12
)

// document builds the document that is indexed. The engine's own way from a map to a document analyzes all texts by a
// tokenizer that allocates 8 KiB for each field.
func (m mappings) document(d library.SearchDoc) (*document.Document, error) {
	texts, err := fields(d)
	if err != nil {
		return nil, err
	}
	doc := document.NewDocument(d.ID)
	for name, text := range texts {
		if text != "" {
			doc.AddField(document.NewTextFieldCustom(name, nil, []byte(text), m[name].Options(), splitter{}))
		}
	}
	doc.SetIndexed()
	return doc, nil
}

// splitter splits the text of a field at its spaces.
type splitter struct{}

// Analyze implements analysis.Analyzer.
func (splitter) Analyze(text []byte) analysis.TokenStream {
	n := bytes.Count(text, []byte{' '}) + 1
	tokens, out := make([]analysis.Token, 0, n), make(analysis.TokenStream, 0, n)
	for start, end := 0, 0; start <= len(text); start = end + 1 {
		if end = bytes.IndexByte(text[start:], ' '); end < 0 {
			end = len(text)
		} else {
			end += start
		}
		if start < end {
			tokens = append(tokens, analysis.Token{
				Term: text[start:end], Start: start, End: end, Position: len(out) + 1, Type: analysis.AlphaNumeric,
			})
			out = append(out, &tokens[len(tokens)-1])
		}
	}
	return out
}

// fields gives the text of each field of a document.
func fields(d library.SearchDoc) (map[string]string, error) {
	kept, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("keep the document %s: %w", d.ID, err)
	}
	var words, starts, whole, opens, around, people bag
	for _, name := range d.Names {
		t := read(name)
		for _, full := range []string{t.joined, t.bare} {
			whole.add(full)
			opens.starts(full, 0, longestOpen)
		}
		for i, w := range t.words {
			words.token(w)
			starts.starts(w.text, 0, longestStart)
			if dense(w.text) {
				_, last := utf8.DecodeLastRuneInString(w.text)
				starts.add(w.text[len(w.text)-last:])
			}
			for _, alt := range w.alts {
				starts.starts(alt, 0, longestStart)
			}
			if i+1 < len(t.words) && !(w.weak && t.words[i+1].weak) && !dense(w.text) {
				pair := w.text + t.words[i+1].text
				words.add(pair)
				starts.starts(pair, utf8.RuneCountInString(w.text), longestStart)
			}
		}
	}
	for _, s := range d.Series {
		around.text(read(s))
	}
	for _, n := range numbered(d) {
		words.add(n)
	}
	if d.Year > 0 {
		around.add(strconv.Itoa(d.Year))
	}
	for _, p := range d.People {
		people.text(read(p))
	}
	own := sortOf(d.Kind)
	return map[string]string{
		fieldKind: string(d.Kind), fieldWeight: fmt.Sprintf("%04d", min(d.Weight, mostWeight)), fieldDoc: string(kept),
		own.of(fieldWords): words.String(), own.of(fieldStarts): starts.String(), own.of(fieldWhole): whole.String(),
		own.of(fieldOpens): opens.String(), own.of(fieldAround): around.String(), own.of(fieldPeople): people.String(),
	}, nil
}

// bag is a set of words.
type bag struct {
	seen map[string]bool
	all  []string
}

func (b *bag) add(w string) {
	if w == "" || b.seen[w] {
		return
	}
	if b.seen == nil {
		b.seen = make(map[string]bool)
	}
	b.seen[w] = true
	b.all = append(b.all, w)
}

func (b *bag) token(w token) {
	b.add(w.text)
	for _, alt := range w.alts {
		b.add(alt)
	}
}

func (b *bag) text(t text) {
	for _, w := range t.words {
		b.token(w)
	}
}

// starts adds the prefixes of a word with more than some and at most most letters.
func (b *bag) starts(w string, some, most int) {
	n := 0
	for i, r := range w {
		if n++; n > most {
			return
		}
		if n > some {
			b.add(w[:i+utf8.RuneLen(r)])
		}
	}
}

func (b *bag) String() string { return strings.Join(b.all, " ") }

// spaces is the analyzer that splits at spaces, by the name under which indexes on disk have it.
const spaces = "spaces"

// layout returns the mapping of the fields.
func layout() (mapping.IndexMapping, error) {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer(
		spaces, map[string]any{"type": custom.Name, "tokenizer": whitespace.Name},
	); err != nil {
		return nil, fmt.Errorf("lay out the search index: %w", err)
	}
	doc := bleve.NewDocumentStaticMapping()
	for name, field := range mapFields(spaces) {
		doc.AddFieldMappingsAt(name, field)
	}
	m.DefaultMapping = doc
	return m, nil
}

// mappings are the mappings of the fields, by name.
type mappings map[string]*mapping.FieldMapping

// mapFields returns the mappings of all fields; analyzer is that of the words of a query.
func mapFields(analyzer string) mappings {
	m := mappings{
		fieldKind:   {Type: "text", Analyzer: analyzer, Index: true, SkipFreqNorm: true},
		fieldWeight: {Type: "text", Analyzer: analyzer, Index: true, DocValues: true},
		fieldDoc:    {Type: "text", Analyzer: analyzer, Store: true},
	}
	for own := range kindsOf {
		for _, name := range []string{fieldWords, fieldStarts, fieldWhole, fieldOpens, fieldAround, fieldPeople} {
			m[own.of(name)] = &mapping.FieldMapping{Type: "text", Analyzer: analyzer, Index: true}
		}
	}
	return m
}
