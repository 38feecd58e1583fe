package library

import (
	"context"
	"fmt"
	"strings"

	"movify/library/naming"
	"movify/pkg/id"
)

// Assignment is what a person says that a file is.
type Assignment struct {
	Kind    Kind     // Movie, Episode or Extra
	Work    id.Title // the movie it is, the series it is of, or what the extra belongs to; "" = Title and Year say it
	Title   string
	Year    int // 0 = unknown
	Season  int // of an episode; 0 is the season of specials
	Episode int
	Extra   ExtraKind
	Name    string // of an extra, or of an episode; "" = it has none of its own
}

// Assign makes a file one of the title that a person says it is of. It stays so whatever its name says, until Release. The
// title that the file was of becomes that title when the file was its only one and the other is new: what was watched, listed
// and said of it stays with the film. It gives the title.
func (s *Service) Assign(ctx context.Context, f id.File, as Assignment) (id.Title, error) {
	if err := as.check(); err != nil {
		return "", err
	}
	return s.relink(ctx, f, func(ctx context.Context, b *importBatch, f *File, r Root) (parsedPath, error) {
		f.Pinned = true
		to := parsePath(r, f.Path)
		to.Identity = naming.Identity{
			Kind: as.Kind, Title: strings.TrimSpace(as.Title), Year: as.Year, Season: as.Season, Episode: as.Episode, EpisodeName: as.Name,
			Extra: as.Extra, ExtraName: as.Name, Part: to.Part, Edition: to.Edition, Flags: to.Flags, Sure: SureChecked,
			Evidence: map[string]string{"title": string(FromOwner), "year": string(FromOwner), "episodeName": string(FromOwner), "extraName": string(FromOwner)},
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
			return to, ErrTitleNotFound
		}
		if !as.fits(work.Kind) {
			return to, ErrBadAssignment
		}
		to.Title, to.Year, to.assignedOwner = work.Name, work.Year, work.ID
		to.works = worksOf(to.Identity, to.folder)
		if as.Kind != Extra {
			to.rebase(work.Identity)
		}
		return to, nil
	})
}

// Release has a file be again what its name says.
func (s *Service) Release(ctx context.Context, f id.File) (id.Title, error) {
	return s.relink(ctx, f, func(_ context.Context, _ *importBatch, f *File, r Root) (parsedPath, error) {
		f.Pinned = false
		return parsePath(r, f.Path), nil
	})
}

// relink moves a file to the title that choose says.
func (s *Service) relink(ctx context.Context, file id.File, choose func(context.Context, *importBatch, *File, Root) (parsedPath, error)) (id.Title, error) {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	f, err := s.o.Store.File(ctx, file)
	if err != nil {
		return "", err
	}
	root := Root{ID: f.Root}
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
	b.files = []File{f}
	c, err := b.change(ctx)
	if err != nil {
		return "", err
	}
	if err := s.o.Store.Apply(ctx, c); err != nil {
		return "", err
	}
	s.publish("title", map[string]string{"title": string(f.Title), "file": string(f.ID)})
	s.o.OnChange()
	return f.Title, nil
}

// reassign makes f one of the title that works end in.
func (b *importBatch) reassign(ctx context.Context, f *File, to parsedPath, works []work) error {
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

// check refuses what names no work.
func (a Assignment) check() error {
	named := a.Work != "" || naming.Fold(a.Title) != ""
	switch {
	case !named, a.Kind != Movie && a.Kind != Episode && a.Kind != Extra:
		return ErrBadAssignment
	case a.Kind == Episode && a.Episode <= 0, a.Season < 0:
		return ErrBadAssignment
	case a.Kind == Extra && a.Extra == "":
		return ErrBadAssignment
	case a.Year != 0 && (a.Year < minYear || a.Year > maxYear):
		return ErrBadYear
	}
	return nil
}

// fits reports whether a work of that kind is what a.Work names.
func (a Assignment) fits(k Kind) bool {
	switch a.Kind {
	case Movie:
		return k == Movie
	case Episode:
		return k == Series
	}
	return k == Movie || k == Series
}

// Unmatched is a title of which little is known, with its files.
type Unmatched struct {
	Card  Card
	Files []File
}

// maxUnmatched is how many titles that somebody should look at are given at once.
const maxUnmatched = 200

// Unmatched gives movies, series and extras that somebody should look at: their names tell little, or not what they belong
// to, and nothing else is said of them. The latest come first; total counts all.
func (s *Service) Unmatched(ctx context.Context) (list []Unmatched, total int, err error) {
	titles, total, err := s.o.Store.Unmatched(ctx, maxUnmatched)
	if err != nil {
		return nil, 0, err
	}
	cards, err := s.o.Store.Cards(ctx, Unrestricted(), titles)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range cards {
		u := Unmatched{Card: c}
		if c.Kind == Series {
			u.Files = []File{c.File}
		} else if u.Files, err = s.o.Store.FilesOfTitle(ctx, c.ID); err != nil {
			return nil, 0, err
		}
		list = append(list, u)
	}
	return list, total, nil
}
