package library_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	years := func(n int) *int { return &n }
	for name, c := range map[string]struct {
		by       map[library.Source]library.Facts
		want     library.Facts
		evidence map[string]library.Source
	}{
		"nothing is said": {evidence: map[string]library.Source{}},
		"the strongest that says something is believed, field by field": {
			by: map[library.Source]library.Facts{
				library.FromName:     {Name: "heat", Year: 1995},
				library.FromTags:     {Name: "Heat (tagged)", Overview: "From the file."},
				library.FromProvider: {Overview: "From afar.", Tagline: "A Los Angeles crime saga."},
				library.FromNFO:      {Name: "Heat", Season: years(0)},
			},
			want: library.Facts{
				Name: "Heat", Year: 1995, Overview: "From afar.", Tagline: "A Los Angeles crime saga.",
				Season: years(0),
			},
			evidence: map[string]library.Source{
				"name": library.FromNFO, "year": library.FromName, "overview": library.FromProvider,
				"tagline": library.FromProvider,
				"season":  library.FromNFO,
			},
		},
		"lists are taken as a whole": {
			by: map[library.Source]library.Facts{
				library.FromProvider: {
					Genres:  []string{"Crime", "Drama"},
					Credits: []library.Credit{{Name: "Al Pacino", Kind: library.Actor}},
				},
				library.FromOwner: {Genres: []string{"Heist"}},
			},
			want: library.Facts{
				Genres: []string{"Heist"}, Credits: []library.Credit{{Name: "Al Pacino", Kind: library.Actor}},
			},
			evidence: map[string]library.Source{"genres": library.FromOwner, "credits": library.FromProvider},
		},
		"IDs, ratings and other names are united": {
			by: map[library.Source]library.Facts{
				library.FromName: {IDs: map[string]string{"tmdb": "1", "imdb": "tt1"}},
				library.FromProvider: {
					IDs:     map[string]string{"tmdb": "949"},
					Ratings: []library.Rating{{By: "themoviedb", Value: 7.9}, {By: "imdb", Value: 1}},
					OtherNames: []library.OtherName{
						{Name: "Héat", Language: "fr"}, {Name: "Heat – Fuego", Language: "es"},
					},
				},
				library.FromNFO: {
					IDs: map[string]string{"tvdb": "7"}, Ratings: []library.Rating{{By: "imdb", Value: 8.3}},
					OtherNames: []library.OtherName{{Name: "Heat", Language: "fr"}},
				},
			},
			want: library.Facts{
				IDs:        map[string]string{"tmdb": "949", "imdb": "tt1", "tvdb": "7"},
				Ratings:    []library.Rating{{By: "imdb", Value: 8.3}, {By: "themoviedb", Value: 7.9}},
				OtherNames: []library.OtherName{{Name: "Heat", Language: "fr"}, {Name: "Heat – Fuego", Language: "es"}},
			},
			evidence: map[string]library.Source{
				"ids": library.FromNFO, "ratings": library.FromNFO, "otherNames": library.FromNFO,
			},
		},
		"years set by hand do not stand beside what a board said": {
			by: map[library.Source]library.Facts{
				library.FromNFO:   {Certification: "FSK 16", Age: years(16)},
				library.FromOwner: {Age: years(12)},
			},
			want:     library.Facts{Age: years(12)},
			evidence: map[string]library.Source{"age": library.FromOwner},
		},
		"the same years by hand leave what a board said": {
			by: map[library.Source]library.Facts{
				library.FromNFO:   {Certification: "FSK 16", Age: years(16)},
				library.FromOwner: {Age: years(16)},
			},
			want:     library.Facts{Certification: "FSK 16", Age: years(16)},
			evidence: map[string]library.Source{"age": library.FromOwner, "certification": library.FromNFO},
		},
		"a board nobody knows takes no protection away": {
			by: map[library.Source]library.Facts{
				library.FromProvider: {Certification: "FSK 16", Age: years(16)},
				library.FromNFO:      {Certification: "XYZ"},
			},
			want:     library.Facts{Certification: "XYZ", Age: years(16)},
			evidence: map[string]library.Source{"age": library.FromProvider, "certification": library.FromNFO},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, evidence := library.Merge(c.by)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.evidence, evidence); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every field of Facts must be taken over: one that is forgotten would be lost without a word.
func TestMergeTakesEveryField(t *testing.T) {
	t.Parallel()
	one := 1
	all := library.Facts{
		Name: "a", OriginalName: "b", SortName: "c", OtherNames: []library.OtherName{{Name: "d"}}, SeriesName: "e",
		Year: 1, Released: "f",
		Overview: "g", Tagline: "h", Status: "i", Season: &one, Episode: 1, Airs: &library.Airing{Season: 1}, Genres: []string{"j"},
		Studios:   []string{"k"},
		Countries: []string{"l"}, Tags: []string{"m"}, Sets: []string{"n"}, SetOverviews: map[string]string{"n": "u"}, Credits: []library.Credit{{Name: "o"}},
		Ratings: []library.Rating{{By: "p"}}, Certification: "q", Age: &one, RuntimeMS: 1,
		IDs:      map[string]string{"r": "s"},
		Trailers: []string{"t"},
	}
	eachFieldIsSet(t, all)
	for _, source := range library.Sources() {
		got, evidence := library.Merge(map[library.Source]library.Facts{source: all})
		if diff := cmp.Diff(all, got); diff != "" {
			t.Errorf("%s: %s", source, diff)
		}
		if got, want := len(evidence), fieldsOf(all); got != want {
			t.Errorf("%s: evidence for %d fields, want %d", source, got, want)
		}
	}
}

func TestBestRating(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ratings       []library.Rating
		tenths, votes int
	}{
		{nil, 0, 0},
		{[]library.Rating{{By: "a", Value: 7.26}}, 73, 0},
		{[]library.Rating{{By: "a", Value: 9, Votes: 3}, {By: "b", Value: 6.04, Votes: 4000}}, 60, 4000},
		{[]library.Rating{{By: "a", Value: 83, Votes: 3}}, 100, 3},
	} {
		if tenths, votes := library.BestRating(slices.Clone(c.ratings)); tenths != c.tenths || votes != c.votes {
			t.Errorf("%v: %d by %d, want %d by %d", c.ratings, tenths, votes, c.tenths, c.votes)
		}
	}
}

func eachFieldIsSet(t *testing.T, f library.Facts) {
	t.Helper()
	v := reflect.ValueOf(f)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("this test forgets %s", v.Type().Field(i).Name)
		}
	}
}

func fieldsOf(f library.Facts) int { return reflect.TypeOf(f).NumField() }
