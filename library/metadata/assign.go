package metadata

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/id"
)

// Assignment is the identity of a file, given by hand.
type Assignment struct {
	Kind    library.Kind // Movie, Episode or Extra
	Work    id.Title     // the movie, the series of an episode, or the owner of an extra; "" = Title and Year name it
	Title   string
	Year    int // 0 = unknown
	Season  int // of an episode; 0 is the season of specials
	Episode int
	Extra   library.ExtraKind
	Name    string // of an extra or episode; "" = none
}

// Assign gives a file the title that an Assignment names. It keeps it whatever its name says, until Release. When the
// file is the only one of its present title and the other title does not exist yet, the present title becomes the other
// one, so that progress, lists and edits stay with the film. It returns the title.
func (s *Service) Assign(ctx context.Context, f id.File, as Assignment) (id.Title, error) {
	if err := as.check(); err != nil {
		return "", err
	}
	return s.relink(ctx, f, func(
		ctx context.Context, b *importBatch, f *library.File, r library.Root,
	) (parsedPath, error) {
		f.Pinned = true
		to := parsePath(r, f.Path, s.siblings(f.Path))
		to.Identity = naming.Identity{
			Kind: as.Kind, Title: strings.TrimSpace(as.Title), Year: as.Year, Season: as.Season, Episode: as.Episode,
			EpisodeName: as.Name,
			Extra:       as.Extra, ExtraName: as.Name, Part: to.Part, Edition: to.Edition, Flags: to.Flags,
			Sure: library.SureChecked,
			Evidence: map[string]string{
				"title": string(library.FromOwner), "year": string(library.FromOwner), "episodeName": string(library.FromOwner),
				"extraName": string(library.FromOwner),
			},
		}
		if as.Work == "" {
			to.works = worksOf(to.Identity, to.folder)
			return to, nil
		}
		if err := b.loadByID(ctx, []id.Title{as.Work}); err != nil {
			return to, err
		}
		work := b.titles[as.Work]
		if work == nil {
			return to, library.ErrTitleNotFound
		}
		if !as.fits(work.Kind) {
			return to, library.ErrBadAssignment
		}
		to.Title, to.Year, to.assignedOwner = work.Name, work.Year, work.ID
		to.works = worksOf(to.Identity, to.folder)
		if as.Kind != library.Extra {
			to.rebase(work.Identity)
		}
		return to, nil
	})
}

// Release undoes Assign: the file is identified by its name again.
func (s *Service) Release(ctx context.Context, f id.File) (id.Title, error) {
	return s.relink(ctx, f, func(_ context.Context, _ *importBatch, f *library.File, r library.Root) (parsedPath, error) {
		f.Pinned = false
		return parsePath(r, f.Path, s.siblings(f.Path)), nil
	})
}

// siblings are the video files in the folder of a file, as a scan sees them.
func (s *Service) siblings(file string) *naming.Siblings {
	return library.SiblingsIn(s.o.FS, filepath.Dir(file))
}

// relink moves a file to the title that choose returns.
func (s *Service) relink(
	ctx context.Context, file id.File,
	choose func(context.Context, *importBatch, *library.File, library.Root) (parsedPath, error),
) (id.Title, error) {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	f, err := s.o.Store.File(ctx, file)
	if err != nil {
		return "", err
	}
	root := library.Root{ID: f.Root}
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return "", fmt.Errorf("list the library folders: %w", err)
	}
	for _, r := range roots {
		if r.ID == f.Root {
			root = r
		}
	}
	b := newImportBatch(s)
	to, err := choose(ctx, b, &f, root)
	if err != nil {
		return "", err
	}
	if err := b.preload(ctx, []parsedPath{to}, nil); err != nil {
		return "", err
	}
	works, err := b.resolve(ctx, to)
	if err != nil {
		return "", err
	}
	if err := b.reassign(ctx, &f, to, works); err != nil {
		return "", err
	}
	b.files = []library.File{f}
	c, err := b.change(ctx)
	if err != nil {
		return "", err
	}
	if err := s.o.Store.Apply(ctx, c); err != nil {
		return "", err
	}
	s.publish(f.Title, f.ID)
	s.o.OnChange()
	return f.Title, nil
}

// reassign gives f the title of the last of works.
func (b *importBatch) reassign(ctx context.Context, f *library.File, to parsedPath, works []work) error {
	f.Edition, f.Part, f.Flags, f.WorkFolder = to.Edition, to.Part, to.Flags, to.workFolder
	if t, known := b.findTitle(&works[len(works)-1]); f.Title != "" && (!known || t.ID == f.Title) {
		alone, err := b.isLastFile(ctx, *f)
		if err != nil {
			return err
		}
		if alone {
			return b.renameTitle(ctx, f.Title, to, works, f.AddedMS)
		}
	}
	f.Title = b.ensureWorks(to, works, f.AddedMS)
	return nil
}

// check rejects an assignment that names no work.
func (a Assignment) check() error {
	named := a.Work != "" || naming.Fold(a.Title) != ""
	switch {
	case !named, a.Kind != library.Movie && a.Kind != library.Episode && a.Kind != library.Extra:
		return library.ErrBadAssignment
	case a.Kind == library.Episode && a.Episode <= 0, a.Season < 0:
		return library.ErrBadAssignment
	case a.Kind == library.Extra && a.Extra == "":
		return library.ErrBadAssignment
	case a.Year != 0 && (a.Year < minYear || a.Year > maxYear):
		return library.ErrBadYear
	}
	return nil
}

// fits reports whether a work of kind k can be a.Work.
func (a Assignment) fits(k library.Kind) bool {
	switch a.Kind {
	case library.Movie:
		return k == library.Movie
	case library.Episode:
		return k == library.Series
	}
	return k == library.Movie || k == library.Series
}

// Unmatched is a title that needs review, with its files.
type Unmatched struct {
	Card  library.Card
	Files []library.File
}

// maxUnmatched is the largest number of titles that Unmatched returns.
const maxUnmatched = 200

// Unmatched lists movies, series and extras that need review: their names hold little information, or not the owner of
// an extra, and no other source describes them. Latest first; total counts all.
func (s *Service) Unmatched(ctx context.Context) (list []Unmatched, total int, err error) {
	titles, total, err := s.o.Store.Unmatched(ctx, maxUnmatched)
	if err != nil {
		return nil, 0, err
	}
	cards, err := s.o.Store.Cards(ctx, library.Unrestricted(), titles)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range cards {
		u := Unmatched{Card: c}
		if c.Kind == library.Series {
			u.Files = []library.File{c.File}
		} else if u.Files, err = s.o.Store.FilesOfTitle(ctx, c.ID); err != nil {
			return nil, 0, err
		}
		list = append(list, u)
	}
	return list, total, nil
}
