package metadata

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"movify/library"
	"movify/library/naming"
)

// examinedFile is an examined file with what its path says.
type examinedFile struct {
	library.Examined
	parsedPath
}

// Import writes examined files in one transaction: each becomes a file of a title, new or known. Files of a root that was
// removed in the meantime are left out.
func (s *Service) Import(ctx context.Context, examined []library.Examined) (library.Imported, error) {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return library.Imported{}, fmt.Errorf("list the library folders: %w", err)
	}
	var found []examinedFile
	var parsed []parsedPath
	var paths []string
	for _, x := range examined {
		if slices.ContainsFunc(roots, func(root library.Root) bool { return root.ID == x.Root.ID }) {
			to := identified(x.Root, x.Video.Path, s.described(x.Root, x.Video.Path, x.Named))
			found = append(found, examinedFile{x, to})
			parsed, paths = append(parsed, to), append(paths, x.Video.Path)
		}
	}
	if len(found) == 0 {
		return library.Imported{}, nil
	}
	b := newImportBatch(s)
	if err := b.preload(ctx, parsed, paths); err != nil {
		return library.Imported{}, err
	}
	slices.SortStableFunc(found, func(x, y examinedFile) int { return x.importOrder() - y.importOrder() })
	added := 0
	for _, x := range found {
		isNew, err := b.addFile(ctx, x)
		if err != nil {
			return library.Imported{}, err
		}
		if isNew {
			added++
		}
	}
	c, err := b.change(ctx)
	if err != nil {
		return library.Imported{}, err
	}
	if err := s.o.Store.Apply(ctx, c); err != nil {
		return library.Imported{}, fmt.Errorf("write the files: %w", err)
	}
	return library.Imported{Files: c.Files, Added: added, Claimed: b.claimed}, nil
}

// importOrder sorts extras last, because the title they belong to must exist first.
func (x examinedFile) importOrder() int {
	if x.Kind == library.Extra {
		return 1
	}
	return 0
}

// described is the identity of a file with what an NFO file beside it says of its kind: a number without a season may be
// the title's, and a description of a movie decides that. named is what its path says.
func (s *Service) described(root library.Root, film string, named naming.Identity) naming.Identity {
	if s.o.NFO == nil || named.Kind != library.Episode || named.Evidence["season"] != "" {
		return named
	}
	for _, path := range []string{
		strings.TrimSuffix(film, filepath.Ext(film)) + ".nfo", filepath.Join(filepath.Dir(film), "movie.nfo"),
	} {
		if s.notExist(path) {
			continue
		}
		doc, err := s.o.NFO.ReadNFO(path)
		if err == nil && ofFilm(doc) {
			return s.siblings(film).IdentifyFilm(root.Rel(film))
		}
	}
	return named
}

// ofFilm reports whether an NFO file describes one movie.
func ofFilm(doc library.NFODocument) bool {
	return len(doc.Works) == 1 && doc.Works[0].Kind == library.Movie
}
