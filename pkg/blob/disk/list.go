package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"

	"movify/pkg/blob"
)

// List walks the folder of the prefix, and in it only the names that the prefix allows. It holds the names of one
// folder for each level of depth.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		err := checkPrefix(prefix)
		if err == nil {
			dir, name := path.Split(prefix)
			w := walk{ctx: ctx, root: s.root, yield: yield}
			err = w.folder(strings.TrimSuffix(dir, "/"), name)
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(blob.Info{}, fmt.Errorf("list blobs %q: %w", prefix, err))
		}
	}
}

// errStop ends a walk whose consumer stopped.
var errStop = errors.New("stop")

type walk struct {
	ctx   context.Context
	root  *os.Root
	yield func(blob.Info, error) bool
}

// folder walks the names in dir ("" is the top) that begin with prefix. A folder that is not there is empty.
func (w walk) folder(dir, prefix string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	at := path.Join(".", dir)
	sub, err := w.root.OpenRoot(at)
	if err != nil {
		if st, missing := w.root.Stat(at); missing == nil && !st.IsDir() || errors.Is(kind(missing), blob.ErrNotFound) {
			return nil
		}
		return err
	}
	defer sub.Close()
	entries, err := readNames(sub)
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return !strings.HasPrefix(e.Name(), prefix) || checkKey(path.Join(dir, e.Name())) != nil
	})
	// Key order is not name order: "a.b" sorts before "a/b", but the folder "a" before "a.b".
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(sortName(a), sortName(b)) })
	for _, e := range entries {
		if err := w.entry(sub, path.Join(dir, e.Name()), e); err != nil {
			return err
		}
	}
	return nil
}

func (w walk) entry(sub *os.Root, key string, e fs.DirEntry) error {
	switch {
	case e.IsDir():
		return w.folder(key, "")
	case !e.Type().IsRegular():
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	st, err := sub.Lstat(e.Name())
	if errors.Is(err, fs.ErrNotExist) {
		return nil // deleted since the folder was read
	}
	if err != nil {
		return err
	}
	if !w.yield(info(key, st), nil) {
		return errStop
	}
	return nil
}

func sortName(e fs.DirEntry) string {
	if e.IsDir() {
		return e.Name() + "/"
	}
	return e.Name()
}

// readNames reads a folder's entries in no particular order.
func readNames(dir *os.Root) (_ []fs.DirEntry, err error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.ReadDir(-1)
}
