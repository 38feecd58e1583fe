package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"movify/library"
	"movify/pkg/id"
)

// filmsNaming gives films with their sets: "alien=Alien Saga" is there, "-alien=…" has no files.
func filmsNaming(films ...string) (out []library.FilmSet) {
	for _, text := range films {
		film, set, _ := strings.Cut(text, "=")
		name, gone := strings.CutPrefix(film, "-")
		set, text, _ := strings.Cut(set, "|")
		f := library.FilmSet{Film: id.Title(name), Names: strings.Split(set, "+"), HasFiles: !gone}
		if text != "" {
			f.Overviews = map[string]string{f.Names[0]: text}
		}
		out = append(out, f)
	}
	return out
}

func TestPlanSets(t *testing.T) {
	t.Parallel()
	saga := library.Collection{
		ID: "c", Kind: library.CollectionPlain, Name: "Alien Saga", FilledBy: library.BySet,
		Rule: library.Rule{Kind: library.Movie, Sets: []string{"Alien Saga"}},
	}
	auto := []library.CollectedSet{{Set: "alien saga", Collection: "c", Automatic: true}}
	for name, c := range map[string]struct {
		films       []string
		known       []library.CollectedSet
		collections []library.Collection
		members     string
		want        string // action, name, titles that come in, those that go; "" = nothing
	}{
		"one film":             {films: []string{"a=Alien Saga"}},
		"two films":            {films: []string{"a=Alien Saga", "b=Alien Saga"}, want: "make Alien Saga +a +b"},
		"two spellings":        {films: []string{"a=ALIEN saga", "b=Alien Saga", "d=Alien Saga"}, want: "make Alien Saga +a +b +d"},
		"as many of each":      {films: []string{"a=alien saga", "b=Alien Saga"}, want: "make Alien Saga +a +b"},
		"one has no files":     {films: []string{"a=Alien Saga", "-b=Alien Saga"}},
		"an overview":          {films: []string{"a=Alien Saga", "b=Alien Saga|In space."}, want: "make Alien Saga +a +b | In space."},
		"several sets":         {films: []string{"a=Alien Saga+Scott", "b=Scott+Alien Saga"}, want: "make Alien Saga +a +b; make Scott +a +b"},
		"a long name":          {films: []string{"a=" + strings.Repeat("é", 90), "b=" + strings.Repeat("é", 90)}, want: "make " + strings.Repeat("é", 79) + "… +a +b"},
		"a name of dirt":       {films: []string{"a=Al\x00ien\u202e Saga", "b=Al\x00ien\u202e Saga"}, want: "make Alien Saga +a +b"},
		"no name":              {films: []string{"a= ", "b= "}},
		"it was deleted":       {films: []string{"a=Alien Saga", "b=Alien Saga"}, known: []library.CollectedSet{{Set: "alien saga"}}},
		"it was edited":        {films: []string{"a=Alien Saga", "b=Alien Saga"}, known: []library.CollectedSet{{Set: "alien saga", Collection: "c"}}},
		"edited, without film": {known: []library.CollectedSet{{Set: "alien saga", Collection: "c"}}},
		"a collection of the name": {
			films: []string{"a=alien saga!", "b=alien saga!"}, want: "adopt Alien Saga",
			collections: []library.Collection{{ID: "x", Name: "Alien Saga", FilledBy: library.ByHand}},
		},
		"a collection by the set": {
			films: []string{"a=Alien Saga", "b=Alien Saga"}, want: "adopt Xenomorphs",
			collections: []library.Collection{{
				ID: "x", Name: "Xenomorphs", FilledBy: library.BySet, Rule: library.Rule{Sets: []string{"ALIEN SAGA"}},
			}},
		},
		"a collection of several sets": {
			films: []string{"a=Alien Saga", "b=Alien Saga"}, want: "make Alien Saga +a +b",
			collections: []library.Collection{{
				ID: "x", Name: "Space", FilledBy: library.BySet, Rule: library.Rule{Sets: []string{"Alien Saga", "Star Wars"}},
			}},
		},
		"nothing new": {
			films: []string{"a=Alien Saga", "b=Alien Saga"}, known: auto, collections: []library.Collection{saga}, members: "a b",
		},
		"a film comes and one goes": {
			films: []string{"a=Alien Saga", "d=Alien Saga"}, known: auto, collections: []library.Collection{saga}, members: "a b",
			want: "update Alien Saga +d -b",
		},
		"one without files stays": {
			films: []string{"a=Alien Saga", "b=Alien Saga", "-d=Alien Saga"}, known: auto,
			collections: []library.Collection{saga}, members: "a b d",
		},
		"it is spelt otherwise": {
			films: []string{"a=ALIEN SAGA", "b=ALIEN SAGA"}, known: auto, collections: []library.Collection{saga}, members: "a b",
			want: "update ALIEN SAGA",
		},
		"it is described": {
			films: []string{"a=Alien Saga|Space.", "b=Alien Saga|Space."}, known: auto,
			collections: []library.Collection{saga}, members: "a b", want: "update Alien Saga | Space.",
		},
		"one film is left": {
			films: []string{"a=Alien Saga"}, known: auto, collections: []library.Collection{saga}, members: "a b",
			want: "remove ",
		},
		"none is left": {known: auto, collections: []library.Collection{saga}, members: "a b", want: "remove "},
	} {
		sets := newFilmSets()
		films := filmsNaming(c.films...)
		var asked []id.Title
		for _, f := range films {
			asked = append(asked, f.Film)
		}
		keys := sets.put(asked, films)
		state := setsState{
			known: make(map[string]library.CollectedSet), collections: c.collections,
			members: make(map[id.Collection][]library.Member),
		}
		for _, k := range c.known {
			state.known[k.Set] = k
			keys = append(keys, k.Set)
		}
		for _, m := range strings.Fields(c.members) {
			state.members["c"] = append(state.members["c"], library.Member{Collection: "c", Title: id.Title(m), ByRule: true})
		}
		slices.Sort(keys)
		var got []string
		for _, x := range planSets(slices.Compact(keys), &sets, state, 7) {
			text := string(x.Action) + " " + x.Collection.Name
			for _, m := range x.In {
				if !m.ByRule || m.Collection != x.Collection.ID || m.AddedMS != 7 {
					t.Errorf("%s: a member is %+v", name, m)
				}
				text += " +" + string(m.Title)
			}
			for _, out := range x.Out {
				text += " -" + string(out)
			}
			if x.Collection.Overview != "" {
				text += " | " + x.Collection.Overview
			}
			if x.Action == library.MakeSet || x.Action == library.UpdateSet {
				if err := x.Collection.CheckRule(); err != nil || x.Collection.ID == "" {
					t.Errorf("%s: the collection %+v is not valid: %v", name, x.Collection, err)
				}
			}
			got = append(got, text)
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: got %q, want %q", name, strings.Join(got, "; "), c.want)
		}
	}
}

