//go:build !linux

package disk

import (
	"errors"
	"os"
)

// renameNew has no portable form: a rename elsewhere overwrites.
func renameNew(_ *os.Root, temp, key string) error {
	return &os.LinkError{Op: "rename", Old: temp, New: key, Err: errors.ErrUnsupported}
}
