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
	"movify/pkg/keeper"
	"movify/pkg/store"
	"movify/transcoder"
)

// Names in the data folder.
const (
	databaseName = "movify.db"
	blobsName    = "blobs"
	stageName    = "stage"
	cacheName    = "cache"
	indexName    = "search" // names, for the search: made anew when it is gone
	speedsName   = "speeds.json"
)

// foundation is what every command that works on a data folder stands on: the lock, the database and the blobs.
type foundation struct {
	config config.Config
	logger *slog.Logger
	tools  *Tools
	db     *store.DB
	homes  *homes
	blobs  blob.Store  // the front of the homes: what is finished
	local  *disk.Store // the home on this machine
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
	if f.local, err = disk.Open(disk.Options{Dir: f.path(blobsName)}); err != nil {
		return f, err
	}
	f.closers = append(f.closers, f.local)
	if f.stage, err = disk.Open(disk.Options{Dir: f.path(stageName)}); err != nil {
		return f, err
	}
	f.closers = append(f.closers, f.stage)
	if err := f.firstHome(ctx); err != nil {
		return f, err
	}
	if f.homes, err = openHomes(ctx, c.Storage, f.path(cacheName), f.db.Storage(), f.local, logger); err != nil {
		return f, err
	}
	f.closers = append(f.closers, f.homes)
	f.blobs = f.homes.front
	return f, nil
}

// firstHome follows the configuration while there is nothing to move: a new server need not move house.
func (f *foundation) firstHome(ctx context.Context) error {
	wanted := keeper.Home(f.config.Storage.Engine)
	kept := f.db.Storage()
	p, err := kept.Place(ctx)
	if err != nil || wanted != keeper.S3 || p != (keeper.Place{Home: keeper.Disk}) {
		return err
	}
	if last, err := kept.Last(ctx); err == nil && !last.State.Ended() {
		return nil
	}
	for _, err := range f.local.List(ctx, "") {
		return err // there is something
	}
	return kept.SavePlace(ctx, keeper.Place{Home: wanted})
}

// keeper looks after the homes. running is what is being encoded, nil without a transcoder; changed hears of progress.
func (f *foundation) keeper(running func() []transcoder.RunState, changed func()) *keeper.Service {
	return keeper.New(keeper.Options{
		Store: f.db.Storage(), Homes: f.homes, Stage: f.stage, Census: census{f.db.Storage(), running},
		Grace: f.config.Storage.LinkLife, Changed: changed, Logger: f.logger,
	})
}

// apart is the folders in which nothing is looked for: they hold what we made ourselves.
func (f *foundation) apart() []string {
	return []string{f.path(blobsName), f.path(stageName), f.path(cacheName), f.path(indexName)}
}

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
