package store

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNothingIsLeftOfAForgottenTitle finds each table with a column of titles or files. It must keep its titles from
// being forgotten, or be deleted with them; a new table that does neither fails here.
func TestNothingIsLeftOfAForgottenTitle(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	staying := map[string]string{
		"history": "what a person watched may name a file that is gone", "progress": "likewise", "sessions": "likewise",
		"search_changes": "the search index hears of a title that is gone",
	}
	goes := func(all []statement, table string) bool {
		return slices.ContainsFunc(
			all, func(s statement) bool { return strings.HasPrefix(string(s), "DELETE FROM "+table+" ") },
		)
	}
	var tables []string
	if err := db.read.SelectContext(t.Context(), &tables, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, table := range tables {
		for _, c := range columnsOf(t, db, table) {
			switch c.Name {
			case "title_id":
				found++
				keeps := regexp.MustCompile(`FROM ` + table + ` \w WHERE \w\.title_id = t\.id`).MatchString(string(selectUnmissed))
				if _, ok := staying[table]; !ok && !keeps && !goes(titleDeletes(), table) {
					t.Errorf("%s neither keeps a title from being forgotten nor goes with it", table)
				}
			case "file_id":
				found++
				if _, ok := staying[table]; !ok && !goes(fileDeletes(), table) {
					t.Errorf("%s does not go with its file", table)
				}
			}
		}
	}
	if found < 12 {
		t.Errorf("only %d tables speak of titles and files: the search is broken", found)
	}
}
