package library

import (
	"context"

	"movify/pkg/id"
)

const (
	defaultPage = 50
	largestPage = 200
)

// Title returns a title of any kind, with or without files. A title hidden from a is ErrTitleNotFound, like a missing
// one.
func (s *Service) Title(ctx context.Context, a Audience, t id.Title) (Card, error) {
	cards, err := s.o.Store.Cards(ctx, a, []id.Title{t})
	if err != nil {
		return Card{}, err
	}
	if len(cards) == 0 {
		return Card{}, ErrTitleNotFound
	}
	return cards[0], nil
}

// Cards returns those titles that are known and visible to a, in the order asked for.
func (s *Service) Cards(ctx context.Context, a Audience, titles []id.Title) ([]Card, error) {
	return s.o.Store.Cards(ctx, a, titles)
}

// Seasons returns the seasons of a series in order, specials last, with their visible episodes that have a present
// file.
func (s *Service) Seasons(ctx context.Context, a Audience, series id.Title) ([]SeasonOf, error) {
	tree, err := s.titleTree(ctx, a, series)
	return tree.seasons, err
}

// titleTree is a title with those below it.
type titleTree struct {
	top     Card
	seasons []SeasonOf // in order, specials last
	extras  []Card
}

// titleTree reads a title with those below it that are visible and have a present file.
func (s *Service) titleTree(ctx context.Context, a Audience, t id.Title) (titleTree, error) {
	cards, err := s.o.Store.TitleTree(ctx, a, t)
	if err != nil {
		return titleTree{}, err
	}
	var out titleTree
	var seasons []Card
	episodes := make(map[id.Title][]Card)
	for _, c := range cards {
		switch {
		case c.ID == t:
			out.top = c
		case c.Kind == Extra:
			out.extras = append(out.extras, c)
		case c.Kind == Episode:
			episodes[c.Parent] = append(episodes[c.Parent], c)
		default:
			seasons = append(seasons, c)
		}
	}
	if out.top.ID == "" {
		return titleTree{}, ErrTitleNotFound
	}
	var specials []SeasonOf
	for _, c := range seasons {
		if c.Season == 0 {
			specials = append(specials, SeasonOf{c.Title, episodes[c.ID]})
			continue
		}
		out.seasons = append(out.seasons, SeasonOf{c.Title, episodes[c.ID]})
	}
	out.seasons = append(out.seasons, specials...)
	return out, nil
}

// NextEpisode returns the visible episode after the given one; found is false after the last, and for other kinds of
// title. Of a series it returns the first.
func (s *Service) NextEpisode(ctx context.Context, a Audience, t id.Title) (next Card, found bool, err error) {
	c, err := s.Title(ctx, a, t)
	if err != nil {
		return Card{}, false, err
	}
	switch c.Kind {
	case Series:
		return s.o.Store.NextEpisode(ctx, a, c.ID, 0, maxEpisode)
	case Episode:
		return s.o.Store.NextEpisode(ctx, a, c.SeriesID, c.Season, max(c.Episode, c.EpisodeLast))
	}
	return Card{}, false, nil
}

// maxEpisode is above every episode number, so that the next season follows.
const maxEpisode = 1 << 30

// FileOf returns the file to play for a movie, episode or extra visible to a, with its probe.
func (s *Service) FileOf(ctx context.Context, a Audience, t id.Title) (File, error) {
	return s.o.Store.BestFile(ctx, a, t)
}

// File returns a file with its probe.
func (s *Service) File(ctx context.Context, f id.File) (File, error) {
	return s.o.Store.File(ctx, f)
}

// Contents lists the present files, newest first, for the encoder.
func (s *Service) Contents(ctx context.Context) ([]Content, error) {
	return s.o.Store.Contents(ctx)
}

// NeedAttention lists the files that cannot be played, latest first.
func (s *Service) NeedAttention(ctx context.Context) ([]File, error) {
	return s.o.Store.InState(ctx, Attention)
}

// Counts returns the size of the library as visible to a.
func (s *Service) Counts(ctx context.Context, a Audience) (Counts, error) {
	return s.o.Store.Counts(ctx, a)
}

// Roots lists the library folders, oldest first.
func (s *Service) Roots(ctx context.Context) ([]Root, error) {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return nil, err
	}
	sizes, err := s.o.Store.RootSizes(ctx)
	if err != nil {
		return nil, err
	}
	for i, r := range roots {
		roots[i].Files = sizes[r.ID]
		roots[i].Watch = s.watchState(r)
		_, roots[i].WatchConfigured = s.o.WatchOptions[r.Path]
		s.mu.Lock()
		if p, ok := s.scanPlans[r.ID]; ok {
			roots[i].ScanInterval, roots[i].NextMS = p.interval, p.due.UnixMilli()
		}
		s.mu.Unlock()
	}
	return roots, nil
}

// AddRoot adds a folder to the library and scans it.
func (s *Service) AddRoot(ctx context.Context, path string) (Root, error) {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return Root{}, err
	}
	if path, err = checkRoot(path, roots); err != nil {
		return Root{}, err
	}
	r := Root{ID: id.New[id.Root](), Path: path, State: Present, SinceMS: s.now(), AddedMS: s.now()}
	if err := s.o.Store.SaveRoot(ctx, r); err != nil {
		return Root{}, err
	}
	if s.o.Watcher != nil {
		s.o.Watcher.Add(path, r.WatchMethod)
	}
	s.enqueueHint(Hint{Paths: []string{path}})
	return r, nil
}

// RemoveRoot removes a folder from the library. Nothing on disk changes, and its files stay in the store as Missing, in
// case the folder is added again.
func (s *Service) RemoveRoot(ctx context.Context, root id.Root) error {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return err
	}
	for _, r := range roots {
		if r.ID != root {
			continue
		}
		if err := s.o.Store.RemoveRoot(ctx, root, ErrRootRemoved.Code, ErrRootRemoved.Message, s.now()); err != nil {
			return err
		}
		if s.o.Watcher != nil {
			s.o.Watcher.Remove(r.Path)
		}
		wake(s.scheduleWake)
		s.publish("scan", nil)
		s.o.OnChange()
		return nil
	}
	return ErrRootNotFound
}

// Retry examines a file in state Attention again.
func (s *Service) Retry(ctx context.Context, file id.File) error {
	f, err := s.o.Store.File(ctx, file)
	if err != nil {
		return err
	}
	if f.State != Attention {
		return nil
	}
	c := Change{Moves: []Move{{Files: []id.File{file}, State: Incoming}}, AtMS: s.now()}
	if err := s.o.Store.Apply(ctx, c); err != nil {
		return err
	}
	s.enqueueHint(Hint{Paths: []string{f.Path}})
	return nil
}
