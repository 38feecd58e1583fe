-- What a profile is besides its name: pictures, limits, a PIN, what it likes to hear and read.
-- +goose Up
ALTER TABLE profiles ADD COLUMN name_key {{text}} NOT NULL DEFAULT '';          -- the name folded: unique in an account
ALTER TABLE profiles ADD COLUMN avatar {{id}} NOT NULL DEFAULT '';              -- of the built-in ones
ALTER TABLE profiles ADD COLUMN picture {{text}} NOT NULL DEFAULT '';           -- blob key of an uploaded one
ALTER TABLE profiles ADD COLUMN kids {{bool}} NOT NULL DEFAULT 0;
ALTER TABLE profiles ADD COLUMN max_age {{int}} NOT NULL DEFAULT -1;            -- years; -1 = no limit
ALTER TABLE profiles ADD COLUMN unrated {{bool}} NOT NULL DEFAULT 1;
ALTER TABLE profiles ADD COLUMN pin_hash {{text}} NOT NULL DEFAULT '';          -- PHC string
ALTER TABLE profiles ADD COLUMN language {{id}} NOT NULL DEFAULT '';            -- BCP 47
ALTER TABLE profiles ADD COLUMN audio_language {{id}} NOT NULL DEFAULT '';
ALTER TABLE profiles ADD COLUMN subtitle_language {{id}} NOT NULL DEFAULT '';
ALTER TABLE profiles ADD COLUMN autoplay_next {{bool}} NOT NULL DEFAULT 1;
UPDATE profiles SET name_key = LOWER(name);
CREATE UNIQUE INDEX profiles_by_name ON profiles (account_id, name_key);

ALTER TABLE accounts ADD COLUMN always_ask {{bool}} NOT NULL DEFAULT 0;         -- who is watching, at every start

CREATE TABLE profile_tries (
    try_key  {{id}} NOT NULL PRIMARY KEY,       -- of what: a profile's PIN, the way out of a kids profile
    failures {{int}} NOT NULL,
    question {{int}} NOT NULL,                  -- what was asked, 0 = nothing
    last_ms  {{ms}} NOT NULL,
    until_ms {{ms}} NOT NULL
);
