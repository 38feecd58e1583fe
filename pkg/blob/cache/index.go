package cache

import (
	"cmp"
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"movify/pkg/perm"
)

// whole, as a length, means the whole blob.
const whole = -1

// blobRange is a blob, or a range of one.
type blobRange struct {
	key            string
	offset, length int64
}

// entry is a file with the bytes of a range. Fields up to sum never change; the others are guarded by Store.mu.
type entry struct {
	blobRange blobRange
	id        string // the key's name on disk
	size      int64
	modTime   time.Time // of the blob
	sum       uint32

	path     string
	used     time.Time     // as the file's time says
	pins     int           // readers about to open the file: it is not evicted meanwhile
	order    *list.Element // nil when it is not in the index
	verified atomic.Bool   // the checksum was verified since the start
}

// index lists the files in the folder by key and range, and orders them by last use. Store.mu guards it.
//
// A key has a folder, named by its hash; the file of a range in it is "<offset>-<length>-<time of the
// blob>-<checksum>".
type index struct {
	dir      string
	bound    int64
	used     int64 // bytes of the entries
	reserved int64 // bytes of running fetches
	keys     map[string]map[byteRange]*entry
	order    *list.List // of *entry, most recently used first
}

// byteRange is the part of a blob that a file holds; length is whole for all of it.
type byteRange struct{ offset, length int64 }

const (
	tempDir = "unfinished"
	// touchAfter is how old a file's time may be before a use renews it: it only orders the files after a restart.
	touchAfter = 10 * time.Minute
)

var table = crc32.MakeTable(crc32.Castagnoli)

// openIndex reads the folder, and removes unknown files and the least recently used ones beyond the limit.
func openIndex(dir string, bound int64) (*index, error) {
	if dir == "" {
		return nil, errors.New("no folder given")
	}
	s := &index{dir: dir, bound: bound, keys: make(map[string]map[byteRange]*entry), order: list.New()}
	if err := errors.Join(
		os.RemoveAll(filepath.Join(dir, tempDir)), os.MkdirAll(filepath.Join(dir, tempDir), perm.OwnFolder),
	); err != nil {
		return nil, err
	}
	keys, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []*entry
	for _, k := range keys {
		if k.Name() == tempDir || !k.IsDir() {
			continue
		}
		files, err := os.ReadDir(filepath.Join(dir, k.Name()))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			info, err := f.Info()
			if err != nil {
				return nil, err
			}
			path := filepath.Join(dir, k.Name(), f.Name())
			if e := parse(f.Name(), info); e != nil {
				e.id, e.path = k.Name(), path
				found = append(found, e)
			} else if err := os.Remove(path); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(found, func(a, b *entry) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.path, b.path)) })
	for _, e := range found {
		if s.reserve(e.size) {
			s.release(e.size)
			s.put(e)
		} else if err := os.Remove(e.path); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// parse reads a file's name; nil when the cache did not write it or the file has another length.
func parse(name string, info fs.FileInfo) *entry {
	e := &entry{size: info.Size(), used: info.ModTime()}
	var nanos int64
	n, err := fmt.Sscanf(name, "%d-%d-%d-%08x", &e.blobRange.offset, &e.blobRange.length, &nanos, &e.sum)
	if e.blobRange.length == whole {
		e.blobRange.offset = 0
	}
	e.modTime = time.Unix(0, nanos).UTC()
	if err != nil || n != 4 || name != e.name() || e.blobRange.length != whole && e.blobRange.length != e.size {
		return nil
	}
	return e
}

func (e *entry) name() string {
	return fmt.Sprintf("%d-%d-%d-%08x", e.blobRange.offset, e.blobRange.length, e.modTime.UnixNano(), e.sum)
}

// lookup returns the entry that contains the range, and where in its file the range begins.
func (s *index) lookup(at blobRange, now time.Time) (e *entry, offset int64, ok bool) {
	of := s.keys[idOf(at.key)]
	if e, ok = of[byteRange{at.offset, at.length}]; !ok {
		e, ok = of[byteRange{0, whole}]
		offset = at.offset
	}
	if !ok {
		return nil, 0, false
	}
	s.order.MoveToFront(e.order)
	if now.Sub(e.used) > touchAfter {
		e.used = now
		_ = os.Chtimes(e.path, now, now) // only the order after a restart depends on it
	}
	return e, offset, true
}

// reserve reserves size bytes, evicting the least recently used files; false when that is not enough.
func (s *index) reserve(size int64) bool {
	for last := s.order.Back(); last != nil && s.used+s.reserved+size > s.bound; {
		e := last.Value.(*entry)
		last = last.Prev()
		if e.pins == 0 {
			s.remove(e)
		}
	}
	if s.used+s.reserved+size > s.bound {
		return false
	}
	s.reserved += size
	return true
}

func (s *index) release(size int64) { s.reserved -= size }

// createTemp makes a file for a fetch.
func (s *index) createTemp() (*os.File, error) {
	return os.CreateTemp(filepath.Join(s.dir, tempDir), "")
}

// add renames a fetched file to its final name and lists it. When an entry of the range exists already, that one is
// returned.
func (s *index) add(e *entry) (*entry, error) {
	e.id = idOf(e.blobRange.key)
	if old := s.keys[e.id][byteRange{e.blobRange.offset, e.blobRange.length}]; old != nil {
		return old, os.Remove(e.path)
	}
	path := filepath.Join(s.dir, e.id, e.name())
	if err := os.MkdirAll(filepath.Dir(path), perm.OwnFolder); err != nil {
		return nil, err
	}
	if err := os.Rename(e.path, path); err != nil {
		return nil, err
	}
	e.path = path
	s.put(e)
	return e, nil
}

func (s *index) put(e *entry) {
	of := s.keys[e.id]
	if of == nil {
		of = make(map[byteRange]*entry)
		s.keys[e.id] = of
	}
	at := byteRange{e.blobRange.offset, e.blobRange.length}
	// Two files of one range are of different versions of the blob: the later used one is served.
	if old := of[at]; old != nil {
		s.remove(old)
		s.keys[e.id] = of
	}
	of[at] = e
	e.order = s.order.PushFront(e)
	s.used += e.size
}

// removeKey removes every entry of a key.
func (s *index) removeKey(key string) {
	for _, e := range s.keys[idOf(key)] {
		s.remove(e)
	}
}

// remove removes an entry and its file. Readers that have the file open read on.
func (s *index) remove(e *entry) {
	if e.order == nil {
		return
	}
	s.order.Remove(e.order)
	e.order = nil
	s.used -= e.size
	of := s.keys[e.id]
	delete(of, byteRange{e.blobRange.offset, e.blobRange.length})
	// A file that cannot be removed now is found at the next start.
	_ = os.Remove(e.path)
	if len(of) == 0 {
		delete(s.keys, e.id)
		_ = os.Remove(filepath.Dir(e.path))
	}
}

// errCorrupt is a file whose length or checksum is wrong.
var errCorrupt = errors.New("the file is not what was written")

// open opens a pinned entry. The checksum of a file from before the start is verified once: after a power cut a file
// may have its length but not its bytes.
func (e *entry) open() (*os.File, error) {
	f, err := os.Open(e.path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() != e.size {
		err = errCorrupt
	}
	if err == nil && !e.verified.Load() {
		check := crc32.New(table)
		_, err = io.Copy(check, io.NewSectionReader(f, 0, e.size))
		if err == nil && check.Sum32() != e.sum {
			err = errCorrupt
		}
		e.verified.Store(err == nil)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func idOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}
