package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/config"
	"movify/pkg/event"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue/natsqueue"
	"movify/player"
)

// known is a title with the facts that decide its visibility.
type known struct {
	id    id.Title
	kind  library.Kind
	name  string // like no other in the library
	age   *int
	whole *known // of a season, episode or extra
	file  library.File
	more  library.File // another version of a movie, in another root
}

// rating is its own age rating, or that of its season or series.
func (k *known) rating() *int {
	for ; k != nil; k = k.whole {
		if k.age != nil {
			return k.age
		}
	}
	return nil
}

// sees reports whether a viewer may see a title: its rating is within the limit, it lies in a root and is in a channel of the
// account's lists, and the same holds for its season and series.
func (v *viewer) sees(k *known) bool {
	for ; k != nil; k = k.whole {
		switch rating := k.rating(); {
		case rating == nil && !v.audience.Unrated:
			return false
		case rating != nil && v.audience.MaxAge != library.NoLimit && *rating > v.audience.MaxAge:
			return false
		case v.reach.Roots != nil && !slices.ContainsFunc(v.liesIn(k), v.within):
			return false
		case v.reach.Channels != nil && k.whole == nil && !slices.ContainsFunc(v.reach.Channels, func(c id.Collection) bool {
			return slices.Contains(v.channels[c], k)
		}):
			return false
		}
	}
	return true
}

func (v *viewer) within(r id.Root) bool {
	return v.reach.Roots == nil || slices.Contains(v.reach.Roots, r)
}

// liesIn gives the roots of a title's files, of a season or series those of its episodes, and of an extra those of its title as
// well.
func (g *generatedServer) liesIn(k *known) []id.Root {
	var out []id.Root
	for _, f := range []library.File{k.file, k.more} {
		if f.ID != "" {
			out = append(out, f.Root)
		}
	}
	if k.kind == library.Extra {
		return slices.DeleteFunc(out, func(r id.Root) bool { return !slices.Contains(g.liesIn(k.whole), r) })
	}
	for _, part := range g.titles {
		if part.whole == k && part.kind != library.Extra {
			out = append(out, g.liesIn(part)...)
		}
	}
	return out
}

// generatedServer is a server with a random library, without listeners and background work.
type generatedServer struct {
	*server
	t      *testing.T
	random *rand.Rand
	titles []*known
	anna   id.Account

	channels map[id.Collection][]*known
	people   map[string]id.Person // by the name of the title they had a part in
}

// empty makes a server without a library; change may alter its configuration.
func empty(t *testing.T, seed uint64, change func(*config.Config)) *generatedServer {
	t.Helper()
	c := config.Default()
	change(&c)
	c.Data.Dir = filepath.Join(t.TempDir(), "data")
	logger := slog.New(slog.DiscardHandler)
	f, err := openDataDir(t.Context(), c, logger)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	g := &generatedServer{server: &server{dataDir: f, bus: &event.Bus{}, o: ServeOptions{Version: "test"}}, t: t, random: rand.New(rand.NewPCG(seed, 17))}
	if g.queue, err = natsqueue.Start(t.Context(), natsqueue.Options{Logger: logger}); err != nil {
		t.Fatal(err)
	}
	f.closers = append(f.closers, g.queue)
	if err := g.wire(t.Context()); err != nil {
		t.Fatal(err)
	}
	return g
}

// generate makes a server with a library. The same seed makes the same ratings.
func generate(t *testing.T, seed uint64) *generatedServer {
	t.Helper()
	g := empty(t, seed, func(*config.Config) {})
	for range 10 {
		g.movie()
	}
	for range 4 {
		g.series()
	}
	g.describe()
	g.gather()
	return g
}

// roots are the folders of the library.
func roots() []id.Root { return []id.Root{"films", "kids", "shows"} }

func (g *generatedServer) someRoot() id.Root { return roots()[g.random.IntN(len(roots()))] }

