package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/api"
	"movify/player"
)

// call is an operation of the OpenAPI document that a viewer may try.
type call struct {
	method, path, name string
}

// calls lists the operations of the API's own document, so that new operations are tested without a change here.
func (g *generatedServer) calls() []call {
	g.t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			Access api.Access `json:"x-access"`
			Name   string     `json:"operationId"`
		}
	}
	_, text, err := g.api.OpenAPI()
	g.must(err)
	g.must(json.Unmarshal(text, &doc))
	// These would end the sign-in that asks, or change who it is.
	never := map[string]bool{"signOut": true, "chooseProfile": true, "resetPin": true, "events": true}
	var out []call
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if never[op.Name] {
				delete(never, op.Name)
				continue
			}
			if op.Access == api.AccessAccount || op.Access == api.AccessAdmin {
				out = append(out, call{strings.ToUpper(method), path, op.Name})
			}
		}
	}
	for name := range never {
		g.t.Errorf("there is no operation %s any more: take it off the list", name)
	}
	// GET operations come first: the others delete the data that they read.
	order := func(c call) string { return fmt.Sprint(c.method != http.MethodGet, c.path, c.method) }
	slices.SortFunc(out, func(a, b call) int { return strings.Compare(order(a), order(b)) })
	return out
}

// aboutTitle reports whether an operation takes a title in its path or body.
func (c call) aboutTitle() bool {
	return strings.HasPrefix(c.path, "/api/v1/titles/{id}") || strings.Contains(c.path, "{titleId}") || c.body("x") != ""
}

func (c call) target(title string) string {
	return strings.NewReplacer("{id}", title, "{titleId}", title, "{kind}", "poster").Replace(c.path)
}

// body is the request body of the operation for a title.
func (c call) body(title string) string {
	switch c.name {
	case "startSession":
		device := `{"codecs":["avc1.640028"],"ranges":["SDR"],"width":0,"height":0,"engine":"mse"}`
		return fmt.Sprintf(`{"titleId":%q,"device":%s}`, title, device)
	case "rateTitle":
		return `{"value":1}`
	case "reportLate":
		return fmt.Sprintf(`{"items":[{"titleId":%q,"positionMs":400000,"atMs":1}]}`, title)
	}
	return ""
}

// For random ratings and limits: no answer of any operation holds an ID or a name that the profile may not see, a hidden title
// gets exactly the answer of an unknown one, and all visible titles are there.
func TestNothingForbiddenLeaves(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			g := generate(t, seed)
			calls := g.calls()
			hidden := 0
			for _, v := range append(g.profilesOfAnna(), g.members()...) {
				for _, c := range calls {
					if c.name == "exportAccount" {
						continue // the account's own data has IDs of titles that were hidden later
					}
					if v.profile.Restricted() || c.aboutTitle() && c.name != "changeTitle" || c.method == http.MethodGet {
						hidden += v.try(c)
					}
				}
				v.complete()
				v.walk()
				v.browse()
			}
			if hidden < 400 {
				t.Errorf("only %d requests were about hidden titles: the search is broken", hidden)
			}
		})
	}
}

// try calls one operation about every title, and counts those that were hidden.
func (v *viewer) try(c call) (hidden int) {
	v.t.Helper()
	const nobody = "0190aaaa-0000-7000-8000-000000000000"
	status, none := v.ask(c.method, c.target(nobody), c.body(nobody))
	if !c.aboutTitle() {
		if secret := v.leak(none); secret != "" {
			v.t.Errorf("%s %s as %s tells of %s: %s", c.method, c.path, v.profile.Name, secret, none)
		}
		return 0
	}
	for _, k := range v.titles {
		got, body := v.ask(c.method, c.target(string(k.id)), c.body(string(k.id)))
		if secret := v.leak(body); secret != "" {
			v.t.Errorf("%s %s of %s as %s tells of %s: %s", c.method, c.path, k.name, v.profile.Name, secret, body)
		}
		if got >= http.StatusInternalServerError {
			v.t.Errorf("%s %s of %s as %s: %d %s", c.method, c.path, k.name, v.profile.Name, got, body)
		}
		if v.sees(k) {
			continue
		}
		hidden++
		if diff := cmp.Diff(fmt.Sprint(status, none), fmt.Sprint(got, body)); diff != "" {
			v.t.Errorf("%s %s of a hidden title is not as of none, as %s (-none +hidden):\n%s", c.method, c.path, v.profile.Name, diff)
		}
	}
	return hidden
}

