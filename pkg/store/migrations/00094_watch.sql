-- How a root is watched, why it is away, and what it lay on; what a scan lost of it and waits for somebody's word.
-- +goose Up
ALTER TABLE roots ADD COLUMN code {{id}} NOT NULL DEFAULT '';            -- why it is unreachable: the fault's code
ALTER TABLE roots ADD COLUMN reason {{longtext}} NOT NULL DEFAULT '';
ALTER TABLE roots ADD COLUMN since_ms {{ms}} NOT NULL DEFAULT 0;         -- when it came into its state
ALTER TABLE roots ADD COLUMN changed_ms {{ms}} NOT NULL DEFAULT 0;       -- when a scan last found a change
ALTER TABLE roots ADD COLUMN cost_ms {{ms}} NOT NULL DEFAULT 0;          -- processor time of the last walk
ALTER TABLE roots ADD COLUMN accepted_ms {{ms}} NOT NULL DEFAULT 0;      -- when somebody last said that losses are real
ALTER TABLE roots ADD COLUMN disk_kind {{id}} NOT NULL DEFAULT '';       -- "ext4", "NFS", … '' = unknown
ALTER TABLE roots ADD COLUMN disk_id {{id}} NOT NULL DEFAULT '';         -- tells one disk from another
ALTER TABLE roots ADD COLUMN wish {{id}} NOT NULL DEFAULT '';            -- auto, inotify, poll, hook; '' = auto
ALTER TABLE roots ADD COLUMN poll_s {{int}} NOT NULL DEFAULT 0;          -- seconds; 0 = it adapts
ALTER TABLE roots ADD COLUMN held_missing {{int}} NOT NULL DEFAULT 0;    -- files that wait; 0 = not held
ALTER TABLE roots ADD COLUMN held_of {{int}} NOT NULL DEFAULT 0;
ALTER TABLE roots ADD COLUMN held_ms {{ms}} NOT NULL DEFAULT 0;
CREATE INDEX files_by_loss ON files (state, since_ms);                   -- the bin
CREATE INDEX files_by_root_state ON files (root_id, state, since_ms);
DROP INDEX files_by_root;                                                -- the one above begins with it
-- Whether somebody has something of a title is asked when its last file is forgotten.
CREATE INDEX history_of_title ON history (title_id);
CREATE INDEX marks_of_title ON marks (title_id);
CREATE INDEX progress_of_title ON progress (title_id);
CREATE INDEX sessions_of_title ON sessions (title_id);
