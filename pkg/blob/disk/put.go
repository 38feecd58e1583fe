package disk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"movify/pkg/blob"
)

// tempDir holds unfinished writes. It is one folder, not one beside each key: finding them after a crash costs one
// listing.
const tempDir = ".tmp"

// staleAfter is the age at which an unfinished write counts as abandoned. Another process may be writing into the same
// folder, and no blob takes this long.
const staleAfter = time.Hour

// attempts bounds how often Put makes its folder again because another process's Delete removed it at that moment.
const attempts = 4

// Put writes data to a temporary file and links it under its key.
func (s *Store) Put(ctx context.Context, key string, data []byte) error {
	return s.put(ctx, key, func(f *os.File) error { return s.write(f, data) })
}

// PutFrom copies src to a temporary file and links it under its key.
func (s *Store) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return s.put(ctx, key, func(f *os.File) error {
		n, err := io.Copy(f, blob.ContextReader(ctx, io.NewSectionReader(src, 0, size)))
		if err == nil && n < size {
			err = io.ErrUnexpectedEOF
		}
		return err
	})
}

// put calls fill with a temporary file and links that under its key.
func (s *Store) put(ctx context.Context, key string, fill func(*os.File) error) error {
	if err := check(ctx, key); err != nil {
		return fmt.Errorf("put blob %q: %w", key, err)
	}
	if _, err := s.root.Lstat(key); err == nil {
		return fmt.Errorf("put blob %q: %w", key, blob.ErrExists)
	}
	temp, err := s.writeTemp(fill)
	if err == nil {
		// The last moment to give up: no file has the key's name yet.
		if err = ctx.Err(); err == nil {
			err = s.publish(temp, key)
		}
		if gone := s.root.Remove(temp); gone != nil && !errors.Is(gone, fs.ErrNotExist) && err == nil {
			err = fmt.Errorf("remove the unfinished name: %w", gone)
		}
	}
	if err != nil {
		return fmt.Errorf("put blob %q: %w", key, err)
	}
	return nil
}

// writeTemp fills a file with a fresh name in tempDir and gives that name; on error nothing is left.
func (s *Store) writeTemp(fill func(*os.File) error) (temp string, err error) {
	temp = path.Join(tempDir, rand.Text())
	f, err := s.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, s.file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = s.root.MkdirAll(tempDir, s.folder); err == nil {
			f, err = s.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, s.file)
		}
	}
	if err != nil {
		return "", fmt.Errorf("make a temporary file: %w", err)
	}
	err = fill(f)
	if err == nil && s.mode == SyncData {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("write a temporary file: %w", err), s.root.Remove(temp))
	}
	return temp, nil
}

// publish links temp under its key unless the key is taken.
func (s *Store) publish(temp, key string) error {
	s.folders.RLock()
	defer s.folders.RUnlock()
	for try := 0; ; try++ {
		err := s.place(s.root, temp, key)
		switch {
		case errors.Is(err, fs.ErrExist):
			return fmt.Errorf("%w: %w", blob.ErrExists, err)
		case !errors.Is(err, fs.ErrNotExist) || try == attempts:
			return err
		}
		if err := s.root.MkdirAll(path.Dir(key), s.folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("make the key's folder: %w", err)
		}
	}
}

// place links temp under key. A hard link fails when the name is taken, also by another process: so the first writer
// wins. File systems without hard links (exFAT, some network mounts) rename without overwriting.
func place(root *os.Root, temp, key string) error {
	err := root.Link(temp, key)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, errors.ErrUnsupported) {
		return renameNew(root, temp, key)
	}
	return err
}

// sweep removes unfinished writes older than staleAfter.
func (s *Store) sweep(now time.Time) error {
	dir, err := s.root.OpenRoot(tempDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sweep unfinished blobs: %w", err)
	}
	defer dir.Close()
	names, err := readNames(dir)
	if err != nil {
		return fmt.Errorf("sweep unfinished blobs: %w", err)
	}
	for _, e := range names {
		st, err := dir.Lstat(e.Name())
		if err != nil || now.Sub(st.ModTime()) < staleAfter {
			continue // removed meanwhile, or another process is writing it
		}
		if err := dir.Remove(e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sweep unfinished blobs: %w", err)
		}
	}
	return nil
}

func writeAll(f *os.File, data []byte) error {
	_, err := f.Write(data)
	return err
}
