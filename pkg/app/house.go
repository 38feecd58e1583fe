package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"movify/pkg/blob/disk"
	"movify/pkg/config"
	"movify/pkg/store"
)

// Names in the data folder.
const (
	databaseName = "movify.db"
	blobsName    = "blobs"
	stageName    = "stage"
	speedsName   = "speeds.json"
)

// foundation is what every command that works on a data folder stands on: the lock, the database and the blobs.
type foundation struct {
	config config.Config
	logger *slog.Logger
	tools  *Tools
	db     *store.DB
	blobs  *disk.Store
	stage  *disk.Store // what is not packed yet, always here

	closers []io.Closer // in the order things were opened
}

// lay opens the foundation. Close gives it back.
func lay(ctx context.Context, c config.Config, logger *slog.Logger) (f *foundation, err error) {
	f = &foundation{config: c, logger: logger}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
			f = nil
		}
	}()
	if f.tools, err = NewTools(c.Transcode, logger); err != nil {
		return f, err
	}
	lock, err := lockData(c.Data.Dir)
	if err != nil {
		return f, err
	}
	f.closers = append(f.closers, lock)
	if f.db, err = store.Open(ctx, store.Options{Path: f.path(databaseName), Logger: logger}); err != nil {
		return f, err
	}
	f.closers = append(f.closers, f.db)
	if f.blobs, err = disk.Open(disk.Options{Dir: f.path(blobsName)}); err != nil {
		return f, err
	}
	f.closers = append(f.closers, f.blobs)
	if f.stage, err = disk.Open(disk.Options{Dir: f.path(stageName)}); err != nil {
		return f, err
	}
	f.closers = append(f.closers, f.stage)
	return f, nil
}

// apart is the folders in which nothing is looked for: they hold what we made ourselves.
func (f *foundation) apart() []string { return []string{f.path(blobsName), f.path(stageName)} }

func (f *foundation) path(name string) string { return filepath.Join(f.config.Data.Dir, name) }

// Close closes the blobs, then the database, then gives up the lock: whoever opens it next finds everything at rest.
func (f *foundation) Close() error {
	var errs []error
	for i := len(f.closers) - 1; i >= 0; i-- {
		errs = append(errs, f.closers[i].Close())
	}
	f.closers = nil
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the data folder: %w", err)
	}
	return nil
}
