package store

import (
	"regexp"
	"strings"
	"testing"
)

// TestListsAreReadByTheirOwnIndex asks SQLite how it answers each statement with a list of titles or files, the list as
// long as that of a scan's transaction: no statement reads all rows of a state or kind to find those of the list. A scan
// of n files would take time in n².
func TestListsAreReadByTheirOwnIndex(t *testing.T) {
	t.Parallel()
	const listed = 64
	db := newDB(t)
	// An index whose first column has a handful of values, and nothing behind it that the statement asks for.
	coarse := regexp.MustCompile(`INDEX \w+ \((state|wall|kind|art|matched)=\?\)$`)
	found := 0
	for name, text := range statements(t) {
		if !strings.Contains(text, " IN (?)") {
			continue
		}
		found++
		text = strings.ReplaceAll(text, " IN (?)", " IN (?"+strings.Repeat(", ?", listed-1)+")")
		args := make([]any, strings.Count(text, "?"))
		for i := range args {
			args[i] = "1"
		}
		var steps []struct {
			ID, Parent, NotUsed int
			Detail              string
		}
		if err := db.writer.SelectContext(t.Context(), &steps, `EXPLAIN QUERY PLAN `+text, args...); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, s := range steps {
			if coarse.MatchString(s.Detail) {
				t.Errorf("%s: %s\n%s", name, s.Detail, text)
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d statements with lists were found", found)
	}
}
