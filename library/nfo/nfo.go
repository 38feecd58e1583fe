// Package nfo reads and writes the files that describe films: <movie>, <tvshow>, <season>, <episodedetails> and
// <musicvideo> as Kodi defined them and Jellyfin, Emby and tinyMediaManager write them, or no more than the address of the
// film elsewhere. Many real ones are not well-formed XML, so they are read as browsers read pages: what can be taken is
// taken, and notes say what was odd.
//
// A file is data: entities that it defines are never expanded, no file or address that it names is opened, and no more
// than its first 4 MiB are read.
package nfo

import (
	"fmt"
	"io"
	"os"
	"strings"

	"movify/library"
)

// readLimit is how much of a file is read, in bytes. A true one is of a few kilobytes; one with a thousand actors is of
// half a megabyte.
const readLimit = 4 << 20

// Reader reads files from the disk.
type Reader struct{}

// ReadNFO reads the file at path. See library.NFOReader.
func (Reader) ReadNFO(path string) (library.NFODocument, error) {
	// A pipe or a device would be waited for, for ever.
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

// notes collects what was odd, each once.
type notes struct{ list []string }

// notesLimit is how many are kept: a file that is odd throughout is told of by its first oddities.
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
