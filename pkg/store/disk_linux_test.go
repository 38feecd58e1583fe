package store

import "testing"

func TestNetworkKind(t *testing.T) {
	t.Parallel()
	for magic, want := range map[int64]string{
		0x6969:                        "NFS",
		0xFF534D42:                    "SMB",
		int64(int32(-0x00ACB2BE)):     "SMB", // the same number where statfs gives a signed 32-bit type
		0xFE534D42:                    "SMB",
		0x65735546:                    "FUSE",
		0x01021997:                    "9P",
		0xEF53 /* ext4 */ :            "",
		0x58465342 /* XFS */ :         "",
		0x9123683E /* btrfs */ :       "",
		0x01021994 /* tmpfs */ :       "",
		0x794C7630 /* overlayfs */ :   "",
		0x2FC12FC1 /* OpenZFS */ :     "",
		0x00000000DEADBEEF /* new */ : "",
	} {
		if got := networkKind(magic); got != want {
			t.Errorf("networkKind(%#x) = %q, want %q", magic, got, want)
		}
	}
}
