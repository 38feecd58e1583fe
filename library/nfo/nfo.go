// Package nfo reads and writes NFO files, the descriptions beside films: <movie>, <tvshow>, <season>, <episodedetails>
// and <musicvideo> as Kodi defined them and Jellyfin, Emby and tinyMediaManager write them, or only the address of the
// film on a web site. Many real ones are not well-formed XML, so they are parsed like HTML: every readable field is
// taken, and problems are reported as notes.
//
// A file is data: entities that it defines are never expanded, no file or address in it is opened, and only its first 4
// MiB are read.
package nfo

import (
	"fmt"
	"io"
	"os"
	"strings"

	"movify/library"
)

// readLimit is how much of a file is read, in bytes. A typical one has a few kilobytes; one with a thousand actors half
// a megabyte.
const readLimit = 4 << 20

// Reader reads NFO files from the disk.
type Reader struct{}

// ReadNFO reads the file at path. See library.NFOReader.
func (Reader) ReadNFO(path string) (library.NFODocument, error) {
	// Reading a pipe or a device could block for ever.
	info, err := os.Stat(path)
	if err != nil {
		return library.NFODocument{}, err
	}
	if !info.Mode().IsRegular() {
		return library.NFODocument{Notes: []string{"It is not a file."}}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return library.NFODocument{}, err
	}
	defer f.Close()
	return Read(f)
}

// Read reads a document. The only error is one of r.
func Read(r io.Reader) (library.NFODocument, error) {
	data, err := io.ReadAll(io.LimitReader(r, readLimit+1))
	if err != nil {
		return library.NFODocument{}, fmt.Errorf("read the description: %w", err)
	}
	var n notes
	if len(data) > readLimit {
		data = data[:readLimit]
		n.add("It is longer than 4 MiB: only its beginning was read.")
	}
	text := decode(data, &n)
	works := parse(text, &n)
	if len(works) == 0 {
		if strings.TrimSpace(text) == "" {
			n.add("It is empty.")
		} else {
			n.add("It describes nothing.")
		}
	}
	return library.NFODocument{Works: works, Notes: n.list, Ours: ours(text)}, nil
}

// notes collects problems of a file without duplicates.
type notes struct{ list []string }

// notesLimit is how many notes are kept of one file.
const notesLimit = 8

func (n *notes) add(format string, args ...any) {
	note := format
	if len(args) > 0 {
		note = fmt.Sprintf(format, args...)
	}
	if len(n.list) >= notesLimit {
		return
	}
	for _, have := range n.list {
		if have == note {
			return
		}
	}
	n.list = append(n.list, note)
}
