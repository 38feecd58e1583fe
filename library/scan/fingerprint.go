package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"movify/library"
)

// fingerprintPart is how many bytes of each end of a file its fingerprint covers.
const fingerprintPart = 1 << 20

// fingerprint hashes the size and both ends of a file. It recognizes a moved file by two reads of any film; a rewritten
// middle shows in the modification time.
func fingerprint(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", unreadable(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", unreadable(err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%d\n", info.Size())
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, fingerprintPart)); err != nil {
		return "", unreadable(err)
	}
	if _, err := io.Copy(h, io.NewSectionReader(f, max(0, info.Size()-fingerprintPart), fingerprintPart)); err != nil {
		return "", unreadable(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// unreadable returns the fault for a file that cannot be read. fs.ErrNotExist is returned as it is.
func unreadable(err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return err
	case errors.Is(err, os.ErrPermission):
		return library.ErrUnreadable.Saying(
			"Movify is not allowed to read this file. Check its owner and permissions.",
		).Because(err)
	default:
		return library.ErrUnreadable.Because(err)
	}
}

// readable reports whether the file can be opened.
func readable(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	return f.Close() == nil
}
