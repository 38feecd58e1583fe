package player_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"movify/pkg/blob"
	"movify/pkg/event"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/store/storetest"
	"movify/player"
)

// memory is a player.Store in maps. It counts its calls.
type memory struct {
	mu       sync.Mutex
	calls    int
	fail     error // what SaveProgress answers
	sessions map[id.Session]player.Session
	progress map[[2]string]player.Progress
	cleared  map[[2]string]time.Time
	marks    map[[3]string]player.Mark
	visits   []player.Visit
	searches []player.Search
}

func newMemory() *memory {
	return &memory{sessions: make(map[id.Session]player.Session), progress: make(map[[2]string]player.Progress),
		cleared: make(map[[2]string]time.Time), marks: make(map[[3]string]player.Mark)}
}

func TestMemoryIsAStore(t *testing.T) {
	t.Parallel()
	storetest.Player(t, func(*testing.T) player.Store { return newMemory() })
}

func (m *memory) called() func() {
	m.mu.Lock()
	m.calls++
	return m.mu.Unlock
}

func (m *memory) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls
}

func (m *memory) AddSession(_ context.Context, s player.Session) error {
	defer m.called()()
	m.sessions[s.ID] = s
	return nil
}

func (m *memory) Session(_ context.Context, x id.Session) (player.Session, error) {
	defer m.called()()
	s, ok := m.sessions[x]
	if !ok {
		return s, player.ErrNoSession
	}
	return s, nil
}

func (m *memory) EndSession(_ context.Context, x id.Session, at time.Time) error {
	defer m.called()()
	m.endIf(func(s player.Session) bool { return s.ID == x }, at)
	return nil
}

func (m *memory) EndSignIn(_ context.Context, in id.SignIn, at time.Time) error {
	defer m.called()()
	m.endIf(func(s player.Session) bool { return s.SignIn == in }, at)
	return nil
}

func (m *memory) EndProfile(_ context.Context, p id.Profile, at time.Time) error {
	defer m.called()()
	m.endIf(func(s player.Session) bool { return s.Viewer.Profile == p }, at)
	return nil
}

func (m *memory) EndAccount(_ context.Context, a id.Account, at time.Time) error {
	defer m.called()()
	m.endIf(func(s player.Session) bool { return s.Viewer.Account == a }, at)
	return nil
}

func (m *memory) endIf(match func(player.Session) bool, at time.Time) {
	for k, s := range m.sessions {
		if match(s) && s.Ended.IsZero() {
			s.Ended = at
			m.sessions[k] = s
		}
	}
}

func (m *memory) DropSessions(_ context.Context, before time.Time) error {
	defer m.called()()
	for k, s := range m.sessions {
		if s.Expires.Before(before) {
			delete(m.sessions, k)
		}
	}
	return nil
}

func (m *memory) SaveProgress(_ context.Context, ps []player.Progress) error {
	defer m.called()()
	if m.fail != nil {
		return m.fail
	}
	for _, p := range ps {
		m.place(p)
		if p.Started() && p.At.After(m.cleared[[2]string{string(p.Profile), string(p.Title)}]) {
			m.visit(p)
		}
		if p.Watched() {
			m.mark(player.Mark{Profile: p.Profile, Title: p.Title, Kind: player.MarkWatched, Value: 1, At: p.At})
		}
	}
	return nil
}

func (m *memory) place(p player.Progress) {
	key := [2]string{string(p.Profile), string(p.Title)}
	if have, ok := m.progress[key]; !ok || !p.At.Before(have.At) {
		m.progress[key] = p
	}
}

func (m *memory) Progress(_ context.Context, p id.Profile, titles []id.Title) (map[id.Title]player.Progress, error) {
	defer m.called()()
	out := make(map[id.Title]player.Progress)
	for _, t := range titles {
		if have, ok := m.progress[[2]string{string(p), string(t)}]; ok && have.DurationMS > 0 {
			out[t] = have
		}
	}
	return out, nil
}

func (m *memory) Resumable(_ context.Context, p id.Profile, limit int) ([]player.Progress, error) {
	defer m.called()()
	out := []player.Progress{}
	for _, x := range m.progress {
		if x.Profile == p && x.ResumeMS() > 0 {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b player.Progress) int { return cmp.Compare(b.At.UnixMilli(), a.At.UnixMilli()) })
	return out[:min(limit, len(out))], nil
}

