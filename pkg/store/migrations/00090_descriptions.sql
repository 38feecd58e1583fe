-- What is known of a title, and who says so. descriptions are the truth, one row for each source; what stands in titles and
-- in the tables below follows from them (library.Merge) and is what walls, searches and filters read.
-- +goose Up
CREATE TABLE descriptions (
    title_id {{id}} NOT NULL,
    source   {{id}} NOT NULL,                   -- name, tags, provider, nfo, owner
    mark     {{longtext}} NOT NULL,             -- which state of the source was read; escaped like a path
    facts    {{longtext}} NOT NULL,             -- JSON of library.Facts
    evidence {{longtext}} NOT NULL,             -- JSON: field -> where in the source it was read; '' = the source is enough
    notes    {{longtext}} NOT NULL,             -- JSON list: what was odd about the source, in plain words; '' = nothing
    at_ms    {{ms}} NOT NULL,
    PRIMARY KEY (title_id, source)
);

ALTER TABLE titles ADD COLUMN original_name {{text}} NOT NULL DEFAULT '';
ALTER TABLE titles ADD COLUMN tagline {{longtext}} NOT NULL DEFAULT '';
ALTER TABLE titles ADD COLUMN released {{id}} NOT NULL DEFAULT '';       -- YYYY-MM-DD, '' = unknown
ALTER TABLE titles ADD COLUMN certification {{text}} NOT NULL DEFAULT '';
ALTER TABLE titles ADD COLUMN rating_x10 {{int}} NOT NULL DEFAULT 0;     -- the rating of most votes, in tenths; 0 = none
ALTER TABLE titles ADD COLUMN votes {{int}} NOT NULL DEFAULT 0;          -- of that rating
ALTER TABLE titles ADD COLUMN genres {{longtext}} NOT NULL DEFAULT '';   -- JSON list: the first three, for cards; '' = none
ALTER TABLE titles ADD COLUMN extra {{id}} NOT NULL DEFAULT '';          -- what an extra is
ALTER TABLE titles ADD COLUMN edited {{bool}} NOT NULL DEFAULT 0;        -- the owner says something of it
ALTER TABLE titles ADD COLUMN matched {{id}} NOT NULL DEFAULT '';        -- id, name, little, checked; '' = not known
ALTER TABLE titles ADD COLUMN duration_ms {{ms}} NOT NULL DEFAULT 0;     -- of the file that stands for it, all parts
CREATE INDEX titles_by_matched ON titles (matched, kind, added_ms);

ALTER TABLE files ADD COLUMN edition {{text}} NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN part {{int}} NOT NULL DEFAULT 0;            -- of a film in several files; 0 = it is whole
ALTER TABLE files ADD COLUMN flags {{text}} NOT NULL DEFAULT '';         -- "3d-sbs,hdr"
ALTER TABLE files ADD COLUMN pinned {{bool}} NOT NULL DEFAULT 0;         -- a person said which title it is
ALTER TABLE files ADD COLUMN home {{id}} NOT NULL DEFAULT '';            -- stands for the folder of its work; '' = it has none
CREATE INDEX files_by_home ON files (home);

-- There may be thousands of files of one content, and a scan asks for a few of them, for those that are gone first.
DROP INDEX files_by_fingerprint;
CREATE INDEX files_by_content ON files (fingerprint, state, id);

CREATE TABLE labels (
    id        {{id}} NOT NULL PRIMARY KEY,
    kind      {{id}} NOT NULL,                  -- genre, studio, country, tag
    name      {{text}} NOT NULL,
    label_key {{text}} NOT NULL,                -- two spellings of one word are one
    UNIQUE (kind, label_key)
);
CREATE TABLE title_labels (
    label_id {{id}} NOT NULL,
    title_id {{id}} NOT NULL,
    place    {{int}} NOT NULL,                  -- among those of its kind, as the source has them
    PRIMARY KEY (label_id, title_id)
);
CREATE INDEX title_labels_by_title ON title_labels (title_id, place);

CREATE TABLE people (
    id         {{id}} NOT NULL PRIMARY KEY,
    name       {{text}} NOT NULL,
    person_key {{text}} NOT NULL UNIQUE,
    picture    {{longtext}} NOT NULL            -- where a source says that a portrait is, '' = nowhere
);
CREATE TABLE credits (
    title_id  {{id}} NOT NULL,
    place     {{int}} NOT NULL,
    person_id {{id}} NOT NULL,
    kind      {{id}} NOT NULL,
    role      {{longtext}} NOT NULL,
    PRIMARY KEY (title_id, place)
);
CREATE INDEX credits_by_person ON credits (person_id, title_id);

CREATE TABLE title_names (
    title_id {{id}} NOT NULL,
    place    {{int}} NOT NULL,
    name     {{text}} NOT NULL,
    name_key {{text}} NOT NULL,
    language {{id}} NOT NULL,
    PRIMARY KEY (title_id, place)
);

CREATE TABLE title_ids (
    provider {{id}} NOT NULL,                   -- imdb, tmdb, tvdb
    value    {{id}} NOT NULL,
    title_id {{id}} NOT NULL,
    PRIMARY KEY (provider, value, title_id)
);
CREATE INDEX title_ids_by_title ON title_ids (title_id);

UPDATE titles SET duration_ms = COALESCE((SELECT f.duration_ms FROM files f WHERE f.id = titles.lead_file_id), 0)
WHERE kind IN ('movie', 'episode');

-- What is known so far was read in names, and ages were set by hand.
INSERT INTO descriptions (title_id, source, mark, facts, evidence, notes, at_ms)
SELECT id, 'name', '', JSON_OBJECT('name', name, 'year', year, 'overview', overview), evidence, '', added_ms FROM titles;
INSERT INTO descriptions (title_id, source, mark, facts, evidence, notes, at_ms)
SELECT id, 'owner', '', JSON_OBJECT('age', age), '', '', added_ms FROM titles WHERE age IS NOT NULL;
UPDATE titles SET edited = 1 WHERE age IS NOT NULL;
