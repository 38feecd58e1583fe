package catalogue

import (
	"strings"
	"testing"

	"movify/library"

	"movify/pkg/id"
)

// Titles exchange positions; titles that were not named, or were added by a rule, keep theirs.
func TestReordered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ now, order, want string }{
		"all":                      {"a b c", "c a b", "c a b"},
		"as it is":                 {"a b c", "a b c", "a b c"},
		"one is not named":         {"a b c d", "d c a", "d b c a"},
		"one is named twice":       {"a b c", "c c a b", "c a b"},
		"one is not in it":         {"a b", "x b a", "b a"},
		"one is there by its rule": {"R a b", "b R a", "b a"},
		"nothing is named":         {"a b", "", "a b"},
		"nothing is in it":         {"", "a", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now []library.Member
			for i, x := range strings.Fields(c.now) {
				now = append(
					now, library.Member{Collection: "c", Title: id.Title(x), Position: 3 * i, ByRule: x == "R", AddedMS: 7},
				)
			}
			var order []id.Title
			for _, x := range strings.Fields(c.order) {
				order = append(order, id.Title(x))
			}
			got := make([]string, len(strings.Fields(strings.ReplaceAll(c.now, "R", ""))))
			place := 0
			for _, m := range now { // those that stand where they stood
				if !m.ByRule {
					if m.Position == place {
						got[place] = string(m.Title)
					}
					place++
				}
			}
			for _, m := range reorderMembers(now, order) {
				if m.ByRule || m.Collection != "c" || m.AddedMS != 7 {
					t.Errorf("changed to %+v", m)
				}
				got[m.Position] = string(m.Title)
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("%q, want %q", text, c.want)
			}
		})
	}
}
