package app

import (
	"context"
	"errors"
	"log/slog"

	"golang.org/x/sync/errgroup"

	"movify/library"
	"movify/library/artwork"
	"movify/library/catalogue"
	"movify/library/nfo"
	"movify/pkg/config"
)

// Scan scans the library once, without a server, and returns when all found files were examined and all sidecar files
// were read.
func Scan(ctx context.Context, c config.Config, logger *slog.Logger) (library.ScanState, error) {
	f, err := openDataDir(ctx, c, logger)
	if err != nil {
		return library.ScanState{}, err
	}
	if err := f.tools.present(ctx); err != nil {
		return library.ScanState{}, errors.Join(err, f.Close())
	}
	known := f.db.Library()
	l, pictures, titles := newLibrary(withRootSettings(c.Library, library.Options{
		Store: known, Prober: f.tools.headers, NFO: nfo.Reader{}, Logger: logger, Exclude: f.ownDirs(),
	}), artwork.Options{Store: known, Stills: stillMaker{f.tools.encoder}, Blobs: f.blobs, Logger: logger},
		catalogue.Options{Store: known, Blobs: f.blobs, Logger: logger})
	state, err := scanOnce(ctx, l, pictures.Run, titles.Run)
	return state, errors.Join(err, f.Close())
}

// scanOnce runs l and what belongs to it for one scan. A library that stops running ends the wait for the scan.
func scanOnce(
	ctx context.Context, l *library.Service, others ...func(context.Context) error,
) (library.ScanState, error) {
	running, stop := context.WithCancel(ctx)
	defer stop()
	scanning, stopWaiting := context.WithCancel(ctx)
	defer stopWaiting()
	ended := make(chan error, 1)
	go func() {
		defer stopWaiting()
		group, running := errgroup.WithContext(running)
		group.Go(func() error { return l.Run(running) })
		for _, run := range others {
			group.Go(func() error { return run(running) })
		}
		ended <- group.Wait()
	}()
	state, err := l.Scan(scanning)
	if err == nil {
		err = l.WaitForSidecars(scanning)
	}
	stop()
	if failed := <-ended; failed != nil {
		return state, failed
	}
	return state, err
}

// Preview returns the changes that a scan would make, and makes none.
func Preview(ctx context.Context, c config.Config, logger *slog.Logger) (library.Diff, error) {
	f, err := openDataDir(ctx, c, logger)
	if err != nil {
		return library.Diff{}, err
	}
	l := library.New(withRootSettings(c.Library, library.Options{
		Store: f.db.Library(), Prober: f.tools.headers, Logger: logger, Exclude: f.ownDirs(),
	}))
	diff, err := l.Preview(ctx)
	return diff, errors.Join(err, f.Close())
}