// complete loads the page and the pictures of every visible title.
func (v *viewer) complete() {
	v.t.Helper()
	tried := false
	for _, k := range v.titles {
		if !v.sees(k) || k.kind == library.Season {
			continue
		}
		var detail api.TitleDetail
		v.read("/api/v1/titles/"+string(k.id), &detail)
		if diff := cmp.Diff(k.rating(), detail.Age); detail.Name != k.name || diff != "" {
			v.t.Errorf("%s is shown as %s (-want +got):\n%s", k.name, detail.Name, diff)
		}
		if k.kind == library.Series {
			continue
		}
		if status, body := v.ask(http.MethodGet, detail.Still, ""); status != http.StatusOK || body != "still of "+k.name {
			v.t.Errorf("still of %s: %d %q", k.name, status, body)
		}
		pictures := map[string]string{"poster": detail.Poster, "backdrop": detail.Backdrop, "logo": detail.Logo}
		for kind, address := range pictures {
			if address == "" && k.kind == library.Episode && kind != "poster" {
				v.t.Errorf("%s of %s: that of its series is missing", kind, k.name)
			}
			if k.kind != library.Movie {
				continue
			}
			if status, body := v.ask(http.MethodGet, address, ""); status != http.StatusOK || body != kind+" of "+k.name {
				v.t.Errorf("%s of %s: %d %q", kind, k.name, status, body)
			}
		}
		if !tried {
			for _, address := range append(slices.Sorted(maps.Values(pictures)), detail.Still) {
				v.noHidden(address, string(k.id))
			}
			tried = true
		}
	}
}

// noHidden requests the pictures of hidden titles with the art token of a visible one.
func (v *viewer) noHidden(still, title string) {
	v.t.Helper()
	_, none := v.ask(http.MethodGet, strings.Replace(still, title, "0190aaaa-0000-7000-8000-000000000000", 1), "")
	for _, k := range v.titles {
		if v.sees(k) {
			continue
		}
		if status, body := v.ask(http.MethodGet, strings.Replace(still, title, string(k.id), 1), ""); status != http.StatusNotFound || body != none {
			v.t.Errorf("still of the hidden %s as %s: %d %q", k.name, v.profile.Name, status, body)
		}
	}
}

