package app

import (
	"context"
	"errors"
	"log/slog"

	"golang.org/x/sync/errgroup"

	"movify/library/artwork"
	"movify/library/catalogue"
	"movify/library/metadata"
	"movify/library/nfo"
	"movify/library/scan"
	"movify/pkg/config"
)

// Scan scans the library once, without a server, and returns when all found files were examined and all sidecar files
// were read.
func Scan(ctx context.Context, c config.Config, logger *slog.Logger) (scan.Status, error) {
	f, err := openDataDir(ctx, c, logger)
	if err != nil {
		return scan.Status{}, err
	}
	if err := f.tools.present(ctx); err != nil {
		return scan.Status{}, errors.Join(err, f.Close())
	}
	known := f.db.Library()
	state, err := scanOnce(ctx, newLibrary(libraryOptions{
		scan: withRootSettings(c, scan.Options{
			Store: known, Prober: f.tools.headers, Logger: logger, Exclude: f.ownDirs(),
		}),
		metadata: metadata.Options{Store: known, NFO: nfo.Reader{}, Logger: logger},
		artwork: artwork.Options{
			Store: known, Stills: stillMaker{f.tools.encoder}, Blobs: f.blobs, Logger: logger,
		},
		catalogue: catalogue.Options{Store: known, Blobs: f.blobs, Logger: logger},
	}))
	return state, errors.Join(err, f.Close())
}

// scanOnce runs l for one scan. A service of it that stops running ends the wait for the scan.
func scanOnce(ctx context.Context, l *libraryServices) (scan.Status, error) {
	running, stop := context.WithCancel(ctx)
	defer stop()
	scanning, stopWaiting := context.WithCancel(ctx)
	defer stopWaiting()
	ended := make(chan error, 1)
	go func() {
		defer stopWaiting()
		group, running := errgroup.WithContext(running)
		for _, c := range l.components() {
			group.Go(func() error { return c.run(running) })
		}
		ended <- group.Wait()
	}()
	state, err := l.scan.Scan(scanning)
	if err == nil {
		err = l.metadata.WaitForSidecars(scanning)
	}
	stop()
	if failed := <-ended; failed != nil {
		return state, failed
	}
	return state, err
}

// Preview returns the changes that a scan would make, and makes none.
func Preview(ctx context.Context, c config.Config, logger *slog.Logger) (scan.Diff, error) {
	f, err := openDataDir(ctx, c, logger)
	if err != nil {
		return scan.Diff{}, err
	}
	l := scan.New(withRootSettings(c, scan.Options{
		Store: f.db.Library(), Prober: f.tools.headers, Logger: logger, Exclude: f.ownDirs(),
	}))
	diff, err := l.Preview(ctx)
	return diff, errors.Join(err, f.Close())
}
