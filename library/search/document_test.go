package search

import (
	"testing"

	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/google/go-cmp/cmp"

	"movify/library"
)

// TestFieldsSplitAsQueriesDo compares the tokens of a document with those of the engine's analyzer for queries.
func TestFieldsSplitAsQueriesDo(t *testing.T) {
	t.Parallel()
	engine, err := whitespace.TokenizerConstructor(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", " ", "heat", "heat 1995", "  two  spaces ", "дом 家 été x"} {
		want, got := engine.Tokenize([]byte(text)), splitter{}.Analyze([]byte(text))
		if len(want) == 0 && len(got) == 0 {
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// TestDocumentsAreThoseOfTheLayout compares the fields of a document with those that the engine makes by the layout.
func TestDocumentsAreThoseOfTheLayout(t *testing.T) {
	t.Parallel()
	m := mapFields(spaces)
	for _, d := range []library.SearchDoc{
		{ID: "1", Kind: library.FindMovie, Names: []string{"Heat", "Heat – Diebe"}, Year: 1995, People: []string{"Al Pacino"}},
		{ID: "2", Kind: library.FindEpisode, Names: []string{"Pilot"}, Series: []string{"Lost"}, Season: 1, Episode: 1},
		{ID: "3", Kind: library.FindPerson, Names: []string{"Михаил Ромм"}, Weight: 7},
	} {
		doc, err := m.document(d)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := fields(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range doc.Fields {
			if m[f.Name()] == nil || string(f.Value()) != texts[f.Name()] || f.Options() != m[f.Name()].Options() {
				t.Errorf("document %s has the field %s: %s", d.ID, f.Name(), f.Value())
			}
			delete(texts, f.Name())
		}
		for name, text := range texts {
			if text != "" {
				t.Errorf("document %s lacks the field %s: %s", d.ID, name, text)
			}
		}
		if !doc.Indexed() {
			t.Errorf("document %s is not counted", d.ID)
		}
	}
}
