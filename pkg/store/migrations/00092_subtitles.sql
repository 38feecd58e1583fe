-- The subtitles that stand beside films, as files of their own.
-- +goose Up
CREATE TABLE file_subtitles (
    file_id    {{id}} NOT NULL,
    place      {{int}} NOT NULL,                -- among those of the file
    path       {{longtext}} NOT NULL,           -- escaped, see library_path.go
    mark       {{longtext}} NOT NULL,           -- its state, escaped likewise
    format     {{id}} NOT NULL,                 -- srt, ass, vtt, ...
    language   {{id}} NOT NULL,                 -- BCP 47, '' = not known
    title      {{text}} NOT NULL,
    forced     {{bool}} NOT NULL,
    sdh        {{bool}} NOT NULL,
    is_default {{bool}} NOT NULL,
    PRIMARY KEY (file_id, place)
);
