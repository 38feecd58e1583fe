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
)

// whole, as a length, is all of a blob.
const whole = -1

// place is a blob, or a range of one.
type place struct {
	key            string
	offset, length int64
}

// entry is a file with the bytes of a place. sum and what is before it never change; the rest is guarded by the Store's lock.
type entry struct {
	at      place
	id      string // the key's name on disk
	size    int64
	modTime time.Time // of the blob
	sum     uint32

	path  string
	used  time.Time     // as the file's time says
	pins  int           // who is about to open it: no need for room removes it before
	order *list.Element // nil when it is not on the shelf
	sound atomic.Bool   // the sum was seen to be right since the start
}

// shelf is the folder and what is known of it. Its owner's lock guards it.
//
// A key has a folder, named by its hash; a place's file in it is "<offset>-<length>-<time of the blob>-<checksum>".
type shelf struct {
	dir      string
	bound    int64
	used     int64 // bytes of the entries
	reserved int64 // bytes that are being fetched
	keys     map[string]map[span]*entry
	order    *list.List // of *entry, the last used first
}

type span struct{ offset, length int64 }

const (
	tempDir = "unfinished"
	// touch is how old a file's time may be before a use renews it: it orders the files after a restart, no more.
	touch = 10 * time.Minute
)

var table = crc32.MakeTable(crc32.Castagnoli)

// openShelf reads the folder, removes what it does not know and what is beyond the bound.
func openShelf(dir string, bound int64) (*shelf, error) {
	if dir == "" {
		return nil, errors.New("no folder given")
	}
	s := &shelf{dir: dir, bound: bound, keys: make(map[string]map[span]*entry), order: list.New()}
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, tempDir)), os.MkdirAll(filepath.Join(dir, tempDir), 0o700)); err != nil {
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

// parse reads a file's name; nil when it is not one of ours or the file has another length.
func parse(name string, info fs.FileInfo) *entry {
	e := &entry{size: info.Size(), used: info.ModTime()}
	var nanos int64
	n, err := fmt.Sscanf(name, "%d-%d-%d-%08x", &e.at.offset, &e.at.length, &nanos, &e.sum)
	if e.at.length == whole {
		e.at.offset = 0
	}
	e.modTime = time.Unix(0, nanos).UTC()
	if err != nil || n != 4 || name != e.name() || e.at.length != whole && e.at.length != e.size {
		return nil
	}
	return e
}

func (e *entry) name() string {
	return fmt.Sprintf("%d-%d-%d-%08x", e.at.offset, e.at.length, e.modTime.UnixNano(), e.sum)
}

// find gives the entry that has the place, and where in its file the place begins.
func (s *shelf) find(at place, now time.Time) (e *entry, offset int64, ok bool) {
	of := s.keys[idOf(at.key)]
	if e, ok = of[span{at.offset, at.length}]; !ok {
		e, ok = of[span{0, whole}]
		offset = at.offset
	}
	if !ok {
		return nil, 0, false
	}
	s.order.MoveToFront(e.order)
	if now.Sub(e.used) > touch {
		e.used = now
		_ = os.Chtimes(e.path, now, now) // only the order after a restart hangs on it
	}
	return e, offset, true
}

// reserve makes room for size bytes, by removing what was used longest ago; false when there is none to make.
func (s *shelf) reserve(size int64) bool {
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

func (s *shelf) release(size int64) { s.reserved -= size }

// temp makes a file for what is being fetched.
func (s *shelf) temp() (*os.File, error) {
	return os.CreateTemp(filepath.Join(s.dir, tempDir), "")
}

// add gives a fetched file its name and its place. An entry that has the place already keeps it, and is given back.
func (s *shelf) add(e *entry) (*entry, error) {
	e.id = idOf(e.at.key)
	if old := s.keys[e.id][span{e.at.offset, e.at.length}]; old != nil {
		return old, os.Remove(e.path)
	}
	path := filepath.Join(s.dir, e.id, e.name())
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := os.Rename(e.path, path); err != nil {
		return nil, err
	}
	e.path = path
	s.put(e)
	return e, nil
}

func (s *shelf) put(e *entry) {
	of := s.keys[e.id]
	if of == nil {
		of = make(map[span]*entry)
		s.keys[e.id] = of
	}
	at := span{e.at.offset, e.at.length}
	if old := of[at]; old != nil { // two files of one place, of different versions: the later used is at hand
		s.remove(old)
		s.keys[e.id] = of
	}
	of[at] = e
	e.order = s.order.PushFront(e)
	s.used += e.size
}

// forget removes every entry of a key.
func (s *shelf) forget(key string) {
	for _, e := range s.keys[idOf(key)] {
		s.remove(e)
	}
}

// remove takes an entry off the shelf and its file away. Who has it open reads on.
func (s *shelf) remove(e *entry) {
	if e.order == nil {
		return
	}
	s.order.Remove(e.order)
	e.order = nil
	s.used -= e.size
	of := s.keys[e.id]
	delete(of, span{e.at.offset, e.at.length})
	// What cannot be removed now is found at the next start.
	_ = os.Remove(e.path)
	if len(of) == 0 {
		delete(s.keys, e.id)
		_ = os.Remove(filepath.Dir(e.path))
	}
}

// errSpoilt is a file that is not what was written.
var errSpoilt = errors.New("the file is not what was written")

// open opens a pinned entry. A file from before the start is read through once: a power cut may have left its length only.
func (e *entry) open() (*os.File, error) {
	f, err := os.Open(e.path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() != e.size {
		err = errSpoilt
	}
	if err == nil && !e.sound.Load() {
		check := crc32.New(table)
		_, err = io.Copy(check, io.NewSectionReader(f, 0, e.size))
		if err == nil && check.Sum32() != e.sum {
			err = errSpoilt
		}
		e.sound.Store(err == nil)
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
