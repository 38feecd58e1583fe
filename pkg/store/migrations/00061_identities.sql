-- Who somebody is at a sign-in service (OpenID Connect). A pair of issuer and subject is one person for ever.
-- +goose Up
CREATE TABLE identities (
    issuer     {{text}} NOT NULL,
    subject    {{text}} NOT NULL,
    account_id {{id}} NOT NULL REFERENCES accounts (id),
    created_ms {{ms}} NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_account ON identities (account_id);
