package app

import (
	"context"
	"errors"
	"log/slog"

	"movify/library"
	"movify/library/nfo"
	"movify/pkg/config"
)

// Scan looks through the library once, without a server, and returns when everything found has been looked into and what
// stands beside it has been read.
func Scan(ctx context.Context, c config.Config, logger *slog.Logger) (library.ScanState, error) {
	f, err := lay(ctx, c, logger)
	if err != nil {
		return library.ScanState{}, err
	}
	if err := f.tools.present(ctx); err != nil {
		return library.ScanState{}, errors.Join(err, f.Close())
	}
	l := library.New(withRootSettings(c.Library, library.Options{
		Store: f.db.Library(), Prober: f.tools.headers, Stills: stills{f.tools.encoder}, Blobs: f.blobs, NFO: nfo.Reader{}, Logger: logger,
		Exclude: f.apart(),
	}))
	state, err := scanOnce(ctx, l)
	return state, errors.Join(err, f.Close())
}

// scanOnce runs l for one scan. A library that cannot run ends the wait for its scan.
func scanOnce(ctx context.Context, l *library.Service) (library.ScanState, error) {
	running, stop := context.WithCancel(ctx)
	defer stop()
	scanning, give := context.WithCancel(ctx)
	defer give()
	ended := make(chan error, 1)
	go func() {
		defer give()
		ended <- l.Run(running)
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

// Preview says what a scan would change, and changes nothing.
func Preview(ctx context.Context, c config.Config, logger *slog.Logger) (library.Diff, error) {
	f, err := lay(ctx, c, logger)
	if err != nil {
		return library.Diff{}, err
	}
	l := library.New(withRootSettings(c.Library, library.Options{Store: f.db.Library(), Prober: f.tools.headers, Logger: logger, Exclude: f.apart()}))
	diff, err := l.Preview(ctx)
	return diff, errors.Join(err, f.Close())
}
