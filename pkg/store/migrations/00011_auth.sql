-- Sign-ins, the throttle in front of them, and the keys that sign tokens.
-- +goose Up
CREATE TABLE sign_ins (
    id         {{id}} NOT NULL PRIMARY KEY,
    account_id {{id}} NOT NULL REFERENCES accounts (id),
    profile_id {{id}} NOT NULL,
    address    {{text}} NOT NULL,
    agent      {{text}} NOT NULL,
    remember   {{bool}} NOT NULL,
    created_ms {{ms}} NOT NULL,
    seen_ms    {{ms}} NOT NULL,
    expires_ms {{ms}} NOT NULL,
    ended_ms   {{ms}} NOT NULL                  -- 0 = it may go on
);
CREATE INDEX sign_ins_by_account ON sign_ins (account_id, seen_ms);
CREATE INDEX sign_ins_by_end ON sign_ins (ended_ms);

CREATE TABLE refresh_tokens (
    hash       {{id}} NOT NULL PRIMARY KEY,     -- hex SHA-256 of the token
    sign_in_id {{id}} NOT NULL REFERENCES sign_ins (id),
    issued_ms  {{ms}} NOT NULL,
    used_ms    {{ms}} NOT NULL                  -- 0 = it may be used
);
CREATE INDEX refresh_tokens_by_sign_in ON refresh_tokens (sign_in_id);

CREATE TABLE sign_in_attempts (
    attempt_key {{id}} NOT NULL PRIMARY KEY,    -- a hash of who tries
    failures    {{int}} NOT NULL,
    last_ms     {{ms}} NOT NULL,
    until_ms    {{ms}} NOT NULL
);

CREATE TABLE signing_keys (
    id         {{int}} NOT NULL PRIMARY KEY,
    purpose    {{id}} NOT NULL,
    secret     {{blob}} NOT NULL,
    created_ms {{ms}} NOT NULL
);