func (m *memory) ForgetProgress(_ context.Context, p id.Profile, t id.Title, at time.Time) error {
	defer m.called()()
	m.place(player.Progress{Profile: p, Title: t, At: at})
	return nil
}

// fakeCatalogue is a player.Catalogue with one film of 250 s in segments of 5 s.
type fakeCatalogue struct {
	asset id.Asset
	away  bool
	plan  func(context.Context) (media.Asset, error) // nil = the film is planned
}

func (s fakeCatalogue) Playable(_ context.Context, _ id.Viewer, t id.Title, f id.File) (player.Playable, error) {
	switch {
	case t == "double": // a film in two parts of that length
		parts := []player.Part{{File: "one", DurationMS: 250_000}, {File: "two", DurationMS: 250_000}}
		if f == "" {
			f = "one"
		}
		return player.Playable{Title: t, Name: "Double", File: f, Asset: film(s.asset), Parts: parts}, nil
	case t != "film":
		return player.Playable{}, errNoTitle
	}
	p := player.Playable{
		Title: t, Name: "Film", File: "file", Asset: film(s.asset), Away: s.away, Source: media.SourceFile{Path: "/film.mp4"},
	}
	if s.plan != nil {
		p.Asset.Grid, p.Plan = media.Grid{}, s.plan
	}
	return p, nil
}

// Versions gives the film's one file, or those of "many": a title with twenty.
func (s fakeCatalogue) Versions(ctx context.Context, v id.Viewer, t id.Title) ([]player.Playable, error) {
	if t != "many" {
		p, err := s.Playable(ctx, v, t, "")
		return []player.Playable{p}, err
	}
	var out []player.Playable
	for n := range 20 {
		f := id.File(fmt.Sprintf("file%d", n))
		out = append(out, player.Playable{
			Title: t, File: f, Asset: film(s.asset), Away: n == 0, Source: media.SourceFile{Path: "/" + string(f)},
		})
	}
	return out, nil
}

var errNoTitle = errors.New("no such title")

func film(a id.Asset) media.Asset {
	frames := []int{}
	for f := 0; f <= 6250; f += 125 {
		frames = append(frames, f)
	}
	return media.Asset{
		ID: a, Grid: media.Grid{Rate: media.Ratio{Num: 25, Den: 1}, Full: 125, Frames: frames, Audio: frames},
		Ladder: media.Ladder{
			Renditions: []media.Rendition{{ID: "v1", Kind: media.Video}, {ID: "a1", Kind: media.Audio}},
		},
	}
}

// folderSegments is a player.Segments over a folder. A segment in slow never comes.
type folderSegments struct {
	folder  string
	slow    int
	fail    error
	packing *media.Packing // set once everything is in all.mp4
	opaque  bool           // the store has no files
	cut     int64          // bytes that are missing at the end of each blob
	entered chan struct{}  // one for each wait that began, when not nil

	mu    sync.Mutex
	calls []string
}

