package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
)

func TestPictures(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{setUp: true}
	h := newAPI(t, fake, nil).Handler()
	path := api.ArtPath("art-of-kid", "t1", api.Still, "v1")
	first := ask(h, "GET", path+"?w=1280", "")
	if got := text(t, first); got != "RIFFpicture" || first.Header.Get("Content-Type") != "image/webp" || first.Header.Get("Cache-Control") != "private, max-age=31536000, immutable" {
		t.Errorf("%d %q %v", first.StatusCode, got, first.Header)
	}
	for _, other := range []string{api.ArtPath("art-of-kid", "t1", api.Backdrop, "v0"), "/media/art-of-kid/art/t1/logo"} {
		if res := ask(h, "GET", other, ""); text(t, res) != "RIFFpicture" || res.Header.Get("Cache-Control") != "private, max-age=3600" {
			t.Errorf("%s: %d %q may be kept for ever", other, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
	again := ask(h, "GET", path, "", "If-None-Match: "+first.Header.Get("ETag"))
	if got := text(t, again); again.StatusCode != 304 || got != "" {
		t.Errorf("%d %q", again.StatusCode, got)
	}
	if head := ask(h, "HEAD", path+"?w=-1", ""); head.StatusCode != 200 || head.ContentLength != 11 || text(t, head) != "" {
		t.Errorf("HEAD: %d, %d bytes", head.StatusCode, head.ContentLength)
	}
	if diff := cmp.Diff([]string{"picture for p-kid of 1280", "picture for p-kid of 480", "picture for p-kid of 480", "picture for p-kid of 480", "picture for p-kid of 480"}, fake.calls); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", api.ArtPath("art-of-nobody", "t1", api.Still, "v1"), 404},
		{"GET", api.ArtPath("art-of-kid", "t1", api.Poster, "v1"), 404}, // none was given
		{"GET", api.ArtPath("art-of-kid", "t2", api.Still, "v1"), 404},
		{"GET", api.ArtPath("art-of-kid", "t1", "file", "v1"), 404},
		{"GET", path + "/more", 404},
		{"GET", "/media/art-of-kid/art/", 404},
		{"POST", path, 404},
		{"GET", api.ArtPath("art-of-kid", "broken", api.Still, "v1"), 500},
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

func TestPicturesAreGivenAndTaken(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{setUp: true}
	h := newAPI(t, fake, nil).Handler()
	path := "/api/v1/titles/t1/pictures/"
	large := strings.Repeat("x", 3<<20) // more than other operations take
	for _, c := range []struct {
		method, kind, body string
		want               int
	}{
		{"PUT", "poster", large, 200}, {"PUT", "still", "x", 422}, {"PUT", "poster", strings.Repeat(large, 7), 413},
		{"DELETE", "logo", "", 200}, {"DELETE", "frame", "", 422},
	} {
		if res := ask(h, c.method, path+c.kind, c.body, boss, "Content-Type: image/png"); res.StatusCode != c.want {
			t.Errorf("%s %s: %d %s, want %d", c.method, c.kind, res.StatusCode, text(t, res), c.want)
		}
	}
	if diff := cmp.Diff([]string{"picture poster of t1: " + large, "no picture logo of t1"}, fake.calls); diff != "" {
		t.Errorf("(-want +got):\n%.500s", diff)
	}
}