// describe gives every movie, series and episode a person and a genre of its own, and one that they share.
func (g *generatedServer) describe() {
	g.t.Helper()
	g.people = make(map[string]id.Person)
	for _, k := range g.titles {
		_, err := g.library.metadata.Edit(g.t.Context(), k.id, func(f *library.Facts) {
			f.Genres = []string{"Shared", "Genre of " + k.name}
			f.Credits = []library.Credit{{Name: "Star of " + k.name, Kind: library.Actor, Role: "Hero of " + k.name}}
		})
		g.must(err)
	}
	docs, _, err := g.db.Library().PersonDocs(g.t.Context(), "", 1000)
	g.must(err)
	for _, d := range docs {
		g.people[strings.TrimPrefix(d.Names[0], "Star of ")] = id.Person(d.ID)
	}
}

// gather makes channels of random movies and series, with unique names.
func (g *generatedServer) gather() {
	g.t.Helper()
	g.channels = make(map[id.Collection][]*known)
	for i := range 3 {
		c, err := g.library.catalogue.SaveCollection(g.t.Context(), library.Collection{
			Kind: library.Channel, Name: fmt.Sprintf("Vj%dwq", i), FilledBy: library.ByHand})
		g.must(err)
		g.channels[c.ID] = nil
		var in []id.Title
		for _, k := range g.titles {
			if k.whole == nil && g.random.IntN(2) == 0 {
				in = append(in, k.id)
				g.channels[c.ID] = append(g.channels[c.ID], k)
			}
		}
		g.must(g.library.catalogue.SetMembers(g.t.Context(), c.ID, in))
	}
}

// someAge is no age, or one of those that are given to films.
func (g *generatedServer) someAge() *int {
	ages := []int{0, 6, 7, 12, 16, 18}
	if n := g.random.IntN(len(ages) + 3); n < len(ages) {
		return &ages[n]
	}
	return nil
}

// title stores a title with a random age rating and a unique name.
func (g *generatedServer) title(kind library.Kind, whole *known, season, episode int) *known {
	g.t.Helper()
	k := &known{id: id.New[id.Title](), kind: kind, whole: whole, age: g.someAge(), name: fmt.Sprintf("Zq%07dxk", len(g.titles)+g.random.IntN(9000)*1000)}
	t := library.Title{
		ID: k.id, Kind: kind, Identity: k.name, Name: k.name, Season: season, Episode: episode, EpisodeLast: episode, Overview: "About " + k.name,
		Year: 1950 + g.random.IntN(70), AddedMS: int64(len(g.titles)),
	}
	if whole != nil {
		t.Parent = whole.id
	}
	c := library.Change{Titles: []library.Title{t}}
	if kind == library.Movie || kind == library.Episode || kind == library.Extra {
		k.file = library.File{
			ID: id.New[id.File](), Root: g.someRoot(), Title: k.id, Path: "/films/" + k.name + ".mkv", Fingerprint: "f" + k.name, Size: 1 << 30,
			State: library.Present, DurationMS: 600_000, Height: 1080, AddedMS: int64(len(g.titles)),
			Probe: media.Probe{Format: "matroska,webm", DurationUS: 600e6, Video: []media.VideoTrack{{
				Codec: "h264", Width: 1920, Height: 1080, SAR: media.Ratio{Num: 1, Den: 1}, PixelFormat: "yuv420p", DurationUS: 600e6,
				FrameRate: media.Ratio{Num: 24, Den: 1}, AverageRate: media.Ratio{Num: 24, Den: 1}}}},
		}
		c.Files = []library.File{k.file}
	}
	if kind == library.Movie && g.random.IntN(2) == 0 {
		k.more = k.file
		k.more.ID, k.more.Root, k.more.Path, k.more.Fingerprint = id.New[id.File](), g.someRoot(), "/more/"+k.name+".mkv", "more"+k.name
		k.more.Height = 2160
		c.Files = append(c.Files, k.more)
	}
	known := g.db.Library()
	g.must(known.Apply(g.t.Context(), c))
	g.must(g.library.metadata.SetAge(g.t.Context(), k.id, k.age))
	if len(c.Files) > 0 {
		k.file.Art = library.ArtStill
		for _, f := range c.Files {
			f.Art = library.ArtStill
			g.must(known.SaveArt(g.t.Context(), f.ID, f.Fingerprint, f.Art, "#102030"))
			for _, width := range []int{library.StillSmall, library.StillWide} {
				g.must(g.blobs.Put(g.t.Context(), f.StillKey(width), []byte("still of "+k.name)))
			}
		}
	}
	if kind == library.Movie || kind == library.Series {
		for _, kind := range []library.PictureKind{library.Poster, library.Backdrop, library.Logo} {
			key := "art/" + string(k.id) + "/" + string(kind) + ".jpg"
			g.must(g.blobs.Put(g.t.Context(), key, []byte(string(kind)+" of "+k.name)))
			g.must(known.SavePicture(g.t.Context(), library.Picture{
				Title: k.id, Kind: kind, Source: library.SidecarPicture, Key: key, Revision: "mark", Width: library.StillSmall}))
		}
	}
	g.titles = append(g.titles, k)
	return k
}

