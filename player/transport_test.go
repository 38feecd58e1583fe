package player_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player"
)

var transportPlaylists = player.TransportPlaylists{
	Multivariant: func(a media.Asset, _ map[id.Rendition]media.Measure, start id.Rendition) (string, error) {
		return fmt.Sprint("transport ", a.ID, " ", start), nil
	},
	Media: func(_ media.Asset, r media.Rendition, sound id.Rendition) (string, error) {
		return fmt.Sprint("transport ", r.ID, " with ", sound), nil
	},
	Original: func(
		o media.Original, copies []id.Rendition, a media.Asset, m map[id.Rendition]media.Measure,
	) (media.OriginalPlaylist, error) {
		p, err := originalPlaylist(o, copies, a, m)
		p.Text = "transport " + p.Text
		return p, err
	},
	OriginalMedia: func(_ media.Original, _ media.Asset, c media.Copy, sound id.Rendition) (string, error) {
		return fmt.Sprint("transport copy ", c.ID, " with ", sound), nil
	},
	OriginalSound: func(_ media.Original, _ media.Asset, r media.Rendition) (string, error) {
		return fmt.Sprint("transport sound ", r.ID), nil
	},
}

// A player that asks for transport streams gets their playlists. What is no MP4 cannot be put into one, and is refused before
// anything is sent.
func TestTransportStreamsAreAskedFor(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	p := h.startOn(t, browser, "")
	root := base(p)
	for path, want := range map[string]struct {
		status int
		text   string
	}{
		"multivariant.m3u8?container=ts":                    {200, "transport asset "},
		"multivariant.m3u8?container=mp4":                   {200, "multivariant asset "},
		"v1/media.m3u8?container=ts&sound=a1":               {200, "transport v1 with a1"},
		"original/multivariant.m3u8?copies=a2&container=ts": {200, "transport original asset [a2]"},
		"original/v0/media.m3u8?container=ts&sound=a2":      {200, "transport copy v0 with a2"},
		"original/a1/media.m3u8?container=ts":               {200, "transport sound a1"},
		"v1/00007.ts":                                       {422, "MPEG-TS"},
		"v1/00007.ts?sound=a1":                              {422, "MPEG-TS"},
		"v1/00007.ts?sound=v1":                              {404, "nothing here"},
		"v1/00007.ts?sound=a9":                              {404, "nothing here"},
		"v1/99999.ts":                                       {404, "nothing here"},
		"original/v0/00001.ts?sound=a2":                     {422, "MPEG-TS"},
		"original/v0/00001.ts?sound=a1":                     {404, "nothing here"},
		"original/v0/00002.ts":                              {404, "nothing here"},
		"original/a1/00007.ts":                              {422, "MPEG-TS"},
	} {
		r := get(t, h.Service, http.MethodGet, root+path)
		text := body(t, r)
		if r.StatusCode != want.status || !strings.Contains(text, want.text) {
			t.Errorf("%s: %d %q, want %d %q", path, r.StatusCode, text, want.status, want.text)
		}
		if r.StatusCode != http.StatusOK && r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept", path)
		}
	}
}
