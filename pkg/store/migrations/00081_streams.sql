-- Who may be told apart among the playbacks of an account, and what ends them.
-- +goose Up
ALTER TABLE sessions ADD COLUMN agent {{text}} NOT NULL DEFAULT '';  -- User-Agent it was begun with, shortened
CREATE INDEX sessions_by_account ON sessions (account_id, ended_ms);
