package app

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
	"movify/pkg/config"
	"movify/pkg/id"
	"movify/player"
)

// showServer is a server with one series of three seasons, the specials among them, and a viewer who may see what is
// meant from 12 years on.
type showServer struct {
	*viewer
	episodes map[string]*known // by "season x episode"
	as       id.Viewer
	minute   int
}

func newShowServer(t *testing.T) *showServer {
	t.Helper()
	g := empty(t, 18, func(*config.Config) {})
	s := &showServer{viewer: g.arrive(), episodes: make(map[string]*known)}
	unrated := func(k *known) *known {
		g.must(g.library.metadata.SetAge(t.Context(), k.id, nil))
		return k
	}
	series := unrated(g.title(library.Series, nil, 0, 0))
	for season := range 3 {
		folder := unrated(g.title(library.Season, series, season, 0))
		for n := range 3 {
			s.episodes[fmt.Sprint(season, "x", n+1)] = unrated(g.title(library.Episode, folder, season, n+1))
		}
	}
	parent := id.Viewer{Account: g.anna, Profile: s.profile.ID}
	p, err := g.accounts.AddProfile(t.Context(), parent, account.ProfileChange{
		Name: account.To("Twelve"), MaxAge: account.To(12), Unrated: account.To(true)}, account.Proof{})
	g.must(err)
	grant, err := g.auth.Begin(t.Context(), g.anna, auth.Device{Address: "127.0.0.1", Agent: "test"}, true)
	g.must(err)
	grant, err = g.auth.ChooseProfile(t.Context(), grant.Principal.SignIn, p.ID)
	g.must(err)
	s.token, s.as = grant.Access, id.Viewer{Account: g.anna, Profile: p.ID}
	return s
}

// watch reports a position in an episode, a minute after the last report.
func (s *showServer) watch(episode string, positionMS int64) {
	s.t.Helper()
	s.minute++
	k := s.episodes[episode]
	s.must(s.player.AddOfflineReports(s.t.Context(), s.as, []player.OfflineReport{{
		Title: k.id, File: k.file.ID, PositionMS: positionMS, DurationMS: 600_000, At: s.now(),
	}}))
}

// now is the time of the last step of a test.
func (s *showServer) now() time.Time {
	return time.Now().Add(-time.Hour + time.Duration(s.minute)*time.Minute)
}

func (s *showServer) finish(episodes ...string) {
	s.t.Helper()
	for _, e := range episodes {
		s.watch(e, 590_000)
	}
}

// row gives the episodes in Continue watching.
func (s *showServer) row() (out []string) {
	s.t.Helper()
	var home api.Home
	s.read("/api/v1/home", &home)
	for _, row := range home.Rows {
		for _, item := range row.Items {
			if row.ID == "continue" {
				out = append(out, fmt.Sprint(*item.Season, "x", *item.Episode))
			}
		}
	}
	return out
}

func TestTheNextEpisodeStandsInContinueWatching(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(*showServer)
		want []string
	}{
		{"nothing was watched", func(*showServer) {}, nil},
		{"an episode ended", func(s *showServer) { s.finish("1x1") }, []string{"1x2"}},
		{"an episode is in progress", func(s *showServer) { s.watch("1x1", 300_000) }, []string{"1x1"}},
		{"the next one was begun", func(s *showServer) { s.finish("1x1"); s.watch("1x2", 300_000) }, []string{"1x2"}},
		{"the next one was on for seconds", func(s *showServer) { s.finish("1x1"); s.watch("1x2", 5000) }, []string{"1x2"}},
		{"a season ended", func(s *showServer) { s.finish("1x3") }, []string{"2x1"}},
		{"the series ended", func(s *showServer) { s.finish("2x3") }, nil},
		{"a special ended", func(s *showServer) { s.finish("1x1", "0x1") }, []string{"0x2"}},
		{"the last special ended", func(s *showServer) { s.finish("1x1", "0x3") }, []string{"1x2"}},
		{"the next one was watched before", func(s *showServer) { s.finish("1x2", "1x3", "1x1") }, []string{"2x1"}},
		{"another is half seen", func(s *showServer) { s.watch("2x2", 300_000); s.finish("1x1") }, []string{"1x2", "2x2"}},
		{"a season was marked", func(s *showServer) { s.mark(true, "1x1", "1x2", "1x3") }, []string{"2x1"}},
		{"the last mark was taken back", func(s *showServer) { s.finish("1x1", "1x2"); s.mark(false, "1x2") }, []string{"1x2"}},
		{"it was removed", func(s *showServer) { s.finish("1x1"); s.remove("1x2") }, nil},
		{"it was removed while half seen", func(s *showServer) { s.finish("1x1"); s.watch("1x2", 300_000); s.remove("1x2") }, nil},
		{"it was removed and the series goes on", func(s *showServer) { s.finish("1x1"); s.remove("1x2"); s.finish("1x2") }, []string{"1x3"}},
		{"another one was removed", func(s *showServer) { s.watch("2x2", 300_000); s.finish("1x1"); s.remove("2x2") }, []string{"1x2"}},
		{"the next one is above the age", func(s *showServer) { s.age("1x2", 16); s.finish("1x1") }, []string{"1x3"}},
		{"the next one is within the age", func(s *showServer) { s.age("1x2", 12); s.finish("1x1") }, []string{"1x2"}},
		{"all others are above the age", func(s *showServer) {
			for e := range s.episodes {
				s.age(e, 16)
			}
			s.age("1x1", 6)
			s.finish("1x1")
		}, nil},
		{"what was watched is above the age now", func(s *showServer) { s.finish("1x1"); s.age("1x1", 16) }, nil},
		{"the file of the next one is gone", func(s *showServer) { s.state("1x2", library.Missing); s.finish("1x1") }, []string{"1x3"}},
		{"the disk of the next one is away", func(s *showServer) { s.state("1x2", library.Unreachable); s.finish("1x1") }, []string{"1x2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShowServer(t)
			c.do(s)
			if diff := cmp.Diff(c.want, s.row()); diff != "" {
				t.Errorf("Continue watching (-want +got):\n%s", diff)
			}
		})
	}
}

