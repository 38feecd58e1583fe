package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"movify/pkg/blob"
	"movify/pkg/blob/s3"
	"movify/pkg/config"
	"movify/pkg/fault"
	"movify/pkg/storage"
	"movify/pkg/store"
)

// examineStorage reports the backend of finished blobs, and whether it can be reached.
func examineStorage(ctx context.Context, c config.Config) Finding {
	f, err := storageFinding(ctx, c)
	if err != nil {
		words := fault.Of(err).Message
		if fault.Of(err).Kind == fault.Internal {
			words = err.Error()
		}
		return Finding{"storage", Broken, words}
	}
	return f
}

func storageFinding(ctx context.Context, c config.Config) (Finding, error) {
	path := filepath.Join(c.Data.Dir, databaseName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if c.Storage.Engine != string(storage.S3) {
			return Finding{"storage", Fine, "nothing is stored yet; it will be on the disk."}, nil
		}
		s, err := configured(c.Storage.S3)
		if err != nil {
			return Finding{}, err
		}
		return reached(ctx, s)
	}
	db, err := store.Open(ctx, store.Options{Path: path, Guest: true})
	if fault.Of(err).Is(store.ErrOlder) {
		return Finding{"storage", Fine,
			"not looked at: the database is of an older version, and is brought up to date by the next start."}, nil
	}
	if err != nil {
		return Finding{}, err
	}
	defer db.Close()
	p, err := db.Storage().Layout(ctx)
	if err != nil {
		return Finding{}, err
	}
	if p.Backend == storage.Disk && p.Target == "" {
		return Finding{"storage", Fine, "on the disk."}, nil
	}
	s, err := bucketOf(ctx, c.Storage.S3, db.Storage())
	if err != nil {
		return Finding{}, err
	}
	found, err := reached(ctx, s)
	if err == nil && p.Target != "" {
		found.Words += fmt.Sprintf(" Everything is moving from %s to %s.", p.Backend, p.Target)
	}
	return found, err
}

// reached requests an absent key: the answer proves address, name and credentials.
func reached(ctx context.Context, s bucketSettings) (Finding, error) {
	o := s.options(slog.New(slog.DiscardHandler))
	o.Retry.Attempts = 2
	b, err := s3.New(ctx, o)
	if err != nil {
		return Finding{}, err
	}
	defer b.Close()
	if _, err := b.Stat(ctx, "movify-doctor"); err != nil && !errors.Is(err, blob.ErrNotFound) {
		return Finding{}, err
	}
	return Finding{"storage", Fine, fmt.Sprintf("in the bucket %s, which answers.", s.Bucket)}, nil
}
