package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"movify/pkg/blob"
	"movify/pkg/blob/disk"
	"movify/pkg/config"
	"movify/pkg/storage"
	"movify/pkg/store"
	"movify/transcoder"
)

// Names in the data folder.
const (
	databaseName = "movify.db"
	blobsName    = "blobs"
	stageName    = "stage"
	cacheName    = "cache"
	indexName    = "search" // the search index: made again when it is missing
	speedsName   = "speeds.json"
)

// dataDir is an open data folder, which every command that works on one needs: the lock, the database and the blob
// stores.
type dataDir struct {
	config   config.Config
	logger   *slog.Logger
	tools    *Tools
	db       *store.DB
	backends *backends
	blobs    blob.Store  // finished blobs, in whichever backend the layout names
	local    *disk.Store // the disk backend
	stage    *disk.Store // segments that are not packed yet, always on this machine

	closers []io.Closer // in the order of opening
}

// openDataDir opens the data folder. Close closes it.
func openDataDir(ctx context.Context, c config.Config, logger *slog.Logger) (f *dataDir, err error) {
	f = &dataDir{config: c, logger: logger}
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
	if f.local, err = disk.Open(disk.Options{Dir: f.path(blobsName)}); err != nil {
		return f, err
	}
	f.closers = append(f.closers, f.local)
	if f.stage, err = disk.Open(disk.Options{Dir: f.path(stageName)}); err != nil {
		return f, err
	}
	f.closers = append(f.closers, f.stage)
	if err := f.initialBackend(ctx); err != nil {
		return f, err
	}
	if f.backends, err = openBackends(ctx, c.Storage, f.path(cacheName), f.db.Storage(), f.local, logger); err != nil {
		return f, err
	}
	f.closers = append(f.closers, f.backends)
	f.blobs = f.backends.switchable
	return f, nil
}

// initialBackend applies storage.engine while there is nothing to move: a new server needs no move.
func (f *dataDir) initialBackend(ctx context.Context) error {
	wanted := storage.Backend(f.config.Storage.Engine)
	kept := f.db.Storage()
	p, err := kept.Layout(ctx)
	if err != nil || wanted != storage.S3 || p != (storage.Layout{Backend: storage.Disk}) {
		return err
	}
	if last, err := kept.Last(ctx); err == nil && !last.State.Ended() {
		return nil
	}
	for _, err := range f.local.List(ctx, "") {
		return err // the disk has blobs
	}
	return kept.SaveLayout(ctx, storage.Layout{Backend: wanted})
}

// newStorage makes the service for storage tasks. running lists the running encodes, nil without a transcoder; changed
// is called when a task has progressed.
func (f *dataDir) newStorage(running func() []transcoder.RunState, changed func()) *storage.Service {
	return storage.New(storage.Options{
		Store: f.db.Storage(), Backends: f.backends, Stage: f.stage, References: referenceSource{f.db.Storage(), running},
		RetiredLife: f.config.Storage.LinkLife, Changed: changed, Logger: f.logger,
	})
}

// ownDirs lists the folders that scans leave out: Movify wrote their files.
func (f *dataDir) ownDirs() []string {
	return []string{f.path(blobsName), f.path(stageName), f.path(cacheName), f.path(indexName)}
}

func (f *dataDir) path(name string) string { return filepath.Join(f.config.Data.Dir, name) }

// Close closes the stores, then the database, then releases the lock: the next process to open the folder finds no open
// write.
func (f *dataDir) Close() error {
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
