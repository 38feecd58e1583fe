package api_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLadderOperations(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, target, body string
		status               int
		noted                []string
	}{
		"a setting":         {"PATCH", "/library/roots/r1", `{"transcode":"always"}`, http.StatusOK, []string{"transcode r1 always"}},
		"the default":       {"PATCH", "/library/roots/r1", `{"transcode":null}`, http.StatusOK, []string{"transcode r1 by default"}},
		"no known setting":  {"PATCH", "/library/roots/r1", `{"transcode":"sometimes"}`, http.StatusUnprocessableEntity, nil},
		"another setting":   {"PATCH", "/library/roots/r1", `{"watch":"poll"}`, http.StatusOK, []string{"watch r1 by poll"}},
		"the predictions":   {"GET", "/library/ladders", "", http.StatusOK, nil},
		"ladders of a root": {"POST", "/library/roots/r1/ladders", "", http.StatusAccepted, []string{"ladders of r1"}},
		"ladder of a title": {"POST", "/titles/t1/ladder", "", http.StatusAccepted, []string{"ladder of t1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := &fakeServer{setUp: true}
			a := newAPI(t, fake, nil)
			res := ask(a.Handler(), c.method, "/api/v1"+c.target, c.body, boss)
			if res.StatusCode != c.status {
				t.Fatalf("%s, want %d", res.Status, c.status)
			}
			if diff := cmp.Diff(c.noted, fake.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}
