package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"

	"movify/library"
	"movify/pkg/id"
)

// The roots and channels in an account's list. The arguments: the account twice, or "" twice when it has no list. A
// title's ID and two brackets follow.
const (
	inRoots = ` AND (? = '' OR EXISTS (SELECT 1 FROM account_scopes y JOIN title_scopes x ON x.scope_id = y.scope_id
    WHERE y.account_id = ? AND y.kind = 'root' AND x.title_id = `
	inChannels = ` AND (? = '' OR EXISTS (SELECT 1 FROM account_scopes y JOIN title_scopes x ON x.scope_id = y.scope_id
    WHERE y.account_id = ? AND y.kind = 'channel' AND x.title_id = `
)

// visible keeps the titles t that an audience may see; its arguments are those of audience. Every statement that reads
// titles for a viewer has it: a test reads them all.
const visible = `t.min_age <= ? AND t.unrated <= ?` + inRoots + `t.id))` + inChannels + `t.id))`

// visibleLead is visible for titles l.
const visibleLead = `l.min_age <= ? AND l.unrated <= ?` + inRoots + `l.id))` + inChannels + `l.id))`

// within keeps the files f that an audience may see of titles that it may see; its arguments are those of withinRoots.
const within = `(? = '' OR EXISTS (SELECT 1 FROM account_scopes y
    WHERE y.account_id = ? AND y.kind = 'root' AND y.scope_id = f.root_id))`

// audience gives the arguments of visible.
func audience(a library.Audience) []any {
	limit := int64(a.MaxAge)
	if a.MaxAge == library.NoLimit {
		limit = 1 << 30
	}
	unrated := 0
	if a.Unrated {
		unrated = 1
	}
	channels := listOf(a.Account, a.LimitChannels)
	return append(append([]any{limit, unrated}, withinRoots(a)...), channels, channels)
}

// withinRoots gives the arguments of within.
func withinRoots(a library.Audience) []any {
	roots := listOf(a.Account, a.LimitRoots)
	return []any{roots, roots}
}

// listOf is the account whose list limits the audience, "" without a limit. A limit without an account lets no title
// pass.
func listOf(a id.Account, limited bool) id.Account {
	switch {
	case !limited:
		return ""
	case a == "":
		return "nobody"
	}
	return a
}

// seen gives the arguments of cardTables and then of visible.
func seen(a library.Audience) []any { return append(audience(a), audience(a)...) }

// The ages of a title and of what it is part of.
const selectAges statement = `
SELECT t.age, p.id AS parent, p.age AS parent_age, s.id AS above, s.age AS above_age FROM titles t
LEFT JOIN titles p ON p.id = t.parent_id
LEFT JOIN titles s ON s.id = p.parent_id
WHERE t.id = ?`

const updateLimits statement = `UPDATE titles SET min_age = ?, unrated = ? WHERE id = ?`

const selectPartsOf statement = `SELECT id FROM titles WHERE parent_id = ?`

type agesRow struct {
	Own       sql.NullInt64 `db:"age"`
	Parent    nullID        `db:"parent"`
	ParentAge sql.NullInt64 `db:"parent_age"`
	Above     nullID        `db:"above"`
	AboveAge  sql.NullInt64 `db:"above_age"`
}

// limits returns the highest of the ages, and whether the whole that the title belongs to has none.
func (r agesRow) limits() (minAge int64, unrated bool) {
	whole := r.Own
	switch {
	case r.Above.Valid:
		whole = r.AboveAge
	case r.Parent.Valid:
		whole = r.ParentAge
	}
	return max(0, r.Own.Int64, r.ParentAge.Int64, r.AboveAge.Int64), !whole.Valid
}

// limit works out who may see a title and all that is part of it.
func limit(ctx context.Context, tx *sqlx.Tx, t id.Title) error {
	var ages agesRow
	if err := tx.GetContext(ctx, &ages, string(selectAges), t); err != nil {
		return fmt.Errorf("read the ages of title %s: %w", t, noRowsAs(err, library.ErrTitleNotFound))
	}
	minAge, unrated := ages.limits()
	if _, err := tx.ExecContext(ctx, string(updateLimits), minAge, unrated, t); err != nil {
		return fmt.Errorf("keep who may see title %s: %w", t, err)
	}
	var parts []id.Title
	if err := tx.SelectContext(ctx, &parts, string(selectPartsOf), t); err != nil {
		return fmt.Errorf("list the parts of title %s: %w", t, err)
	}
	for _, part := range parts {
		if err := limit(ctx, tx, part); err != nil {
			return err
		}
	}
	return nil
}
