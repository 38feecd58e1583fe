-- Registrations whose letter was not answered yet. None is an account: it holds no address, and several may have the same.
-- +goose Up
CREATE TABLE registrations (
    code_hash       {{id}} NOT NULL PRIMARY KEY,    -- hex SHA-256 of the code in the letter
    email           {{text}} NOT NULL,              -- normalised
    first_name      {{text}} NOT NULL,
    last_name       {{text}} NOT NULL,
    language        {{id}} NOT NULL,
    password_hash   {{longtext}} NOT NULL,          -- PHC string
    invite_hash     {{id}} NOT NULL,                -- of the code of an invitation; '' = none
    consent_version {{text}} NOT NULL,
    consent_ms      {{ms}} NOT NULL,                -- 0 = no consent was asked for
    created_ms      {{ms}} NOT NULL,
    expires_ms      {{ms}} NOT NULL
);
CREATE INDEX registrations_by_email ON registrations (email);
