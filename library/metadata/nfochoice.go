package metadata

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
)

// nfoChoice is the NFO file chosen for a work; path is "" when it has none any more.
type nfoChoice struct {
	work           library.DescribedWork
	path, revision string
}

// chooseNFOs returns the works of a walked folder whose NFO file is another one or has another revision than before.
// films lists all files there. The NFO file of a film has the film's name, or is the only one in a folder with one
// film; that of a series is the nearest tvshow.nfo above its episodes. A file that the walk did not see is gone only
// when absent confirms it: an I/O error hides files.
func chooseNFOs(films []library.DescribedFile, walked library.WalkedFolder, absent func(path string) bool) []nfoChoice {
	ch := nfoChooser{
		WalkedFolder: walked, absent: absent, folders: make(map[string]*nfoFolder), done: make(map[id.Title]bool),
	}
	for dir, files := range walked.Sidecars {
		for _, f := range files {
			if stem, ext := library.SplitName(strings.ToLower(f.Name)); ext == ".nfo" {
				ch.folder(dir).nfos[stem] = f
			}
		}
	}
	films = slices.Clone(films)
	slices.SortFunc(films, func(a, b library.DescribedFile) int { return cmp.Compare(a.Path, b.Path) })
	for _, f := range films {
		folder := ch.folder(filepath.Dir(f.Path))
		folder.titles = append(folder.titles, f.Works[0].ID)
	}
	for _, folder := range ch.folders {
		slices.Sort(folder.titles)
		folder.titles = slices.Compact(folder.titles)
	}
	around := make(map[id.Title]library.DescribedWork) // seasons and series
	for _, f := range films {
		dir := filepath.Dir(f.Path)
		ch.chooseFileNFO(f.Works[0], dir, ch.fileNFO(f, dir))
		for _, w := range f.Works[1:] {
			if !ch.done[w.ID] {
				ch.findParentNFO(w, dir)
				around[w.ID] = w
			}
		}
	}
	for _, w := range around {
		if old := library.RevisionPath(w.Revision); !ch.done[w.ID] && old != "" && ch.IsGone(old) {
			ch.done[w.ID] = true
			ch.out = append(ch.out, nfoChoice{work: w})
		}
	}
	return ch.out
}

// nfoFolder is a folder with its NFO files and titles.
type nfoFolder struct {
	nfos   map[string]library.Sidecar // by name without extension, in lower case
	titles []id.Title                 // of the films in it
}

type nfoChooser struct {
	library.WalkedFolder
	absent  func(path string) bool
	folders map[string]*nfoFolder
	done    map[id.Title]bool
	out     []nfoChoice
}

func (ch *nfoChooser) folder(dir string) *nfoFolder {
	f := ch.folders[dir]
	if f == nil {
		f = &nfoFolder{nfos: make(map[string]library.Sidecar)}
		ch.folders[dir] = f
	}
	return f
}

// IsGone reports whether a file at path, where the walk would have seen it, no longer exists.
func (ch *nfoChooser) IsGone(path string) bool {
	if !library.Within(ch.Path, path) {
		return false
	}
	stem, _ := library.SplitName(strings.ToLower(filepath.Base(path)))
	if folder := ch.folders[filepath.Dir(path)]; folder != nil && folder.nfos[stem].Name == filepath.Base(path) {
		return false
	}
	return ch.absent(path)
}

// fileNFO finds the NFO file of a film.
func (ch *nfoChooser) fileNFO(f library.DescribedFile, dir string) library.Sidecar {
	folder := ch.folders[dir]
	stem, _ := library.SplitName(strings.ToLower(filepath.Base(f.Path)))
	if n, ok := folder.nfos[stem]; ok {
		return n
	}
	var names []string
	if f.Works[0].Kind == library.Movie {
		names = append(names, naming.WithoutPart(stem))
		if len(folder.titles) == 1 && dir != ch.Root.Path {
			names = append(names, "movie", strings.ToLower(filepath.Base(dir)))
		}
	}
	for _, name := range names {
		if n, ok := folder.nfos[name]; ok {
			return n
		}
	}
	// The NFO file of a release has the name of the release.
	if len(names) > 1 && len(folder.nfos) == 1 {
		for stem, only := range folder.nfos {
			if stem != "tvshow" && !strings.HasPrefix(stem, "season") {
				return only
			}
		}
	}
	return library.Sidecar{}
}

// chooseFileNFO compares the NFO file found for a work in dir with the one it was described by.
func (ch *nfoChooser) chooseFileNFO(w library.DescribedWork, dir string, found library.Sidecar) {
	old := library.RevisionPath(w.Revision)
	switch {
	case ch.done[w.ID]:
	case found.Revision != "" && found.Revision == w.Revision:
		ch.done[w.ID] = true
	case old != "" && filepath.Dir(old) != dir && !ch.IsGone(old):
		// The NFO file beside another version of the film still exists.
	case found.Revision != "":
		ch.done[w.ID] = true
		ch.out = append(ch.out, nfoChoice{w, filepath.Join(dir, found.Name), found.Revision})
	case old != "" && ch.IsGone(old):
		ch.out = append(ch.out, nfoChoice{work: w})
		ch.done[w.ID] = true
	}
}

// parentNFODepth is how many folders are searched for the NFO file of a series: those of the episode, the season and
// the series.
const parentNFODepth = 3

// findParentNFO finds the NFO file of a season or series with an episode in dir. Folders above the walked one were not
// listed, so descriptions from there stay.
func (ch *nfoChooser) findParentNFO(w library.DescribedWork, dir string) {
	for range parentNFODepth {
		if dir == ch.Root.Path || !library.Within(ch.Root.Path, dir) {
			return
		}
		if folder := ch.folders[dir]; folder != nil {
			for _, name := range parentNFONames(w, len(folder.titles) > 0) {
				if n, ok := folder.nfos[name]; ok {
					ch.done[w.ID] = true
					if n.Revision != w.Revision {
						ch.out = append(ch.out, nfoChoice{w, filepath.Join(dir, n.Name), n.Revision})
					}
					return
				}
			}
		}
		dir = filepath.Dir(dir)
	}
}

// parentNFONames returns the names of the NFO file of a season or series. season.nfo belongs to the season with
// episodes beside it.
func parentNFONames(w library.DescribedWork, episodes bool) []string {
	if w.Kind == library.Series {
		return []string{"tvshow"}
	}
	number := strconv.Itoa(w.Season)
	names := []string{
		"season" + number, "season0" + number, "season" + strings.Repeat("0", max(0, 2-len(number))) + number,
	}
	if w.Season == 0 {
		names = append(names, "season-specials", "specials")
	}
	if episodes {
		names = append(names, "season")
	}
	return append(names, "tvshow") // it may name the seasons of the series
}
