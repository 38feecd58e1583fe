package fswatch

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// networkDisk names the kind of disk the folder is on when changes to it may be made where this system does not see them;
// "" is a disk of our own.
func networkDisk(folder string) (kind string, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return "", fmt.Errorf("look at the disk: %w", err)
	}
	// The magic number has 32 bits and is signed on some machines.
	switch uint32(st.Type) {
	case unix.NFS_SUPER_MAGIC:
		return "NFS", nil
	case unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC:
		return "SMB", nil
	case unix.FUSE_SUPER_MAGIC:
		return "FUSE", nil
	case unix.V9FS_MAGIC:
		return "9P", nil
	}
	return "", nil
}
