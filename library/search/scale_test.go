package search_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"movify/library"
	"movify/library/search"
)

// BenchmarkSearch searches a library of 100,000 titles and 40,000 people, on disk and in memory. It reports the time that
// half and that 95 of 100 queries stay below, how long the index takes to be made, and what it holds in memory and on disk.
func BenchmarkSearch(b *testing.B) {
	for _, place := range []string{"disk", "memory"} {
		b.Run(place, func(b *testing.B) {
			o := search.Options{}
			if place == "disk" {
				o.Dir = filepath.Join(b.TempDir(), "index")
			}
			x := running(b, o)
			before := heap()
			began := time.Now()
			for docs := range slices.Chunk(many(100_000, 40_000), 1000) {
				if err := x.Index(b.Context(), docs); err != nil {
					b.Fatal(err)
				}
			}
			made := time.Since(began)
			held := heap() - before
			queries := asked(b)
			var took []time.Duration
			var slowest string
			b.ResetTimer()
			for b.Loop() {
				for _, q := range queries {
					began := time.Now()
					for _, kinds := range kindsOf {
						if _, err := x.Search(
							b.Context(), library.SearchQuery{Text: q, Kinds: kinds, Limit: 50},
						); err != nil {
							b.Fatal(err)
						}
					}
					if took = append(took, time.Since(began)); took[len(took)-1] == slices.Max(took) {
						slowest = q
					}
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(made.Seconds(), "made-s")
			b.ReportMetric(float64(held)/(1<<20), "heap-MB")
			b.ReportMetric(float64(size(b, o.Dir))/(1<<20), "disk-MB")
			b.Logf("the slowest was %q with %v", slowest, took[len(took)-1])
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func size(b *testing.B, dir string) (n int64) {
	if dir == "" {
		return 0
	}
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// asked gives the queries of the table, and each as it is typed.
func asked(t testing.TB) (out []string) {
	for _, line := range lines(t, "testdata/queries.txt") {
		_, rest, _ := strings.Cut(line, ": ")
		query, _, _ := strings.Cut(rest, " → ")
		out = append(out, query)
		for i := range query {
			if i > 0 && i < 4 {
				out = append(out, query[:i])
			}
		}
	}
	return out
}

// many makes up titles, a tenth of them movies, the others episodes of series, and people: always the same ones.
func many(titles, people int) (docs []library.SearchDoc) {
	r := rand.New(rand.NewPCG(1, 2))
	vocabulary := make([]string, 30_000)
	for i := range vocabulary {
		vocabulary[i] = made(r)
	}
	// Few words are in many names and many in few, as in every language.
	zipf := rand.NewZipf(r, 1.1, 20, uint64(len(vocabulary)-1))
	name := func() string {
		words := make([]string, 1+r.IntN(4))
		for i := range words {
			if words[i] = vocabulary[zipf.Uint64()]; r.IntN(5) == 0 {
				words[i] = []string{"the", "of", "and", "le", "la"}[r.IntN(5)]
			}
		}
		return strings.Join(words, " ")
	}
	persons := make([]string, people)
	for i := range persons {
		persons[i] = vocabulary[r.IntN(len(vocabulary))] + " " + vocabulary[r.IntN(len(vocabulary))]
		docs = append(
			docs,
			library.SearchDoc{
				ID: fmt.Sprintf("p%d", i), Kind: library.FindPerson, Names: persons[i : i+1], Weight: r.IntN(1000),
			},
		)
	}
	series := ""
	for i := range titles {
		d := library.SearchDoc{
			ID: fmt.Sprintf("t%d", i), Kind: library.FindEpisode, Names: []string{name()}, Year: 1950 + r.IntN(75),
			Weight: r.IntN(1000),
		}
		if i%5 == 0 {
			d.Kind = library.FindMovie
			if i%50 == 0 {
				d.Kind, series = library.FindSeries, d.Names[0]
			}
			d.Names = append(d.Names, name())
			for range 10 {
				d.People = append(d.People, persons[r.IntN(len(persons))])
			}
		} else {
			d.Series, d.Season, d.Episode = []string{series}, 1+i%50/10, 1+i%10
		}
		docs = append(docs, d)
	}
	return docs
}

func made(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		b.WriteByte("bcdfghjklmnprstvwz"[r.IntN(18)])
		b.WriteByte("aeiou"[r.IntN(5)])
		if r.IntN(2) == 0 {
			b.WriteByte("nrslt"[r.IntN(5)])
		}
	}
	return b.String()
}
