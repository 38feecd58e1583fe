-- Full probes from before roles, flags and languages of tracks were read: a file is probed again before it is planned, as with a
-- quick probe. The probe is a JSON object that begins with its format.
-- +goose Up
UPDATE files SET probe = '{"quick":true,' || substr(probe, 2)
WHERE probe LIKE '{"format":%' AND probe NOT LIKE '%,"quick":true}';
