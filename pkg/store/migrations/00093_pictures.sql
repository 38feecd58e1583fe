-- The pictures of titles. One row for each source that has a picture of a kind; the strongest is shown, see
-- library.PictureSource. A poster that was kept before this is asked for again at the next scan, because nothing is known
-- of its size: its mark is empty.
-- +goose Up
CREATE TABLE title_art (
    title_id  {{id}} NOT NULL REFERENCES titles (id),
    kind      {{id}} NOT NULL,          -- poster, backdrop, landscape, logo, banner, thumb
    source    {{id}} NOT NULL,          -- upload, file, provider
    blob_key  {{longtext}} NOT NULL,    -- of the original as it is kept; '' = the picture could not be read
    mark      {{longtext}} NOT NULL,    -- which picture it was made of, in which state; escaped like a path
    width     {{int}} NOT NULL DEFAULT 0,
    height    {{int}} NOT NULL DEFAULT 0,
    color     {{id}} NOT NULL,          -- #rrggbb, '' = not known
    thumbhash {{id}} NOT NULL,          -- base64, '' = not known
    PRIMARY KEY (title_id, kind, source)
);
INSERT INTO title_art (title_id, kind, source, blob_key, mark, color, thumbhash)
SELECT id, 'poster', 'file', poster, '', '', '' FROM titles WHERE poster <> '';
ALTER TABLE titles DROP COLUMN poster;
ALTER TABLE titles DROP COLUMN poster_mark;
