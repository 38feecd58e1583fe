package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"movify/pkg/auth"
	"movify/pkg/id"
	"movify/pkg/store"
	"movify/pkg/testkit"
)

// route is one operation of the server's own table.
type route struct {
	method, path, access string // the path with parameters in braces
}

// routes reads the table that the server publishes of itself.
func (s *server) routes() []route {
	s.t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(s.must("/openapi.json"), &document); err != nil {
		s.t.Fatal(err)
	}
	var out []route
	for path, methods := range document.Paths {
		for method, text := range methods {
			var op struct {
				Access string `json:"x-access"`
			}
			if err := json.Unmarshal(text, &op); err != nil {
				s.t.Fatal(err)
			}
			out = append(out, route{strings.ToUpper(method), path, op.Access})
		}
	}
	if len(out) < 60 {
		s.t.Fatalf("the server knows only %d operations: the crawl is broken", len(out))
	}
	slices.SortFunc(out, func(a, b route) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return out
}

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// answer is the part of a response that the crawl checks.
type answer struct {
	status int
	kind   string
	body   []byte
}

// knock calls a route with a bearer token, without cookies. id is used for every path parameter.
func (s *server) knock(r route, token, id string) answer {
	s.t.Helper()
	var body io.Reader
	if r.method != http.MethodGet && r.method != http.MethodDelete {
		body = strings.NewReader("{}")
	}
	req, err := http.NewRequestWithContext(s.t.Context(), r.method, s.url+parameter.ReplaceAllString(r.path, id), body)
	if err != nil {
		s.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := (&http.Client{Timeout: patience}).Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		s.t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	return answer{res.StatusCode, res.Header.Get("Content-Type"), data}
}

// refused insists on a refusal that gives nothing away.
func (s *server) refused(who string, r route, a answer, statuses ...int) {
	s.t.Helper()
	if !slices.Contains(statuses, a.status) || len(a.body) > 1024 || !strings.HasPrefix(a.kind, "application/problem+json") {
		s.t.Errorf("%s: %s %s answers %d %s, %d bytes; want one of %v and a short problem: %.200s", who, r.method, r.path, a.status, a.kind, len(a.body), statuses, a.body)
	}
}

// guest is a further client with an account of its own, invited by the owner.
func (s *server) guest(name string) *server {
	s.t.Helper()
	var invite struct{ Code string }
	s.call("POST", "/api/v1/invites", map[string]any{"role": "member"}, &invite, 201)
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	other := *s
	other.client = &http.Client{Jar: jar, Timeout: patience}
	other.call("POST", "/api/v1/auth/register", map[string]any{
		"email": name + "@example.org", "firstName": name, "lastName": "Guest", "password": password, "invite": invite.Code,
	}, nil, 200)
	return &other
}

// bearer is the access token that a client's browser holds.
func (s *server) bearer() string {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.url, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range s.client.Jar.Cookies(req.URL) {
		if c.Name == "movify_access" {
			return c.Value
		}
	}
	s.t.Fatal("the browser holds no access token")
	return ""
}

// forged are tokens that were once good: made with the server's own keys, and over.
func (s *server) forged(account string, session id.Session, asset id.Asset) (access, media string) {
	s.t.Helper()
	ctx := s.t.Context()
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(s.data, "movify.db")})
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	keys := map[string]*auth.Keyring{}
	for _, purpose := range []string{auth.Access, auth.Media} {
		if keys[purpose], err = auth.LoadKeys(ctx, db.Auth(), purpose, nil); err != nil {
			s.t.Fatal(err)
		}
	}
	before := func() time.Time { return time.Now().Add(-time.Hour) }
	then, err := auth.New(ctx, auth.Options{Store: db.Auth(), Hasher: auth.NewHasher(), Keys: keys[auth.Access], Clock: before})
	if err != nil {
		s.t.Fatal(err)
	}
	g, err := then.Begin(ctx, id.Account(account), auth.Device{Address: "127.0.0.1"}, true)
	if err != nil {
		s.t.Fatal(err)
	}
	media, err = auth.NewMediaTokens(keys[auth.Media]).Seal(session, asset, before())
	if err != nil {
		s.t.Fatal(err)
	}
	return g.Access, media
}