func (g *generatedServer) movie() {
	k := g.title(library.Movie, nil, 0, 0)
	if len(g.titles)%2 == 0 {
		g.title(library.Extra, k, 0, 0)
	}
}

func (g *generatedServer) series() {
	series := g.title(library.Series, nil, 0, 0)
	for season := range 2 {
		s := g.title(library.Season, series, season, 0)
		for episode := range 2 {
			g.title(library.Episode, s, season, episode+1)
		}
	}
}

func (g *generatedServer) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func newAnna() account.NewAccount {
	return account.NewAccount{Email: "anna@example.org", FirstName: "Anna", Password: annasPassword}
}

// viewer is a sign-in that watches with one profile.
type viewer struct {
	*generatedServer
	profile  account.Profile
	audience library.Audience
	reach    account.Reach
	token    string
}

// audienceOf gives the audience of a profile, apart from the code under test.
func audienceOf(p account.Profile) library.Audience {
	out := library.Audience{MaxAge: p.MaxAge, Unrated: p.Unrated}
	if p.MaxAge == account.NoLimit {
		out.MaxAge = library.NoLimit
	}
	return out.Within(p.Account, p.LimitRoots, p.LimitChannels, p.Edition)
}

// profilesOfAnna makes an account with profiles of many limits, each with progress on every title, and signs each one in.
func (g *generatedServer) profilesOfAnna() []*viewer {
	g.t.Helper()
	ctx := g.t.Context()
	a, first, err := g.accounts.Setup(ctx, newAnna())
	g.must(err)
	g.anna = a.ID
	anna := id.Viewer{Account: a.ID, Profile: first.ID}
	profiles := []account.Profile{first}
	for i := range 5 {
		c := account.ProfileChange{Name: account.To(fmt.Sprint("Profile ", i)), Unrated: account.To(g.random.IntN(2) == 0), Kids: account.To(i == 4)}
		if age := g.someAge(); age != nil || i == 4 {
			if age == nil {
				age = new(int)
			}
			c.MaxAge = account.To(*age)
		}
		p, err := g.accounts.AddProfile(ctx, anna, c, account.Proof{})
		g.must(err)
		profiles = append(profiles, p)
	}
	var out []*viewer
	for _, p := range profiles {
		grant, err := g.auth.Begin(ctx, a.ID, auth.Device{Address: "127.0.0.1", Agent: "test"}, true)
		g.must(err)
		grant, err = g.auth.ChooseProfile(ctx, grant.Principal.SignIn, p.ID)
		g.must(err)
		out = append(out, &viewer{generatedServer: g, profile: p, audience: audienceOf(p), token: grant.Access})
		g.begin(id.Viewer{Account: a.ID, Profile: p.ID})
	}
	return out
}

