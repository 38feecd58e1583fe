package app

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"movify/library"
	"movify/pkg/api"
)

// TestSearchGivesNoForbiddenTitle looks, as profiles of many limits, for every title of a library made by chance by its name
// and by a name with a typing error.
func TestSearchGivesNoForbiddenTitle(t *testing.T) {
	t.Parallel()
	g := generate(t, 5)
	viewers := g.profilesOfAnna()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- g.index.Run(ctx) }()
	go func() { ended <- g.library.catalogue.Run(ctx) }()
	defer func() {
		stop()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for known := false; !known; {
		select {
		case <-t.Context().Done():
			t.Fatal("the index is never made")
		case <-tick.C:
			var err error
			_, known, err = g.library.catalogue.SearchTitles(ctx, "x", 1)
			g.must(err)
		}
	}
	found, refused := 0, 0
	for _, v := range viewers {
		for n, k := range g.titles {
			if k.kind == library.Season || testing.Short() && n%3 != 0 {
				continue
			}
			var one api.SearchResult
			v.read("/api/v1/search?q="+k.name, &one)
			has := len(one.Items) > 0 && one.Items[0].ID == string(k.id)
			// Extras are found by the name of their title.
			if want := v.sees(k) && k.kind != library.Extra; has != want {
				t.Errorf("%s finds %s: %v, want %v", v.profile.Name, k.name, has, want)
			}
			if has {
				found++
			} else {
				refused++
			}
			// The eight other requests of a title are made for every third of those.
			if n%3 != 0 || testing.Short() && n%9 != 0 {
				continue
			}
			for _, target := range []string{"/search?q=", "/search/suggest?q="} {
				for _, text := range []string{k.name, strings.Replace(k.name, "dxk", "dkx", 1), k.name[:4], "zq"} {
					status, body := v.ask(http.MethodGet, "/api/v1"+target+text, "")
					if secret := v.leak(strings.ReplaceAll(body, text, "")); status != http.StatusOK || secret != "" {
						t.Errorf("%s%s as %s: %d tells of %s", target, text, v.profile.Name, status, secret)
					}
				}
			}
		}
	}
	if found < 10 || refused < 10 {
		t.Errorf("%d titles were found and %d refused: the limits limit nothing", found, refused)
	}
}
