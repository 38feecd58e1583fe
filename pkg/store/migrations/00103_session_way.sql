-- Which stream a playback began with, and why: after a restart of the server it goes on with it.
-- +goose Up
ALTER TABLE sessions ADD COLUMN way {{text}} NOT NULL DEFAULT '';    -- JSON of player/way.Way; '' = begun before it was stored
ALTER TABLE sessions ADD COLUMN copies {{text}} NOT NULL DEFAULT ''; -- the sounds that its device plays as they are, by commas
