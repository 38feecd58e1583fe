-- Who may see a title. min_age and unrated follow from the ages of the title and of what it is part of, see
-- library_visible.go: an audience is compared with them and with nothing else.
-- +goose Up
ALTER TABLE titles ADD COLUMN age {{int}};                         -- years, its own; NULL = none
ALTER TABLE titles ADD COLUMN min_age {{int}} NOT NULL DEFAULT 0;  -- the highest age of it and of what it is part of
ALTER TABLE titles ADD COLUMN unrated {{bool}} NOT NULL DEFAULT 1; -- the movie, or the whole series, has no age
