package library

import (
	"io/fs"
	"os"
	"slices"
)

// FileSystem is how the library looks at the disk. Its errors are those of package os.
type FileSystem interface {
	// Stat looks at what path names, at the end of links.
	Stat(path string) (fs.FileInfo, error)
	// ReadDir lists a folder. Entries that come with an error are not all.
	ReadDir(path string) ([]fs.DirEntry, error)
	// Disk says what the folder at path lies on.
	Disk(path string) (Disk, error)
}

// Disk is what a folder lies on: by it an unmounted or another disk is told from a folder whose files were deleted.
type Disk struct {
	Kind string // "ext4", "NFS", …: a name for people; "" = unknown
	ID   string // tells one disk from another of the same kind; it may change when the machine starts again
}

// remoteKinds are the kinds of disk that are changed by others too, of which this system then hears nothing.
var remoteKinds = [...]string{"NFS", "SMB", "FUSE", "9P", "Ceph", "AFS", "Lustre", "GFS2", "OCFS2", "VirtualBox"}

// Remote reports whether changes to the disk may be made where this system does not see them.
func (d Disk) Remote() bool { return slices.Contains(remoteKinds[:], d.Kind) }

// systemFS is the file system of the machine.
type systemFS struct{}

// SystemFS gives the file system of the machine.
func SystemFS() FileSystem { return systemFS{} }

func (systemFS) Stat(path string) (fs.FileInfo, error)      { return os.Stat(path) }
func (systemFS) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }
func (systemFS) Disk(path string) (Disk, error)             { return diskOf(path) }
