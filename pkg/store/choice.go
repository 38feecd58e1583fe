package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/auth"
	"movify/pkg/id"
)

const (
	updateChoice  statement = `UPDATE sign_ins SET profile_id = ?, chosen_ms = ? WHERE id = ? AND ended_ms = 0`
	clearChoice   statement = `UPDATE sign_ins SET chosen_ms = 0 WHERE id = ? AND chosen_ms > 0`
	selectChosen  statement = `SELECT chosen_ms FROM sign_ins WHERE id = ?`
	selectChoices statement = `SELECT id, profile_id FROM sign_ins WHERE chosen_ms >= ? AND chosen_ms > 0 AND ended_ms = 0`
)

// ChooseProfile gives a sign-in that has not ended a profile.
func (a Auth) ChooseProfile(
	ctx context.Context, x id.SignIn, p id.Profile, at time.Time,
) (s auth.SignIn, before id.Profile, ok bool, err error) {
	err = a.db.write(ctx, func(tx *sqlx.Tx) error {
		var r signInRow
		if err := tx.GetContext(ctx, &r, string(selectSignIn), x); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("read sign-in: %w", err)
		}
		before = r.Profile
		if ok, err = changed(tx.ExecContext(ctx, string(updateChoice), p, milliseconds(at), x)); err != nil || !ok {
			return err
		}
		s = r.value()
		s.Profile = p
		return nil
	})
	return s, before, ok, err
}

// Unchoose keeps the profile of a sign-in and forgets that it was chosen.
func (a Auth) Unchoose(ctx context.Context, x id.SignIn) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, string(clearChoice), x)
		return err
	})
}

// Chosen reports whether a profile was chosen on a sign-in.
func (a Auth) Chosen(ctx context.Context, x id.SignIn) (bool, error) {
	var at int64
	err := a.db.read.GetContext(ctx, &at, string(selectChosen), x)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return at > 0, err
}

// ChosenSince gives the profiles of the sign-ins that chose one at a time or later.
func (a Auth) ChosenSince(ctx context.Context, at time.Time) (map[id.SignIn]id.Profile, error) {
	var rows []struct {
		ID      id.SignIn  `db:"id"`
		Profile id.Profile `db:"profile_id"`
	}
	if err := a.db.read.SelectContext(ctx, &rows, string(selectChoices), milliseconds(at)); err != nil {
		return nil, fmt.Errorf("list choices: %w", err)
	}
	out := make(map[id.SignIn]id.Profile, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Profile
	}
	return out, nil
}