// mark marks episodes as watched or not, all at the same time.
func (s *showServer) mark(watched bool, episodes ...string) {
	s.t.Helper()
	s.minute++
	var titles []id.Title
	for _, e := range episodes {
		titles = append(titles, s.episodes[e].id)
	}
	s.must(s.player.MarkWatched(s.t.Context(), s.as, titles, watched, s.now()))
}

// remove takes an episode out of Continue watching, as its button does.
func (s *showServer) remove(episode string) {
	s.t.Helper()
	s.minute = 65 // the button counts as of now; what follows is later
	s.expect(http.StatusNoContent, "", http.MethodDelete, "/progress/"+string(s.episodes[episode].id), "", nil)
}

func (s *showServer) age(episode string, years int) {
	s.t.Helper()
	s.must(s.library.metadata.SetAge(s.t.Context(), s.episodes[episode].id, &years))
}

func (s *showServer) state(episode string, state library.State) {
	s.t.Helper()
	s.must(s.db.Library().Apply(s.t.Context(), library.Change{
		Moves: []library.Move{{Files: []id.File{s.episodes[episode].file.ID}, State: state}},
	}))
}

// A special with a place is offered there: in Continue watching, on the page of its series and after an episode.
func TestASpecialIsOfferedAtItsPlace(t *testing.T) {
	t.Parallel()
	s := newShowServer(t)
	airs := func(episode string, at *library.Airing) {
		s.must(s.db.Library().Apply(t.Context(), library.Change{Resolved: []library.Resolved{
			{Title: s.episodes[episode].id, Facts: library.Facts{Name: "Special", Airs: at}},
		}}))
	}
	airs("0x1", &library.Airing{Season: 1, Episode: 2})
	airs("0x2", &library.Airing{Season: 1, After: true})
	detail := func(title id.Title) (out api.TitleDetail) {
		s.read("/api/v1/titles/"+string(title), &out)
		return out
	}
	first := detail(s.episodes["1x1"].id)
	for _, c := range []struct{ watched, next string }{
		{"1x1", "0x1"}, {"0x1", "1x2"}, {"1x2", "1x3"}, {"1x3", "0x2"}, {"0x2", "2x1"},
	} {
		if got := detail(s.episodes[c.watched].id).NextEpisodeID; got != string(s.episodes[c.next].id) {
			t.Errorf("after %s plays %s, want %s", c.watched, got, c.next)
		}
		s.finish(c.watched)
		if diff := cmp.Diff([]string{c.next}, s.row()); diff != "" {
			t.Errorf("Continue watching after %s (-want +got):\n%s", c.watched, diff)
		}
		if got := detail(id.Title(first.SeriesID)).NextEpisodeID; got != string(s.episodes[c.next].id) {
			t.Errorf("the page of the series offers %s after %s, want %s", got, c.watched, c.next)
		}
	}
	shown := make(map[string]*api.Airing)
	for _, season := range detail(id.Title(first.SeriesID)).Seasons {
		for _, e := range season.Episodes {
			if e.Airs != nil {
				shown[fmt.Sprint(*e.Season, "x", *e.Episode)] = e.Airs
			}
		}
	}
	want := map[string]*api.Airing{"0x1": {Season: 1, Episode: 2}, "0x2": {Season: 1, After: true}}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("places on the page of the series (-want +got):\n%s", diff)
	}
	s.age("0x1", 16)
	if got := detail(s.episodes["1x1"].id).NextEpisodeID; got != string(s.episodes["1x2"].id) {
		t.Errorf("a special above the age is offered: %s", got)
	}
}
