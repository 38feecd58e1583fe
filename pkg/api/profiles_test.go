package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/testkit"
)

var errPIN = fault.New(fault.Forbidden, "pin_wrong", "That is not the PIN of this profile.")

type wrongPIN struct{ error }

func (w wrongPIN) TriesLeft() int { return 3 }
func (w wrongPIN) Unwrap() error  { return w.error }

// limited are principals whose profile has limits: "child" watches with a kids profile, "teen" with one that sees less than
// everything. Both are in the owner's account.
func limited(token string) (api.Principal, bool) {
	switch token {
	case "child":
		return api.Principal{Account: "a-boss", Profile: "p-child", SignIn: "s-child", Restricted: true, Kids: true}, true
	case "limited boss":
		return api.Principal{Account: "a-boss", Profile: "p-boss", SignIn: "s-boss", Admin: true, Limited: true}, true
	case "teen":
		return api.Principal{Account: "a-boss", Profile: "p-teen", SignIn: "s-teen", Restricted: true}, true
	}
	return api.Principal{}, false
}

func (f *fakeServer) ListProfiles(context.Context, api.Principal) (api.ProfileList, error) {
	return api.ProfileList{Limit: 7}, nil
}

func (f *fakeServer) Choosing(_ context.Context, _ api.Principal, start bool) (int, bool, error) {
	return 2, start, nil
}

func (f *fakeServer) Started(context.Context, api.Principal) error { return nil }

func (f *fakeServer) SetAlwaysAsk(context.Context, api.Principal, bool) error { return nil }

func (f *fakeServer) AddProfile(_ context.Context, _ api.Principal, _ api.Client, in api.NewProfile) (api.Profile, error) {
	return f.ChangeProfile(context.Background(), api.Principal{}, api.Client{}, "new", in.Patch())
}

// ChangeProfile notes which fields arrived, and how.
func (f *fakeServer) ChangeProfile(_ context.Context, _ api.Principal, _ api.Client, x id.Profile, in api.ProfilePatch) (api.Profile, error) {
	text, err := json.Marshal(in)
	f.note(string(x) + " " + string(text))
	return api.Profile{ID: string(x), Name: "Someone", Color: "#112233"}, err
}

func (f *fakeServer) RemoveProfile(_ context.Context, _ api.Principal, _ api.Client, x id.Profile, password string) error {
	f.note("remove " + string(x) + " with " + password)
	return nil
}

func (f *fakeServer) SetProfilePicture(_ context.Context, _ api.Principal, x id.Profile, data []byte) (api.Profile, error) {
	f.note("picture of " + string(x) + " " + string(data))
	return api.Profile{ID: string(x)}, nil
}

func (f *fakeServer) ProfilePicture(context.Context, api.Principal, id.Profile) (api.Picture, error) {
	return api.Picture{Type: "image/jpeg", ETag: `"p1"`, Data: []byte("JFIF")}, nil
}

func (f *fakeServer) ChooseProfile(_ context.Context, _ api.Principal, _ api.Client, _ id.Profile, k api.ProfileKeys) (api.Grant, error) {
	if k.PIN == "0000" {
		return api.Grant{}, wrongPIN{errPIN}
	}
	return f.grant("boss"), nil
}

func (f *fakeServer) ExitQuestion(context.Context, api.Principal) (string, error) {
	return "17 × 8", nil
}

func (f *fakeServer) ResetPIN(_ context.Context, _ api.Principal, _ api.Client, x id.Profile, password, pin string) error {
	f.note("PIN of " + string(x) + " " + password + " " + pin)
	return nil
}

func (f *fakeServer) AssignFile(_ context.Context, _ api.Principal, x id.File, in api.FileIdentity) (api.TitleCard, error) {
	return api.TitleCard{ID: string(x), Kind: in.Kind, Name: in.Title}, nil
}

func (f *fakeServer) ReleaseFile(_ context.Context, _ api.Principal, x id.File) (api.TitleCard, error) {
	return api.TitleCard{ID: string(x), Kind: "movie"}, nil
}

func (f *fakeServer) Unmatched(context.Context, api.Principal) (api.UnmatchedList, error) {
	return api.UnmatchedList{Items: []api.UnmatchedTitle{}}, nil
}

func (f *fakeServer) EditTitle(_ context.Context, _ api.Principal, t id.Title, in api.TitlePatch) (api.TitleDetail, error) {
	return api.TitleDetail{TitleCard: api.TitleCard{ID: string(t), Kind: "movie", Age: in.Age.Value}}, nil
}

func (f *fakeServer) SetPicture(_ context.Context, _ api.Principal, t id.Title, k api.PictureKind, data []byte) (api.TitleDetail, error) {
	f.note(fmt.Sprintf("picture %s of %s: %s", k, t, data))
	return api.TitleDetail{TitleCard: api.TitleCard{ID: string(t), Kind: "movie", Poster: "/new"}}, nil
}

