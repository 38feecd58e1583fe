-- People: accounts sign in, profiles watch.
-- +goose Up
CREATE TABLE accounts (
    id            {{id}} NOT NULL PRIMARY KEY,
    email         {{text}} NOT NULL UNIQUE,     -- normalised
    name          {{text}} NOT NULL,
    role          {{id}} NOT NULL,
    owner_slot    {{int}} UNIQUE,               -- 1 for the owner, NULL for everybody else: there is one owner
    password_hash {{longtext}} NOT NULL,        -- PHC string
    created_ms    {{ms}} NOT NULL
);

CREATE TABLE profiles (
    id         {{id}} NOT NULL PRIMARY KEY,
    account_id {{id}} NOT NULL REFERENCES accounts (id),
    name       {{text}} NOT NULL,
    color      {{id}} NOT NULL,
    is_default {{bool}} NOT NULL,
    created_ms {{ms}} NOT NULL
);
CREATE INDEX profiles_by_account ON profiles (account_id, created_ms);
