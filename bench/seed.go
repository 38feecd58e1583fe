package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/store"
)

const (
	smallestCatalogue    = 100
	lastMovie            = 7   // a movie that every catalogue has
	titlesPerTransaction = 500 // titles of one transaction
	// A series with its seasons and episodes is this many titles.
	seasonsOfSeries = 2
	titlesOfSeries  = 1 + seasonsOfSeries + episodesOfOne
)

// errFewWorks says that a catalogue is too small to be measured.
var errFewWorks = errors.New("-works is at least 100")

// seeder fills a catalogue through the store, as scans and providers would.
type seeder struct {
	db     *store.DB
	root   library.Root
	films  string
	at     time.Time
	change library.Change
	seeded int
}

// seed makes a data folder with n titles: two of five are movies, the others series with their seasons and episodes.
// All have genres, people, ratings and ages. Their files lie in films, empty.
func seed(ctx context.Context, data, films string, n int) (err error) {
	if err := errors.Join(os.MkdirAll(data, 0o750), os.MkdirAll(films, 0o755)); err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(data, "movify.db")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	at := time.Now().Add(-time.Hour).Truncate(time.Second)
	s := &seeder{
		db: db, films: films, at: at,
		root: library.Root{
			ID: id.New[id.Root](), Path: films, State: library.Present, AddedMS: at.UnixMilli(), NamingRules: naming.Rules,
		},
	}
	if err := db.Library().SaveRoot(ctx, s.root); err != nil {
		return err
	}
	for movie := 0; s.seeded < n*2/5; movie++ {
		if err := s.movie(ctx, movie); err != nil {
			return err
		}
	}
	for series := 0; s.seeded < n; series++ {
		if err := s.series(ctx, series); err != nil {
			return err
		}
	}
	return s.flush(ctx)
}

func (s *seeder) movie(ctx context.Context, n int) error {
	name := wordsOf(n)
	if n != lastMovie {
		name = fmt.Sprintf("%s %d", name, n)
	}
	t := library.Title{
		ID: id.New[id.Title](), Kind: library.Movie, Identity: fmt.Sprintf("movie:bench %d", n),
		Name: name, Year: 1950 + n%75,
		AddedMS: s.at.UnixMilli() + int64(n), Matched: "name",
	}
	if err := s.file(t, fmt.Sprintf("Movies/%03d/%s (%d).mkv", n%1000, name, t.Year), 80+n%70); err != nil {
		return err
	}
	s.describe(t, n)
	return s.title(ctx, t)
}

func (s *seeder) series(ctx context.Context, n int) error {
	name := fmt.Sprintf("%s Show %d", wordsOf(n), n)
	series := library.Title{
		ID: id.New[id.Title](), Kind: library.Series, Identity: fmt.Sprintf("series:bench %d", n),
		Name: name, Year: 1990 + n%35,
		AddedMS: s.at.UnixMilli() + int64(n), Matched: "name",
	}
	s.describe(series, n)
	s.change.Titles = append(s.change.Titles, series)
	for season := 1; season <= seasonsOfSeries; season++ {
		part := library.Title{
			ID: id.New[id.Title](), Kind: library.Season, Parent: series.ID,
			Identity: fmt.Sprintf("%s:%d", series.Identity, season),
			Name:     fmt.Sprintf("Season %d", season), Season: season, AddedMS: series.AddedMS,
		}
		s.change.Titles = append(s.change.Titles, part)
		for episode := 1; episode <= episodesOfYear; episode++ {
			t := library.Title{
				ID: id.New[id.Title](), Kind: library.Episode, Parent: part.ID,
				Identity: fmt.Sprintf("%s:%d", part.Identity, episode),
				Name:     fmt.Sprintf("%s %d", wordsOf(n+season+episode), episode),
				Season:   season, Episode: episode, EpisodeLast: episode,
				AddedMS: series.AddedMS, Matched: "name",
			}
			path := fmt.Sprintf("Shows/%s/Season %02d/%s S%02dE%02d.mkv", name, season, name, season, episode)
			if err := s.file(t, path, 25+n%30); err != nil {
				return err
			}
			s.change.Titles = append(s.change.Titles, t)
		}
	}
	s.seeded += titlesOfSeries
	return s.full(ctx)
}

