package player_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"movify/pkg/id"
	"movify/player"
)

func (m *memory) mark(x player.Mark) {
	key := [3]string{string(x.Profile), string(x.Title), string(x.Kind)}
	if have, ok := m.marks[key]; !ok || !x.At.Before(have.At) {
		m.marks[key] = x
	}
}

func (m *memory) visit(p player.Progress) {
	for i, v := range m.visits {
		if v.Profile != p.Profile || v.Title != p.Title || p.At.Sub(v.At) >= player.VisitGap ||
			v.Began.Sub(p.At) >= player.VisitGap {
			continue
		}
		if !p.At.Before(v.At) {
			v.At, v.PositionMS, v.DurationMS = p.At, p.PositionMS, p.DurationMS
		}
		if p.At.Before(v.Began) {
			v.Began = p.At
		}
		v.Watched = v.Watched || p.Watched()
		m.visits[i] = v
		return
	}
	m.visits = append(
		m.visits,
		player.Visit{ID: fmt.Sprintf("v%03d", len(m.visits)), Profile: p.Profile, Title: p.Title,
			Began: p.At, At: p.At, PositionMS: p.PositionMS, DurationMS: p.DurationMS, Watched: p.Watched()},
	)
}

func (m *memory) SaveMarks(_ context.Context, ms []player.Mark) error {
	defer m.called()()
	for _, x := range ms {
		m.mark(x)
	}
	return nil
}

func (m *memory) Standings(
	ctx context.Context, p id.Profile, titles []id.Title,
) (map[id.Title]player.Progress, []player.Mark, error) {
	at, err := m.Progress(ctx, p, titles)
	if err != nil {
		return nil, nil, err
	}
	defer m.called()()
	out := []player.Mark{}
	for _, x := range m.marks {
		if x.Profile == p && x.Value != 0 && slices.Contains(titles, x.Title) {
			out = append(out, x)
		}
	}
	return at, out, nil
}

// beyond reports whether an entry comes after a place in an order of the newest first.
func beyond(after player.Cursor, at time.Time, name string) bool {
	return after.At.IsZero() || cmp.Or(at.Compare(after.At), strings.Compare(name, after.ID)) < 0
}

func (m *memory) Marked(
	_ context.Context, p id.Profile, k player.MarkKind, after player.Cursor, limit int,
) ([]player.Mark, error) {
	defer m.called()()
	out := []player.Mark{}
	for _, x := range m.marks {
		if x.Profile == p && x.Kind == k && x.Value != 0 && beyond(after, x.At, string(x.Title)) {
			out = append(out, x)
		}
	}
	slices.SortFunc(
		out, func(a, b player.Mark) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Title, a.Title)) },
	)
	return out[:min(limit, len(out))], nil
}

func (m *memory) Visits(_ context.Context, p id.Profile, after player.Cursor, limit int) ([]player.Visit, error) {
	defer m.called()()
	out := []player.Visit{}
	for _, x := range m.visits {
		if x.Profile == p && beyond(after, x.At, x.ID) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b player.Visit) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return out[:min(limit, len(out))], nil
}

func (m *memory) ForgetVisits(_ context.Context, p id.Profile, t id.Title, at time.Time) error {
	defer m.called()()
	m.visits = slices.DeleteFunc(
		m.visits, func(v player.Visit) bool { return v.Profile == p && (t == "" || v.Title == t) },
	)
	for key, x := range m.progress {
		if x.Profile == p && (t == "" || x.Title == t) && !x.At.After(at) {
			m.progress[key] = player.Progress{Profile: p, Title: x.Title, At: at}
			m.cleared[key] = at
		}
	}
	return nil
}

func (m *memory) SaveSearch(_ context.Context, s player.Search) error {
	defer m.called()()
	m.searches = slices.DeleteFunc(
		m.searches, func(x player.Search) bool { return x.Profile == s.Profile && x.Key() == s.Key() },
	)
	m.searches = append(m.searches, s)
	kept := m.searched(s.Profile)
	for _, old := range kept[min(player.SearchesKept, len(kept)):] {
		m.searches = slices.DeleteFunc(m.searches, func(x player.Search) bool { return x.ID == old.ID })
	}
	return nil
}

func (m *memory) searched(p id.Profile) []player.Search {
	out := []player.Search{}
	for _, x := range m.searches {
		if x.Profile == p {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b player.Search) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return out
}

func (m *memory) Searches(_ context.Context, p id.Profile) ([]player.Search, error) {
	defer m.called()()
	return m.searched(p), nil
}

func (m *memory) ForgetSearch(_ context.Context, p id.Profile, search string) error {
	defer m.called()()
	m.searches = slices.DeleteFunc(m.searches, func(x player.Search) bool {
		return x.Profile == p && (search == "" || x.ID == search)
	})
	return nil
}

func (m *memory) ForgetProfile(_ context.Context, p id.Profile) error {
	defer m.called()()
	for k, x := range m.sessions {
		if x.Viewer.Profile == p {
			delete(m.sessions, k)
		}
	}
	for k, x := range m.progress {
		if x.Profile == p {
			delete(m.progress, k)
		}
	}
	for k, x := range m.marks {
		if x.Profile == p {
			delete(m.marks, k)
		}
	}
	m.visits = slices.DeleteFunc(m.visits, func(x player.Visit) bool { return x.Profile == p })
	m.searches = slices.DeleteFunc(m.searches, func(x player.Search) bool { return x.Profile == p })
	return nil
}