func newFolderSegments(t *testing.T) *folderSegments {
	t.Helper()
	b := &folderSegments{folder: t.TempDir(), slow: -1}
	for _, name := range []string{media.InitName, media.SegmentName(0), media.SegmentName(7)} {
		if err := os.WriteFile(filepath.Join(b.folder, name), []byte("bytes of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (b *folderSegments) note(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, fmt.Sprintf(format, args...))
}

// noted gives the calls that begin with a word, and forgets all.
func (b *folderSegments) takeCalls(word string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, c := range b.calls {
		if strings.HasPrefix(c, word) {
			out = append(out, c)
		}
	}
	b.calls = nil
	return out
}

// pack writes the whole film into one file and takes the single ones away.
func (b *folderSegments) pack(t *testing.T) {
	t.Helper()
	all := []byte("bytes of " + media.InitName + "index")
	p := media.Packing{Init: int64(len(all)) - 5, Index: 5, Offsets: []int64{int64(len(all))}}
	for n := range 50 {
		all = append(all, "bytes of "+media.SegmentName(n)...)
		p.Offsets = append(p.Offsets, int64(len(all)))
	}
	if err := errors.Join(os.RemoveAll(b.folder), os.Mkdir(b.folder, 0o700),
		os.WriteFile(filepath.Join(b.folder, media.PackedName), all, 0o600)); err != nil {
		t.Fatal(err)
	}
	b.packing = &p
}

func (b *folderSegments) open(name string) (blob.Object, error) {
	if b.packing != nil {
		if n, ok := media.ParseSegmentName(name); ok {
			offset, length := b.packing.Segment(n)
			return b.part(media.PackedName, offset, length)
		}
		return b.part(media.PackedName, 0, b.packing.Init)
	}
	info, err := os.Stat(filepath.Join(b.folder, name))
	if err != nil {
		return blob.Object{}, err
	}
	return b.part(name, 0, info.Size())
}

// unseekable is a body that comes over the network and cannot be read again.
type unseekable struct{ io.ReadCloser }

func (unseekable) Seek(int64, int) (int64, error) { return 0, errors.New("the body was moved") }

func (b *folderSegments) part(name string, offset, length int64) (blob.Object, error) {
	f, err := os.Open(filepath.Join(b.folder, name))
	if err != nil {
		return blob.Object{}, err
	}
	o := blob.Object{Info: blob.Info{Key: name, Size: length}, File: f, Offset: offset, Body: f}
	switch {
	case b.opaque:
		o.File = nil
		o.Body = unseekable{struct {
			io.Reader
			io.Closer
		}{io.NewSectionReader(f, offset, length-b.cut), f}}
	case b.cut > 0:
		o.Size += b.cut
	}
	return o, nil
}

// lengthen makes a stored segment that long.
func (b *folderSegments) lengthen(t *testing.T, n int, size int64) {
	t.Helper()
	if err := os.Truncate(filepath.Join(b.folder, media.SegmentName(n)), size); err != nil {
		t.Fatal(err)
	}
}

func (b *folderSegments) Packing(media.Asset, id.Rendition) (media.Packing, bool) {
	if b.packing == nil {
		return media.Packing{}, false
	}
	return *b.packing, true
}

func (b *folderSegments) Packed(
	_ context.Context, _ id.Session, _ media.Asset, r id.Rendition, offset, length int64,
) (blob.Object, error) {
	b.note("packed %s %d %d", r, offset, length)
	if b.fail != nil {
		return blob.Object{}, b.fail
	}
	return b.part(media.PackedName, offset, length)
}

func (b *folderSegments) Touch(_ id.Session, _ media.Asset, r id.Rendition, n int) {
	b.note("touch %s %d", r, n)
}

func (b *folderSegments) Init(
	_ context.Context, _ id.Session, _ media.Asset, r id.Rendition, near int,
) (blob.Object, error) {
	b.note("init %s %d", r, near)
	return b.open(media.InitName)
}

func (b *folderSegments) Segment(
	ctx context.Context, _ id.Session, _ media.Asset, r id.Rendition, n int,
) (blob.Object, error) {
	b.note("segment %s %d", r, n)
	if b.fail != nil {
		return blob.Object{}, b.fail
	}
	if n == b.slow {
		if b.entered != nil {
			b.entered <- struct{}{}
		}
		<-ctx.Done()
		return blob.Object{}, ctx.Err()
	}
	return b.open(media.SegmentName(n))
}

func (b *folderSegments) Measures(media.Asset) map[id.Rendition]media.Measure { return nil }
func (b *folderSegments) StartRung(media.Asset) id.Rendition                  { return "v1" }
func (b *folderSegments) Warm(_ id.Session, _ media.Asset, ms int64)          { b.note("warm %d", ms) }
func (b *folderSegments) Leave(id.Session)                                    { b.note("leave") }

// plainTokens is a player.Tokens that writes its claims in clear.
type plainTokens struct{}

func (plainTokens) Seal(s id.Session, a id.Asset, expires time.Time) (string, error) {
	return fmt.Sprintf("%s~%s~%d", s, a, expires.UnixMilli()), nil
}

func (plainTokens) Open(token string) (id.Session, func(id.Asset) bool, time.Time, error) {
	parts := strings.Split(token, "~")
	if len(parts) != 3 {
		return "", nil, time.Time{}, errors.New("not a token")
	}
	ms, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return "", nil, time.Time{}, err
	}
	return id.Session(parts[0]), func(a id.Asset) bool { return string(a) == parts[1] }, time.UnixMilli(ms), nil
}

// harness is a Service with its fakes and a clock that is set by hand.
type harness struct {
	*player.Service
	store     *memory
	segments  *folderSegments
	bus       *noticeLog
	incidents *incidentLog
	limit     int
	links     player.Links
	originals *fakeOriginals // nil = no file has an Original stream
	away      bool           // the film's disk is away
	plan      func(context.Context) (media.Asset, error)
	now       time.Time
}

// limits is a player.Limits that is set in the harness.
type limits struct{ *harness }

func (l limits) Streams(context.Context, id.Account) (int, error) { return l.limit, nil }

// noticeLog is a player.Bus that records notices with their addressees.
type noticeLog struct {
	mu   sync.Mutex
	told []string
}

func (n *noticeLog) Publish(x event.Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.told = append(
		n.told,
		fmt.Sprintf(
			"%s/%s %s %s → %s/%s", x.Topic, x.Kind, x.IDs["title"], x.IDs["session"], x.For.Account, x.For.Profile,
		),
	)
}

// incidentLog is a player.IncidentReporter that remembers.
type incidentLog struct {
	mu     sync.Mutex
	raised []string
}

func (b *incidentLog) Report(_ context.Context, i player.Incident) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.raised = append(b.raised, fmt.Sprintf("%s %s %s %s", i.Kind, i.Session.Viewer.Profile, i.Name, i.Device))
}

func (b *incidentLog) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.raised
	b.raised = nil
	return out
}

