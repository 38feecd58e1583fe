-- With which version of the naming rules the names of a root's files were read. 0 makes the next scan read all of them again.
-- +goose Up
ALTER TABLE roots ADD COLUMN naming_rules {{int}} NOT NULL DEFAULT 0;