func (f *fakeServer) DropPicture(_ context.Context, _ api.Principal, t id.Title, k api.PictureKind) (api.TitleDetail, error) {
	f.note(fmt.Sprintf("no picture %s of %s", k, t))
	return api.TitleDetail{TitleCard: api.TitleCard{ID: string(t), Kind: "movie"}}, nil
}

// A kids profile may call only operations for kids, and no restricted profile may call operations for administrators.
func TestAProfileWithLimitsDoesLess(t *testing.T) {
	t.Parallel()
	a := newAPI(t, &fakeServer{setUp: true}, nil)
	var doc struct {
		Paths map[string]map[string]struct {
			Access   api.Access `json:"x-access"`
			Profiles string     `json:"x-profiles"`
		}
	}
	_, document, err := a.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(document, &doc); err != nil {
		t.Fatal(err)
	}
	forKids, refused := 0, 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			want := map[string]string{}
			switch {
			case op.Access == api.AccessAdmin && op.Profiles != "without-limits":
				t.Errorf("%s %s is for administrators and for profiles %q", method, path, op.Profiles)
			case op.Access != api.AccessAccount && op.Access != api.AccessAdmin:
				continue
			case op.Profiles == "all":
				forKids++
			case op.Profiles == "not-kids":
				want["child"] = "kids_profile"
			default:
				want["child"], want["teen"] = "kids_profile", "profile_limited"
			}
			refused += len(want)
			target := strings.NewReplacer("{id}", "t1", "{fileId}", "f1", "{titleId}", "t1").Replace(path)
			for who, code := range want {
				res := ask(a.Handler(), strings.ToUpper(method), target, "", "Authorization: Bearer "+who)
				if got := text(t, res); res.StatusCode != 403 || !strings.Contains(got, `"`+code+`"`) {
					t.Errorf("%s %s as %s: %d %s, want 403 %s", method, path, who, res.StatusCode, got, code)
				}
			}
		}
	}
	if forKids < 10 || refused < 20 {
		t.Errorf("%d operations are for kids, %d were refused: the search is broken", forKids, refused)
	}
	for _, path := range []string{"/home", "/titles", "/profiles", "/profiles/exit-challenge"} {
		if res := ask(a.Handler(), "GET", "/api/v1"+path, "", "Authorization: Bearer child"); res.StatusCode != 200 {
			t.Errorf("%s as a child: %d", path, res.StatusCode)
		}
	}
	if res := ask(a.Handler(), "GET", "/api/v1/setup/folders?path=/", "", "Authorization: Bearer teen"); res.StatusCode != 403 {
		t.Errorf("the server's folders as a teen: %d", res.StatusCode)
	}
}

