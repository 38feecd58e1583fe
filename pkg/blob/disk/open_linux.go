package disk

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// openBelow opens a key for reading in one system call that cannot leave the folder (openat2 with RESOLVE_BENEATH).
// os.Root promises the same by opening every element of the path in turn: of a segment's delivery that was a seventh of
// the CPU time. Where the kernel or a sandbox does not know the call, os.Root does it.
func openBelow(root *os.Root, top *os.File, key string) (*os.File, error) {
	held, err := top.SyscallConn()
	if err != nil {
		return nil, err
	}
	fd, how := -1, unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_MAGICLINKS,
	}
	// Control keeps the descriptor from being closed, and its number from being another file's, meanwhile.
	closed := held.Control(func(dir uintptr) {
		for err = unix.EINTR; errors.Is(err, unix.EINTR); {
			fd, err = unix.Openat2(int(dir), key, &how)
		}
	})
	switch {
	case closed != nil:
		return nil, &os.PathError{Op: "openat2", Path: key, Err: os.ErrClosed}
	case err == nil:
		return os.NewFile(uintptr(fd), key), nil
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR):
		return nil, &os.PathError{Op: "openat2", Path: key, Err: err}
	}
	// ENOSYS, EPERM, or EAGAIN and EXDEV for what only looks like an escape: os.Root has the last word.
	return root.Open(key)
}
