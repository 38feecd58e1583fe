// Package disc reads copied DVDs and Blu-rays: which of their files are the main title, and in which order and ranges its
// files follow each other. It owns the formats of the index files (IFO and MPLS) and the choice of the main title. It never
// reads pictures or sound, and never follows a name out of the disc's folder.
//
// A title of several files, or of a part of one, stands in the library under the path of its index file (VTS_01_0.IFO,
// 00800.mpls), and a title that is one whole file under the path of that. Input is untrusted: every offset and count is
// checked, and what a file says of sizes and times is compared with the files that are there.
package disc

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// ErrBroken is returned for an index file that breaks its format, or names files that are not there.
var ErrBroken = errors.New("index of a disc is broken")

// Title is what a disc plays from one index file: its parts, one after the other, as one timeline.
type Title struct {
	Dir      string // of its files
	Clips    bool   // the parts are clips of a Blu-ray, each with a clock of its own; else ranges of one stream
	Parts    []Part
	Duration time.Duration // as the index says, bounded by the bytes that there are
	Angles   bool          // some of it was recorded from several angles; the first is played
}

// Part is one file of a title, or a range of it.
type Part struct {
	Name     string        // of the file in Dir: letters, digits and underscores, and an extension
	Size     int64         // of the whole file, bytes
	From, To int64         // the range that is played, bytes
	In, Out  time.Duration // of a clip: what is played on its own clock
	Anew     bool          // of a DVD: its clock begins again, or jumps
	Lasts    time.Duration // of a DVD: how long it is played, with the parts behind it up to the next Anew
}

// Whole reports whether a part is all bytes of its file.
func (p Part) Whole() bool { return p.From == 0 && p.To == p.Size }

// Paths lists the files of a title, each once.
func (t Title) Paths() []string {
	var out []string
	seen := make(map[string]bool)
	for _, p := range t.Parts {
		if !seen[p.Name] {
			seen[p.Name] = true
			out = append(out, filepath.Join(t.Dir, p.Name))
		}
	}
	return out
}

// Bytes is how many bytes are played.
func (t Title) Bytes() (n int64) {
	for _, p := range t.Parts {
		n += p.To - p.From
	}
	return n
}

var (
	titleSetIndex = regexp.MustCompile(`(?i)^VTS_(\d\d)_0\.IFO$`)
	playlistName  = regexp.MustCompile(`(?i)^\d{5}\.mpls$`)
	discFileName  = regexp.MustCompile(`(?i)^(?:VIDEO_TS|VTS_\d\d_\d)\.(?:IFO|BUP|VOB)$`)
)

// IsIndex reports whether a path has the name of an index file that a title may stand under.
func IsIndex(path string) bool {
	name := filepath.Base(path)
	return titleSetIndex.MatchString(name) || playlistName.MatchString(name)
}

// IsPart reports whether a file has a name that files of a DVD have.
func IsPart(name string) bool { return discFileName.MatchString(name) }

// Open reads the title of an index file. The error wraps ErrBroken unless a file could not be read.
func Open(index string) (Title, error) {
	if titleSetIndex.MatchString(filepath.Base(index)) {
		return openTitleSet(index)
	}
	return openPlaylist(index)
}

// Folder gives the folder of the disc that a path is or lies in, by its name alone: VIDEO_TS, BDMV, or a folder with the
// files of a DVD. ok is false for a path that is no part of a disc.
func Folder(path string) (dir string, ok bool) {
	if discFileName.MatchString(filepath.Base(path)) {
		return filepath.Dir(path), true
	}
	for dir = filepath.Clean(path); ; dir = filepath.Dir(dir) {
		if name := filepath.Base(dir); strings.EqualFold(name, "VIDEO_TS") || strings.EqualFold(name, "BDMV") {
			return dir, true
		}
		if dir == filepath.Dir(dir) {
			return "", false
		}
	}
}

// IsFolder reports whether a folder with these files and folders in it is a DVD, or a Blu-ray by its name.
func IsFolder(dir string, names func(yield func(string) bool)) bool {
	if strings.EqualFold(filepath.Base(dir), "BDMV") {
		return true
	}
	for name := range names {
		if len(name) == len("VIDEO_TS.IFO") && name[0]|0x20 == 'v' &&
			(strings.EqualFold(name, "VIDEO_TS.IFO") || titleSetIndex.MatchString(name)) {
			return true
		}
	}
	return strings.EqualFold(filepath.Base(dir), "VIDEO_TS")
}

// Main gives the files that the main title of a disc stands under: its index file, the one file that it is, or, of a disc
// without a readable index, the largest files, in order. None are given for a folder in which nothing is a title, such as that
// of a camera; an error is one of reading.
func Main(dir string) ([]string, error) {
	if strings.EqualFold(filepath.Base(dir), "BDMV") {
		return mainPlaylist(dir)
	}
	return mainTitleSet(dir)
}

// standsUnder is the path that a title stands under.
func (t Title) standsUnder(index string) string {
	if len(t.Parts) == 1 && t.Parts[0].Whole() {
		return filepath.Join(t.Dir, t.Parts[0].Name)
	}
	return index
}

// The least data rate of moving pictures, bytes a second: an index that promises more time than the bytes can hold is
// there to mislead copying programs.
const leastRate = 100_000 / 8

// sensible bounds a duration by the bytes of a title.
func sensible(d time.Duration, bytes int64) time.Duration {
	return min(d, time.Duration(bytes/leastRate)*time.Second)
}

// files lists the regular files of a folder: sizes by name, and names by name in upper case.
type files struct {
	sizes map[string]int64
	names map[string]string
}

func listFiles(dir string) (files, error) {
	out := files{make(map[string]int64), make(map[string]string)}
	items, err := os.ReadDir(dir)
	if err != nil {
		return out, fmt.Errorf("list the files of a disc: %w", err)
	}
	for _, item := range items {
		info, err := os.Stat(filepath.Join(dir, item.Name()))
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		out.sizes[item.Name()] = info.Size()
		out.names[strings.ToUpper(item.Name())] = item.Name()
	}
	return out, nil
}

// find gives a file by its name in any case.
func (f files) find(name string) (actual string, size int64, ok bool) {
	actual, ok = f.names[strings.ToUpper(name)]
	return actual, f.sizes[actual], ok
}

// readIndex reads an index file, up to a bound.
func readIndex(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the index of a disc: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit))
	if err != nil {
		return nil, fmt.Errorf("read the index of a disc: %w", err)
	}
	return data, nil
}

// be reads big-endian numbers at offsets of a file. A number beyond the end is 0 and sets bad.
type be struct {
	data []byte
	bad  bool
}

func (b *be) at(offset, size int) (n uint64) {
	if offset < 0 || size < 0 || offset > len(b.data)-size {
		b.bad = true
		return 0
	}
	for _, x := range b.data[offset : offset+size] {
		n = n<<8 | uint64(x)
	}
	return n
}
