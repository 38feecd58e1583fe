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

// fingerprinter computes fingerprints. Its buffer is reused from file to file: one for each would be most of the memory
// that a scan allocates. The zero value is ready; one goroutine at a time may use it.
type fingerprinter struct{ buffer []byte }

// fingerprint hashes the size and both ends of a file. It recognizes a moved file by the ends of any film; a rewritten
// middle shows in the modification time.
func (fp *fingerprinter) fingerprint(path string) (string, error) {
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
			return fp.ofTitle(title)
		}
	}
	h := sha256.New()
	fmt.Fprintf(h, "%d\n", info.Size())
	if err := fp.hashEnds(h, f, info.Size()); err != nil {
		return "", unreadable(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// hashEnds hashes the first and the last fingerprintPart of a file of size bytes, which overlap in a short one. A file
// that fits into the buffer is read once.
func (fp *fingerprinter) hashEnds(h io.Writer, f *os.File, size int64) error {
	if buffer := fp.filled(); size > 0 && size < int64(len(buffer)) {
		n, err := f.ReadAt(buffer, 0)
		if n < len(buffer) && errors.Is(err, io.EOF) { // else it has grown
			_, first := h.Write(buffer[:n])
			_, last := h.Write(buffer[:n])
			return errors.Join(first, last)
		}
	}
	if err := fp.hash(h, f, 0); err != nil {
		return err
	}
	return fp.hash(h, f, max(0, size-fingerprintPart))
}

// filled returns the buffer. Its length is a compromise between the reads of a long film and the memory of short ones.
func (fp *fingerprinter) filled() []byte {
	if fp.buffer == nil {
		fp.buffer = make([]byte, fingerprintPart/4)
	}
	return fp.buffer
}

// hash hashes up to fingerprintPart bytes of a file from an offset on.
func (fp *fingerprinter) hash(h io.Writer, f *os.File, from int64) error {
	_, err := io.CopyBuffer(h, io.NewSectionReader(f, from, fingerprintPart), fp.filled())
	return err
}

// ofTitle hashes which ranges of which files a title of a disc plays, and both ends of all of it.
func (fp *fingerprinter) ofTitle(t disc.Title) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, "disc")
	for _, p := range t.Parts {
		fmt.Fprintln(h, p.Name, p.Size, p.From, p.To, int64(p.In), int64(p.Out))
	}
	first, last := t.Parts[0], t.Parts[len(t.Parts)-1]
	if err := fp.hashFile(h, filepath.Join(t.Dir, first.Name), first.From); err != nil {
		return "", err
	}
	if err := fp.hashFile(h, filepath.Join(t.Dir, last.Name), max(0, last.To-fingerprintPart)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// hashFile opens a file for hash.
func (fp *fingerprinter) hashFile(h io.Writer, path string, from int64) error {
	f, err := os.Open(path)
	if err != nil {
		return unreadable(err)
	}
	defer f.Close()
	if err := fp.hash(h, f, from); err != nil {
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
