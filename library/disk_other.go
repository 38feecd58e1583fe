//go:build !linux

package library

import "os"

// diskOf cannot identify file systems on this system, and treats every existing folder as one on a local disk.
func diskOf(path string) (Disk, error) {
	_, err := os.Stat(path)
	return Disk{}, err
}
