// Package disk keeps blobs as files under one folder. It owns that folder: the key is the path below it, reached only
// through os.Root or openat2, so that no key and no symbolic link leads out. It never overwrites a file, never follows
// a link that it did not write, and never interprets the bytes.
//
// Invariants: a key's file appears complete or not at all (written to a temporary file, then linked under its name);
// the first writer of a key wins, also among processes; an unfinished write is in ".tmp", which no key can name and no
// List shows. As in any file system, a key cannot be a file and a folder at once: "a" and "a/b" exclude each other.
package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sync"
	"syscall"
	"time"

	"movify/pkg/blob"
	"movify/pkg/perm"
)

// Sync says which writes are flushed to the device before a key appears.
type Sync int

const (
	// SyncData flushes the bytes before they get their name: a key that survives a power cut has all of its bytes. The
	// key itself may be lost, which for a blob means that it was never written.
	SyncData Sync = iota
	// SyncNone leaves flushing to the kernel. After a power cut (not after a crash of the process) a key may hold a
	// hole.
	SyncNone
)

// Options of a Store.
type Options struct {
	// Dir is the folder; it is made when it is missing.
	Dir string
	// Sync is SyncData unless said otherwise.
	Sync Sync
	// Public lets every user of the machine read what is written, as a folder that a web server publishes needs.
	// Otherwise the group of this process may.
	Public bool
}

// Store is the engine. It meets blob.Store, and its objects have a File.
type Store struct {
	root *os.Root
	top  *os.File // the same folder, as a descriptor to open below
	mode Sync

	// The permissions of new folders and files.
	folder, file fs.FileMode

	// folders is read-locked while a key gets its folder and its name, locked while empty folders are removed.
	folders sync.RWMutex

	// The steps that depend on the kernel and the file system; tests replace them.
	open  func(root *os.Root, top *os.File, key string) (*os.File, error)
	write func(f *os.File, data []byte) error
	place func(root *os.Root, temp, key string) error
}

var _ blob.Store = (*Store)(nil)

// Open prepares the folder and removes stale unfinished writes. Close the Store when it is not used any more.
func Open(o Options) (*Store, error) {
	if o.Dir == "" {
		return nil, errors.New("open blob folder: no folder given")
	}
	folder, file := perm.Folder, perm.File
	if o.Public {
		folder, file = perm.PublicFolder, perm.PublicFile
	}
	if err := os.MkdirAll(o.Dir, folder); err != nil {
		return nil, fmt.Errorf("make blob folder: %w", err)
	}
	root, err := os.OpenRoot(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("open blob folder: %w", err)
	}
	top, err := root.Open(".")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open blob folder: %w", err), root.Close())
	}
	s := &Store{
		root: root, top: top, mode: o.Sync, folder: folder, file: file, open: openBelow, write: writeAll, place: place,
	}
	if err := s.sweep(time.Now()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the folder. Open objects stay readable.
func (s *Store) Close() error {
	// The folder of unfinished writes is removed when it is empty, so that a finished output folder holds only output.
	// When it is not empty, or another Store uses it, it stays.
	_ = s.root.Remove(tempDir)
	if err := errors.Join(s.top.Close(), s.root.Close()); err != nil {
		return fmt.Errorf("close blob folder: %w", err)
	}
	return nil
}

// Open gives the blob as an *os.File.
func (s *Store) Open(ctx context.Context, key string) (blob.Object, error) {
	if err := check(ctx, key); err != nil {
		return blob.Object{}, fmt.Errorf("open blob %q: %w", key, err)
	}
	f, err := s.open(s.root, s.top, key)
	if err != nil {
		return blob.Object{}, fmt.Errorf("open blob %q: %w", key, kind(err))
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = blob.ErrNotFound
	}
	if err != nil {
		return blob.Object{}, errors.Join(fmt.Errorf("open blob %q: %w", key, err), f.Close())
	}
	return blob.Object{Info: info(key, st), Body: f, File: f}, nil
}

// OpenRange gives a part of the file.
func (s *Store) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	o, err := s.Open(ctx, key)
	if err != nil {
		return blob.Object{}, err
	}
	if offset < 0 || length < 0 || offset > o.Size-length {
		return blob.Object{}, errors.Join(
			fmt.Errorf("open %d bytes of blob %q from %d: %w", length, key, offset, blob.ErrRange), o.File.Close(),
		)
	}
	o.Size, o.Offset = length, offset
	o.Body = blob.FileRange(o.File, offset, length)
	return o, nil
}

// Stat gives size and time.
func (s *Store) Stat(ctx context.Context, key string) (blob.Info, error) {
	if err := check(ctx, key); err != nil {
		return blob.Info{}, fmt.Errorf("stat blob %q: %w", key, err)
	}
	st, err := s.root.Stat(key)
	if err != nil {
		return blob.Info{}, fmt.Errorf("stat blob %q: %w", key, kind(err))
	}
	if !st.Mode().IsRegular() {
		return blob.Info{}, fmt.Errorf("stat blob %q: %w", key, blob.ErrNotFound)
	}
	return info(key, st), nil
}

// Delete removes the blob and the folders that it leaves empty.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := check(ctx, key); err != nil {
		return fmt.Errorf("delete blob %q: %w", key, err)
	}
	st, err := s.root.Lstat(key)
	if err == nil && st.IsDir() {
		return nil // a folder of other keys, not this key
	}
	if err == nil {
		err = s.root.Remove(key)
	}
	if err != nil {
		if errors.Is(kind(err), blob.ErrNotFound) {
			return nil
		}
		return fmt.Errorf("delete blob %q: %w", key, err)
	}
	s.folders.Lock()
	defer s.folders.Unlock()
	for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
		// The file system refuses to remove a folder that is not empty.
		if s.root.Remove(dir) != nil {
			break
		}
	}
	return nil
}

func info(key string, st fs.FileInfo) blob.Info {
	return blob.Info{Key: key, Size: st.Size(), ModTime: st.ModTime()}
}

// kind turns "not exist" of the file system into blob.ErrNotFound. A path through a file is as absent as a path to
// nothing.
func kind(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("%w: %w", blob.ErrNotFound, err)
	}
	return err
}
