package player

import (
	"context"
	"fmt"
	"strings"
	"time"

	"movify/pkg/event"
	"movify/pkg/id"
)

// MarkKind is the kind of a Mark.
type MarkKind string

// The kinds of mark. Their values are 0 and 1, of a rating -1 and 1 with 0 for none.
const (
	MarkWatched MarkKind = "watched"
	MarkListed  MarkKind = "listed" // on "My list"
	MarkRating  MarkKind = "rating"
)

// Mark is a profile's mark on a title. Value 0 takes a mark back; it is stored like any other, so that an older mark
// that arrives late does not bring it back.
type Mark struct {
	Profile id.Profile
	Title   id.Title
	Kind    MarkKind
	Value   int
	At      time.Time // when it was made
}

// Visit is one time that a profile watched a title: positions with less than VisitGap between them belong to one visit.
type Visit struct {
	ID         string
	Profile    id.Profile
	Title      id.Title
	Began      time.Time
	At         time.Time // when the player was last there
	PositionMS int64     // where it was then
	DurationMS int64
	Watched    bool // the end was seen
}

// VisitGap parts two visits: a film that is begun in the evening and finished in the morning was watched twice.
const VisitGap = 6 * time.Hour

// Search is a search text that a profile entered.
type Search struct {
	ID      string
	Profile id.Profile
	Words   string
	At      time.Time
}

// Key is equal for two texts that differ in case and spaces only; they count as one search.
func (s Search) Key() string { return strings.ToLower(strings.Join(strings.Fields(s.Words), " ")) }

// SearchesKept is how many searches of a profile are stored.
const SearchesKept = 10

// Standing is the progress and the marks of a profile on one title.
type Standing struct {
	Progress  Progress
	Watched   bool
	WatchedAt time.Time // when it was marked or seen to the end; zero unless Watched
	Listed    bool
	Rating    int // -1, 0 = none, 1
}

// Last is when the profile last watched the title or marked it as watched.
func (s Standing) Last() time.Time {
	if s.WatchedAt.After(s.Progress.At) {
		return s.WatchedAt
	}
	return s.Progress.At
}

// Finished reports whether the profile last reached the end or marked the title as watched; one that is being watched
// again is not finished.
func (s Standing) Finished() bool {
	return s.Progress.Watched() || s.Watched && !s.WatchedAt.Before(s.Progress.At)
}

// WatchingStore stores marks, visits and searches.
type WatchingStore interface {
	// SaveMarks stores each Mark unless a later one of its kind is stored for the profile and title. All or nothing.
	SaveMarks(ctx context.Context, ms []Mark) error
	// Standings gives the stored positions of a profile in the titles, as Store.Progress does, and its marks on them that
	// are not 0, in no order.
	Standings(ctx context.Context, p id.Profile, titles []id.Title) (map[id.Title]Progress, []Mark, error)
	// Marked lists up to limit marks of a kind that are not 0, newest first, then by title downwards; those of after
	// and before it in that order are left out unless after is zero.
	Marked(ctx context.Context, p id.Profile, k MarkKind, after Cursor, limit int) ([]Mark, error)
	// Visits lists up to limit visits, newest first, then by ID downwards; after is as in Marked.
	Visits(ctx context.Context, p id.Profile, after Cursor, limit int) ([]Visit, error)
	// ForgetVisits removes the visits of a profile to one title, or to all when t is empty, with its positions there.
	// Positions of at or before are not stored from now on.
	ForgetVisits(ctx context.Context, p id.Profile, t id.Title, at time.Time) error
	// SaveSearch stores a search in place of one with the same key, and no more than SearchesKept of its profile.
	SaveSearch(ctx context.Context, s Search) error
	// Searches lists the searches of a profile, newest first.
	Searches(ctx context.Context, p id.Profile) ([]Search, error)
	// ForgetSearch removes a search of a profile, or all when x is empty; removing nothing is no error.
	ForgetSearch(ctx context.Context, p id.Profile, x string) error
	// ForgetProfile removes all data of a profile.
	ForgetProfile(ctx context.Context, p id.Profile) error
}

// Standings gives the progress and the marks of a profile on each of the titles; titles without any are left out.
func (s *Service) Standings(ctx context.Context, p id.Profile, titles []id.Title) (map[id.Title]Standing, error) {
	at, marks, err := s.opts.Store.Standings(ctx, p, titles)
	if err != nil {
		return nil, fmt.Errorf("read positions and marks: %w", err)
	}
	s.replaceStored(p, titles, at)
	out := make(map[id.Title]Standing, len(at))
	for t, progress := range at {
		out[t] = Standing{Progress: progress}
	}
	for _, m := range marks {
		x := out[m.Title]
		switch m.Kind {
		case MarkWatched:
			x.Watched, x.WatchedAt = true, m.At
		case MarkListed:
			x.Listed = true
		case MarkRating:
			x.Rating = m.Value
		}
		out[m.Title] = x
	}
	return out, nil
}

// MarkWatched marks titles as watched by v, or as not watched. at is the time of the mark, zero for now. Their
// positions are forgotten: a title that is marked is not in Continue watching.
func (s *Service) MarkWatched(ctx context.Context, v id.Viewer, titles []id.Title, watched bool, at time.Time) error {
	at = s.past(at)
	marks := make([]Mark, 0, len(titles))
	for _, t := range titles {
		marks = append(marks, Mark{Profile: v.Profile, Title: t, Kind: MarkWatched, Value: one(watched), At: at})
	}
	if err := s.opts.Store.SaveMarks(ctx, marks); err != nil {
		return fmt.Errorf("store marks: %w", err)
	}
	for _, t := range titles {
		if err := s.forget(ctx, v.Profile, t, at); err != nil {
			return err
		}
		s.publishChange(v, "history", t)
	}
	return nil
}

