package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"movify/pkg/api"
	"movify/pkg/fault"
	"movify/pkg/id"
)

var errNoCollection = fault.New(fault.NotFound, "collection_not_found", "There is no such collection or channel.")

func (f *fakeServer) Facets(_ context.Context, p api.Principal, q api.FacetQuery) (api.Facets, error) {
	return api.Facets{Total: 3, Genres: []api.Facet{{ID: "g1", Name: "Drama " + q.Year + q.Watched + q.Minutes, Count: 2}}}, nil
}

func (f *fakeServer) Genres(_ context.Context, _ api.Principal, kind string) ([]api.Facet, error) {
	return []api.Facet{{ID: "g1", Name: "Drama", Count: len(kind)}}, nil
}

func (f *fakeServer) Person(_ context.Context, _ api.Principal, x id.Person) (api.PersonPage, error) {
	return api.PersonPage{ID: string(x), Name: "Somebody", Credits: []api.Credit{{Title: api.TitleCard{ID: "t1", Kind: "movie"}, Kind: "actor", Role: "A role"}}}, nil
}

func (f *fakeServer) Collections(_ context.Context, p api.Principal, kind string) ([]api.Collection, error) {
	c, err := f.Collection(context.Background(), p, "c1")
	return []api.Collection{c}, err
}

func (f *fakeServer) Collection(_ context.Context, _ api.Principal, c id.Collection) (api.Collection, error) {
	if c != "c1" {
		return api.Collection{}, errNoCollection
	}
	return api.Collection{ID: string(c), Kind: "channel", Name: "Anime", How: "hand", Count: 2}, nil
}

func (f *fakeServer) Logo(_ context.Context, _ api.Principal, c id.Collection) (api.Picture, error) {
	return api.Picture{Type: "image/png", ETag: `"1"`, Data: []byte("logo of " + c)}, nil
}

func (f *fakeServer) AddCollection(ctx context.Context, p api.Principal, w api.NewCollection) (api.Collection, error) {
	f.note("add " + w.Kind + " " + w.Name + " " + w.How)
	return f.Collection(ctx, p, "c1")
}

func (f *fakeServer) ChangeCollection(ctx context.Context, p api.Principal, c id.Collection, w api.CollectionPatch) (api.Collection, error) {
	f.note("rename " + *w.Name)
	return f.Collection(ctx, p, c)
}

func (f *fakeServer) RemoveCollection(_ context.Context, c id.Collection) error {
	f.note("remove " + string(c))
	return nil
}

func (f *fakeServer) OrderCollections(_ context.Context, order []id.Collection) error {
	f.note(fmt.Sprint("order ", order))
	return nil
}

func (f *fakeServer) SetCollectionTitles(ctx context.Context, p api.Principal, c id.Collection, titles []id.Title) (api.Collection, error) {
	f.note(fmt.Sprint("titles ", titles))
	return f.Collection(ctx, p, c)
}

func (f *fakeServer) OrderCollectionTitles(_ context.Context, c id.Collection, titles []id.Title) error {
	f.note(fmt.Sprint("order ", titles, " in ", c))
	return nil
}

func (f *fakeServer) Collect(_ context.Context, c id.Collection, t id.Title) error {
	f.note("collect " + string(t) + " in " + string(c))
	return nil
}

func (f *fakeServer) Uncollect(_ context.Context, c id.Collection, t id.Title) error {
	f.note("uncollect " + string(t) + " in " + string(c))
	return nil
}

func (f *fakeServer) SetLogo(ctx context.Context, p api.Principal, c id.Collection, data []byte) (api.Collection, error) {
	f.note("logo " + string(data))
	return f.Collection(ctx, p, c)
}

func (f *fakeServer) RemoveLogo(ctx context.Context, p api.Principal, c id.Collection) (api.Collection, error) {
	f.note("no logo")
	return f.Collection(ctx, p, c)
}

// What browsing and collections are asked reaches them, and only an administrator changes anything.
func TestBrowsing(t *testing.T) {
	t.Parallel()
	const kid = "Authorization: Bearer kid"
	for name, c := range map[string]struct {
		method, target, body, who string
		status                    int
		want                      string // in the answer, or the call that was made
	}{
		"facets":               {"GET", "/titles/facets?year=1990-1999&watched=no&minutes=-45", "", kid, 200, "Drama 1990-1999no-45"},
		"facets of nonsense":   {"GET", "/titles/facets?year=recent", "", boss, 422, "year"},
		"titles by chance":     {"GET", "/titles?sort=random&genre=g1&year=1999", "", kid, 200, `"items"`},
		"genres":               {"GET", "/genres?kind=movie", "", kid, 200, `"count":5`},
		"a person":             {"GET", "/people/p1", "", kid, 200, `"role":"A role"`},
		"collections":          {"GET", "/collections?kind=channel", "", kid, 200, `"name":"Anime"`},
		"a collection":         {"GET", "/collections/c1", "", kid, 200, `"count":2`},
		"none":                 {"GET", "/collections/c2", "", kid, 404, "collection_not_found"},
		"a logo":               {"GET", "/collections/c1/logo", "", kid, 200, "logo of c1"},
		"make":                 {"POST", "/collections", `{"kind":"channel","name":"Anime"}`, boss, 201, "add channel Anime hand"},
		"make without a name":  {"POST", "/collections", `{"kind":"channel","name":""}`, boss, 422, "name"},
		"make as a kid":        {"POST", "/collections", `{"kind":"channel","name":"Anime"}`, kid, 403, ""},
		"rename":               {"PATCH", "/collections/c1", `{"name":"Animation"}`, boss, 200, "rename Animation"},
		"remove":               {"DELETE", "/collections/c1", "", boss, 204, "remove c1"},
		"remove as a kid":      {"DELETE", "/collections/c1", "", kid, 403, ""},
		"order":                {"PUT", "/collections/order", `{"collections":["c2","c1"]}`, boss, 204, "order [c2 c1]"},
		"titles":               {"PUT", "/collections/c1/titles", `{"titles":["t2","t1"]}`, boss, 200, "titles [t2 t1]"},
		"order titles":         {"PUT", "/collections/c1/titles/order", `{"titles":["t2","t1"]}`, boss, 204, "order [t2 t1] in c1"},
		"order as a kid":       {"PUT", "/collections/c1/titles/order", `{"titles":["t2","t1"]}`, kid, 403, ""},
		"collect":              {"POST", "/collections/c1/titles/t1", "", boss, 204, "collect t1 in c1"},
		"uncollect":            {"DELETE", "/collections/c1/titles/t1", "", boss, 204, "uncollect t1 in c1"},
		"take the logo away":   {"DELETE", "/collections/c1/logo", "", boss, 200, "no logo"},
		"collect as a kid":     {"POST", "/collections/c1/titles/t1", "", kid, 403, ""},
		"a rule without sense": {"POST", "/collections", `{"kind":"channel","name":"A","how":"rule","rule":{"age":40}}`, boss, 422, "age"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := &fakeServer{}
			res := ask(newAPI(t, fake, nil).Handler(), c.method, "/api/v1"+c.target, c.body, c.who)
			got := text(t, res) + strings.Join(fake.calls, "\n")
			if res.StatusCode != c.status || !strings.Contains(got, c.want) {
				t.Errorf("%d %s, want %d with %q", res.StatusCode, got, c.status, c.want)
			}
			if c.status == http.StatusForbidden && len(fake.calls) > 0 {
				t.Errorf("it was done: %v", fake.calls)
			}
		})
	}
}
