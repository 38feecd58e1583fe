package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"movify/library"
	"movify/pkg/disc"
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
	if disc.IsIndex(path) {
		if title, err := disc.Open(path); err == nil {
			return fingerprintOfTitle(title)
		}
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

// fingerprintOfTitle hashes which ranges of which files a title of a disc plays, and both ends of all of it.
func fingerprintOfTitle(t disc.Title) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, "disc")
	for _, p := range t.Parts {
		fmt.Fprintln(h, p.Name, p.Size, p.From, p.To, int64(p.In), int64(p.Out))
	}
	first, last := t.Parts[0], t.Parts[len(t.Parts)-1]
	if err := hashRange(h, filepath.Join(t.Dir, first.Name), first.From); err != nil {
		return "", err
	}
	if err := hashRange(h, filepath.Join(t.Dir, last.Name), max(0, last.To-fingerprintPart)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// hashRange hashes up to fingerprintPart bytes of a file from an offset on.
func hashRange(h io.Writer, path string, from int64) error {
	f, err := os.Open(path)
	if err != nil {
		return unreadable(err)
	}
	defer f.Close()
	if _, err := io.Copy(h, io.NewSectionReader(f, from, fingerprintPart)); err != nil {
		return unreadable(err)
	}
	return nil
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
