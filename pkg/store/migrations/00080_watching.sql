-- What a profile leaves behind while it watches: visits, marks on titles, searches.
-- +goose Up
ALTER TABLE progress ADD COLUMN cleared_ms {{ms}} NOT NULL DEFAULT 0; -- what is told of that time or before is not kept

CREATE TABLE history (
    profile_id  {{id}} NOT NULL,
    id          {{id}} NOT NULL,
    title_id    {{id}} NOT NULL,
    began_ms    {{ms}} NOT NULL,
    at_ms       {{ms}} NOT NULL,                -- when the player was last there
    position_ms {{ms}} NOT NULL,
    duration_ms {{ms}} NOT NULL,
    watched     {{bool}} NOT NULL,              -- the end was seen
    PRIMARY KEY (profile_id, id)
);
CREATE INDEX history_by_time ON history (profile_id, at_ms, id);
CREATE INDEX history_by_title ON history (profile_id, title_id, at_ms);

CREATE TABLE marks (
    profile_id {{id}} NOT NULL,
    title_id   {{id}} NOT NULL,
    kind       {{id}} NOT NULL,                 -- watched, listed, rating
    value      {{int}} NOT NULL,                -- 0 = taken away: it stays, so that a late word does not bring it back
    at_ms      {{ms}} NOT NULL,
    PRIMARY KEY (profile_id, title_id, kind)
);
CREATE INDEX marks_by_kind ON marks (profile_id, kind, at_ms, title_id);

CREATE TABLE searches (
    profile_id {{id}} NOT NULL,
    words_key  {{text}} NOT NULL,               -- two spellings of one search are one
    id         {{id}} NOT NULL,
    words      {{text}} NOT NULL,
    at_ms      {{ms}} NOT NULL,
    PRIMARY KEY (profile_id, words_key)
);

INSERT INTO history (profile_id, id, title_id, began_ms, at_ms, position_ms, duration_ms, watched)
SELECT profile_id, title_id, title_id, at_ms, at_ms, position_ms, duration_ms,
       CASE WHEN duration_ms > 0 AND position_ms * 100 >= duration_ms * 95 THEN 1 ELSE 0 END
FROM progress;

INSERT INTO marks (profile_id, title_id, kind, value, at_ms)
SELECT profile_id, title_id, 'watched', 1, at_ms FROM progress
WHERE duration_ms > 0 AND position_ms * 100 >= duration_ms * 95;
