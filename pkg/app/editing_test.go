package app

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
)

func TestATitleIsEditedByHandAndBack(t *testing.T) {
	t.Parallel()
	g := generate(t, 6)
	v := g.arrive()
	path := "/titles/" + string(g.titles[0].id)
	var before, d api.TitleDetail
	v.expect(http.StatusOK, "", http.MethodGet, path, "", &before)
	if before.Admin == nil || len(before.Admin.Edited) > 0 && before.Admin.SetAge == nil {
		t.Fatalf("at first: %+v", before.Admin)
	}
	v.expect(http.StatusOK, "", http.MethodPatch, path, `{"name":"Heat","overview":"Cops.","age":12,"genres":["Crime","Drama"],"year":1995,
		"credits":[{"name":"Al Pacino","kind":"actor","role":"Vincent"}],"studios":["Warner"],"released":"1995-12-15","certification":"FSK 12"}`, &d)
	if d.Name != "Heat" || d.Overview != "Cops." || *d.Age != 12 || d.Year != 1995 || d.Released != "1995-12-15" || d.Certification != "FSK 12" {
		t.Errorf("edited: %+v", d)
	}
	if len(d.Genres) != 2 || d.Genres[0].Name != "Crime" || d.Genres[0].ID == "" || len(d.People) != 1 || d.People[0].Role != "Vincent" || len(d.Studios) != 1 {
		t.Errorf("edited: %+v %+v %+v", d.Genres, d.People, d.Studios)
	}
	if diff := cmp.Diff([]string{"name", "year", "released", "overview", "genres", "studios", "credits", "certification", "age"}, d.Admin.Edited); diff != "" {
		t.Error(diff)
	}
	if d.Admin.Evidence["name"] != "owner" {
		t.Errorf("the evidence is %v", d.Admin.Evidence)
	}
	v.expect(http.StatusOK, "", http.MethodPatch, path, `{"tagline":"A saga."}`, &d)
	if d.Name != "Heat" || d.Tagline != "A saga." {
		t.Errorf("what is not spoken of changed: %+v", d)
	}
	d = api.TitleDetail{}
	v.expect(http.StatusOK, "", http.MethodPatch, path, `{"name":null,"overview":null,"genres":null,"year":null,"credits":null,"studios":null,
		"released":null,"certification":null,"age":null,"tagline":null}`, &d)
	if d.Name != before.Name || d.Overview != "" || d.Age != nil || len(d.Genres) != 0 || len(d.People) != 0 || len(d.Admin.Edited) != 0 {
		t.Errorf("automatic again: %+v", d)
	}
	v.expect(http.StatusUnprocessableEntity, "bad_day", http.MethodPatch, path, `{"released":"1995-02-30"}`, nil)
	v.expect(http.StatusNotFound, "title_not_found", http.MethodPatch, "/titles/none", `{"name":"x"}`, nil)
}

func TestAFileIsSaidToBeAnotherFilm(t *testing.T) {
	t.Parallel()
	g := generate(t, 7)
	v := g.arrive()
	var d api.TitleDetail
	for _, k := range g.titles {
		v.expect(http.StatusOK, "", http.MethodGet, "/titles/"+string(k.id), "", &d)
		if d.Kind == "movie" && len(d.Versions) > 0 {
			break
		}
	}
	if len(d.Versions) == 0 {
		t.Fatal("there is no film with a file")
	}
	if d.Versions[0].Path == "" {
		t.Error("an administrator does not see where a file is")
	}
	file := "/files/" + d.Versions[0].FileID + "/identity"
	var card api.TitleCard
	v.expect(http.StatusOK, "", http.MethodPut, file, `{"kind":"movie","title":"Ronin","year":1998}`, &card)
	if card.ID != d.ID || card.Name != "Ronin" || card.Year != 1998 {
		t.Errorf("it is %+v, want %s", card, d.ID)
	}
	v.expect(http.StatusOK, "", http.MethodDelete, file, "", &card)
	if card.Name == "Ronin" {
		t.Errorf("it is still %+v", card)
	}
	v.expect(http.StatusUnprocessableEntity, "bad_assignment", http.MethodPut, file, `{"kind":"extra","title":"Ronin"}`, nil)
	v.expect(http.StatusNotFound, "file_not_found", http.MethodPut, "/files/none/identity", `{"kind":"movie","title":"Ronin"}`, nil)
	var list api.UnmatchedList
	v.expect(http.StatusOK, "", http.MethodGet, "/library/unmatched", "", &list)
	if list.Total != len(list.Items) {
		t.Errorf("%d of %d are listed", len(list.Items), list.Total)
	}
}

func TestWhereFilesAreIsForAdministrators(t *testing.T) {
	t.Parallel()
	g := generate(t, 8)
	v := g.arrive()
	var mia api.Profile
	v.expect(http.StatusCreated, "", http.MethodPost, "/profiles", `{"name":"Mia","maturity":18}`, &mia)
	v.choose(mia, `{}`)
	for _, k := range g.titles {
		status, text := v.ask(http.MethodGet, "/api/v1/titles/"+string(k.id), "")
		if status == http.StatusOK && (strings.Contains(text, `"path"`) || strings.Contains(text, `"admin"`)) {
			t.Errorf("a viewer is told %s", text)
		}
	}
}

func TestAChosenVersionIsPlayed(t *testing.T) {
	t.Parallel()
	g := generate(t, 9)
	v := g.arrive()
	var all []api.TitleDetail
	for _, k := range g.titles {
		var d api.TitleDetail
		v.expect(http.StatusOK, "", http.MethodGet, "/titles/"+string(k.id), "", &d)
		if len(d.Versions) > 0 && d.Playable {
			all = append(all, d)
		}
	}
	if len(all) < 2 {
		t.Fatalf("%d titles have files", len(all))
	}
	play := func(title, file string) string { return `{"titleId":"` + title + `","fileId":"` + file + `"}` }
	var s api.PlaySession
	v.expect(http.StatusCreated, "", http.MethodPost, "/sessions", play(all[0].ID, all[0].Versions[0].FileID), &s)
	if s.FileID != all[0].Versions[0].FileID || s.Parts != 0 || s.WholeMs != s.DurationMs {
		t.Errorf("it plays %+v", s)
	}
	v.expect(http.StatusNotFound, "file_not_found", http.MethodPost, "/sessions", play(all[0].ID, all[1].Versions[0].FileID), nil)
	v.expect(http.StatusNotFound, "file_not_found", http.MethodPost, "/sessions", play(all[0].ID, "none"), nil)
}