// altered gives a token with each character changed in turn, to a neighbour that differs in its highest bit of six.
func altered(token string) (out []string) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range token {
		at := strings.IndexByte(alphabet, token[i])
		if at < 0 {
			at = 0
		}
		out = append(out, token[:i]+string(alphabet[(at+32)%64])+token[i+1:])
	}
	return out
}

// TestEveryRouteRefusesStrangers calls every route of the server's own table with every kind of invalid credential.
func TestEveryRouteRefusesStrangers(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	drop(t, testkit.Film(t, 426, 240, 20), filepath.Join(films, "Meadow (1942).mkv"))            // its renditions are not the other's
	cellarFilm := testkit.Clip(t, "copy.mp4", "-i", testkit.Film(t, 640, 360, 40), "-c", "copy") // has an Original stream
	drop(t, cellarFilm, filepath.Join(films, "Cellar (2004).mp4"))
	s := serve(t, t.TempDir(), films)
	s.setUp()
	meadow, cellar := s.title("Meadow"), s.title("Cellar")
	s.call("PATCH", "/api/v1/titles/"+cellar.ID, map[string]any{"age": 18}, nil, 200)
	p := s.playOn(cellar.ID, television)
	if p.Original.Manifest == "" {
		t.Fatalf("the film has no Original stream: %+v", p.Way)
	}
	owned := s.belongings(p)
	var me struct{ Account struct{ ID string } }
	s.call("GET", "/api/v1/bootstrap", nil, &me, 200)
	media := strings.Split(p.Manifest, "/")[2]
	expired, expiredMedia := s.forged(me.Account.ID, id.Session(p.ID), "an-asset")

	member, left, gone := s.guest("member"), s.guest("left"), s.guest("gone")
	leftToken, goneToken := left.bearer(), gone.bearer()
	left.call("POST", "/api/v1/auth/sign-out", map[string]any{}, nil, 204)
	gone.call("DELETE", "/api/v1/account", map[string]any{"password": password, "email": "gone@example.org"}, nil, 204)
	kid := s.device("Kid's tablet")
	var mia struct{ ID string }
	s.call("POST", "/api/v1/profiles", map[string]any{"name": "Mia", "kids": true}, &mia, 201)
	kid.call("POST", "/api/v1/profiles/"+mia.ID+"/choose", map[string]any{}, nil, 200)

	undecided, limited := s.guestWithPIN("pinned"), s.guest("limited")
	var who struct{ Account struct{ ID string } }
	limited.call("GET", "/api/v1/bootstrap", nil, &who, 200)
	s.call("PATCH", "/api/v1/users/"+who.Account.ID, map[string]any{"channels": []string{}}, nil, 200)
	changed := s.guest("changed")
	var key struct{ Key string }
	changed.call("POST", "/api/v1/api-keys", map[string]any{"name": "script", "scopes": []string{"read", "play"}}, &key, 201)
	changed.call("GET", "/api/v1/home", nil, nil, 200)
	changed.call("POST", "/api/v1/account/password", map[string]any{"current": password, "next": "another battery staple"}, nil, 204)

	strangers := map[string]string{
		"nobody": "", "garbage": "garbage", "an expired token": expired, "a signed-out device": leftToken, "a deleted account": goneToken, "a media token": media,
		"an API key of before a change of password": key.Key,
	}
	for n, token := range altered(s.bearer()) {
		if n%16 == 0 {
			strangers[fmt.Sprintf("a token changed at %d", n)] = token
		}
	}
	for _, token := range altered(s.bearer()) { // every character, on one route
		home := route{http.MethodGet, "/api/v1/home", "account"}
		s.refused("an altered token", home, s.knock(home, token, ""), 401)
	}
	for _, r := range s.routes() {
		if r.access == "public" || r.access == "webhook" {
			if a := s.knock(r, "", nobody); a.status >= 500 || bytes.Contains(a.body, []byte("Cellar")) {
				t.Errorf("anybody: %s %s answers %d: %.200s", r.method, r.path, a.status, a.body)
			}
			continue
		}
		for who, token := range strangers {
			s.refused(who, r, s.knock(r, token, cellar.ID), 401)
		}
		if !choosing[r.method+" "+r.path] {
			a := s.knock(r, undecided.bearer(), cellar.ID)
			s.refused("a sign-in without a profile", r, a, 403)
			if !bytes.Contains(a.body, []byte("profile_choice_due")) {
				t.Errorf("a sign-in without a profile: %s %s answers %.200s", r.method, r.path, a.body)
			}
		}
		if r.access == "admin" {
			s.refused("a member", r, s.knock(r, member.bearer(), cellar.ID), 403)
		}
		if r.path == "/api/v1/events" {
			continue // the stream never ends for a permitted caller
		}
		s.hides("a child", r, kid.bearer(), cellar.ID)
		s.hides("a limited account", r, limited.bearer(), cellar.ID)
		// An object of another account gets the same answer as an unknown ID.
		if mine, ok := owned[strings.TrimSuffix(parameter.ReplaceAllString(r.path, ""), "/")]; ok {
			foreign, absent := s.knock(r, member.bearer(), mine), s.knock(r, member.bearer(), nobody)
			if foreign.status != absent.status || !bytes.Equal(foreign.body, absent.body) || foreign.status/100 == 5 {
				t.Errorf("another account: %s %s answers %d %.200s, and of what is not there %d %.200s", r.method, r.path, foreign.status, foreign.body, absent.status, absent.body)
			}
		}
	}
	s.mediaRefusesStrangers(p, meadow.ID, media, expiredMedia)
	s.call("GET", "/api/v1/sessions/"+p.ID, nil, nil, 200) // after all that, the owner's are as they were
}

