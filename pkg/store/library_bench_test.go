package store

import (
	"fmt"
	"testing"

	"movify/library"
	"movify/pkg/id"
	"movify/pkg/media"
)

// BenchmarkFirstScan writes the batches of a first scan: half films, half episodes of series of twenty.
func BenchmarkFirstScan(b *testing.B) {
	l := newDB(b).Library()
	const batch = 64
	written := 0
	var series, season library.Title
	for b.Loop() {
		c := library.Change{AtMS: 1}
		add := func(t library.Title) library.Title {
			t.ID, t.Evidence, t.Matched, t.AddedMS = id.New[id.Title](), map[string]string{"name": "file name", "year": "file name"}, library.SureName, 1
			t.Identity = fmt.Sprint("identity of ", t.ID)
			c.Titles = append(c.Titles, t)
			c.Descriptions = append(c.Descriptions, library.Description{Title: t.ID, Source: library.FromName, Facts: library.Facts{Name: t.Name, Year: t.Year}, Evidence: t.Evidence})
			return t
		}
		for i := range batch {
			n := written + i
			leaf := library.Title{Kind: library.Movie, Name: fmt.Sprint("Film ", n), Year: 2000}
			if i%2 == 1 {
				if n%40 == 1 {
					series = add(library.Title{Kind: library.Series, Name: fmt.Sprint("Series ", n)})
					season = add(library.Title{Kind: library.Season, Name: "Season 1", Season: 1, Parent: series.ID})
				}
				leaf = library.Title{Kind: library.Episode, Name: fmt.Sprint("Episode ", n%40), Season: 1, Episode: n % 40, Parent: season.ID}
			}
			leaf = add(leaf)
			c.Files = append(c.Files, library.File{
				ID: id.New[id.File](), Root: "root", Title: leaf.ID, Path: fmt.Sprintf("/films/%d/file %d.mkv", n%100, n), Size: 1 << 30,
				Fingerprint: fmt.Sprint("print ", n), State: library.Present, DurationMS: 5_400_000, Height: 1080, AddedMS: 1,
				Probe: media.Probe{Format: "matroska,webm", Video: []media.VideoTrack{{Codec: "h264", Width: 1920, Height: 1080}},
					Audio: []media.AudioTrack{{Codec: "aac", Channels: 2}, {Codec: "ac3", Channels: 6}}},
			})
		}
		if err := l.Apply(b.Context(), c); err != nil {
			b.Fatal(err)
		}
		written += batch
	}
	b.ReportMetric(float64(written)/b.Elapsed().Seconds(), "files/s")
}
