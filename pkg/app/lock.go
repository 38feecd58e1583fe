package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"movify/pkg/fault"
	"movify/pkg/perm"
)

// ErrInUse is returned when another process works on the data folder.
var ErrInUse = fault.New(fault.Conflict, "data_in_use", "Another Movify is at work on this data folder. Stop it first.")

// ErrDataFolder is returned when the data folder cannot be made or written to.
var ErrDataFolder = fault.New(fault.Forbidden, "data_folder", "The data folder cannot be made or written to.")

// dataLock is the lock of a data folder, which one process may hold. The kernel releases it when the process ends, also after
// a crash.
type dataLock struct{ file *os.File }

// Close releases the lock. It unlocks before it closes the file, because a flock(2) lasts until every duplicate of the file
// descriptor is closed, and a child process holds one from its fork to its exec.
func (l *dataLock) Close() error {
	return errors.Join(unix.Flock(int(l.file.Fd()), unix.LOCK_UN), l.file.Close())
}

// lockData makes the data folder and locks it against other processes.
func lockData(dir string) (*dataLock, error) {
	if err := os.MkdirAll(dir, perm.OwnFolder); err != nil {
		return nil, ErrDataFolder.Saying(fmt.Sprintf("The data folder %s cannot be made.", dir)).Because(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "movify.lock"), os.O_RDWR|os.O_CREATE, perm.OwnFile)
	if err != nil {
		return nil, ErrDataFolder.Saying(fmt.Sprintf("The data folder %s cannot be written to.", dir)).Because(err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(f.Name()) // only for the message
		f.Close()
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock the data folder: %w", err)
		}
		return nil, ErrInUse.Saying(fmt.Sprintf("Another Movify (process %s) is at work on %s. Stop it first.",
			strings.TrimSpace(string(holder)), dir))
	}
	if err := f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("write the lock file: %w", err)
		}
	}
	return &dataLock{f}, nil
}
