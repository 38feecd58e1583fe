package library

import (
	"io/fs"
	"os"
	"slices"
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
