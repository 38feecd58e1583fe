package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"movify/pkg/fault"
	"movify/pkg/perm"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer is the fault of a database that a later version of the product has changed.
var ErrNewer = fault.New(fault.Conflict, "database_newer",
	"This data folder was last used by a newer version of Movify. Install that version again, or restore a backup.")

// ErrOlder is the fault of a guest of a database that an earlier version of the product is at work with.
var ErrOlder = fault.New(
	fault.Conflict, "database_older",
	"The server at work on this data folder is an older version of Movify. "+
		"Use the same version, or restart the server first.",
)

// keptSnapshots is how many copies from before a migration stay beside the database.
const keptSnapshots = 3

const snapshotInto statement = `VACUUM INTO ?`

// migrate brings the tables of the open writer up to what folder says, after a snapshot when there is something to lose.
func (db *DB) migrate(ctx context.Context, path string, folder fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db.writer.DB, expanded{folder, sqliteTypes()},
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	have, newest, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the database: %w", err)
	}
	if have > newest {
		return ErrNewer
	}
	if have == newest {
		return nil
	}
	if db.guest {
		return ErrOlder
	}
	if have > 0 {
		if err := db.snapshot(ctx, path, have); err != nil {
			return err
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the database from version %d to %d: %w", have, newest, err)
	}
	db.log.Info("database is up to date", "from", have, "to", newest)
	return nil
}

// snapshot writes a whole, consistent copy of the database beside it and lets go of the oldest such copies.
func (db *DB) snapshot(ctx context.Context, path string, version int64) error {
	name := fmt.Sprintf("%s.v%d-%s.bak", path, version, time.Now().UTC().Format("20060102T150405.000000000Z"))
	if _, err := db.writer.ExecContext(ctx, string(snapshotInto), name); err != nil {
		return fmt.Errorf("copy the database before changing it: %w", err)
	}
	if err := os.Chmod(name, perm.OwnFile); err != nil {
		return fmt.Errorf("protect the copy of the database: %w", err)
	}
	db.log.Info("database copied before an update", "copy", name)
	return prune(path)
}

// prune removes all but the newest snapshots of the database at path.
func prune(path string) error {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("list the copies of the database: %w", err)
	}
	type snapshot struct {
		path string
		made time.Time
	}
	var found []snapshot
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), filepath.Base(path)+".v")
		if !ours || !strings.HasSuffix(rest, ".bak") {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return fmt.Errorf("look at a copy of the database: %w", err)
		}
		found = append(found, snapshot{filepath.Join(filepath.Dir(path), e.Name()), info.ModTime()})
	}
	slices.SortFunc(found, func(a, b snapshot) int { return b.made.Compare(a.made) })
	for _, old := range found[min(keptSnapshots, len(found)):] {
		if err := os.Remove(old.path); err != nil {
			return fmt.Errorf("remove an old copy of the database: %w", err)
		}
	}
	return nil
}
