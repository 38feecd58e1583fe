-- When the ladders of a folder's files are made, and which ladders a viewer has needed or an administrator has asked for.
-- +goose Up
ALTER TABLE roots ADD COLUMN ladder {{id}} NOT NULL DEFAULT ''; -- always, when_watched, never; '' = as the configuration says

CREATE TABLE wanted_ladders (
    fingerprint {{id}} NOT NULL PRIMARY KEY, -- outlives its files: content that comes back is wanted still
    since_ms    {{ms}} NOT NULL
);
