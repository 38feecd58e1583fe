package store

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// networkDisk names the kind of network or FUSE disk the folder is on, or "" for a local one.
func networkDisk(folder string) (kind string, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return "", fmt.Errorf("look at the disk of %s: %w", folder, err)
	}
	return networkKind(int64(st.Type)), nil
}

// networkKind reads the magic number of statfs(2). The number is 32 bits, signed on some machines.
func networkKind(magic int64) string {
	switch uint32(magic) {
	case unix.NFS_SUPER_MAGIC:
		return "NFS"
	case unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC:
		return "SMB"
	case unix.FUSE_SUPER_MAGIC:
		return "FUSE"
	case unix.V9FS_MAGIC:
		return "9P"
	}
	return ""
}