func (s *seeder) title(ctx context.Context, t library.Title) error {
	s.change.Titles = append(s.change.Titles, t)
	s.seeded++
	return s.full(ctx)
}

// full writes the gathered titles when they are enough for a transaction.
func (s *seeder) full(ctx context.Context) error {
	if len(s.change.Titles) < titlesPerTransaction {
		return nil
	}
	return s.flush(ctx)
}

func (s *seeder) flush(ctx context.Context) error {
	s.change.AtMS = s.at.UnixMilli()
	err := s.db.Library().Apply(ctx, s.change)
	s.change = library.Change{}
	return err
}

// file makes a sparse file on disk and the facts that a scan would find.
func (s *seeder) file(t library.Title, below string, minutes int) error {
	path := filepath.Join(s.films, filepath.FromSlash(below))
	const size = 1 << 20
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, nil, 0o644)
	}
	if err = errors.Join(err, os.Truncate(path, size), os.Chtimes(path, s.at, s.at)); err != nil {
		return fmt.Errorf("seed a file: %w", err)
	}
	ms := int64(minutes) * 60_000
	s.change.Files = append(s.change.Files, library.File{
		ID: id.New[id.File](), Root: s.root.ID, Title: t.ID, Path: path, Size: size, ModTimeNS: s.at.UnixNano(),
		Fingerprint: fmt.Sprintf("%064x", s.seeded*100+len(s.change.Files)),
		State:       library.Present, SinceMS: t.AddedMS, AddedMS: t.AddedMS,
		DurationMS: ms, Height: 1080, Art: library.ArtNone,
		Probe: media.Probe{
			Format: "matroska,webm", Size: size, DurationUS: ms * 1000, Quick: true,
			Video: []media.VideoTrack{
				{Codec: "h264", Width: 1920, Height: 1080, FrameRate: media.Ratio{Num: 24000, Den: 1001}},
			},
			Audio: []media.AudioTrack{
				{Index: 1, Codec: "aac", Channels: 2, SampleRate: 48000, Language: "eng", Default: true},
			},
		},
	})
	return nil
}

// describe describes a title as a provider would.
func (s *seeder) describe(t library.Title, n int) {
	genres := [...]string{
		"Drama", "Comedy", "Thriller", "Action", "Horror", "Documentary", "Romance", "Animation", "Crime", "Adventure",
		"Fantasy", "Mystery", "War", "Western", "Music", "Family",
	}
	age := [...]int{0, 6, 12, 16, 18}[n%5]
	facts := library.Facts{
		Name: t.Name, Year: t.Year, Released: fmt.Sprintf("%04d-%02d-%02d", t.Year, n%12+1, n%28+1),
		Overview: "Two strangers meet at a " + wordsOf(n+3) + " and find what neither of them was looking for.",
		Genres:   []string{genres[n%16], genres[(n/3+5)%16]},
		Studios:  []string{wordsOf(n%97) + " Pictures"}, Countries: []string{"FR"},
		Ratings: []library.Rating{{By: "tmdb", Value: float64(n%100) / 10, Votes: n % 5000}},
		Age:     &age, RuntimeMS: int64(80+n%70) * 60_000,
	}
	if n%3 == 0 {
		facts.Sets = []string{wordsOf(n/3) + " Collection"}
	}
	for c := range 8 {
		facts.Credits = append(
			facts.Credits, library.Credit{Name: personOf(n*5 + c*c), Kind: library.Actor, Role: wordsOf(n + c)},
		)
	}
	facts.Credits = append(facts.Credits, library.Credit{Name: personOf(n * 3), Kind: library.Director})
	s.change.Descriptions = append(
		s.change.Descriptions,
		library.Description{Title: t.ID, Source: library.FromProvider, Facts: facts, AtMS: t.AddedMS},
	)
	s.change.Resolved = append(s.change.Resolved, library.Resolved{Title: t.ID, Facts: facts})
}

// personOf is one of twenty thousand names, of which each is in some twenty titles.
func personOf(n int) string {
	n %= 20_000
	family := syllables[n%16] + syllables[n/16%16] + syllables[n/256%16] + syllables[n/4096]
	return wordOf(n, 3) + " " + strings.ToUpper(family[:1]) + family[1:] + "son"
}
