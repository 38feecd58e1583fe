-- What an account knows of its person and what it may do; the codes that stand for a right: to join, to choose a new
-- password, to take a new address.
-- +goose Up
ALTER TABLE accounts ADD COLUMN first_name {{text}} NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN last_name {{text}} NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN language {{id}} NOT NULL DEFAULT '';         -- BCP 47; '' = never said
ALTER TABLE accounts ADD COLUMN consent_version {{text}} NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN consent_ms {{ms}} NOT NULL DEFAULT 0;        -- 0 = no consent was asked for
ALTER TABLE accounts ADD COLUMN disabled_ms {{ms}} NOT NULL DEFAULT 0;       -- 0 = it may sign in
ALTER TABLE accounts ADD COLUMN streams {{int}} NOT NULL DEFAULT 4;          -- playbacks at once
ALTER TABLE accounts ADD COLUMN profile_limit {{int}} NOT NULL DEFAULT 7;
-- A name of several words is a first name and the rest.
UPDATE accounts SET first_name = substr(name, 1, instr(name || ' ', ' ') - 1), last_name = trim(substr(name, instr(name || ' ', ' ') + 1));
ALTER TABLE accounts DROP COLUMN name;

CREATE TABLE invites (
    id         {{id}} NOT NULL PRIMARY KEY,
    code_hash  {{id}} NOT NULL UNIQUE,          -- hex SHA-256 of the code
    email      {{text}} NOT NULL,               -- whom it is for; '' = whoever holds it
    role       {{id}} NOT NULL,
    made_by    {{id}} NOT NULL,                 -- an account; '' = the operator at the command line
    created_ms {{ms}} NOT NULL,
    expires_ms {{ms}} NOT NULL,
    used_ms    {{ms}} NOT NULL,                 -- 0 = not yet
    used_by    {{id}} NOT NULL
);

CREATE TABLE account_codes (
    code_hash  {{id}} NOT NULL PRIMARY KEY,     -- hex SHA-256 of the code
    purpose    {{id}} NOT NULL,
    account_id {{id}} NOT NULL REFERENCES accounts (id),
    email      {{text}} NOT NULL,               -- the new address, where that is what it is for
    created_ms {{ms}} NOT NULL,
    expires_ms {{ms}} NOT NULL
);
CREATE INDEX account_codes_by_account ON account_codes (account_id, purpose);

-- Sign-ins of deleted accounts, as long as their access tokens may still be shown around.
CREATE TABLE gone_sign_ins (
    id       {{id}} NOT NULL PRIMARY KEY,
    ended_ms {{ms}} NOT NULL
);
