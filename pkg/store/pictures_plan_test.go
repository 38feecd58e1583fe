package store

import (
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
)

// The pictures of a page are found by the key of their table, however many titles there are.
func TestPicturesAreFoundByTitle(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	query, args, err := sqlx.In(string(selectTitlePictures), []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	var steps []struct {
		ID, Parent, NotUsed int
		Detail              string
	}
	if err := db.writer.SelectContext(t.Context(), &steps, "EXPLAIN QUERY PLAN "+query, args...); err != nil {
		t.Fatal(err)
	}
	if len(steps) != 1 || !strings.HasPrefix(steps[0].Detail, "SEARCH title_art USING INDEX") {
		t.Errorf("the plan is %+v", steps)
	}
}
