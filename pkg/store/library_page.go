package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"movify/library"
)

// pageFilter keeps what a page may show. Its arguments: those of visible, kind, kind, pattern.
const pageFilter = ` WHERE t.wall = 1 AND t.lead_file_id IS NOT NULL AND ` + visible + `
  AND (? = '' OR t.kind = ?) AND t.search_key LIKE ? ESCAPE '!'`

const countPage statement = `SELECT COUNT(*) FROM titles t` + pageFilter

// A page is chosen from an index first and joined then: joining all titles to throw most away is what makes walls slow.
const (
	pageOf   = `SELECT ` + cardColumns + cardTables + ` JOIN (SELECT t.id FROM titles t` + pageFilter
	pageDone = ` LIMIT ?) page ON page.id = t.id`
)

// The pages: the arguments of cardTables come first, then the filter's, whether it is the first page, the cursor's key and
// ID, and the limit.
const (
	selectPageByAdded statement = pageOf + ` AND (? = 1 OR (t.added_ms, t.id) < (?, ?)) ORDER BY t.added_ms DESC, t.id DESC` +
		pageDone + ` ORDER BY t.added_ms DESC, t.id DESC`
	selectPageByName statement = pageOf + ` AND (? = 1 OR (t.sort_key, t.id) > (?, ?)) ORDER BY t.sort_key, t.id` +
		pageDone + ` ORDER BY t.sort_key, t.id`
	selectPageByYear statement = pageOf + ` AND (? = 1 OR (t.year, t.id) < (?, ?)) ORDER BY t.year DESC, t.id DESC` +
		pageDone + ` ORDER BY t.year DESC, t.id DESC`
)

// cursor is the place of the last title of a page in its order. The key is Number or Text, as the order has it.
type cursor struct {
	Sort   library.Sort `json:"s"`
	Number int64        `json:"n,omitempty"`
	Text   string       `json:"t,omitempty"`
	ID     string       `json:"i"`
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // strings and a number always have a form
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func parseCursor(s string, sort library.Sort) (c cursor, err error) {
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil || c.Sort != sort || c.ID == "" {
		return cursor{}, library.ErrBadCursor
	}
	return c, nil
}

// Page gives movies and series that are shown to a.
func (l *Library) Page(ctx context.Context, a library.Audience, q library.Query) (library.Page, error) {
	first := q.Cursor == ""
	var at cursor
	if !first {
		var err error
		if at, err = parseCursor(q.Cursor, q.Sort); err != nil {
			return library.Page{}, err
		}
	}
	pattern := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(q.Text) + "%"
	args := append(audience(a), q.Kind, q.Kind, pattern)
	var page library.Page
	if err := l.db.read.GetContext(ctx, &page.Total, string(countPage), args...); err != nil {
		return library.Page{}, fmt.Errorf("count titles: %w", err)
	}
	query, key := selectPageByAdded, any(at.Number)
	switch q.Sort {
	case library.SortName:
		query, key = selectPageByName, at.Text
	case library.SortYear:
		query = selectPageByYear
	}
	// One more than asked for tells whether there is a next page.
	var rows []cardRow
	if err := l.db.read.SelectContext(ctx, &rows, string(query), append(append(audience(a), args...), first, key, at.ID, q.Limit+1)...); err != nil {
		return library.Page{}, fmt.Errorf("read a page of titles: %w", err)
	}
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		last := rows[len(rows)-1]
		next := cursor{Sort: q.Sort, ID: string(last.ID)}
		switch q.Sort {
		case library.SortName:
			next.Text = last.SortKey
		case library.SortYear:
			next.Number = int64(last.Year)
		default:
			next.Number = last.AddedMS
		}
		page.Next = next.String()
	}
	var err error
	page.Cards, err = convert(rows, cardRow.card)
	return page, err
}
