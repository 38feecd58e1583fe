package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"movify/pkg/api"
	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
)

var (
	errExpired  = fault.New(fault.Unauthenticated, "sign_in_expired", "Your sign-in has expired.")
	errNoTitle  = fault.New(fault.NotFound, "title_not_found", "That title is not in the library.")
	errDone     = fault.New(fault.Conflict, "setup_done", "This server is already set up.")
	errFailed   = fault.New(fault.Unauthenticated, "sign_in_failed", "That address and password do not match.")
	errTooMany  = fault.New(fault.Limited, "too_many_attempts", "Too many attempts. Please wait.")
	errFull     = fault.New(fault.Limited, "stream_limit", "1 of 1 in use.")
	errNotReady = fault.New(fault.Unavailable, "encoder_busy", "The encoder is busy.")
)

// fakeServer implements every port in memory: one owner "boss", one member "kid", one title "t1".
type fakeServer struct {
	setUp   bool
	calls   []string
	bus     event.Bus
	reports []api.Report
	failure error  // the error of Home
	from    string // address of the last sign-in
}

func (f *fakeServer) note(call string) { f.calls = append(f.calls, call) }

func (f *fakeServer) SetupNeeded(context.Context) (bool, error) { return !f.setUp, nil }

func (f *fakeServer) Setup(_ context.Context, s api.Setup, _ api.Client) (api.Grant, error) {
	if f.setUp {
		return api.Grant{}, errDone
	}
	f.setUp = true
	return f.grant("boss"), nil
}

func (f *fakeServer) SignIn(_ context.Context, s api.SignIn, c api.Client) (api.Grant, error) {
	f.from = c.Address
	switch {
	case s.Email == "storm@example.org":
		return api.Grant{}, errTooMany
	case s.Password != "right":
		return api.Grant{}, errFailed
	}
	return f.grant("boss"), nil
}

func (f *fakeServer) Refresh(_ context.Context, token string, _ api.Client) (api.Grant, error) {
	if token != "refresh-boss" {
		return api.Grant{}, errExpired
	}
	return f.grant("boss"), nil
}

func (f *fakeServer) SignOut(_ context.Context, p api.Principal) error {
	f.note("sign out " + string(p.SignIn))
	return nil
}

func (f *fakeServer) grant(who string) api.Grant {
	until := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	p, _ := f.Authenticate(context.Background(), who)
	return api.Grant{Principal: p, Access: who, AccessExpires: until, Refresh: "refresh-" + who, RefreshExpires: until, Remember: true}
}

func (f *fakeServer) Authenticate(_ context.Context, token string) (api.Principal, error) {
	switch token {
	case "boss":
		return api.Principal{Account: "a-boss", Profile: "p-boss", SignIn: "s-boss", Admin: true}, nil
	case "kid":
		return api.Principal{Account: "a-kid", Profile: "p-kid", SignIn: "s-kid"}, nil
	case "mvf_read":
		return api.Principal{Account: "a-boss", Profile: "p-boss", SignIn: "s-key", Admin: true, Scopes: []string{"read"}}, nil
	case "mvf_play":
		return api.Principal{Account: "a-boss", Profile: "p-boss", SignIn: "s-key", Admin: true, Scopes: []string{"play"}}, nil
	case "mvf_admin":
		return api.Principal{Account: "a-boss", Profile: "p-boss", SignIn: "s-key", Admin: true, Scopes: []string{"admin"}}, nil
	}
	if p, ok := limited(token); ok {
		return p, nil
	}
	return api.Principal{}, errExpired
}

func (f *fakeServer) Who(_ context.Context, p api.Principal) (api.Account, api.Profile, error) {
	return api.Account{ID: string(p.Account), Email: "boss@example.org", FirstName: "Boss", Name: "Boss", Role: "owner", Streams: 4, ProfileLimit: 7},
		api.Profile{ID: string(p.Profile), Name: "Boss", Color: "#aabbcc"}, nil
}

func (f *fakeServer) Home(context.Context, api.Principal) (api.Home, error) {
	if f.failure != nil {
		return api.Home{}, f.failure
	}
	return api.Home{Rows: []api.Row{{ID: "new"}}}, nil
}

func (f *fakeServer) Titles(_ context.Context, _ api.Principal, q api.TitleQuery) (api.TitlePage, error) {
	f.note("titles " + q.Kind + " " + q.Sort)
	return api.TitlePage{}, nil
}

