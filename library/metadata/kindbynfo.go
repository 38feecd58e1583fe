package metadata

import (
	"context"
	"path/filepath"
	"strings"

	"movify/library"
	"movify/pkg/id"
)

// episodesBesideMovieNFO returns the episodes in folders with a file movie.nfo, which is none of an episode: it may say that
// they are films.
func episodesBesideMovieNFO(films []library.DescribedFile, walked library.WalkedFolder) (out []library.DescribedWork) {
	has := make(map[string]bool)
	for dir, files := range walked.Sidecars {
		for _, f := range files {
			if strings.EqualFold(f.Name, "movie.nfo") {
				has[dir] = true
			}
		}
	}
	for _, f := range films {
		if has[filepath.Dir(f.Path)] && f.Works[0].Kind == library.Episode {
			out = append(out, f.Works[0])
		}
	}
	return out
}

// reidentifyKinds reads the names of the files of works again where their NFO files say that they are films, or no longer say
// so, and reports whether a file has a title of another kind now.
func (s *Service) reidentifyKinds(
	ctx context.Context, root library.Root, works []library.DescribedWork, films []library.DescribedFile,
) (changed bool, err error) {
	if len(works) == 0 {
		return false, nil
	}
	r := reidentifier{Service: s, root: root, siblings: s.siblings}
	top := make(map[id.Title]id.Title, len(films))
	for _, f := range films {
		top[f.Works[0].ID] = f.Works[len(f.Works)-1].ID
	}
	for _, w := range works {
		r.only = func(f library.File) bool {
			kind := r.parse(f.Path).Kind
			return f.Title == w.ID && kind != w.Kind && kind != library.Extra
		}
		did, err := r.changeWork(ctx, top[w.ID])
		if err != nil {
			return changed, err
		}
		changed = changed || did
	}
	if changed {
		s.o.OnMetadata()
		s.o.OnChange()
	}
	return changed, nil
}
