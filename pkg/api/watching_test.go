package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
	"movify/pkg/id"
)

func (f *fakeServer) History(_ context.Context, _ api.Principal, cursor string) (api.HistoryPage, error) {
	return api.HistoryPage{Next: "after " + cursor}, nil
}

func (f *fakeServer) ForgetHistory(_ context.Context, p api.Principal, t id.Title) error {
	f.note(fmt.Sprintf("%s forgets %q", p.Profile, t))
	return nil
}

func (f *fakeServer) MarkWatched(_ context.Context, p api.Principal, t id.Title, watched bool, at time.Time) error {
	if t != "t1" {
		return errNoTitle
	}
	f.note(fmt.Sprintf("%s watched %s %v %v", p.Profile, t, watched, at.IsZero()))
	return nil
}

func (f *fakeServer) List(context.Context, api.Principal, string) (api.ListPage, error) {
	return api.ListPage{}, nil
}

func (f *fakeServer) SetListed(_ context.Context, p api.Principal, t id.Title, listed bool) error {
	if t != "t1" && listed {
		return errNoTitle
	}
	f.note(fmt.Sprintf("%s lists %s %v", p.Profile, t, listed))
	return nil
}

func (f *fakeServer) Rate(_ context.Context, p api.Principal, t id.Title, value int) error {
	if t != "t1" {
		return errNoTitle
	}
	f.note(fmt.Sprintf("%s rates %s %d", p.Profile, t, value))
	return nil
}

func (f *fakeServer) Searches(context.Context, api.Principal) ([]api.Search, error) { return nil, nil }

func (f *fakeServer) NoteSearch(_ context.Context, p api.Principal, words string) error {
	f.note(string(p.Profile) + " looks for " + words)
	return nil
}

func (f *fakeServer) ForgetSearch(_ context.Context, p api.Principal, x string) error {
	f.note(fmt.Sprintf("%s forgets search %q", p.Profile, x))
	return nil
}

func (f *fakeServer) ReportOffline(_ context.Context, p api.Principal, beats []api.Beat) error {
	f.note(fmt.Sprintf("%s beats %v", p.Profile, beats))
	return nil
}

func TestWatching(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{setUp: true}
	h := newAPI(t, fake, nil).Handler()
	for _, c := range []struct {
		method, target, body string
		want                 int
	}{
		{"GET", "/history?cursor=x", "", 200},
		{"DELETE", "/history/t1", "", 204},
		{"DELETE", "/history", "", 204},
		{"PUT", "/titles/t1/watched", "", 204},
		{"PUT", "/titles/t1/watched", `{"atMs":5}`, 204},
		{"PUT", "/titles/t2/watched", "", 404},
		{"DELETE", "/titles/t1/watched", "", 204},
		{"GET", "/list", "", 200},
		{"PUT", "/list/t1", "", 204},
		{"PUT", "/list/t2", "", 404},
		{"DELETE", "/list/t2", "", 204},
		{"PUT", "/titles/t1/rating", `{"value":-1}`, 204},
		{"PUT", "/titles/t1/rating", `{"value":2}`, 422},
		{"PUT", "/titles/t2/rating", `{"value":1}`, 404},
		{"GET", "/searches", "", 200},
		{"POST", "/searches", `{"text":"heat"}`, 204},
		{"POST", "/searches", `{"text":""}`, 422},
		{"POST", "/searches", `{"text":"` + strings.Repeat("x", 101) + `"}`, 422},
		{"DELETE", "/searches/s1", "", 204},
		{"DELETE", "/searches", "", 204},
		{"GET", "/streams", "", 200},
		{"POST", "/streams/s1/stop", "", 204},
		{"GET", "/playbacks", "", 200},
		{"POST", "/playbacks/s2/stop", "", 204},
		{"POST", "/titles/t1/ways", `{}`, 200},
		{"POST", "/titles/t1/ways", `{"device":{"codecs":["avc1.640029"],"ranges":["SDR"],"width":1,"height":1,"engine":"mse"}}`, 200},
		{"POST", "/titles/t2/ways", `{}`, 404},
		{"POST", "/sessions/s1/progress", `{"positionMs":1,"state":"playing","because":"ladder_slow"}`, 204},
		{"POST", "/sessions/s1/progress", `{"positionMs":1,"state":"playing","because":"Ladder slow"}`, 422},
		{"POST", "/progress", `{"items":[{"titleId":"t1","positionMs":1,"atMs":2}]}`, 204},
		{"POST", "/progress", `{"items":[{"titleId":"t1","positionMs":-1,"atMs":2}]}`, 422},
	} {
		res := ask(h, c.method, "/api/v1"+c.target, c.body, boss)
		if body := text(t, res); res.StatusCode != c.want || strings.Contains(body, "null") {
			t.Errorf("%s %s %s: %d, want %d: %s", c.method, c.target, c.body, res.StatusCode, c.want, body)
		}
	}
	want := []string{
		`p-boss forgets "t1"`, `p-boss forgets ""`, "p-boss watched t1 true true", "p-boss watched t1 true false", "p-boss watched t1 false true",
		"p-boss lists t1 true", "p-boss lists t2 false", "p-boss rates t1 -1", "p-boss looks for heat",
		`p-boss forgets search "s1"`, `p-boss forgets search ""`, "a-boss stops s1", "stop playback s2", "p-boss beats [{t1 1 2}]",
	}
	if diff := cmp.Diff(want, fake.calls); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
