-- When it was shown that the person of an account receives letters at its address: only then another sign-in service that
-- vouches for the address may open the account by itself.
-- +goose Up
ALTER TABLE accounts ADD COLUMN email_proven_ms {{ms}} NOT NULL DEFAULT 0;
