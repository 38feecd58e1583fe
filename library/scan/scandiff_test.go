package scan

import (
	"testing"

	"movify/library"
)

// TestKnownFilesOfIgnoredNames: only a rule of the owner takes a known film out of the library at once. A name that became
// one of those that scans ignore does not: the film is there, or it is missing like others.
func TestKnownFilesOfIgnoredNames(t *testing.T) {
	t.Parallel()
	known := []library.KnownFile{{ID: "film", Path: "/m/a/Film.mkv", State: library.Present}}
	for _, c := range []struct {
		ignored Ignored
		out     bool
	}{
		{Ignored{"/m/a/Film.mkv", library.ErrPassedBy}, true},
		{Ignored{"/m/a", library.ErrPassedBy}, true},
		{Ignored{"/m/a/Film.mkv", library.ErrSample}, true},
		{Ignored{"/m/a/Film.mkv", library.ErrUnfinished}, false},
		{Ignored{"/m/a", library.ErrSystemName}, false},
		{Ignored{"/m/a", library.ErrHidden}, false},
	} {
		d := compare(known, walkResult{ignored: []Ignored{c.ignored}})
		if (len(d.ignored) == 1) != c.out || (len(d.gone) == 1) == c.out {
			t.Errorf("%v: ignored %v, gone %v", c.ignored, d.ignored, d.gone)
		}
	}
}