// walk pages through the walls in every order, searches every name, and follows the episodes of every series.
func (v *viewer) walk() {
	v.t.Helper()
	var want []string
	for _, k := range v.titles {
		if (k.kind == library.Movie || k.kind == library.Series) && v.sees(k) {
			want = append(want, k.name)
		}
	}
	slices.Sort(want)
	for _, order := range []string{"added", "title", "year"} {
		var got []string
		for cursor := ""; ; {
			var page api.TitlePage
			v.read("/api/v1/titles?limit=3&sort="+order+"&cursor="+cursor, &page)
			if page.Total != len(want) {
				v.t.Errorf("%s as %s: a total of %d, want %d", order, v.profile.Name, page.Total, len(want))
			}
			for _, card := range page.Items {
				got = append(got, card.Name)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			v.t.Errorf("%s as %s (-want +got):\n%s", order, v.profile.Name, diff)
		}
	}
	for _, k := range v.titles {
		var page api.TitlePage
		v.read("/api/v1/titles?q="+k.name, &page)
		if shown := slices.Contains(want, k.name); shown != (page.Total == 1) || shown != (len(page.Items) == 1) {
			v.t.Errorf("a search for %s as %s finds %d", k.name, v.profile.Name, page.Total)
		}
	}
}

// A limit that is set during a playback holds from the next request on, whatever the token was made for.
func TestATightenedLimitHoldsAtOnce(t *testing.T) {
	t.Parallel()
	g := generate(t, 1)
	viewers := g.profilesOfAnna()
	v := viewers[0]
	film := g.titles[0]
	age := 18
	g.must(g.library.metadata.SetAge(t.Context(), film.id, &age))
	target := "/api/v1/titles/" + string(film.id)
	if status, body := v.ask(http.MethodGet, target, ""); status != http.StatusOK {
		t.Fatalf("before: %d %s", status, body)
	}
	status, body := v.ask(http.MethodPost, "/api/v1/sessions", fmt.Sprintf(`{"titleId":%q}`, film.id))
	if status != http.StatusCreated {
		t.Fatalf("play: %d %s", status, body)
	}
	var session api.PlaySession
	g.must(json.Unmarshal([]byte(body), &session))
	if status, body = v.ask(http.MethodPatch, "/api/v1/profiles/"+string(v.profile.ID), `{"maturity":12}`); status != http.StatusOK {
		t.Fatalf("tighten: %d %s", status, body)
	}
	for _, target := range []string{target, "/api/v1/sessions/" + session.ID} {
		if status, body := v.ask(http.MethodGet, target, ""); status != http.StatusNotFound {
			t.Errorf("afterwards %s: %d %s", target, status, body)
		}
	}
	if status, body := v.ask(http.MethodGet, session.Manifest, ""); status != http.StatusForbidden {
		t.Errorf("afterwards the playback goes on: %d %s", status, body)
	}
	if status, body := v.ask(http.MethodGet, "/api/v1/jobs", ""); status != http.StatusForbidden || !strings.Contains(body, "profile_limited") {
		t.Errorf("looking after the server: %d %s", status, body)
	}
	if status, body := v.ask(http.MethodPatch, target, `{"age":null}`); status != http.StatusForbidden {
		t.Errorf("taking the rating away: %d %s", status, body)
	}
	if status, body := v.ask(http.MethodPatch, "/api/v1/profiles/"+string(v.profile.ID), `{"maturity":null}`); status != http.StatusForbidden || !strings.Contains(body, "password_needed") {
		t.Errorf("lifting it: %d %s", status, body)
	}
}

// Removing a profile deletes its progress and history and ends its sign-ins.
func TestARemovedProfileIsNobody(t *testing.T) {
	t.Parallel()
	g := generate(t, 2)
	viewers := g.profilesOfAnna()
	owner, v := viewers[0], viewers[1]
	status, body := owner.ask(http.MethodDelete, "/api/v1/profiles/"+string(v.profile.ID), `{"password":"correct horse battery"}`)
	if status != http.StatusNoContent {
		t.Fatalf("remove: %d %s", status, body)
	}
	if status, body := v.ask(http.MethodGet, "/api/v1/home", ""); status != http.StatusUnauthorized || !strings.Contains(body, "sign_in_expired") {
		t.Errorf("afterwards: %d %s", status, body)
	}
	if at, err := g.db.Player().Resumable(t.Context(), v.profile.ID, 100); err != nil || len(at) != 0 {
		t.Errorf("its positions stay: %v %v", at, err)
	}
	if list, err := g.db.Player().Marked(t.Context(), v.profile.ID, player.MarkListed, player.Cursor{}, 100); err != nil || len(list) != 0 {
		t.Errorf("its list stays: %v %v", list, err)
	}
}

// browse reads the facets, the channels and all people.
func (v *viewer) browse() {
	v.t.Helper()
	shown, counts := 0, map[string]int{}
	for _, k := range v.titles {
		if (k.kind == library.Movie || k.kind == library.Series) && v.sees(k) {
			shown++
			counts["Shared"]++
			counts["Genre of "+k.name]++
		}
	}
	var facets api.Facets
	v.read("/api/v1/titles/facets", &facets)
	got := map[string]int{}
	for _, f := range facets.Genres {
		got[f.Name] = f.Count
	}
	if diff := cmp.Diff(counts, got); diff != "" || facets.Total != shown {
		v.t.Errorf("genres as %s (-want +got), of %d in all, want %d:\n%s", v.profile.Name, facets.Total, shown, diff)
	}
	for name, count := range map[string]int{"kinds": sum(facets.Kinds), "ages": sum(facets.Ages), "watched": sum(facets.Watched)} {
		if count != shown {
			v.t.Errorf("%s as %s add up to %d, want %d", name, v.profile.Name, count, shown)
		}
	}
	for c, members := range v.channels {
		want := []string{}
		for _, k := range members {
			if v.enters(c) && v.sees(k) {
				want = append(want, k.name)
			}
		}
		var page api.TitlePage
		v.read("/api/v1/titles?sort=place&collection="+string(c), &page)
		got := []string{}
		for _, card := range page.Items {
			got = append(got, card.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" || page.Total != len(want) {
			v.t.Errorf("a channel as %s, of %d (-want +got):\n%s", v.profile.Name, page.Total, diff)
		}
		status, body := v.ask(http.MethodGet, "/api/v1/collections/"+string(c), "")
		if wanted := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[v.enters(c)]; status != wanted {
			v.t.Errorf("the page of a channel as %s: %d %s, want %d", v.profile.Name, status, body, wanted)
		}
	}
	for _, k := range v.titles {
		status, body := v.ask(http.MethodGet, "/api/v1/people/"+string(v.people[k.name]), "")
		if wanted := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[v.sees(k)]; status != wanted || v.leak(body) != "" {
			v.t.Errorf("somebody of %s as %s: %d %s, want %d", k.name, v.profile.Name, status, body, wanted)
		}
	}
}

func sum(facets []api.Facet) (n int) {
	for _, f := range facets {
		n += f.Count
	}
	return n
}