// members makes accounts whose library is limited in several ways; every other one watches with a profile that has limits of
// its own as well.
func (g *generatedServer) members() []*viewer {
	g.t.Helper()
	ctx := g.t.Context()
	channels := slices.Sorted(maps.Keys(g.channels))
	var out []*viewer
	for i, reach := range []account.Reach{
		{Roots: []id.Root{g.someRoot()}},
		{Channels: channels[:1]},
		{Roots: roots()[:2], Channels: channels[1:]},
		{Roots: []id.Root{}},
	} {
		name := fmt.Sprint("member", i)
		a := account.Account{ID: id.New[id.Account](), Email: name + "@example.org", FirstName: name, Role: account.Member, Streams: 50, ProfileLimit: 7}
		whole := account.Profile{ID: id.New[id.Profile](), Account: a.ID, Name: name, MaxAge: account.NoLimit, Unrated: true, Default: true}
		g.must(g.db.Accounts().Add(ctx, a, whole, "", ""))
		_, err := g.accounts.SetRights(ctx, g.anna, a.ID, account.Rights{Reach: account.ReachChange{
			Roots: account.To(reach.Roots), Channels: account.To(reach.Channels)}})
		g.must(err)
		limited, err := g.accounts.AddProfile(ctx, id.Viewer{Account: a.ID, Profile: whole.ID}, account.ProfileChange{
			Name: account.To("limited"), MaxAge: account.To(12), Unrated: account.To(i == 1)}, account.Proof{})
		g.must(err)
		for _, p := range [][]account.Profile{{whole}, {limited}}[i%2] {
			grant, err := g.auth.Begin(ctx, a.ID, auth.Device{Address: "127.0.0.1", Agent: "test"}, true)
			g.must(err)
			grant, err = g.auth.ChooseProfile(ctx, grant.Principal.SignIn, p.ID)
			g.must(err)
			p, err = g.accounts.Profile(ctx, p.ID)
			g.must(err)
			out = append(out, &viewer{generatedServer: g, profile: p, audience: audienceOf(p), reach: reach, token: grant.Access})
			g.begin(id.Viewer{Account: a.ID, Profile: p.ID})
		}
	}
	return out
}

// begin stores progress, history and list entries of a viewer for all titles, as if the limits had been set later.
func (g *generatedServer) begin(v id.Viewer) {
	g.t.Helper()
	p, ctx := v.Profile, g.t.Context()
	var beats []player.OfflineReport
	var all []player.Progress
	var list []player.Mark
	for _, k := range g.titles {
		all = append(all, player.Progress{
			Profile: p, Title: k.id, File: k.file.ID, PositionMS: 300_000, DurationMS: 600_000,
			At: time.UnixMilli(int64(1_800_000_000_000 + g.random.IntN(1000))),
		})
		if k.file.ID != "" {
			beats = append(beats, player.OfflineReport{
				Title: k.id, File: k.file.ID, PositionMS: 301_000, DurationMS: 600_000, At: time.UnixMilli(1_800_000_100_000)})
		}
		list = append(list, player.Mark{Profile: p, Title: k.id, Kind: player.MarkListed, Value: 1, At: time.UnixMilli(1_800_000_000_000)})
	}
	g.must(g.db.Player().SaveProgress(ctx, all))
	g.must(g.player.AddOfflineReports(ctx, v, beats))
	g.must(g.db.Player().SaveMarks(ctx, list))
}

// ask sends one request as the viewer and gives status and body.
func (v *viewer) ask(method, target, body string) (int, string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), time.Minute)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+v.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	v.api.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// read is ask for a JSON answer of 200.
func (v *viewer) read(target string, out any) {
	v.t.Helper()
	status, body := v.ask(http.MethodGet, target, "")
	if status != http.StatusOK {
		v.t.Fatalf("%s as %s: %d %s", target, v.profile.Name, status, body)
	}
	v.must(json.Unmarshal([]byte(body), out))
}

// leak gives the first ID or name of a title in a body that the viewer may not see; "" when there is none.
func (v *viewer) leak(body string) string {
	for _, k := range v.titles {
		secrets := []string{string(k.id), k.name, string(k.file.ID), k.file.Fingerprint, string(k.more.ID), string(v.people[k.name])}
		if v.sees(k) {
			secrets = nil
			for _, f := range []library.File{k.file, k.more} {
				if !v.within(f.Root) {
					secrets = append(secrets, string(f.ID), f.Fingerprint)
				}
			}
		}
		for _, secret := range secrets {
			if secret != "" && strings.Contains(body, secret) {
				return secret
			}
		}
	}
	for c := range v.channels {
		if !v.enters(c) && strings.Contains(body, string(c)) {
			return string(c)
		}
	}
	return ""
}

// enters reports whether a viewer may see a channel: it is on the account's list, and the viewer sees a title of it.
func (v *viewer) enters(c id.Collection) bool {
	if v.reach.Channels != nil && !slices.Contains(v.reach.Channels, c) {
		return false
	}
	return !v.audience.Restricted() || slices.ContainsFunc(v.channels[c], v.sees)
}
