package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
)

func TestPictures(t *testing.T) {
	t.Parallel()
	house := &fakeHouse{setUp: true}
	h := newAPI(t, house, nil).Handler()
	path := api.ArtPath("art-of-kid", "t1", api.Still)
	first := ask(h, "GET", path+"?w=1280", "")
	if got := text(t, first); got != "RIFFpicture" || first.Header.Get("Content-Type") != "image/webp" || first.Header.Get("Cache-Control") != "private, max-age=3600" {
		t.Errorf("%d %q %v", first.StatusCode, got, first.Header)
	}
	again := ask(h, "GET", path, "", "If-None-Match: "+first.Header.Get("ETag"))
	if got := text(t, again); again.StatusCode != 304 || got != "" {
		t.Errorf("%d %q", again.StatusCode, got)
	}
	if head := ask(h, "HEAD", path+"?w=-1", ""); head.StatusCode != 200 || head.ContentLength != 11 || text(t, head) != "" {
		t.Errorf("HEAD: %d, %d bytes", head.StatusCode, head.ContentLength)
	}
	if diff := cmp.Diff([]string{"picture for p-kid of 1280", "picture for p-kid of 480", "picture for p-kid of 480"}, house.calls); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", api.ArtPath("art-of-nobody", "t1", api.Still), 404},
		{"GET", api.ArtPath("art-of-kid", "t1", api.Poster), 404}, // none was given
		{"GET", api.ArtPath("art-of-kid", "t2", api.Still), 404},
		{"GET", api.ArtPath("art-of-kid", "t1", "file"), 404},
		{"GET", path + "/more", 404},
		{"GET", "/media/art-of-kid/art/", 404},
		{"POST", path, 404},
		{"GET", api.ArtPath("art-of-kid", "broken", api.Still), 500},
		{"GET", "/api/v1/titles/t1/still", 404}, // a picture has no address without a token
	} {
		res := ask(h, c.method, c.path, "", boss)
		if got := text(t, res); res.StatusCode != c.want || len(got) > 500 || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s: %d, want %d: %q", c.method, c.path, res.StatusCode, c.want, got)
		}
	}
	// A playback's media is answered by the media plane itself.
	if got := text(t, ask(h, "GET", "/media/token/v1/00001.m4s", "")); got != "wrapped" {
		t.Errorf("got %q", got)
	}
}