// nobody is an ID that nothing has.
const nobody = "0190aaaa-0000-7000-8000-000000000000"

// hides insists that a viewer learns nothing of the film Cellar with the given ID, not even that it is there.
func (s *server) hides(who string, r route, token, cellar string) {
	s.t.Helper()
	if strings.Contains(r.path, "{") && r.method != http.MethodDelete {
		hidden, absent := s.knock(r, token, cellar), s.knock(r, token, nobody)
		if hidden.status != absent.status || !bytes.Equal(hidden.body, absent.body) || hidden.status >= 500 {
			s.t.Errorf("%s: %s %s answers %d %.200s, and of what is not there %d %.200s", who, r.method, r.path, hidden.status, hidden.body, absent.status, absent.body)
		}
	} else if r.method == http.MethodGet {
		if a := s.knock(r, token, ""); a.status >= 500 || bytes.Contains(a.body, []byte(cellar)) || bytes.Contains(a.body, []byte("Cellar")) {
			s.t.Errorf("%s: GET %s answers %d: %.300s", who, r.path, a.status, a.body)
		}
	}
}

// choosing are the operations that a sign-in without a profile may call: those for choosing one, and to sign out.
var choosing = map[string]bool{
	"GET /api/v1/profiles": true, "GET /api/v1/profiles/{id}/avatar": true, "GET /api/v1/profiles/exit-challenge": true,
	"POST /api/v1/profiles/{id}/choose": true, "POST /api/v1/profiles/{id}/pin/reset": true, "POST /api/v1/auth/sign-out": true,
}