func TestProfileFieldsAreAbsentNullOrThere(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{}`:                `{"maturity":{"Set":false,"Value":null},"pin":{"Set":false,"Value":null}}`,
		`{"maturity":null}`: `{"maturity":{"Set":true,"Value":null},"pin":{"Set":false,"Value":null}}`,
		`{"maturity":12,"pin":"0042","kids":false}`: `{"kids":false,"maturity":{"Set":true,"Value":12},"pin":{"Set":true,"Value":"0042"}}`,
		`{"pin":null,"name":""}`:                    `{"name":"","maturity":{"Set":false,"Value":null},"pin":{"Set":true,"Value":null}}`,
		`{"pin":"42"}`:                              "",
		`{"pin":"12a4"}`:                            "",
		`{"maturity":-1}`:                           "",
		`{"maturity":22}`:                           "",
		`{"maturity":"7"}`:                          "",
		`{"limits":"none"}`:                         "",
	} {
		fake := &fakeServer{setUp: true}
		res := ask(newAPI(t, fake, nil).Handler(), "PATCH", "/api/v1/profiles/p1", body, boss)
		if want == "" {
			if res.StatusCode != 422 || len(fake.calls) != 0 {
				t.Errorf("%s: %d %v", body, res.StatusCode, fake.calls)
			}
			continue
		}
		if diff := cmp.Diff([]string{"p1 " + want}, fake.calls); res.StatusCode != 200 || diff != "" {
			t.Errorf("%s: %d (-want +got):\n%s", body, res.StatusCode, diff)
		}
	}
}

func TestProfileOperations(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{setUp: true}
	h := newAPI(t, fake, nil).Handler()
	for _, c := range []struct {
		method, target, body string
		header               string
		want                 int
	}{
		{"POST", "/profiles", `{"name":"Mia","kids":true}`, "", 201},
		{"POST", "/profiles", `{"kids":true}`, "", 422},
		{"PATCH", "/profiles-settings", `{"alwaysAsk":true}`, "", 204},
		{"DELETE", "/profiles/p1", `{"password":"right"}`, "", 204},
		{"PUT", "/profiles/p1/avatar", "PNG", "Content-Type: image/png", 200},
		{"PUT", "/profiles/p1/avatar", strings.Repeat("x", 2<<20+1), "Content-Type: image/png", 413},
		{"POST", "/profiles/p1/pin/reset", `{"password":"right","pin":"1234"}`, "", 204},
		{"POST", "/profiles/p1/pin/reset", `{"password":"right"}`, "", 204},
		{"PATCH", "/titles/t1", `{"age":12}`, "", 200},
		{"PATCH", "/titles/t1", `{"age":null}`, "", 200},
		{"PATCH", "/titles/t1", `{}`, "", 200},
		{"PATCH", "/titles/t1", `{"age":99}`, "", 422},
	} {
		headers := []string{boss}
		if c.header != "" {
			headers = append(headers, c.header)
		}
		if res := ask(h, c.method, "/api/v1"+c.target, c.body, headers...); res.StatusCode != c.want {
			t.Errorf("%s %s %.40s: %d, want %d: %s", c.method, c.target, c.body, res.StatusCode, c.want, text(t, res))
		}
	}
	want := []string{
		`new {"name":"Mia","kids":true,"maturity":{"Set":false,"Value":null},"pin":{"Set":false,"Value":null}}`,
		"remove p1 with right", "picture of p1 PNG", "PIN of p1 right 1234", "PIN of p1 right ",
	}
	if diff := cmp.Diff(want, fake.calls); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestChoosingAProfileChangesTheAccessCookieOnly(t *testing.T) {
	t.Parallel()
	h := newAPI(t, &fakeServer{setUp: true}, nil).Handler()
	res := ask(h, "POST", "/api/v1/profiles/p1/choose", `{"pin":"1234"}`, boss)
	body := text(t, res)
	want := []string{"movify_access=boss; Path=/; Expires=Wed, 02 Jan 2030 03:04:05 GMT; HttpOnly; SameSite=Lax"}
	if diff := cmp.Diff(want, res.Header.Values("Set-Cookie")); res.StatusCode != 200 || diff != "" {
		t.Errorf("%d %s (-want +got):\n%s", res.StatusCode, body, diff)
	}
	if !strings.Contains(body, `"chooseProfile":false`) || !strings.Contains(body, `"profiles":2`) {
		t.Errorf("body %s", body)
	}
	if got := text(t, ask(h, "GET", "/api/v1/bootstrap?start=true", "", boss)); !strings.Contains(got, `"chooseProfile":true`) {
		t.Errorf("bootstrap %s", got)
	}
	wrong := ask(h, "POST", "/api/v1/profiles/p1/choose", `{"pin":"0000"}`, boss)
	if got := text(t, wrong); wrong.StatusCode != 403 || !strings.Contains(got, `"code":"pin_wrong"`) || !strings.Contains(got, `"triesLeft":3`) {
		t.Errorf("%d %s", wrong.StatusCode, got)
	}
}

func TestProfilePictureIsAskedForOnce(t *testing.T) {
	t.Parallel()
	h := newAPI(t, &fakeServer{setUp: true}, nil).Handler()
	first := ask(h, "GET", "/api/v1/profiles/p1/avatar", "", "Authorization: Bearer child")
	if got := text(t, first); got != "JFIF" || first.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%d %q %v", first.StatusCode, got, first.Header)
	}
	again := ask(h, "GET", "/api/v1/profiles/p1/avatar", "", boss, "If-None-Match: "+first.Header.Get("ETag"))
	if got := text(t, again); again.StatusCode != http.StatusNotModified || got != "" {
		t.Errorf("%d %q", again.StatusCode, got)
	}
}

// TestNoticesNameTitlesToAdministratorsOnly: of a member the limits may be set while its stream is open.
func TestNoticesNameTitlesToAdministratorsOnly(t *testing.T) {
	t.Parallel()
	for who, want := range map[string]string{"boss": `"title":"t-hidden"`, "kid": `"kind":"title","ids":{}`, "limited boss": `"kind":"title","ids":{}`, "teen": `"kind":"title","ids":{}`, "child": `"kind":"title","ids":{}`} {
		fake := &fakeServer{setUp: true}
		lines := listen(t, newAPI(t, fake, nil).Handler(), who, func() {
			fake.bus.Publish(event.Notice{Topic: event.Library, Kind: "title", IDs: map[string]string{"title": "t-hidden"}})
		})
		if !strings.Contains(lines, want) || who != "boss" && strings.Contains(lines, "t-hidden") {
			t.Errorf("%s hears %s", who, lines)
		}
	}
}

// listen follows the stream of notices until one of the library came, which publish sends once the stream has begun.
func listen(t *testing.T, h http.Handler, who string, publish func()) string {
	t.Helper()
	server := testkit.Serve(t, h)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+who)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var heard strings.Builder
	piece := make([]byte, 512)
	published := false
	for !strings.Contains(heard.String(), "event: library\ndata: ") || !strings.HasSuffix(heard.String(), "\n\n") {
		n, err := res.Body.Read(piece)
		heard.Write(piece[:n])
		if err != nil {
			t.Fatalf("the stream ended: %v after %s", err, heard.String())
		}
		if !published {
			published = true
			publish()
		}
	}
	return heard.String()
}
