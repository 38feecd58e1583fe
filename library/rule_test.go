package library_test

import (
	"testing"

	"movify/library"
	"movify/pkg/id"
)

func TestRules(t *testing.T) {
	t.Parallel()
	age := func(n int) *int { return &n }
	akira := library.RuleInput{
		ID: "t", Kind: library.Movie, Name: "Akira", Year: 1988, Age: age(16), Sets: []string{"Katsuhiro Otomo"},
		Labels: map[library.LabelKind][]string{
			library.Genre: {"Animation", "Science Fiction"}, library.Studio: {"TMS"}, library.Country: {"Japan"},
		},
		Files: []library.FileLocation{
			{Root: "r1", RootPath: "/media", Path: "/media/Anime/Akira (1988)/Akira.mkv"},
			{Root: "r2", Path: "/gone/Akira.mkv"},
		},
	}
	unrated := akira
	unrated.Age, unrated.Year = nil, 0
	for name, c := range map[string]struct {
		rule library.Rule
		of   library.RuleInput
		want bool
	}{
		"nothing":                  {library.Rule{}, akira, false},
		"the kind":                 {library.Rule{Kind: library.Movie}, akira, true},
		"another kind":             {library.Rule{Kind: library.Series}, akira, false},
		"a genre, however written": {library.Rule{Genres: []string{"science-fiction"}}, akira, true},
		"one genre of two":         {library.Rule{Genres: []string{"Drama", "Animation"}}, akira, true},
		"another genre":            {library.Rule{Genres: []string{"Drama"}}, akira, false},
		"all that is named": {
			library.Rule{Genres: []string{"Animation"}, Countries: []string{"japan"}, Years: "1980-1989"}, akira, true,
		},
		"all but one": {
			library.Rule{Genres: []string{"Animation"}, Countries: []string{"France"}}, akira, false,
		},
		"a tag it has not":           {library.Rule{Tags: []string{"cult"}}, akira, false},
		"its year":                   {library.Rule{Years: "1988"}, akira, true},
		"before":                     {library.Rule{Years: "-1987"}, akira, false},
		"since":                      {library.Rule{Years: "1988-"}, akira, true},
		"a year that is not known":   {library.Rule{Years: "-2000"}, unrated, false},
		"for that age":               {library.Rule{Age: age(16)}, akira, true},
		"for younger ones":           {library.Rule{Age: age(12)}, akira, false},
		"an age that is not known":   {library.Rule{Age: age(21)}, unrated, false},
		"a folder in any root":       {library.Rule{Folders: []string{"Anime"}}, akira, true},
		"part of a folder's name":    {library.Rule{Folders: []string{"Ani"}}, akira, false},
		"a folder further down":      {library.Rule{Folders: []string{"Anime/Akira (1988)/"}}, akira, true},
		"a whole path":               {library.Rule{Folders: []string{"/media/Anime"}}, akira, true},
		"a root's own path":          {library.Rule{Folders: []string{"/media"}}, akira, true},
		"the whole disk":             {library.Rule{Folders: []string{"/"}}, akira, true},
		"a path of a root that left": {library.Rule{Folders: []string{"/gone"}}, akira, true},
		"a way out of the root":      {library.Rule{Folders: []string{"../media"}}, akira, false},
		"a root":                     {library.Rule{Roots: []id.Root{"r2"}}, akira, true},
		"root and folder of one":     {library.Rule{Roots: []id.Root{"r1"}, Folders: []string{"Anime"}}, akira, true},
		"root and folder of two":     {library.Rule{Roots: []id.Root{"r2"}, Folders: []string{"Anime"}}, akira, false},
		"part of its name":           {library.Rule{Names: []string{"KIR"}}, akira, true},
		"a set":                      {library.Rule{Sets: []string{"katsuhiro otomo"}}, akira, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.rule.Holds(c.of); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]library.Span{
		"": {}, "1999": {From: 1999, To: 1999}, "1990-1999": {From: 1990, To: 1999}, "-45": {To: 45}, "90-": {From: 90},
	} {
		if got, ok := library.ParseSpan(text); !ok || got != want {
			t.Errorf("%q is %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"-", "x", "1999-1990", "1-2-3", "0"} {
		if got, ok := library.ParseSpan(text); ok {
			t.Errorf("%q is %+v", text, got)
		}
	}
}
