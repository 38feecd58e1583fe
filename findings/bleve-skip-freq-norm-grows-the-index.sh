#!/usr/bin/env bash
# github.com/blevesearch/bleve/v2 v2.6.1 (scorch, zapx v17.2.3): skip_freq_norm makes an index of names larger, not smaller.
#
# Expected: a field that stores neither how often a word occurs nor the length of its field takes less room, and a search in it
# gives all matches one score.
# Seen: 20,000 documents in 40 batches, each with ten words of its own and one that it shares with 99 others, merged into one
# segment: 1.0 MB with frequencies, 5.8 MB without. A merge keeps the only document of a word in the dictionary, but not when
# that word has no frequency: then it gets a list of its own. The score of a match is NaN.
# What follows: keep frequencies where words are rare, and give matches their score in a filter around the query
# (library/search/query.go).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >go.mod <<'MOD'
module finding

go 1.24

require github.com/blevesearch/bleve/v2 v2.6.1

require github.com/blevesearch/zapx/v17 v17.2.3 // indirect
MOD
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"time"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/analyzer/simple"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
)

// made indexes the documents in one batch, and gives the size of the files and the score of a match for a shared word.
func made(skip bool) (size int64, score float64) {
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("name", &mapping.FieldMapping{Type: "text", Analyzer: "simple", Index: true, SkipFreqNorm: skip})
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	dir := fmt.Sprintf("index-%v", skip)
	x, err := bleve.NewUsing(dir, m, scorch.Name, scorch.Name, map[string]any{"unsafe_batch": false})
	check(err)
	b := x.NewBatch()
	for n := range 20_000 {
		text := ""
		for k := range 10 {
			text += " own" + word(n*10+k)
		}
		check(b.Index(fmt.Sprint(n), map[string]any{"name": text + " shared" + word(n/100)}))
		if n%500 == 499 {
			check(x.Batch(b))
			b.Reset()
		}
	}
	advanced, err := x.Advanced()
	check(err)
	check(advanced.(*scorch.Scorch).ForceMerge(context.Background(), nil))
	for size == 0 {
		time.Sleep(100 * time.Millisecond)
		reader, err := advanced.Reader()
		check(err)
		if parts := reader.(*scorch.IndexSnapshot).Segments(); len(parts) == 1 {
			size = parts[0].FileSize()
		}
		check(reader.Close())
	}
	q := bleve.NewTermQuery("shared" + word(7))
	q.SetField("name")
	found, err := x.Search(bleve.NewSearchRequest(q))
	check(err)
	check(x.Close())
	return size, found.Hits[0].Score
}

// word is a number in letters.
func word(n int) string {
	out := ""
	for range 4 {
		out += string(rune('a' + n%26))
		n /= 26
	}
	return out
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	with, score := made(false)
	without, scoreSkipped := made(true)
	fmt.Fprintf(os.Stderr, "with frequencies: %d bytes, score %.2f; with SkipFreqNorm: %d bytes, score %.2f\n", with, score, without, scoreSkipped)
	fmt.Println("five times as large without frequencies:", without > 5*with)
	fmt.Println("scores that are numbers: with frequencies", !math.IsNaN(score), "and without", !math.IsNaN(scoreSkipped))
}
GO
GOFLAGS=-mod=mod go run . >seen
cat seen
diff - seen <<'WANT'
five times as large without frequencies: true
scores that are numbers: with frequencies true and without false
WANT
