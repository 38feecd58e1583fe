package scan

import (
	"io/fs"
	"path/filepath"
	"slices"

	"movify/library"
	"movify/pkg/disc"
)

// walkDisc adds the main title of a copied disc, whose folder dir is, and gives the entries of the folder that remain to be
// walked: of a Blu-ray none, of a DVD those that are no files of it. target is as in walkFolders.
func (w *walker) walkDisc(dir, target string, items []fs.DirEntry) (rest []fs.DirEntry) {
	main, err := disc.Main(dir)
	if err != nil {
		if !library.IsNotExist(err) {
			w.failed = append(w.failed, dir)
		}
		return nil
	}
	if len(main) == 0 {
		return items
	}
	for _, path := range main {
		w.addTitle(dir, target, path)
	}
	if filepath.Dir(main[0]) != dir {
		w.ignored = append(w.ignored, Ignored{dir, library.ErrDiscRest}) // the files are in folders below
		return nil
	}
	for _, item := range items {
		path := filepath.Join(dir, item.Name())
		switch {
		case !disc.IsPart(item.Name()):
			rest = append(rest, item)
		case library.HasVideoExtension(item.Name()) && !slices.Contains(main, path):
			w.ignored = append(w.ignored, Ignored{path, library.ErrDiscRest})
		}
	}
	return rest
}

// addTitle adds one of the files that the main title of a disc in dir stands under.
func (w *walker) addTitle(dir, target, path string) {
	if below := filepath.Dir(path); below != dir && !w.readIgnoreFile(below) || w.isIgnored(path, false) {
		return
	}
	if target != "" && !w.links.Enters(filepath.Join(target, library.Relative(dir, path)), path) {
		return
	}
	if !w.staysIn(path) {
		w.leaveOut(path, library.ErrLinkOut)
		return
	}
	switch v, there, err := library.StatVideo(w.fs, path); {
	case err != nil:
		w.failed = append(w.failed, path)
	case there:
		w.videos = append(w.videos, v)
	}
}

// staysIn reports whether the files that a title of a disc stands under and consists of lie where links may lead: each of
// them, and the folder that they are in, may be a link.
func (w *walker) staysIn(path string) bool {
	files := []string{path}
	if disc.IsIndex(path) {
		if title, err := disc.Open(path); err == nil {
			files = append(files, title.Paths()...)
		}
	}
	return !slices.ContainsFunc(files, func(f string) bool { return !w.links.Allows(f) })
}

// entryNames gives the names of the entries of a folder.
func entryNames(items []fs.DirEntry) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, item := range items {
			if !yield(item.Name()) {
				return
			}
		}
	}
}