// guestWithPIN is a new sign-in of a guest whose only profile has a PIN, which was not typed on it.
func (s *server) guestWithPIN(name string) *server {
	s.t.Helper()
	g := s.guest(name)
	var own struct{ Items []struct{ ID string } }
	g.call("GET", "/api/v1/profiles", nil, &own, 200)
	g.call("PATCH", "/api/v1/profiles/"+own.Items[0].ID, map[string]any{"pin": "2468"}, nil, 200)
	g.call("GET", "/api/v1/home", nil, nil, 200) // the person who set the PIN knows it
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	other := *g
	other.client = &http.Client{Jar: jar, Timeout: patience}
	other.call("POST", "/api/v1/auth/sign-in", map[string]any{"email": name + "@example.org", "password": password, "remember": true}, nil, 200)
	return &other
}

// belongings makes one of each thing that belongs to an account and gives their IDs by the beginning of their routes.
func (s *server) belongings(p playSession) map[string]string {
	s.t.Helper()
	var key struct{ ID string }
	s.call("POST", "/api/v1/api-keys", map[string]any{"name": "script", "scopes": []string{"read"}}, &key, 201)
	var devices, profiles struct{ Items []struct{ ID string } }
	s.call("GET", "/api/v1/auth/sign-ins", nil, &devices, 200)
	s.call("GET", "/api/v1/profiles", nil, &profiles, 200)
	return map[string]string{
		"/api/v1/sessions": p.ID, "/api/v1/streams": p.ID, "/api/v1/api-keys": key.ID,
		"/api/v1/auth/sign-ins": devices.Items[0].ID, "/api/v1/profiles": profiles.Items[0].ID,
		"/api/v1/sessions//progress": p.ID, "/api/v1/sessions//stop": p.ID, "/api/v1/streams//stop": p.ID,
		"/api/v1/profiles//choose": profiles.Items[0].ID, "/api/v1/profiles//avatar": profiles.Items[0].ID, "/api/v1/profiles//pin/reset": profiles.Items[0].ID,
	}
}

// doors gives one URL of each kind that a playback has.
func (s *server) doors(p playSession) []string {
	s.t.Helper()
	videos, audios := s.variants(p.Manifest)
	out, lists := []string{p.Manifest}, []string{videos[0], audios[0]}
	if p.Original.Manifest != "" {
		copied, heard := s.variants(p.Original.Manifest)
		out, lists = append(out, p.Original.Manifest), append(lists, copied[0], heard[0])
	}
	for _, list := range lists {
		init, segments := s.playlist(list)
		out = append(out, list, init, segments[0])
	}
	return out
}

// mediaRefusesStrangers requests all URLs of a playback with tokens of others.
func (s *server) mediaRefusesStrangers(p playSession, other, token, expired string) {
	s.t.Helper()
	paths, another := s.doors(p), s.playOn(other, television)
	theirs := s.doors(another) // whose sound may have the same name
	strangers := append(altered(token), expired, "", "x", strings.Split(another.Manifest, "/")[2], s.bearer())
	for n, path := range paths {
		for i, stranger := range strangers {
			if n > 0 && i%7 != 0 && i < len(token) {
				continue // every character on one URL, some on the others
			}
			at := strings.Replace(path, token, stranger, 1)
			if slices.Contains(theirs, at) {
				continue // that is a URL of the other playback
			}
			status, body := s.fetch(at)
			if status != 401 && status != 403 && status != 404 || len(body) > 1024 || bytes.Contains(body, []byte("#EXTM3U")) {
				s.t.Errorf("%s with token %d of %d answers %d, %d bytes", path[strings.LastIndex(path, token)+len(token):], i, len(strangers), status, len(body))
			}
		}
		if status, _ := s.fetch(path); status != 200 {
			s.t.Errorf("after the strangers the owner's %s answers %d", path, status)
		}
	}
	s.call("POST", "/api/v1/sessions/"+another.ID+"/stop", map[string]any{}, nil, 204)
	if status, body := s.fetch(another.Manifest); status != 403 || len(body) > 1024 {
		s.t.Errorf("a playback that was stopped answers %d, %d bytes", status, len(body))
	}
}
