package disc

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The offsets are those of the Blu-ray movie playlist as https://en.wikibooks.org/wiki/User:Bdinfo/mpls describes it.
const (
	mplsLimit    = 1 << 20 // bytes of a playlist that are read
	mplsMagic    = "MPLS"
	mplsPlaylist = 8 // where the list of items is
	itemClip     = 2 // five digits, from the beginning of an item
	itemIn       = 14
	itemOut      = 18
	itemLeast    = 22
	itemFlags    = 12
	maxItems     = maxParts
	maxPlaylists = 3000
)

// playItem is a clip, or a piece of one, that a playlist plays. Times are ticks of 45 kHz on the clip's clock.
type playItem struct {
	clip    string // "00001"
	in, out uint32
	angles  bool
}

func ticks(n uint32) time.Duration { return time.Duration(n) * time.Second / 45_000 }

// parseMPLS lists the items of a playlist. Of a clip recorded from several angles the first is named. Items that go on where
// the one before ended are one with it.
func parseMPLS(data []byte) ([]playItem, error) {
	b := &be{data: data}
	if len(data) < 20 || string(data[:len(mplsMagic)]) != mplsMagic {
		return nil, fmt.Errorf("%w: no playlist", ErrBroken)
	}
	list := int(b.at(mplsPlaylist, 4))
	count := int(b.at(list+6, 2))
	if b.bad || count > maxItems {
		return nil, fmt.Errorf("%w: no list of items", ErrBroken)
	}
	var out []playItem
	at := list + 10
	for range count {
		length := int(b.at(at, 2))
		x := playItem{
			in: uint32(b.at(at+itemIn, 4)), out: uint32(b.at(at+itemOut, 4)), angles: b.at(at+itemFlags, 1)&0x10 != 0,
		}
		if b.bad || length < itemLeast-2 {
			return nil, fmt.Errorf("%w: an item is cut off", ErrBroken)
		}
		if x.clip = string(data[at+itemClip : at+itemClip+5]); !isDigits(x.clip) {
			return nil, fmt.Errorf("%w: an item names no clip", ErrBroken)
		}
		at += 2 + length
		if x.in >= x.out {
			continue
		}
		if last := len(out) - 1; last >= 0 && out[last].clip == x.clip && out[last].out == x.in {
			out[last].out = x.out
			continue
		}
		out = append(out, x)
	}
	return out, nil
}

func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// openPlaylist reads the title of a playlist in BDMV/PLAYLIST; its clips are in BDMV/STREAM.
func openPlaylist(index string) (Title, error) {
	dir, err := below(filepath.Dir(filepath.Dir(index)), "STREAM")
	if err != nil {
		return Title{}, err
	}
	f, err := listFiles(dir)
	if err != nil {
		return Title{}, err
	}
	return f.playlist(dir, index)
}

// below gives a folder in a folder, by its name in any case.
func below(dir, name string) (string, error) {
	items, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("list the folders of a disc: %w", err)
	}
	for _, item := range items {
		if strings.EqualFold(item.Name(), name) {
			return filepath.Join(dir, item.Name()), nil
		}
	}
	return "", fmt.Errorf("%w: there is no %s", ErrBroken, name)
}

// playlist reads the title of a playlist, whose clips are f in dir. A playlist that plays a piece of a clip twice is no title
// but a menu, and one of which a clip is not there misleads.
func (f files) playlist(dir, index string) (Title, error) {
	data, err := readIndex(index, mplsLimit)
	if err != nil {
		return Title{}, err
	}
	items, err := parseMPLS(data)
	if err != nil {
		return Title{}, err
	}
	t := Title{Dir: dir, Clips: true}
	for n, x := range items {
		name, size, ok := f.find(x.clip + ".m2ts")
		if !ok {
			return Title{}, fmt.Errorf("%w: clip %s is not there", ErrBroken, x.clip)
		}
		if slices.ContainsFunc(items[:n], func(y playItem) bool {
			return x.clip == y.clip && x.in < y.out && y.in < x.out
		}) {
			return Title{}, fmt.Errorf("%w: clip %s is repeated", ErrBroken, x.clip)
		}
		t.Angles = t.Angles || x.angles
		t.Duration += ticks(x.out) - ticks(x.in)
		t.Parts = append(t.Parts, Part{Name: name, Size: size, To: size, In: ticks(x.in), Out: ticks(x.out)})
	}
	var bytes int64
	for _, path := range t.Paths() {
		bytes += f.sizes[filepath.Base(path)]
	}
	if t.Duration = sensible(t.Duration, bytes); t.Duration < time.Second {
		return Title{}, fmt.Errorf("%w: nothing is played", ErrBroken)
	}
	return t, nil
}

// mainPlaylist finds the longest title of a Blu-ray, or the largest clip when no playlist can be read. Of several of one
// length, such as those of other languages, it is the first by number with the fewest clips.
func mainPlaylist(dir string) ([]string, error) {
	streams, err := below(dir, "STREAM")
	if err != nil {
		return nil, nil // the folder of a disc that is not copied yet
	}
	f, err := listFiles(streams)
	if err != nil {
		return nil, err
	}
	largest := ""
	for _, name := range f.names {
		if strings.EqualFold(filepath.Ext(name), ".m2ts") &&
			(largest == "" || f.sizes[name] > f.sizes[largest] || f.sizes[name] == f.sizes[largest] && name < largest) {
			largest = name
		}
	}
	if largest == "" {
		return nil, nil
	}
	if path, ok := f.longestPlaylist(dir, streams); ok {
		return []string{path}, nil
	}
	return []string{filepath.Join(streams, largest)}, nil
}

func (f files) longestPlaylist(dir, streams string) (path string, ok bool) {
	lists, err := below(dir, "PLAYLIST")
	if err != nil {
		return "", false
	}
	items, err := os.ReadDir(lists)
	if err != nil {
		return "", false
	}
	var best Title
	for _, item := range items[:min(maxPlaylists, len(items))] {
		if !playlistName.MatchString(item.Name()) {
			continue
		}
		index := filepath.Join(lists, item.Name())
		t, err := f.playlist(streams, index)
		if err != nil || t.Duration < best.Duration ||
			t.Duration == best.Duration && len(t.Parts) >= len(best.Parts) {
			continue
		}
		best, path, ok = t, t.standsUnder(index), true
	}
	return path, ok
}
