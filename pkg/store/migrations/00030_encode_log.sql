-- The encode log: one line for each segment that a run has made. Lines are only ever added.
-- +goose Up
CREATE TABLE encode_log (
    id           {{id}} NOT NULL PRIMARY KEY,
    run_id       {{id}} NOT NULL,
    asset_id     {{text}} NOT NULL,
    rendition_id {{id}} NOT NULL,
    segment      {{int}} NOT NULL,
    class        {{id}} NOT NULL,
    bytes        {{int}} NOT NULL,
    sha256       {{id}} NOT NULL,
    duplicate    {{bool}} NOT NULL,
    at_ms        {{ms}} NOT NULL
);
CREATE INDEX encode_log_by_asset ON encode_log (asset_id, rendition_id, segment);
