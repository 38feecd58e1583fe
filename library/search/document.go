package search

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"

	"movify/library"
)

// version says how documents are made of what they are fed: an index of another version is made anew.
const version = "1"

// The fields of a document. Each holds words that are ready to be compared, parted by spaces.
const (
	fieldKind   = "kind"
	fieldWords  = "words"  // of all names, in all spellings
	fieldStarts = "starts" // the first letters of those words
	fieldWhole  = "whole"  // each name in one word
	fieldOpens  = "opens"  // the first letters of each name
	fieldAround = "around" // of the series, the year and the number of an episode
	fieldPeople = "people"
	fieldWeight = "weight" // how well known it is, as text that sorts
	fieldDoc    = "doc"    // what it was made of: kept, and not searched
)

// longestStart is how many letters stand for a word in fieldStarts and for a name in fieldOpens. Longer beginnings are few
// enough to be looked up one by one.
const longestStart = 3

// fields makes the document that is indexed.
func fields(d library.SearchDoc) (map[string]any, error) {
	kept, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("keep the document %s: %w", d.ID, err)
	}
	var words, starts, whole, opens, around, people bag
	for _, name := range d.Names {
		t := read(name)
		for _, full := range []string{t.joined, t.bare} {
			whole.add(full)
			opens.starts(full)
		}
		for i, w := range t.words {
			words.token(w)
			starts.starts(w.text)
			if dense(w.text) {
				_, last := utf8.DecodeLastRuneInString(w.text)
				starts.add(w.text[len(w.text)-last:])
			}
			for _, alt := range w.alts {
				starts.starts(alt)
			}
			if i+1 < len(t.words) && !(w.weak && t.words[i+1].weak) && !dense(w.text) {
				words.add(w.text + t.words[i+1].text)
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
	return map[string]any{
		fieldKind: string(d.Kind), fieldWords: words.String(), fieldStarts: starts.String(), fieldWhole: whole.String(),
		fieldOpens: opens.String(), fieldAround: around.String(), fieldPeople: people.String(),
		fieldWeight: fmt.Sprintf("%04d", min(d.Weight, mostWeight)), fieldDoc: string(kept),
	}, nil
}

// bag is words, each once.
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

// starts adds the first letter of a word, its first two, and so on.
func (b *bag) starts(w string) {
	n := 0
	for i, r := range w {
		if n++; n > longestStart {
			return
		}
		b.add(w[:i+utf8.RuneLen(r)])
	}
}

func (b *bag) String() string { return strings.Join(b.all, " ") }

// layout tells the engine what to do with the fields.
func layout() (mapping.IndexMapping, error) {
	const spaces = "spaces"
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer(spaces, map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		return nil, fmt.Errorf("lay out the search index: %w", err)
	}
	doc := bleve.NewDocumentStaticMapping()
	for _, name := range []string{fieldKind, fieldWords, fieldStarts, fieldWhole, fieldOpens, fieldAround, fieldPeople, fieldWeight} {
		doc.AddFieldMappingsAt(name, &mapping.FieldMapping{
			Type: "text", Analyzer: spaces, Index: true, DocValues: name == fieldWeight, SkipFreqNorm: name == fieldKind,
		})
	}
	doc.AddFieldMappingsAt(fieldDoc, &mapping.FieldMapping{Type: "text", Analyzer: spaces, Store: true})
	m.DefaultMapping = doc
	return m, nil
}