// List puts a title on v's list, or takes it off.
func (s *Service) List(ctx context.Context, v id.Viewer, t id.Title, listed bool) error {
	return s.mark(ctx, v, Mark{Title: t, Kind: MarkListed, Value: one(listed)}, "list")
}

// Rate stores v's rating of a title: -1, 1, or 0 for none.
func (s *Service) Rate(ctx context.Context, v id.Viewer, t id.Title, value int) error {
	return s.mark(ctx, v, Mark{Title: t, Kind: MarkRating, Value: max(-1, min(1, value))}, "rating")
}

func (s *Service) mark(ctx context.Context, v id.Viewer, m Mark, kind string) error {
	m.Profile, m.At = v.Profile, s.opts.Clock()
	if err := s.opts.Store.SaveMarks(ctx, []Mark{m}); err != nil {
		return fmt.Errorf("store a mark: %w", err)
	}
	s.publishChange(v, kind, m.Title)
	return nil
}

// Listed gives a page of a profile's list, newest first. next is the cursor of the page after, "" on the last.
func (s *Service) Listed(
	ctx context.Context, p id.Profile, cursor string, limit int,
) (titles []id.Title, next string, err error) {
	after, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	marks, err := s.opts.Store.Marked(ctx, p, MarkListed, after, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("read a list: %w", err)
	}
	marks, next = page(marks, limit, func(m Mark) Cursor { return Cursor{m.At, string(m.Title)} })
	for _, m := range marks {
		titles = append(titles, m.Title)
	}
	return titles, next, nil
}

// History gives a page of the visits of a profile, newest first; next is as in Listed. It stores nothing.
func (s *Service) History(
	ctx context.Context, p id.Profile, cursor string, limit int,
) (visits []Visit, next string, err error) {
	after, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	pending := s.pendingOf(p) // first: a position that is stored meanwhile is found in both, never in none
	if visits, err = s.opts.Store.Visits(ctx, p, after, limit+1+len(pending)); err != nil {
		return nil, "", fmt.Errorf("read a history: %w", err)
	}
	visits = mergeVisits(visits, pending, after)
	visits, next = page(visits, limit, func(x Visit) Cursor { return Cursor{x.At, x.ID} })
	return visits, next, nil
}

// ForgetHistory removes a title from v's history, or all of them when t is empty, with the positions there. That a
// title was watched stays known until it is marked otherwise.
func (s *Service) ForgetHistory(ctx context.Context, v id.Viewer, t id.Title) error {
	s.saving.Lock() // a flush under way would store it again
	defer s.saving.Unlock()
	s.mu.Lock()
	for key := range s.pending {
		if key.profile == v.Profile && (t == "" || key.title == t) {
			delete(s.pending, key)
		}
	}
	s.mu.Unlock()
	if err := s.opts.Store.ForgetVisits(ctx, v.Profile, t, s.opts.Clock()); err != nil {
		return fmt.Errorf("forget a history: %w", err)
	}
	s.publishChange(v, "history", t)
	return nil
}

// ForgetProfile ends the playbacks of a profile and removes all its data.
func (s *Service) ForgetProfile(ctx context.Context, p id.Profile) error {
	if err := s.EndProfile(ctx, p); err != nil {
		return err
	}
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.Lock()
	for key := range s.pending {
		if key.profile == p {
			delete(s.pending, key)
		}
	}
	s.mu.Unlock()
	if err := s.opts.Store.ForgetProfile(ctx, p); err != nil {
		return fmt.Errorf("forget a profile: %w", err)
	}
	return nil
}

// Searches lists the searches of a profile, newest first.
func (s *Service) Searches(ctx context.Context, p id.Profile) ([]Search, error) {
	out, err := s.opts.Store.Searches(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("read searches: %w", err)
	}
	return out, nil
}

// AddSearch stores a search of v; a blank text is not stored.
func (s *Service) AddSearch(ctx context.Context, v id.Viewer, words string) error {
	x := Search{ID: id.New[string](), Profile: v.Profile, Words: strings.TrimSpace(words), At: s.opts.Clock()}
	if x.Words == "" {
		return nil
	}
	if err := s.opts.Store.SaveSearch(ctx, x); err != nil {
		return fmt.Errorf("store a search: %w", err)
	}
	s.publishChange(v, "search", "")
	return nil
}

// ForgetSearch removes one of v's searches, or all when x is empty.
func (s *Service) ForgetSearch(ctx context.Context, v id.Viewer, x string) error {
	if err := s.opts.Store.ForgetSearch(ctx, v.Profile, x); err != nil {
		return fmt.Errorf("forget a search: %w", err)
	}
	s.publishChange(v, "search", "")
	return nil
}

// publishChange sends a notice of a change to v's own devices.
func (s *Service) publishChange(v id.Viewer, kind string, t id.Title) {
	if s.opts.Bus == nil {
		return
	}
	n := event.Notice{Topic: event.Viewer, Kind: kind, For: event.Addressee{Account: v.Account, Profile: v.Profile}}
	if t != "" {
		n.IDs = map[string]string{"title": string(t)}
	}
	s.opts.Bus.Publish(n)
}

// past limits a time that a device reports to now: its clock may be ahead. Zero is now.
func (s *Service) past(at time.Time) time.Time {
	if now := s.opts.Clock(); at.IsZero() || at.After(now) {
		return now
	}
	return at
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
