package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
)

const updateShown statement = `
UPDATE titles SET name = ?, sort_key = ?, search_key = ?, year = ?, overview = ?, evidence = ?, original_name = ?, tagline = ?,
       released = ?, certification = ?, age = ?, rating_x10 = ?, votes = ?, genres = ?, edited = ?,
       airs_season = ?, airs_before = ?
WHERE id = ?`

const (
	selectLabel  statement = `SELECT id FROM labels WHERE kind = ? AND label_key = ?`
	insertLabel  statement = `INSERT INTO labels (id, kind, name, label_key) VALUES (?, ?, ?, ?)`
	selectPerson statement = `SELECT id, picture FROM people WHERE person_key = ?`
	insertPerson statement = `INSERT INTO people (id, name, person_key, picture) VALUES (?, ?, ?, ?)`
	updatePerson statement = `UPDATE people SET picture = ? WHERE id = ?`

	deleteTitleLabels statement = `DELETE FROM title_labels WHERE title_id = ?`
	insertTitleLabel  statement = `INSERT INTO title_labels (label_id, title_id, place) VALUES (?, ?, ?)`
	deleteCredits     statement = `DELETE FROM credits WHERE title_id = ?`
	insertCredit      statement = `INSERT INTO credits (title_id, place, person_id, kind, role) VALUES (?, ?, ?, ?, ?)`
	deleteTitleNames  statement = `DELETE FROM title_names WHERE title_id = ?`
	insertTitleName   statement = `INSERT INTO title_names (title_id, place, name, name_key, language) VALUES (?, ?, ?, ?, ?)`
	deleteTitleIDs    statement = `DELETE FROM title_ids WHERE title_id = ?`
	insertTitleID     statement = `INSERT INTO title_ids (provider, value, title_id) VALUES (?, ?, ?)`
)

// The kinds of label.
const (
	labelGenre   = "genre"
	labelStudio  = "studio"
	labelCountry = "country"
	labelTag     = "tag"
)

// saveShown replaces the merged description of a title.
func saveShown(ctx context.Context, p preparedTx, s library.Resolved) error {
	f := s.Facts
	evidence, err := jsonText(s.Evidence)
	if err != nil {
		return err
	}
	genres := ""
	if len(f.Genres) > 0 {
		if genres, err = jsonText(f.Genres[:min(library.CardGenres, len(f.Genres))]); err != nil {
			return err
		}
	}
	filed := f.SortName
	if filed == "" {
		filed = f.Name
	}
	rating, votes := library.BestRating(f.Ratings)
	airsSeason, airsBefore := f.Airs.Before()
	done, err := changed(p.run(ctx, updateShown, f.Name, naming.SortKey(filed), naming.Fold(f.Name), f.Year, f.Overview,
		evidence, f.OriginalName, f.Tagline, f.Released, f.Certification, f.Age, rating, votes, genres, s.Edited,
		airsSeason, airsBefore, s.Title))
	if err != nil {
		return err
	}
	if !done {
		return library.ErrTitleNotFound
	}
	if err := saveLabels(ctx, p, s.Title, f); err != nil {
		return err
	}
	if err := saveCredits(ctx, p, s.Title, f.Credits); err != nil {
		return err
	}
	return saveNames(ctx, p, s.Title, f)
}

// saveLabels replaces the labels of a title.
func saveLabels(ctx context.Context, p preparedTx, t id.Title, f library.Facts) error {
	if _, err := p.run(ctx, deleteTitleLabels, t); err != nil {
		return err
	}
	for _, kind := range []struct {
		name  string
		words []string
	}{{labelGenre, f.Genres}, {labelStudio, f.Studios}, {labelCountry, f.Countries}, {labelTag, f.Tags}} {
		told := make(map[id.Label]bool)
		for place, word := range kind.words {
			key := naming.Fold(word)
			if key == "" {
				continue
			}
			var label id.Label
			err := p.get(ctx, &label, selectLabel, kind.name, key)
			if errors.Is(err, sql.ErrNoRows) {
				label = id.New[id.Label]()
				_, err = p.run(ctx, insertLabel, label, kind.name, word, key)
			}
			if err != nil {
				return fmt.Errorf("keep the %s %q: %w", kind.name, word, err)
			}
			if told[label] {
				continue
			}
			told[label] = true
			if _, err := p.run(ctx, insertTitleLabel, label, t, place); err != nil {
				return fmt.Errorf("keep the %s %q: %w", kind.name, word, err)
			}
		}
	}
	return nil
}

// saveCredits replaces the credits of a title. A person is identified by name.
func saveCredits(ctx context.Context, p preparedTx, t id.Title, credits []library.Credit) error {
	if _, err := p.run(ctx, deleteCredits, t); err != nil {
		return err
	}
	for place, c := range credits {
		key := naming.Fold(c.Name)
		if key == "" {
			continue
		}
		var person struct {
			ID      id.Person
			Picture string
		}
		err := p.get(ctx, &person, selectPerson, key)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			person.ID = id.New[id.Person]()
			_, err = p.run(ctx, insertPerson, person.ID, c.Name, key, c.Picture)
		case err == nil && person.Picture == "" && c.Picture != "":
			_, err = p.run(ctx, updatePerson, c.Picture, person.ID)
		}
		if err == nil {
			_, err = p.run(ctx, insertCredit, t, place, person.ID, c.Kind, c.Role)
		}
		if err != nil {
			return fmt.Errorf("keep the part of %q: %w", c.Name, err)
		}
	}
	return nil
}

// saveNames replaces the other names of a title and its numbers at providers.
func saveNames(ctx context.Context, p preparedTx, t id.Title, f library.Facts) error {
	if _, err := p.run(ctx, deleteTitleNames, t); err != nil {
		return err
	}
	names := f.OtherNames
	if f.OriginalName != "" {
		names = append([]library.OtherName{{Name: f.OriginalName}}, names...)
	}
	for place, n := range names {
		if _, err := p.run(ctx, insertTitleName, t, place, n.Name, naming.Fold(n.Name), n.Language); err != nil {
			return fmt.Errorf("keep the name %q: %w", n.Name, err)
		}
	}
	if _, err := p.run(ctx, deleteTitleIDs, t); err != nil {
		return err
	}
	for provider, value := range f.IDs {
		if _, err := p.run(ctx, insertTitleID, provider, value, t); err != nil {
			return fmt.Errorf("keep the ID at %s: %w", provider, err)
		}
	}
	return nil
}
