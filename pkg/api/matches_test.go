package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
	"movify/pkg/id"
)

func (f *fakeServer) Matches(_ context.Context, t id.Title, name string, year int) (api.Matches, error) {
	if t != "t1" {
		return api.Matches{}, errNoTitle
	}
	return api.Matches{Items: []api.Match{{Provider: "tmdb", ID: "603", Name: name, Year: year, Certainty: "name"}}, Searched: true}, nil
}

func (f *fakeServer) SetMatch(ctx context.Context, p api.Principal, t id.Title, provider, work string) (api.TitleDetail, error) {
	f.note("match " + string(t) + " " + provider + " " + work)
	return f.Title(ctx, p, t)
}

func (f *fakeServer) CheckMatch(ctx context.Context, p api.Principal, t id.Title) (api.TitleDetail, error) {
	f.note("checked " + string(t))
	return f.Title(ctx, p, t)
}

func (f *fakeServer) RefreshTitle(ctx context.Context, p api.Principal, t id.Title) (api.TitleDetail, error) {
	f.note("refresh " + string(t))
	return f.Title(ctx, p, t)
}

func TestMatches(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{}
	h := newAPI(t, fake, nil).Handler()
	res := ask(h, "GET", "/api/v1/titles/t1/matches?q=The+Film&year=1999", "", boss)
	var got api.Matches
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	want := api.Matches{Items: []api.Match{{Provider: "tmdb", ID: "603", Name: "The Film", Year: 1999, Certainty: "name"}}, Searched: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for _, c := range []struct {
		method, target, body string
		status               int
	}{
		{"GET", "t2/matches", "", http.StatusNotFound},
		{"PUT", "t1/match", `{"provider":"tmdb","id":"603"}`, http.StatusOK},
		{"PUT", "t1/match", `{"checked":true}`, http.StatusOK},
		{"PUT", "t1/match", `{"provider":"tmdb"}`, http.StatusUnprocessableEntity},
		{"PUT", "t1/match", `{"checked":true,"provider":"tmdb","id":"1"}`, http.StatusUnprocessableEntity},
		{"PUT", "t1/match", `{}`, http.StatusUnprocessableEntity},
		{"POST", "t1/refresh", "", http.StatusOK},
	} {
		if res := ask(h, c.method, "/api/v1/titles/"+c.target, c.body, boss); res.StatusCode != c.status {
			t.Errorf("%s %s %s: %s", c.method, c.target, c.body, res.Status)
		}
	}
	calls := strings.Join(fake.calls, "; ")
	if diff := cmp.Diff("match t1 tmdb 603; checked t1; refresh t1", calls); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