func (f *fakeServer) Title(_ context.Context, _ api.Principal, t id.Title) (api.TitleDetail, error) {
	if t != "t1" {
		return api.TitleDetail{}, errNoTitle
	}
	return api.TitleDetail{
		TitleCard: api.TitleCard{ID: "t1", Kind: "movie", Name: "One", Color: "#112233", Playable: true},
		File:      &api.TitleFile{Name: "One.mkv", Size: 1, Container: "Matroska", Path: "/films/One.mkv"},
	}, nil
}

func (f *fakeServer) OpenArt(token string) (api.Principal, bool) {
	p, err := f.Authenticate(context.Background(), strings.TrimPrefix(token, "art-of-"))
	return p, err == nil
}

func (f *fakeServer) Picture(_ context.Context, p api.Principal, t id.Title, k api.PictureKind, w int) (api.Picture, error) {
	f.note(fmt.Sprint("picture for ", p.Profile, " of ", w))
	if t == "broken" {
		return api.Picture{}, errors.New("/secret/path is broken")
	}
	if t != "t1" || k == api.Poster {
		return api.Picture{}, errNoTitle
	}
	return api.Picture{Type: "image/webp", ETag: `"e1"`, Version: "v1", Data: []byte("RIFFpicture")}, nil
}

func (f *fakeServer) Start(_ context.Context, p api.Principal, _ api.Client, in api.StartPlayback) (api.PlaySession, error) {
	if in.TitleID == "crowded" {
		return api.PlaySession{}, &api.TooManyStreams{Cause: errFull, StreamList: api.StreamList{Limit: 1, Items: []api.Stream{
			{ID: "s1", Title: "Heat", Profile: "Anna", Device: "Firefox on Linux", SinceMs: 5, Own: true, Way: "original", Height: 1080}}}}
	}
	if in.TitleID != "t1" {
		return api.PlaySession{}, errNoTitle
	}
	s := api.PlaySession{ID: "ses", Manifest: "/media/token/multivariant.m3u8", Way: api.Way{Kind: "ladder", Code: "device_unknown"}}
	if in.StartMs != nil {
		s.StartMs = *in.StartMs
	}
	if in.Device != nil {
		s.Way = api.Way{Kind: "original", Code: "original_fits", Message: fmt.Sprint(*in.Device, in.Quality)}
	}
	return s, nil
}

func (f *fakeServer) Session(context.Context, api.Principal, id.Session) (api.PlaySession, error) {
	return api.PlaySession{ID: "ses"}, nil
}

func (f *fakeServer) Report(_ context.Context, _ api.Principal, _ id.Session, r api.Report) error {
	f.reports = append(f.reports, r)
	return nil
}

func (f *fakeServer) Stop(_ context.Context, _ api.Principal, s id.Session, at *int64) error {
	if at == nil {
		f.note("stop " + string(s))
	} else {
		f.note("stop " + string(s) + " with position")
	}
	return nil
}

func (f *fakeServer) Streams(context.Context, api.Principal) (api.StreamList, error) {
	return api.StreamList{Limit: 4}, nil
}

func (f *fakeServer) Playbacks(context.Context, api.Principal) ([]api.Playback, error) {
	return []api.Playback{{ID: "ses", Way: api.Way{Kind: "ladder", Code: "ladder_codec"}}}, nil
}

func (f *fakeServer) StopPlayback(_ context.Context, s id.Session) error {
	f.note("stop playback " + string(s))
	return nil
}

func (f *fakeServer) Ways(_ context.Context, _ api.Principal, _ api.Client, t id.Title, in api.AskWays) ([]api.FileWay, error) {
	if t != "t1" {
		return nil, errNoTitle
	}
	return []api.FileWay{{FileID: "f1", First: true, Way: api.Way{Kind: "original", Code: "original_fits", Message: fmt.Sprint(in)}}}, nil
}

func (f *fakeServer) StopStream(_ context.Context, p api.Principal, s id.Session) error {
	f.note(string(p.Account) + " stops " + string(s))
	return nil
}

func (f *fakeServer) Forget(context.Context, api.Principal, id.Title) error { return nil }

