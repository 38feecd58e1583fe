package disk

import (
	"errors"
	"os"
	"path"

	"golang.org/x/sys/unix"
)

// renameNew renames temp to key and fails when key is taken (renameat2 with RENAME_NOREPLACE). Both folders are opened
// through root first, so that only plain names reach the kernel.
func renameNew(root *os.Root, temp, key string) (err error) {
	from, err := root.Open(path.Dir(temp))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := root.Open(path.Dir(key))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	err = unix.Renameat2(int(from.Fd()), path.Base(temp), int(to.Fd()), path.Base(key), unix.RENAME_NOREPLACE)
	if err != nil {
		return &os.LinkError{Op: "renameat2", Old: temp, New: key, Err: err}
	}
	return nil
}
