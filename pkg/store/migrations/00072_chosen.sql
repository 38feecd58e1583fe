-- When a profile was chosen on a sign-in.
-- +goose Up
ALTER TABLE sign_ins ADD COLUMN chosen_ms {{ms}} NOT NULL DEFAULT 0;            -- 0 = never: it has the account's default
CREATE INDEX sign_ins_by_choice ON sign_ins (chosen_ms);
