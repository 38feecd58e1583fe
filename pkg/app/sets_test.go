package app

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
	"movify/pkg/config"
	"movify/pkg/id"
)

// The collection of a set is one like others to clients: its films and their ages decide who sees it, and an administrator
// renames and deletes it for good.
func TestSetsAreCollections(t *testing.T) {
	t.Parallel()
	g := empty(t, 18, func(*config.Config) {})
	anna := g.arrive()
	film := func(age int, sets ...string) *known {
		k := g.title(library.Movie, nil, 0, 0)
		g.must(g.library.metadata.SetAge(t.Context(), k.id, &age))
		g.must(g.db.Library().Apply(t.Context(), library.Change{Descriptions: []library.Description{
			{Title: k.id, Source: library.FromNFO, Revision: "1", Facts: library.Facts{Sets: sets}},
		}}))
		g.library.catalogue.Changed(k.id)
		g.must(g.library.catalogue.ApplyRules(t.Context()))
		return k
	}
	adult := film(18, "Adults")
	film(18, "Adults")
	film(6, "All")
	film(18, "All")
	film(6, "Alone")

	parent := id.Viewer{Account: g.anna, Profile: anna.profile.ID}
	p, err := g.accounts.AddProfile(t.Context(), parent, account.ProfileChange{
		Name: account.To("Six"), MaxAge: account.To(6)}, account.Proof{})
	g.must(err)
	grant, err := g.auth.Begin(t.Context(), g.anna, auth.Device{Address: "127.0.0.1", Agent: "test"}, true)
	g.must(err)
	grant, err = g.auth.ChooseProfile(t.Context(), grant.Principal.SignIn, p.ID)
	g.must(err)
	six := &viewer{generatedServer: g, profile: p, audience: audienceOf(p), token: grant.Access}

	ids := make(map[string]string)
	shown := func(v *viewer) []string {
		var list struct{ Items []api.Collection }
		v.read("/api/v1/collections", &list)
		out := []string{}
		for _, c := range list.Items {
			var page api.TitlePage
			v.read("/api/v1/titles?collection="+c.ID, &page)
			out = append(out, fmt.Sprintf("%s %s %s %d %d", c.Kind, c.How, c.Name, c.Count, len(page.Items)))
			ids[c.Name] = c.ID
		}
		return out
	}
	if diff := cmp.Diff([]string{"collection set Adults 2 2", "collection set All 2 2"}, shown(anna)); diff != "" {
		t.Errorf("anna (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"collection set All 1 1"}, shown(six)); diff != "" {
		t.Errorf("up to 6 (-want +got):\n%s", diff)
	}
	six.expect(http.StatusNotFound, "", http.MethodGet, "/collections/"+ids["Adults"], "", nil)
	var detail api.TitleDetail
	anna.read("/api/v1/titles/"+string(adult.id), &detail)
	if len(detail.Collections) != 1 || detail.Collections[0].Name != "Adults" {
		t.Errorf("the page of a film names %+v", detail.Collections)
	}

	six.expect(http.StatusForbidden, "", http.MethodPatch, "/collections/"+ids["All"], `{"name":"Mine"}`, nil)
	anna.expect(http.StatusOK, "", http.MethodPatch, "/collections/"+ids["All"], `{"name":"Mine"}`, nil)
	anna.expect(http.StatusNoContent, "", http.MethodDelete, "/collections/"+ids["Adults"], "", nil)
	film(18, "Adults")
	film(6, "all")
	if diff := cmp.Diff([]string{"collection set Mine 3 3"}, shown(anna)); diff != "" {
		t.Errorf("after that (-want +got):\n%s", diff)
	}
}
