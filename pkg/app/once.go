package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/config"
)

// Scan looks through the library once, without a server, and returns when everything found has been looked into.
func Scan(ctx context.Context, c config.Config, logger *slog.Logger) (library.ScanState, error) {
	f, err := lay(ctx, c, logger)
	if err != nil {
		return library.ScanState{}, err
	}
	if err := f.tools.present(ctx); err != nil {
		return library.ScanState{}, errors.Join(err, f.Close())
	}
	l := library.New(library.Options{
		Store: f.db.Library(), Prober: f.tools.prober, Stills: stills{f.tools.encoder}, Blobs: f.blobs, Logger: logger,
		Apart: []string{f.path(blobsName)}, Roots: c.Library.Roots, Rescan: c.Library.Rescan, Settle: c.Library.Settle,
	})
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
	l := library.New(library.Options{Store: f.db.Library(), Prober: f.tools.prober, Logger: logger,
		Apart: []string{f.path(blobsName)}, Roots: c.Library.Roots})
	diff, err := l.Preview(ctx)
	return diff, errors.Join(err, f.Close())
}

// ResetPassword gives an account a new random password, ends its sign-ins, and returns the password.
func ResetPassword(ctx context.Context, c config.Config, email string, logger *slog.Logger) (password string, err error) {
	f, err := lay(ctx, c, logger)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	hasher := auth.NewHasher()
	accounts := account.New(account.Options{Store: f.db.Accounts(), Hasher: hasher})
	a, err := accounts.AccountByEmail(ctx, email)
	if err != nil {
		return "", err
	}
	keys, err := auth.LoadKeys(ctx, f.db.Auth(), auth.Access, nil)
	if err != nil {
		return "", err
	}
	signIns, err := auth.New(ctx, auth.Options{Store: f.db.Auth(), Hasher: hasher, Keys: keys, Logger: logger})
	if err != nil {
		return "", err
	}
	password = newPassword()
	if err := accounts.SetPassword(ctx, a.ID, password, ""); err != nil {
		return "", err
	}
	if err := signIns.SignOutAll(ctx, a.ID); err != nil {
		return "", fmt.Errorf("end the sign-ins of %s: %w", email, err)
	}
	return password, nil
}

// newPassword is 20 characters that can be read aloud, in groups of five: 100 bits.
func newPassword() string {
	text := strings.ToLower(rand.Text())[:20]
	return text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:]
}
