-- The house that finished things live in: where it is, how to reach it, and what is being done with it.
-- +goose Up
CREATE TABLE storage_settings (
    id        {{int}} NOT NULL PRIMARY KEY,     -- 1: there is one house
    home      {{id}} NOT NULL,
    target    {{id}} NOT NULL,                  -- '' = no move under way
    back      {{bool}} NOT NULL,                -- the move has turned
    left_home {{id}} NOT NULL,                  -- where old copies are still to be removed, '' = nowhere
    s3        {{longtext}} NOT NULL             -- JSON of what the admin page saved, with the secret; '' = nothing
);
INSERT INTO storage_settings (id, home, target, back, left_home, s3) VALUES (1, 'disk', '', 0, '', '');

CREATE TABLE storage_tasks (
    id          {{id}} NOT NULL PRIMARY KEY,
    kind        {{id}} NOT NULL,
    from_home   {{id}} NOT NULL,
    to_home     {{id}} NOT NULL,
    state       {{id}} NOT NULL,
    phase       {{id}} NOT NULL,
    cursor_key  {{longtext}} NOT NULL,          -- the last key that the phase is done with
    done        {{int}} NOT NULL,
    total       {{int}} NOT NULL,
    done_bytes  {{int}} NOT NULL,
    total_bytes {{int}} NOT NULL,
    speed       {{int}} NOT NULL,               -- bytes per second
    created_ms  {{ms}} NOT NULL,
    started_ms  {{ms}} NOT NULL,
    left_ms     {{ms}} NOT NULL,                -- when the home that is tidied was read last
    finished_ms {{ms}} NOT NULL,                -- 0 = not ended
    words       {{longtext}} NOT NULL,          -- why it waits or how it failed
    dry_run     {{bool}} NOT NULL,
    garbage     {{longtext}} NOT NULL,          -- JSON of the first that was found
    cancels     {{int}} NOT NULL                -- wishes to end it
);
CREATE INDEX storage_tasks_by_time ON storage_tasks (created_ms, id);
CREATE INDEX storage_tasks_by_end ON storage_tasks (finished_ms);
