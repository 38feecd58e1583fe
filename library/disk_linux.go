package library

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// diskOf identifies the file system of a folder by statfs(2).
func diskOf(path string) (Disk, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return Disk{}, fmt.Errorf("look at the disk: %w", err)
	}
	// The magic number has 32 bits and is signed on some machines.
	magic := uint32(st.Type)
	d := Disk{Kind: kindOf(magic)}
	if st.Fsid.Val[0] != 0 || st.Fsid.Val[1] != 0 {
		d.ID = fmt.Sprintf("%x:%08x%08x", magic, uint32(st.Fsid.Val[0]), uint32(st.Fsid.Val[1]))
	} else {
		d.ID = fmt.Sprintf("%x", magic) // some network file systems have no ID
	}
	return d, nil
}

// kindOf names a file system by its statfs(2) magic number.
func kindOf(magic uint32) string {
	switch magic {
	case unix.NFS_SUPER_MAGIC:
		return "NFS"
	case unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC:
		return "SMB"
	case unix.FUSE_SUPER_MAGIC:
		return "FUSE"
	case unix.V9FS_MAGIC:
		return "9P"
	case unix.CEPH_SUPER_MAGIC:
		return "Ceph"
	case unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC:
		return "AFS"
	case unix.EXT4_SUPER_MAGIC: // that of ext2 and ext3 too
		return "ext4"
	case unix.BTRFS_SUPER_MAGIC:
		return "btrfs"
	case unix.XFS_SUPER_MAGIC:
		return "XFS"
	case unix.F2FS_SUPER_MAGIC:
		return "F2FS"
	case unix.TMPFS_MAGIC:
		return "tmpfs"
	case unix.OVERLAYFS_SUPER_MAGIC:
		return "overlay"
	case unix.MSDOS_SUPER_MAGIC:
		return "FAT"
	case unix.EXFAT_SUPER_MAGIC:
		return "exFAT"
	case unix.ECRYPTFS_SUPER_MAGIC:
		return "eCryptfs"
	case unix.ISOFS_SUPER_MAGIC:
		return "ISO 9660"
	case unix.UDF_SUPER_MAGIC:
		return "UDF"
	case unix.SQUASHFS_MAGIC:
		return "squashfs"
	}
	// These have no name in the package; the numbers are those of the kernel's or the driver's own headers.
	switch magic {
	case 0x2fc12fc1:
		return "ZFS"
	case 0x5346544e, 0x7366746e:
		return "NTFS"
	case 0x0bd00bd0:
		return "Lustre"
	case 0x01161970:
		return "GFS2"
	case 0x7461636f:
		return "OCFS2"
	case 0x786f4256:
		return "VirtualBox"
	case 0xca451a4e:
		return "bcachefs"
	}
	return ""
}
