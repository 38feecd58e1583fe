-- Watching: playbacks, and where each profile is in each title.
-- +goose Up
CREATE TABLE sessions (
    id         {{id}} NOT NULL PRIMARY KEY,
    account_id {{id}} NOT NULL,
    profile_id {{id}} NOT NULL,
    sign_in_id {{id}} NOT NULL,
    title_id   {{id}} NOT NULL,
    file_id    {{id}} NOT NULL,
    asset_id   {{text}} NOT NULL,
    started_ms {{ms}} NOT NULL,
    expires_ms {{ms}} NOT NULL,
    ended_ms   {{ms}} NOT NULL                  -- 0 = it may go on
);
CREATE INDEX sessions_by_sign_in ON sessions (sign_in_id, ended_ms);
CREATE INDEX sessions_by_expiry ON sessions (expires_ms);

CREATE TABLE progress (
    profile_id  {{id}} NOT NULL,
    title_id    {{id}} NOT NULL,
    file_id     {{id}} NOT NULL,
    position_ms {{ms}} NOT NULL,
    duration_ms {{ms}} NOT NULL,
    resume_ms   {{ms}} NOT NULL,                -- 0 = hardly begun, or watched
    at_ms       {{ms}} NOT NULL,                -- when the player was there: the later one stays
    PRIMARY KEY (profile_id, title_id)
);
CREATE INDEX progress_by_time ON progress (profile_id, at_ms);