// take gives the notices of a topic, and forgets all.
func (n *noticeLog) take(topic event.Topic) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []string
	for _, x := range n.told {
		if strings.HasPrefix(x, string(topic)) {
			out = append(out, x)
		}
	}
	n.told = nil
	return out
}

func caller(v id.Viewer) player.Caller {
	return player.Caller{Viewer: v, SignIn: "sign-in", Agent: "browser"}
}

var anna = id.Viewer{Account: "family", Profile: "anna"}

func newHarness(t *testing.T) *harness {
	t.Helper()
	h := &harness{
		store: newMemory(), segments: newFolderSegments(t), bus: &noticeLog{}, incidents: &incidentLog{},
		limit: 99, now: time.UnixMilli(1_800_000_000_000),
	}
	h.Service = h.restart("asset")
	return h
}

// restart gives a new Service over the same store, as after a new start of the server.
func (h *harness) restart(asset id.Asset) *player.Service {
	o := player.Options{
		Store: h.store, Catalogue: fakeCatalogue{asset, h.away, h.plan}, Segments: h.segments, Tokens: plainTokens{}, Bus: h.bus, Limits: limits{h}, Incidents: h.incidents,
		Links: h.links, Clock: func() time.Time { return h.now },
		Playlists: player.Playlists{
			Multivariant: func(a media.Asset, _ map[id.Rendition]media.Measure, start id.Rendition) (string, error) {
				return "multivariant " + string(a.ID) + " " + string(start), nil
			},
			Media: func(_ media.Asset, r media.Rendition, p *media.Packing) (string, error) {
				if p != nil {
					return "packed " + string(r.ID), nil
				}
				return "media " + string(r.ID), nil
			},
			Transport: transportPlaylists,
			Original:  originalPlaylist,
			OriginalMedia: func(_ media.Original, a media.Asset, c media.Copy) (string, error) {
				return fmt.Sprint("copy ", a.ID, c.ID), nil
			},
			OriginalSound: func(_ media.Original, a media.Asset, r media.Rendition) (string, error) {
				return fmt.Sprint("sound ", a.ID, r.ID), nil
			},
		},
	}
	if h.originals != nil {
		o.Originals = h.originals.open
	}
	return player.New(o)
}

func (h *harness) start(t *testing.T) player.Playback {
	t.Helper()
	p, err := h.Start(t.Context(), caller(anna), "film", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
