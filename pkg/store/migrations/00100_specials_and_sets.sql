-- Where specials air among the other seasons, and which collection was made for a set.
-- +goose Up
ALTER TABLE titles ADD COLUMN airs_season {{int}} NOT NULL DEFAULT 0;   -- of a special, 0 = it has no place
ALTER TABLE titles ADD COLUMN airs_before {{int}} NOT NULL DEFAULT 0;   -- the episode of that season it precedes; above all numbers = after the season

-- Places were not read before: the files that describe specials are read again, as files that have changed.
UPDATE descriptions SET mark = CONCAT('0', mark)
WHERE source = 'nfo' AND mark <> '' AND title_id IN (SELECT id FROM titles WHERE kind = 'episode' AND season = 0);

CREATE TABLE set_collections (
    set_key       {{text}} NOT NULL PRIMARY KEY, -- the name of the set, folded
    collection_id {{id}} NOT NULL,               -- '' = a person deleted it: none is made again
    automatic     {{bool}} NOT NULL              -- it was made for the set and no person changed it
);
CREATE INDEX set_collections_by_collection ON set_collections (collection_id);
