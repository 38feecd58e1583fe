-- Devices: what kind each sign-in is, televisions that wait for a person's word, keys for programs, and the security log.
-- +goose Up
ALTER TABLE sign_ins ADD COLUMN kind {{id}} NOT NULL DEFAULT 'browser';

CREATE TABLE pairings (
    device_hash  {{id}} NOT NULL PRIMARY KEY,   -- hex SHA-256 of the device code
    user_hash    {{id}} NOT NULL UNIQUE,        -- hex SHA-256 of the user code
    client       {{text}} NOT NULL,
    address      {{text}} NOT NULL,
    agent        {{text}} NOT NULL,
    created_ms   {{ms}} NOT NULL,
    expires_ms   {{ms}} NOT NULL,
    polled_ms    {{ms}} NOT NULL,               -- 0 = never
    interval_ms  {{ms}} NOT NULL,               -- between two polls
    account_id   {{id}} NOT NULL,               -- '' until somebody approves
    verdict      {{id}} NOT NULL                -- '', approved, denied, used
);
CREATE INDEX pairings_by_expiry ON pairings (expires_ms);

CREATE TABLE api_keys (
    id         {{id}} NOT NULL PRIMARY KEY,
    account_id {{id}} NOT NULL REFERENCES accounts (id),
    name       {{text}} NOT NULL,
    hash       {{id}} NOT NULL UNIQUE,          -- hex SHA-256 of the key
    hint       {{id}} NOT NULL,                 -- its first characters, for people
    scopes     {{text}} NOT NULL,               -- words with a space between
    created_ms {{ms}} NOT NULL,
    used_ms    {{ms}} NOT NULL,                 -- 0 = never
    ended_ms   {{ms}} NOT NULL                  -- 0 = it works
);
CREATE INDEX api_keys_by_account ON api_keys (account_id, created_ms);

CREATE TABLE security_log (
    id         {{id}} NOT NULL PRIMARY KEY,     -- sorts by time
    at_ms      {{ms}} NOT NULL,
    kind       {{id}} NOT NULL,
    account_id {{id}} NOT NULL,                 -- '' when nobody is known
    address    {{text}} NOT NULL,
    detail     {{text}} NOT NULL
);
CREATE INDEX security_log_by_account ON security_log (account_id, id);
CREATE INDEX security_log_by_time ON security_log (at_ms);
