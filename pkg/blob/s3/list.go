package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"movify/pkg/blob"
)

// page is how many keys one List request asks for.
const page = 1000

// timeUnit is the resolution of a time in a header.
const timeUnit = time.Second

// Stat sends a HEAD, and a GET of one byte when that answers 404.
func (s *Store) Stat(ctx context.Context, key string) (blob.Info, error) {
	info, err := s.stat(ctx, key)
	if err != nil {
		return blob.Info{}, fmt.Errorf("stat blob %q: %w", key, err)
	}
	return info, nil
}

func (s *Store) stat(ctx context.Context, key string) (blob.Info, error) {
	if err := check(ctx, key); err != nil {
		return blob.Info{}, err
	}
	o, err := s.head(ctx, s.prefix+key)
	if errors.Is(err, blob.ErrNotFound) {
		// The response to a HEAD has no body: a missing bucket, or a router's error page, looks like a missing blob.
		err = s.confirm(ctx, s.prefix+key, err)
	}
	if err != nil {
		return blob.Info{}, err
	}
	return s.info(o), nil
}

func (s *Store) head(ctx context.Context, name string) (o minio.ObjectInfo, err error) {
	_, err = s.call(ctx, reading, "head", name, func(w *watch) error {
		o, err = s.client.StatObject(w.ctx, s.bucket, name, minio.StatObjectOptions{})
		return err
	})
	return o, err
}

// confirm returns the reason why a name has no object: absent when the storage says so in a response body.
func (s *Store) confirm(ctx context.Context, name string, absent error) error {
	_, err := s.call(ctx, reading, "confirm", name, func(w *watch) error {
		var opts minio.GetObjectOptions
		opts.Set("Range", "bytes=0-0")
		stream, _, _, err := s.core.GetObject(w.ctx, s.bucket, name, opts)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, io.LimitReader(stream, 1))
		return errors.Join(err, stream.Close())
	})
	if err == nil || errors.Is(err, blob.ErrRange) {
		return absent // it was written in between
	}
	return err
}

// List requests a thousand keys at a time. A broken walk continues behind the last key it yielded.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		err := ctx.Err()
		if err == nil {
			err = checkPrefix(prefix)
		}
		if err == nil {
			err = s.walk(ctx, prefix, func(i blob.Info) bool { return yield(i, nil) })
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(blob.Info{}, fmt.Errorf("list blobs %q: %w", prefix, err))
		}
	}
}

// errEnough ends a walk whose consumer stopped.
var errEnough = errors.New("enough")

func (s *Store) walk(ctx context.Context, prefix string, yield func(blob.Info) bool) error {
	last := ""
	for try := 1; ; try++ {
		w := newWatch(ctx, s.times.Answer, s.times.Stall)
		begun := last
		err := w.verdict(ctx, s.pages(w, prefix, &last, yield))
		w.end()
		if err == nil || errors.Is(err, errEnough) {
			s.budget.earn()
			return err
		}
		if last != begun {
			try = 1
		}
		if !s.again(ctx, "list", s.prefix+prefix, try+1, err) {
			return meaning(ctx, reading, err)
		}
	}
}

// pages walks until an error. last is the name of the last object seen.
func (s *Store) pages(w *watch, prefix string, last *string, yield func(blob.Info) bool) error {
	opts := minio.ListObjectsOptions{Prefix: s.prefix + prefix, Recursive: true, MaxKeys: page, StartAfter: *last}
	for o := range s.client.ListObjectsIter(w.ctx, s.bucket, opts) {
		w.pause() // while the consumer runs
		if err := errors.Join(o.Err, w.ctx.Err()); err != nil {
			return err
		}
		if o.Key <= *last {
			return errors.Join(ErrLacking, fmt.Errorf("the list gives %q behind %q", o.Key, *last))
		}
		*last = o.Key
		if !strings.HasPrefix(o.Key, s.prefix+ownDir+"/") && checkKey(strings.TrimPrefix(o.Key, s.prefix)) == nil &&
			!yield(s.info(o)) {
			return errEnough
		}
		w.allow(w.answer)
	}
	return nil
}

// Delete removes the object.
func (s *Store) Delete(ctx context.Context, key string) error {
	err := check(ctx, key)
	if err == nil {
		err = s.remove(ctx, s.prefix+key)
	}
	if err != nil {
		return fmt.Errorf("delete blob %q: %w", key, err)
	}
	return nil
}

func (s *Store) remove(ctx context.Context, name string) error {
	_, err := s.call(ctx, writing, "delete", name, func(w *watch) error {
		return s.client.RemoveObject(w.ctx, s.bucket, name, minio.RemoveObjectOptions{})
	})
	if errors.Is(err, blob.ErrNotFound) {
		return nil // some providers answer that
	}
	return err
}

// info holds the fields that a list and a header agree on: a header's time has whole seconds.
func (s *Store) info(o minio.ObjectInfo) blob.Info {
	return blob.Info{
		Key: strings.TrimPrefix(o.Key, s.prefix), Size: o.Size, ModTime: o.LastModified.UTC().Truncate(timeUnit),
	}
}
