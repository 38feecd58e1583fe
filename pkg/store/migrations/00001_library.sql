-- The library: the folders it looks in, the works it knows and the files that hold them.
-- +goose Up
CREATE TABLE roots (
    id         {{id}} NOT NULL PRIMARY KEY,
    path       {{longtext}} NOT NULL,           -- escaped, see library_path.go
    path_hash  {{id}} NOT NULL UNIQUE,
    state      {{id}} NOT NULL,
    added_ms   {{ms}} NOT NULL,
    scanned_ms {{ms}} NOT NULL DEFAULT 0
);

CREATE TABLE titles (
    id           {{id}} NOT NULL PRIMARY KEY,
    kind         {{id}} NOT NULL,
    wall         {{bool}} NOT NULL,             -- movies and series: what a wall may show
    parent_id    {{id}} REFERENCES titles (id),
    identity     {{text}} NOT NULL UNIQUE,      -- what makes two files one title
    name         {{text}} NOT NULL,
    sort_key     {{text}} NOT NULL,
    search_key   {{text}} NOT NULL,
    year         {{int}} NOT NULL DEFAULT 0,    -- 0 = unknown
    season       {{int}} NOT NULL DEFAULT 0,
    episode      {{int}} NOT NULL DEFAULT 0,
    episode_last {{int}} NOT NULL DEFAULT 0,
    overview     {{longtext}} NOT NULL,
    evidence     {{longtext}} NOT NULL,         -- JSON: field -> where it was read
    poster       {{longtext}} NOT NULL,         -- blob key, '' = none
    poster_mark  {{longtext}} NOT NULL,         -- which local picture it was made of
    lead_file_id {{id}},                        -- the file that stands for it; NULL = not shown
    added_ms     {{ms}} NOT NULL
);
CREATE INDEX titles_by_parent ON titles (parent_id, season, episode);
CREATE INDEX titles_by_added ON titles (wall, added_ms, id);
CREATE INDEX titles_by_name ON titles (wall, sort_key, id);
CREATE INDEX titles_by_year ON titles (wall, year, id);

CREATE TABLE files (
    id          {{id}} NOT NULL PRIMARY KEY,
    root_id     {{id}} NOT NULL,                -- outlives the root: a root that comes back finds its files
    title_id    {{id}} REFERENCES titles (id),
    path        {{longtext}} NOT NULL,          -- escaped, see library_path.go
    path_hash   {{id}} NOT NULL UNIQUE,
    size        {{int}} NOT NULL,
    mtime_ns    {{int}} NOT NULL,               -- nanoseconds: a rewrite within one millisecond counts
    fingerprint {{id}} NOT NULL,
    probe       {{longtext}} NOT NULL,          -- JSON of media.Probe, '' = not probed
    duration_ms {{ms}} NOT NULL DEFAULT 0,
    height      {{int}} NOT NULL DEFAULT 0,
    state       {{id}} NOT NULL,
    code        {{id}} NOT NULL,
    reason      {{longtext}} NOT NULL,
    since_ms    {{ms}} NOT NULL,                -- when it came into its state
    art         {{id}} NOT NULL,                -- '' = not tried, 'still' = made, 'none' = could not be made
    color       {{id}} NOT NULL,
    added_ms    {{ms}} NOT NULL
);
CREATE INDEX files_by_root ON files (root_id);
CREATE INDEX files_by_title ON files (title_id);
CREATE INDEX files_by_fingerprint ON files (fingerprint);
CREATE INDEX files_by_state ON files (state, added_ms);
CREATE INDEX files_by_art ON files (art, state, added_ms);
