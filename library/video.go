package library

import (
	"errors"
	"io/fs"
	"syscall"

	"movify/pkg/disc"
)

// VideoFile is a video file found on disk.
type VideoFile struct {
	Path      string
	Size      int64 // bytes
	ModTimeNS int64 // Unix nanoseconds
}

// VideoFileOf returns a video file by what the disk says of it.
func VideoFileOf(path string, info fs.FileInfo) VideoFile {
	return VideoFile{path, info.Size(), info.ModTime().UnixNano()}
}

// StatVideo stats one video file again. there is false when it no longer exists; err says why it could not be
// determined.
func StatVideo(disk FileSystem, path string) (v VideoFile, there bool, err error) {
	info, err := disk.Stat(path)
	switch {
	case IsNotExist(err):
		return VideoFile{}, false, nil
	case err != nil:
		return VideoFile{}, false, err
	}
	if !info.Mode().IsRegular() {
		return VideoFile{}, false, nil
	}
	v = VideoFileOf(path, info)
	if disc.IsIndex(path) {
		err = v.addParts(disk)
	}
	return v, err == nil, err
}

// addParts gives a title of a disc the size of its files and the latest of their times, so that a disc that is still being
// copied is seen to change. One whose index is broken remains the index file; the probe says why it cannot be played.
func (v *VideoFile) addParts(disk FileSystem) error {
	title, err := disc.Open(v.Path)
	if err != nil {
		return nil
	}
	for n, path := range title.Paths() {
		info, err := disk.Stat(path)
		if err != nil {
			return err
		}
		if n == 0 {
			v.Size = 0
		}
		v.Size += info.Size()
		v.ModTimeNS = max(v.ModTimeNS, info.ModTime().UnixNano())
	}
	return nil
}

// IsNotExist reports whether an error says that a path does not exist, rather than that it could not be reached.
func IsNotExist(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
