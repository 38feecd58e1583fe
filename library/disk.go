package library

import (
	"io/fs"
	"os"
	"slices"

	"movify/library/naming"
)

// FileSystem is the disk as the library accesses it. Its errors are those of package os.
type FileSystem interface {
	// Stat stats path, following symbolic links.
	Stat(path string) (fs.FileInfo, error)
	// ReadDir lists a folder. Entries returned with an error are incomplete.
	ReadDir(path string) ([]fs.DirEntry, error)
	// Disk returns the file system that the folder at path is on.
	Disk(path string) (Disk, error)
}

// Disk identifies the file system of a folder, to tell an unmounted or another disk from deleted files.
type Disk struct {
	Kind string // "ext4", "NFS", …: for display; "" = unknown
	ID   string // distinguishes disks of one kind; may change at a restart of the machine
}

// remoteKinds are file systems that other machines may change without an event here.
var remoteKinds = [...]string{"NFS", "SMB", "FUSE", "9P", "Ceph", "AFS", "Lustre", "GFS2", "OCFS2", "VirtualBox"}

// Remote reports whether the disk may change without an event on this machine.
func (d Disk) Remote() bool { return slices.Contains(remoteKinds[:], d.Kind) }

// systemFS is the file system of the machine.
type systemFS struct{}

// SystemFS returns the file system of the machine.
func SystemFS() FileSystem { return systemFS{} }

func (systemFS) Stat(path string) (fs.FileInfo, error)      { return os.Stat(path) }
func (systemFS) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }
func (systemFS) Disk(path string) (Disk, error)             { return diskOf(path) }

// SiblingsIn reads the names of the video files in a folder, for naming. They are nil when it cannot be read.
func SiblingsIn(disk FileSystem, dir string) *naming.Siblings {
	items, err := disk.ReadDir(dir)
	if err != nil {
		return nil
	}
	return SiblingsOf(items)
}

// SiblingsOf are the video files among the entries of a folder; nil when there are fewer than two. Files that only an
// ignore rule excludes count, too: a rule does not change what the others are.
func SiblingsOf(items []fs.DirEntry) *naming.Siblings {
	var names []string
	for _, item := range items {
		if !item.IsDir() && HasVideoExtension(item.Name()) {
			names = append(names, item.Name())
		}
	}
	if len(names) < 2 {
		return nil
	}
	return naming.NewSiblings(names, Ignored)
}
