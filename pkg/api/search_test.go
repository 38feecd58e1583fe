package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
)

func (f *fakeServer) Search(_ context.Context, p api.Principal, q api.SearchQuery) (api.SearchResult, error) {
	f.note(fmt.Sprintf("%s looks for %q, %d at most", p.Profile, q.Q, q.Limit))
	return api.SearchResult{
		Items: []api.TitleCard{{ID: "t1", Kind: "movie", Name: "One", Color: "#112233", Playable: true}}, Total: 7,
		People:      []api.FoundPerson{{ID: "r1", Name: "Al Pacino", Count: 2}},
		Collections: []api.FoundCollection{{ID: "c1", Kind: "channel", Name: "Anime"}},
		Genres:      []api.FoundGenre{}, DidYouMean: "One",
	}, nil
}

func (f *fakeServer) Suggest(_ context.Context, p api.Principal, text string) ([]api.SearchSuggestion, error) {
	f.note(fmt.Sprintf("%s types %q", p.Profile, text))
	return []api.SearchSuggestion{{Text: "One", Kind: "movie", ID: "t1"}}, nil
}

func TestSearch(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{}
	a := newAPI(t, fake, nil)
	for _, c := range []struct {
		target string
		status int
		body   string
	}{
		{"/search?q=coeur+raison", http.StatusOK, `"total":7,"people":[{"id":"r1","name":"Al Pacino","count":2}],"collections":[{"id":"c1","kind":"channel","name":"Anime"}],"genres":[],"didYouMean":"One"`},
		{"/search?q=one&limit=5", http.StatusOK, `"items":[{"id":"t1"`},
		{"/search", http.StatusUnprocessableEntity, ""},
		{"/search?q=", http.StatusUnprocessableEntity, ""},
		{"/search?q=one&limit=101", http.StatusUnprocessableEntity, ""},
		{"/search/suggest?q=on", http.StatusOK, `{"items":[{"text":"One","kind":"movie","id":"t1"}]}`},
		{"/search/suggest", http.StatusUnprocessableEntity, ""},
	} {
		res := ask(a.Handler(), http.MethodGet, "/api/v1"+c.target, "", boss)
		body := text(t, res)
		if res.StatusCode != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%s: %s %s", c.target, res.Status, body)
		}
	}
	want := []string{`p-boss looks for "coeur raison", 40 at most`, `p-boss looks for "one", 5 at most`, `p-boss types "on"`}
	if diff := cmp.Diff(want, fake.calls); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
