package player_test

import (
	"context"
	"testing"

	"movify/pkg/id"
	"movify/player"
)

// cuts is a player.Catalogue with a film in two versions: long, the best, and short, in two parts of half that length.
type cuts struct{ gone, away id.File }

func (c cuts) Playable(_ context.Context, _ id.Viewer, t id.Title, f id.File) (player.Playable, error) {
	if f == "" {
		f = "long"
		if c.away == "long" {
			f = "short1" // as the catalogue prefers a file that is there
		}
	}
	if f == c.gone {
		return player.Playable{}, errNoTitle
	}
	p := player.Playable{Title: t, Name: "Cuts", File: f, Asset: film("asset"), Away: f == c.away}
	if f != "long" {
		p.Parts = []player.Part{{File: "short1", DurationMS: 250_000}, {File: "short2", DurationMS: 250_000}}
	}
	return p, nil
}

// Versions lists the files that are not gone.
func (c cuts) Versions(ctx context.Context, v id.Viewer, t id.Title) (out []player.Playable, err error) {
	for _, f := range []id.File{"long", "short1", "short2"} {
		if p, err := c.Playable(ctx, v, t, f); err == nil {
			out = append(out, p)
		}
	}
	return out, nil
}

func TestContinuingOpensTheVersionThatWasWatched(t *testing.T) {
	t.Parallel()
	const minute = 60_000
	beginning := int64(0)
	for _, c := range []struct {
		name      string
		catalogue cuts
		watched   id.File
		at        int64 // in the file
		wanted    id.File
		start     *int64
		file      id.File
		startMS   int64
	}{
		{name: "the best", watched: "long", at: minute, file: "long", startMS: minute},
		{name: "another than the best", watched: "short1", at: minute, file: "short1", startMS: minute},
		{name: "its second part", watched: "short2", at: minute, file: "short2", startMS: minute},
		{name: "the end of its first part", watched: "short1", at: 250_000, file: "short2"},
		{name: "hardly begun: the best", watched: "short1", at: 20_000, file: "long"},
		{name: "seen to the end: the best", watched: "short2", at: 249_000, file: "long"},
		{name: "another version, asked for", watched: "short1", at: minute, wanted: "long", file: "long", startMS: minute},
		{name: "from the beginning: the best", watched: "short1", at: minute, start: &beginning, file: "long"},
		{name: "gone since", catalogue: cuts{gone: "short1"}, watched: "short1", at: minute, file: "long", startMS: minute},
		{name: "its disk is away", catalogue: cuts{away: "short1"}, watched: "short1", at: minute, file: "long", startMS: minute},
		{name: "the best is away", catalogue: cuts{away: "long"}, watched: "long", at: minute, file: "short1", startMS: minute},
		{name: "the best is gone", catalogue: cuts{gone: "long", away: "short1"}, watched: "short1", at: minute, file: "short1", startMS: minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			service := func(catalogue player.Catalogue) *player.Service {
				return player.New(player.Options{Store: h.store, Catalogue: catalogue, Segments: h.segments, Tokens: plainTokens{}})
			}
			before := service(cuts{})
			p, err := before.Start(t.Context(), caller(anna), "cuts", c.watched, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := before.Stop(t.Context(), anna, p.Session.ID, &c.at); err != nil {
				t.Fatal(err)
			}
			ways, err := service(c.catalogue).Ways(t.Context(), caller(anna), "cuts")
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range ways { // of parts it is said of one of the same version
				if c.wanted == "" && c.start == nil && x.First && x.File[:4] != c.file[:4] {
					t.Errorf("it is said that %s plays first, want %s", x.File, c.file)
				}
			}
			p, err = service(c.catalogue).Start(t.Context(), caller(anna), "cuts", c.wanted, c.start)
			if err != nil {
				t.Fatal(err)
			}
			if p.Session.File != c.file || p.StartMS != c.startMS {
				t.Errorf("it goes on in %s at %d, want %s at %d", p.Session.File, p.StartMS, c.file, c.startMS)
			}
		})
	}
}
