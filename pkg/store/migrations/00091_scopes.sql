-- Which part of the library an account may see, and the collections and channels that titles stand in. A title is within the
-- roots that its files lie in and within the channels that hold it, and what it is part of shares that: see library_scopes.go.
-- +goose Up
CREATE TABLE title_scopes (
    scope_id {{id}} NOT NULL,                   -- a root or a channel
    title_id {{id}} NOT NULL,
    kind     {{id}} NOT NULL,                   -- root, channel
    PRIMARY KEY (scope_id, title_id)
);
CREATE INDEX title_scopes_by_title ON title_scopes (title_id, kind, scope_id);

CREATE TABLE account_scopes (
    account_id {{id}} NOT NULL,
    kind       {{id}} NOT NULL,                 -- root, channel
    scope_id   {{id}} NOT NULL,                 -- one that is gone lets nothing in
    PRIMARY KEY (account_id, kind, scope_id)
);
ALTER TABLE accounts ADD COLUMN limit_roots {{bool}} NOT NULL DEFAULT 0;    -- it sees its roots of account_scopes, and no others
ALTER TABLE accounts ADD COLUMN limit_channels {{bool}} NOT NULL DEFAULT 0; -- likewise its channels
ALTER TABLE accounts ADD COLUMN reach_edition {{int}} NOT NULL DEFAULT 0;   -- how often that was changed

CREATE TABLE collections (
    id       {{id}} NOT NULL PRIMARY KEY,
    kind     {{id}} NOT NULL,                   -- collection, channel
    name     {{text}} NOT NULL,
    name_key {{text}} NOT NULL,                 -- folded: unique in its kind
    overview {{longtext}} NOT NULL,
    logo     {{longtext}} NOT NULL,             -- blob key of a PNG, '' = none
    how      {{id}} NOT NULL,                   -- hand, folder, rule, set
    rule     {{longtext}} NOT NULL,             -- JSON of library.Rule
    place    {{int}} NOT NULL,                  -- among those of its kind
    added_ms {{ms}} NOT NULL,
    UNIQUE (kind, name_key)
);
CREATE INDEX collections_by_place ON collections (kind, place, name_key);

CREATE TABLE collection_titles (
    collection_id {{id}} NOT NULL,
    title_id      {{id}} NOT NULL,              -- a movie or series
    place         {{int}} NOT NULL,
    by_rule       {{bool}} NOT NULL,            -- 0 = a person put it there, and no rule takes it away
    added_ms      {{ms}} NOT NULL,
    PRIMARY KEY (collection_id, title_id)
);
CREATE INDEX collection_titles_by_place ON collection_titles (collection_id, place, title_id);
CREATE INDEX collection_titles_by_title ON collection_titles (title_id, collection_id);

INSERT INTO title_scopes (scope_id, title_id, kind)
SELECT DISTINCT f.root_id, f.title_id, 'root' FROM files f
WHERE f.title_id IS NOT NULL AND f.state IN ('present', 'unreachable');
INSERT INTO title_scopes (scope_id, title_id, kind)
SELECT DISTINCT s.scope_id, t.parent_id, 'root' FROM titles t JOIN title_scopes s ON s.title_id = t.id WHERE t.kind = 'episode' AND t.parent_id IS NOT NULL;
INSERT INTO title_scopes (scope_id, title_id, kind)
SELECT DISTINCT s.scope_id, t.parent_id, 'root' FROM titles t JOIN title_scopes s ON s.title_id = t.id WHERE t.kind = 'season' AND t.parent_id IS NOT NULL;
