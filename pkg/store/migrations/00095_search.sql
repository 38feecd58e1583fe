-- What the search index has not heard of yet: it is written with what changed, and taken out once the index holds it.
-- +goose Up
CREATE TABLE search_changes (
    title_id {{id}} NOT NULL PRIMARY KEY,
    parts    {{bool}} NOT NULL,                 -- all that is part of it changed too: its name is one of theirs
    turn     {{int}} NOT NULL                   -- counts: what changed again meanwhile stays
);

-- One row. The index keeps the same mark: another one there means that it was fed from another state of this database.
CREATE TABLE search_feed (
    id   {{int}} NOT NULL PRIMARY KEY,          -- 1
    mark {{id}} NOT NULL
);
INSERT INTO search_feed (id, mark) VALUES (1, '');