func (f *fakeServer) Status(context.Context) (api.LibraryStatus, error) {
	return api.LibraryStatus{}, nil
}
func (f *fakeServer) AddRoot(_ context.Context, path string) (api.Root, error) {
	return api.Root{ID: "r1", Path: path, State: "present", Watch: "inotify"}, nil
}
func (f *fakeServer) RemoveRoot(context.Context, id.Root) error { return nil }
func (f *fakeServer) Scan(_ context.Context, paths []string) (api.ScanState, error) {
	for _, p := range paths {
		f.note("scan " + p)
	}
	return api.ScanState{Running: true}, nil
}
func (f *fakeServer) ChangeRoot(_ context.Context, r id.Root, t api.RootTuning) (api.Root, error) {
	if t.Watch.Set && t.Watch.Value != nil {
		f.note("watch " + string(r) + " by " + *t.Watch.Value)
	}
	switch {
	case t.Transcode.Set && t.Transcode.Value != nil:
		f.note("transcode " + string(r) + " " + *t.Transcode.Value)
	case t.Transcode.Set:
		f.note("transcode " + string(r) + " by default")
	}
	return api.Root{ID: string(r), State: "present", Watch: "poll"}, nil
}
func (f *fakeServer) Ladders(context.Context) (api.Ladders, error) {
	return api.Ladders{Default: "when_watched", Items: []api.RootLadders{}}, nil
}
func (f *fakeServer) MakeLaddersOfRoot(_ context.Context, r id.Root) (api.LaddersAsked, error) {
	f.note("ladders of " + string(r))
	return api.LaddersAsked{Files: 2}, nil
}
func (f *fakeServer) MakeLadder(_ context.Context, t id.Title) (api.LaddersAsked, error) {
	f.note("ladder of " + string(t))
	return api.LaddersAsked{Files: 1}, nil
}
func (f *fakeServer) AcceptLosses(_ context.Context, r id.Root) (api.Root, error) {
	return api.Root{ID: string(r), State: "present", Watch: "poll"}, nil
}
func (f *fakeServer) Preview(context.Context) (api.Preview, error)           { return api.Preview{}, nil }
func (f *fakeServer) Bin(context.Context, int) (api.Bin, error)              { return api.Bin{}, nil }
func (f *fakeServer) ForgetFile(context.Context, id.File) error              { return nil }
func (f *fakeServer) Attention(context.Context) ([]api.AttentionItem, error) { return nil, nil }
func (f *fakeServer) Retry(context.Context, id.File) error                   { return nil }
func (f *fakeServer) EncodeLog(context.Context, id.Title) (api.EncodeLog, error) {
	return api.EncodeLog{}, nil
}
func (f *fakeServer) Jobs(context.Context) (api.Jobs, error)     { return api.Jobs{}, nil }
func (f *fakeServer) System(context.Context) (api.System, error) { return api.System{}, nil }
func (f *fakeServer) Subscribe() (<-chan event.Notice, func())   { return f.bus.Subscribe() }
func (f *fakeServer) Browse(_ context.Context, p string) (api.FolderListing, error) {
	return api.FolderListing{Path: "/"}, nil
}

// media is a media plane that answers with the kind of its ResponseWriter.
var media = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if _, ok := w.(io.ReaderFrom); ok {
		_, _ = io.WriteString(w, "reader-from")
		return
	}
	_, _ = io.WriteString(w, "wrapped")
})

func webApp() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"index.html": file("<!doctype html>page"), "index.html.gz": file("page.gz"), "index.html.br": file("page.br"),
		"boot.js": file("boot"), "assets/app-1234.js": file("app"), "assets/app-1234.js.br": file("app.br"), ".gitkeep": file(""),
	}
}

// newAPI builds an API over a fakeServer; change may alter its options.
func newAPI(t testing.TB, f *fakeServer, change func(*api.Options)) *api.API {
	t.Helper()
	o := api.Options{
		Brand: "Movify", Version: "1.2.3", Languages: []string{"en", "fr"},
		Accounts: f, Registrations: fakeAccounts{f}, OwnAccount: fakeAccounts{f}, Users: fakeAccounts{f}, SignIns: f, OIDC: f, Security: f, Catalogue: f, Playing: f, Watching: f, Searching: f, Streams: f, Playbacks: f, Library: f, Work: f, Notices: f,
		Profiles: f, Editing: f, Browsing: f, Collections: f, Pictures: f, Matching: f, Storage: f, Art: f, Media: media, App: webApp(), Ready: func() bool { return true },
		Logger: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	a, err := api.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// ask sends one request. Headers are "Name: value".
func ask(h http.Handler, method, target, body string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.RemoteAddr = "192.168.1.20:5000"
	if strings.HasPrefix(target, "/api/v1/setup") {
		r.Host = "localhost" // as it has to be there
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
		switch name {
		case "Remote":
			r.RemoteAddr = value
		case "Host":
			r.Host = value
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