// A change of one film touches its sets only, those that it left among them.
func TestFilmSetsTellWhatChanged(t *testing.T) {
	t.Parallel()
	sets := newFilmSets()
	var films []string
	var asked []id.Title
	for i := range 2000 {
		films = append(films, fmt.Sprintf("f%d=Set %d", i, i/2))
		asked = append(asked, id.Title(fmt.Sprint("f", i)))
	}
	if got := sets.put(asked, filmsNaming(films...)); len(got) != 1000 {
		t.Fatalf("%d sets", len(got))
	}
	for _, c := range []struct {
		film, say string
		want      string
	}{
		{"f0", "f0=Set 0", ""},
		{"f0", "f0=Set 5", "set 0, set 5"},
		{"f0", "f0=Set 5|Words.", "set 5"},
		{"f0", "f0=Set 5|Words.", ""},
		{"f0", "-f0=Set 5|Words.", "set 5"},
		{"f0", "", "set 5"},
		{"f0", "", ""},
	} {
		var found []library.FilmSet
		if c.say != "" {
			found = filmsNaming(c.say)
		}
		if got := strings.Join(sets.put([]id.Title{id.Title(c.film)}, found), ", "); got != c.want {
			t.Errorf("%q: changed are %q, want %q", c.say, got, c.want)
		}
	}
	if len(sets.films) != 1999 || len(sets.of) != 1000 || slices.Contains(slices.Collect(maps.Keys(sets.of)), "") {
		t.Errorf("%d films and %d sets are left", len(sets.films), len(sets.of))
	}
}
