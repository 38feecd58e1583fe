package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"movify/pkg/account"
	"movify/pkg/id"
)

const (
	profileColumns = `id, account_id, name, color, avatar, picture, kids, max_age, unrated,
		CASE WHEN pin_hash = '' THEN 0 ELSE 1 END AS has_pin, language, audio_language, subtitle_language, autoplay_next,
		is_default, created_ms,
		(SELECT a.limit_roots FROM accounts a WHERE a.id = profiles.account_id) AS limit_roots,
		(SELECT a.limit_channels FROM accounts a WHERE a.id = profiles.account_id) AS limit_channels,
		(SELECT a.reach_edition FROM accounts a WHERE a.id = profiles.account_id) AS reach_edition`
	selectProfile  statement = `SELECT ` + profileColumns + ` FROM profiles WHERE id = ?`
	selectProfiles statement = `SELECT ` + profileColumns + ` FROM profiles WHERE account_id = ?
		ORDER BY is_default DESC, created_ms, id`
	insertProfile statement = `INSERT INTO profiles (account_id, name, name_key, color, avatar, picture, kids, max_age, unrated,
		language, audio_language, subtitle_language, autoplay_next, is_default, pin_hash, created_ms, id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	updateProfile statement = `UPDATE profiles SET name = ?, name_key = ?, color = ?, avatar = ?, picture = ?, kids = ?, max_age = ?,
		unrated = ?, language = ?, audio_language = ?, subtitle_language = ?, autoplay_next = ?, is_default = ? WHERE id = ?`
	updatePIN     statement = `UPDATE profiles SET pin_hash = ? WHERE id = ?`
	selectPIN     statement = `SELECT pin_hash FROM profiles WHERE id = ?`
	selectNamed   statement = `SELECT COUNT(*) FROM profiles WHERE account_id = ? AND name_key = ? AND id <> ?`
	clearDefault  statement = `UPDATE profiles SET is_default = 0 WHERE account_id = ? AND id <> ?`
	deleteProfile statement = `DELETE FROM profiles WHERE id = ?`

	releaseSignIns statement = `UPDATE sign_ins SET profile_id = ?, chosen_ms = 0 WHERE profile_id = ?`

	selectAlwaysAsk statement = `SELECT always_ask FROM accounts WHERE id = ?`
	updateAlwaysAsk statement = `UPDATE accounts SET always_ask = ? WHERE id = ?`

	selectTries statement = `SELECT failures, question, last_ms, until_ms FROM profile_tries WHERE try_key = ?`
	upsertTries statement = `INSERT INTO profile_tries (try_key, failures, question, last_ms, until_ms) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (try_key) DO UPDATE SET failures = excluded.failures, question = excluded.question,
			last_ms = excluded.last_ms, until_ms = excluded.until_ms`
	deleteOldTries statement = `DELETE FROM profile_tries WHERE last_ms < ?`
)

type profileRow struct {
	ID               id.Profile `db:"id"`
	Account          id.Account `db:"account_id"`
	Name             string     `db:"name"`
	Color            string     `db:"color"`
	Avatar           string     `db:"avatar"`
	Picture          string     `db:"picture"`
	Kids             bool       `db:"kids"`
	MaxAge           int        `db:"max_age"`
	Unrated          bool       `db:"unrated"`
	HasPIN           bool       `db:"has_pin"`
	Language         string     `db:"language"`
	AudioLanguage    string     `db:"audio_language"`
	SubtitleLanguage string     `db:"subtitle_language"`
	AutoplayNext     bool       `db:"autoplay_next"`
	Default          bool       `db:"is_default"`
	CreatedMS        int64      `db:"created_ms"`
	LimitRoots       bool       `db:"limit_roots"`
	LimitChannels    bool       `db:"limit_channels"`
	Edition          int64      `db:"reach_edition"`
}

func (r profileRow) value() account.Profile {
	return account.Profile{
		ID: r.ID, Account: r.Account, Name: r.Name, Color: r.Color, Avatar: r.Avatar, Picture: r.Picture, Kids: r.Kids,
		MaxAge: r.MaxAge, Unrated: r.Unrated, HasPIN: r.HasPIN, Language: r.Language, AudioLanguage: r.AudioLanguage,
		SubtitleLanguage: r.SubtitleLanguage, AutoplayNext: r.AutoplayNext, Default: r.Default,
		Created:    momentOf(r.CreatedMS),
		LimitRoots: r.LimitRoots, LimitChannels: r.LimitChannels, Edition: r.Edition,
	}
}

type triesRow struct {
	Failures int   `db:"failures"`
	Question int   `db:"question"`
	LastMS   int64 `db:"last_ms"`
	UntilMS  int64 `db:"until_ms"`
}

// Profile gives a profile, or account.ErrNoProfile.
func (a Accounts) Profile(ctx context.Context, x id.Profile) (account.Profile, error) {
	return profile(ctx, a.db.read, x)
}

// Profiles lists the profiles of an account, the default one first.
func (a Accounts) Profiles(ctx context.Context, x id.Account) ([]account.Profile, error) {
	return profiles(ctx, a.db.read, x)
}

func profile(ctx context.Context, q sqlx.QueryerContext, x id.Profile) (account.Profile, error) {
	var r profileRow
	if err := sqlx.GetContext(ctx, q, &r, string(selectProfile), x); err != nil {
		return account.Profile{}, fmt.Errorf("read profile: %w", noRowsAs(err, account.ErrNoProfile))
	}
	return r.value(), nil
}

func profiles(ctx context.Context, q sqlx.QueryerContext, x id.Account) ([]account.Profile, error) {
	var rows []profileRow
	if err := sqlx.SelectContext(ctx, q, &rows, string(selectProfiles), x); err != nil {
		return nil, fmt.Errorf("read profiles: %w", err)
	}
	out := make([]account.Profile, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.value())
	}
	return out, nil
}

// addProfile keeps a new profile as part of tx.
func addProfile(ctx context.Context, tx *sqlx.Tx, p account.Profile, pinHash string) error {
	if _, err := tx.ExecContext(ctx, string(insertProfile), p.Account, p.Name, account.FoldName(p.Name), p.Color,
		p.Avatar, p.Picture, p.Kids, p.MaxAge, p.Unrated, p.Language, p.AudioLanguage, p.SubtitleLanguage, p.AutoplayNext,
		p.Default, pinHash, milliseconds(p.Created), p.ID); err != nil {
		return fmt.Errorf("keep profile: %w", err)
	}
	return nil
}

// AddProfile keeps a new profile of an account that has fewer than limit.
func (a Accounts) AddProfile(ctx context.Context, p account.Profile, pinHash string, limit int) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		all, err := profiles(ctx, tx, p.Account)
		if err != nil {
			return err
		}
		if len(all) >= limit {
			return account.ErrProfileLimit
		}
		if err := nameFree(ctx, tx, p); err != nil {
			return err
		}
		return addProfile(ctx, tx, p, pinHash)
	})
}

// nameFree is account.ErrProfileTaken when another profile of the account has the name.
func nameFree(ctx context.Context, tx *sqlx.Tx, p account.Profile) error {
	var n int
	if err := tx.GetContext(ctx, &n, string(selectNamed), p.Account, account.FoldName(p.Name), p.ID); err != nil {
		return fmt.Errorf("look for a profile of that name: %w", err)
	}
	if n > 0 {
		return account.ErrProfileTaken
	}
	return nil
}

// ChangeProfile reads a profile, calls change and stores the result, in one transaction.
func (a Accounts) ChangeProfile(ctx context.Context, x id.Profile, pinHash *string,
	change func(*account.Profile, []account.Profile) error,
) (p account.Profile, err error) {
	err = a.db.write(ctx, func(tx *sqlx.Tx) error {
		if p, err = profile(ctx, tx, x); err != nil {
			return err
		}
		all, err := profiles(ctx, tx, p.Account)
		if err != nil {
			return err
		}
		if err := change(&p, all); err != nil {
			return err
		}
		if err := nameFree(ctx, tx, p); err != nil {
			return err
		}
		if pinHash != nil {
			p.HasPIN = *pinHash != ""
			if _, err := tx.ExecContext(ctx, string(updatePIN), *pinHash, x); err != nil {
				return fmt.Errorf("change a PIN: %w", err)
			}
		}
		return saveProfile(ctx, tx, p)
	})
	return p, err
}

func saveProfile(ctx context.Context, tx *sqlx.Tx, p account.Profile) error {
	if _, err := tx.ExecContext(ctx, string(updateProfile), p.Name, account.FoldName(p.Name), p.Color,
		p.Avatar, p.Picture, p.Kids, p.MaxAge, p.Unrated, p.Language, p.AudioLanguage, p.SubtitleLanguage, p.AutoplayNext,
		p.Default, p.ID); err != nil {
		return fmt.Errorf("change a profile: %w", err)
	}
	if !p.Default {
		return nil
	}
	if _, err := tx.ExecContext(ctx, string(clearDefault), p.Account, p.ID); err != nil {
		return fmt.Errorf("change the default profile: %w", err)
	}
	return nil
}

// RemoveProfile removes a profile and its history.
func (a Accounts) RemoveProfile(ctx context.Context, x id.Profile, allowed func([]account.Profile) error) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		p, err := profile(ctx, tx, x)
		if err != nil {
			return err
		}
		all, err := profiles(ctx, tx, p.Account)
		if err != nil {
			return err
		}
		if err := allowed(all); err != nil {
			return err
		}
		heir, err := nextDefault(all, x)
		if err != nil {
			return err
		}
		heir.Default = true
		if err := saveProfile(ctx, tx, heir); err != nil {
			return err
		}
		for _, s := range []statement{
			deleteAllProgress, deleteAllVisits, deleteAllMarks, deleteAllSearches, deleteAllSessions, deleteProfile,
		} {
			if _, err := tx.ExecContext(ctx, string(s), x); err != nil {
				return fmt.Errorf("remove a profile: %w", err)
			}
		}
		if _, err := tx.ExecContext(ctx, string(releaseSignIns), heir.ID, x); err != nil {
			return fmt.Errorf("give the sign-ins of a profile to another: %w", err)
		}
		return nil
	})
}

// nextDefault chooses the default profile without x: the present one, else the first that is not for kids, else the
// first.
func nextDefault(all []account.Profile, x id.Profile) (account.Profile, error) {
	left := slices.DeleteFunc(slices.Clone(all), func(p account.Profile) bool { return p.ID == x })
	if len(left) == 0 {
		return account.Profile{}, account.ErrProfileLast
	}
	i := slices.IndexFunc(left, func(p account.Profile) bool { return p.Default })
	if i < 0 {
		i = max(0, slices.IndexFunc(left, func(p account.Profile) bool { return !p.Kids }))
	}
	return left[i], nil
}

// PINHash gives the hash of a profile's PIN.
func (a Accounts) PINHash(ctx context.Context, x id.Profile) (hash string, err error) {
	if err := a.db.read.GetContext(ctx, &hash, string(selectPIN), x); err != nil {
		return "", fmt.Errorf("read a PIN: %w", noRowsAs(err, account.ErrNoProfile))
	}
	return hash, nil
}

// AlwaysAsk reports whether an account asks for the profile at every start.
func (a Accounts) AlwaysAsk(ctx context.Context, x id.Account) (ask bool, err error) {
	if err := a.db.read.GetContext(ctx, &ask, string(selectAlwaysAsk), x); err != nil {
		return false, fmt.Errorf("read an account: %w", noRowsAs(err, account.ErrNoAccount))
	}
	return ask, nil
}

// SetAlwaysAsk changes that.
func (a Accounts) SetAlwaysAsk(ctx context.Context, x id.Account, ask bool) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		done, err := changed(tx.ExecContext(ctx, string(updateAlwaysAsk), ask, x))
		if err == nil && !done {
			err = account.ErrNoAccount
		}
		return err
	})
}

// triesKept is how long a failure is remembered.
const triesKept = 24 * time.Hour

// ChangeTries reads the failures under a key, calls change and stores the result, in one transaction.
func (a Accounts) ChangeTries(ctx context.Context, key string, now time.Time, change func(*account.Tries) error) error {
	return a.db.write(ctx, func(tx *sqlx.Tx) error {
		var r triesRow
		if err := tx.GetContext(ctx, &r, string(selectTries), key); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("read tries: %w", err)
		}
		t := account.Tries{Failures: r.Failures, Question: r.Question, Last: momentOf(r.LastMS), Until: momentOf(r.UntilMS)}
		if err := change(&t); err != nil {
			return err
		}
		if _, err := tx.ExecContext(
			ctx, string(upsertTries), key, t.Failures, t.Question, milliseconds(t.Last), milliseconds(t.Until),
		); err != nil {
			return fmt.Errorf("keep tries: %w", err)
		}
		if _, err := tx.ExecContext(ctx, string(deleteOldTries), milliseconds(now.Add(-triesKept))); err != nil {
			return fmt.Errorf("forget old tries: %w", err)
		}
		return nil
	})
}
