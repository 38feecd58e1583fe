package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
	"movify/pkg/id"
)

const annasPassword = "correct horse battery"

// arrive makes anna's account and signs her in, without choosing a profile.
func (g *generatedServer) arrive() *viewer {
	g.t.Helper()
	a, first, err := g.accounts.Setup(g.t.Context(), newAnna())
	g.must(err)
	g.anna = a.ID
	return g.signIn(first)
}

// signIn signs anna in; the sign-in has her default profile.
func (g *generatedServer) signIn(p account.Profile) *viewer {
	g.t.Helper()
	grant, err := g.auth.Begin(g.t.Context(), g.anna, auth.Device{Address: "127.0.0.1", Agent: "test"}, true)
	g.must(err)
	return &viewer{generatedServer: g, profile: p, audience: audienceOf(p), token: grant.Access}
}

// expect sends a request and decodes the answer, which must have that status and, for a problem, that code.
func (v *viewer) expect(status int, code, method, path, body string, out any) {
	v.t.Helper()
	got, text := v.ask(method, "/api/v1"+path, body)
	if got != status || code != "" && !strings.Contains(text, `"code":"`+code+`"`) {
		v.t.Errorf("%s %s %s: %d %s, want %d %s", method, path, body, got, text, status, code)
	}
	if out != nil {
		v.must(json.Unmarshal([]byte(text), out))
	}
}

// choose changes the viewer's profile, and the token to the one in the cookie.
func (v *viewer) choose(p api.Profile, keys string) (b api.Bootstrap) {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), http.MethodPost, "/api/v1/profiles/"+p.ID+"/choose", strings.NewReader(keys))
	r.Header.Set("Authorization", "Bearer "+v.token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	v.api.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		v.t.Fatalf("choose %s: %d %s", p.Name, w.Code, w.Body)
	}
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Name != "movify_access" {
		v.t.Fatalf("cookies %v", cookies)
	}
	v.token = cookies[0].Value
	v.must(json.Unmarshal(w.Body.Bytes(), &b))
	return b
}

// bootstrap is what the app asks for when it starts.
func (v *viewer) bootstrap() (b api.Bootstrap) {
	v.t.Helper()
	v.expect(http.StatusOK, "", http.MethodGet, "/bootstrap?start=true", "", &b)
	return b
}

// again is what the app asks for when it wants to know whether something has changed.
func (v *viewer) again() (b api.Bootstrap) {
	v.t.Helper()
	v.expect(http.StatusOK, "", http.MethodGet, "/bootstrap", "", &b)
	return b
}

func TestTheEighthProfileIsRefusedToEverybodyAtOnce(t *testing.T) {
	t.Parallel()
	v := generate(t, 4).arrive()
	codes := make([]int, 20)
	var wg sync.WaitGroup
	for i := range codes {
		wg.Go(func() {
			var body string
			codes[i], body = v.ask(http.MethodPost, "/api/v1/profiles", fmt.Sprintf(`{"name":"Profile %d"}`, i))
			if codes[i] == http.StatusConflict && !strings.Contains(body, "profile_limit") {
				t.Errorf("refused with %s", body)
			}
		})
	}
	wg.Wait()
	made := 0
	for _, c := range codes {
		switch c {
		case http.StatusCreated:
			made++
		case http.StatusConflict:
		default:
			t.Errorf("got %d", c)
		}
	}
	var list api.ProfileList
	v.expect(http.StatusOK, "", http.MethodGet, "/profiles", "", &list)
	if made != 6 || len(list.Items) != 7 || list.Limit != 7 {
		t.Errorf("%d were made, %d of %d are there", made, len(list.Items), list.Limit)
	}
	v.expect(http.StatusConflict, "profile_limit", http.MethodPost, "/profiles", `{"name":"Eighth"}`, nil)
}

func TestWhoIsWatchingIsAskedUntilItIsSaid(t *testing.T) {
	t.Parallel()
	g := generate(t, 4)
	v := g.arrive()
	if b := v.bootstrap(); b.ChooseProfile || b.Profiles != 1 || b.Profile.Name != "Anna" || !b.Profile.IsDefault {
		t.Errorf("alone: %+v", b)
	}
	var ben api.Profile
	v.expect(http.StatusCreated, "", http.MethodPost, "/profiles", `{"name":"Ben","avatar":"owl","subtitleLanguage":"fr"}`, &ben)
	if diff := cmp.Diff(api.Profile{ID: ben.ID, Name: "Ben", Color: ben.Color, Avatar: "owl", SubtitleLanguage: "fr", Unrated: true, AutoplayNext: true}, ben); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if b := v.bootstrap(); !b.ChooseProfile || b.Profiles != 2 {
		t.Errorf("with two and nobody chosen: %+v", b)
	}
	if b := v.choose(ben, `{}`); b.ChooseProfile || b.Profile.ID != ben.ID {
		t.Errorf("chosen: %+v", b)
	}
	if b := v.bootstrap(); b.ChooseProfile || b.Profile.ID != ben.ID {
		t.Errorf("afterwards: %+v", b)
	}
	v.expect(http.StatusNoContent, "", http.MethodPatch, "/profiles-settings", `{"alwaysAsk":true}`, nil)
	if b := v.bootstrap(); !b.ChooseProfile {
		t.Error("to be asked always, and not asked")
	}
	if b := v.choose(ben, `{}`); b.ChooseProfile {
		t.Error("asked again the moment it was said")
	}
	if b := v.again(); b.ChooseProfile || b.Profile.ID != ben.ID {
		t.Errorf("asked again without a start: %+v", b)
	}
	if b := g.signIn(v.profile).bootstrap(); !b.ChooseProfile || b.Profile.Name != "Anna" {
		t.Errorf("another device: %+v", b)
	}
}

// TestPicturesAreCounted: decoding a picture costs much more than sending it.
func TestPicturesAreCounted(t *testing.T) {
	t.Parallel()
	v := generate(t, 4).arrive()
	own := *v.bootstrap().Profile
	for n := range 21 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/api/v1/profiles/"+own.ID+"/avatar", strings.NewReader("no picture"))
		r.Header.Set("Authorization", "Bearer "+v.token)
		r.Header.Set("Content-Type", "image/png")
		w := httptest.NewRecorder()
		v.api.Handler().ServeHTTP(w, r)
		if want := map[bool]string{true: "too_many_attempts", false: "picture_invalid"}[n == 20]; !strings.Contains(w.Body.String(), want) {
			t.Fatalf("picture %d: %d %s", n+1, w.Code, w.Body)
		}
	}
}

// TestNothingIsOpenBeforeThePIN: a sign-in whose profile has a PIN speaks for nobody until it is typed, after a sign-in, a
// refresh and on a paired television, and at each start of an account that is always asked.
func TestNothingIsOpenBeforeThePIN(t *testing.T) {
	t.Parallel()
	g := generate(t, 4)
	v := g.arrive()
	own := *v.bootstrap().Profile
	v.expect(http.StatusOK, "", http.MethodPatch, "/profiles/"+own.ID, `{"pin":"2468"}`, nil)
	v.expect(http.StatusOK, "", http.MethodGet, "/home", "", nil) // the person who set it knows it

	grant, err := g.auth.SignIn(t.Context(), "anna@example.org", annasPassword, auth.Device{Address: "127.0.0.1"}, true)
	g.must(err)
	tablet := &viewer{generatedServer: g, profile: v.profile, token: grant.Access}
	due := func(what string) {
		t.Helper()
		tablet.expect(http.StatusForbidden, "profile_choice_due", http.MethodGet, "/home", "", nil)
		tablet.expect(http.StatusForbidden, "profile_choice_due", http.MethodGet, "/events", "", nil)
		tablet.expect(http.StatusForbidden, "profile_choice_due", http.MethodPatch, "/profiles/"+own.ID, `{"pin":null}`, nil)
		if b := tablet.bootstrap(); !b.ChooseProfile {
			t.Errorf("%s: nobody is asked", what)
		}
	}
	due("after a sign-in")
	grant, err = g.auth.Refresh(t.Context(), grant.Refresh, auth.Device{Address: "127.0.0.1"})
	g.must(err)
	tablet.token = grant.Access
	due("after a refresh")
	tablet.expect(http.StatusForbidden, "pin_wrong", http.MethodPost, "/profiles/"+own.ID+"/choose", `{"pin":"1111"}`, nil)
	due("after a wrong PIN")
	tablet.choose(own, `{"pin":"2468"}`)
	tablet.expect(http.StatusOK, "", http.MethodGet, "/home", "", nil)
	tablet.bootstrap()
	tablet.expect(http.StatusOK, "", http.MethodGet, "/home", "", nil) // a start asks only accounts that want to be asked

	tablet.expect(http.StatusNoContent, "", http.MethodPatch, "/profiles-settings", `{"alwaysAsk":true}`, nil)
	tablet.expect(http.StatusOK, "", http.MethodGet, "/home", "", nil)
	tablet.bootstrap()
	due("after a start")
	tablet.choose(own, `{"pin":"2468"}`)
	tablet.expect(http.StatusOK, "", http.MethodGet, "/home", "", nil)

	var codes struct {
		Device string `json:"device_code"`
		User   string `json:"user_code"`
	}
	nobody := &viewer{generatedServer: g}
	nobody.expect(http.StatusOK, "", http.MethodPost, "/auth/device", `{"client":"Living room TV"}`, &codes)
	tablet.expect(http.StatusNoContent, "", http.MethodPost, "/auth/device/"+codes.User, `{"approve":true}`, nil)
	var paired struct {
		Access string `json:"access_token"`
	}
	nobody.expect(http.StatusOK, "", http.MethodPost, "/auth/device/token", `{"bearer":true,"device_code":"`+codes.Device+`"}`, &paired)
	tablet.token = paired.Access
	due("on a paired television")
}

func TestAKidsProfileIsHardToLeave(t *testing.T) {
	t.Parallel()
	g := generate(t, 4)
	v := g.arrive()
	grown := *v.bootstrap().Profile
	age := 18
	g.must(g.library.metadata.SetAge(t.Context(), g.titles[0].id, &age))
	var mia api.Profile
	v.expect(http.StatusCreated, "", http.MethodPost, "/profiles", `{"name":"Mia","kids":true}`, &mia)
	if mia.Maturity == nil || *mia.Maturity != 7 || mia.Unrated {
		t.Errorf("for kids: %+v", mia)
	}
	before := *v
	v.choose(mia, `{}`)
	before.expect(http.StatusUnauthorized, "sign_in_expired", http.MethodGet, "/home", "", nil)
	v.expect(http.StatusNotFound, "title_not_found", http.MethodGet, "/titles/"+string(g.titles[0].id), "", nil)
	for _, c := range [][3]string{
		{"POST", "/profiles", `{"name":"Free"}`}, {"PATCH", "/profiles/" + mia.ID, `{"name":"Queen"}`}, {"GET", "/library", ""},
		{"PATCH", "/profiles/" + grown.ID, `{"pin":"0000"}`}, {"PATCH", "/titles/" + string(g.titles[0].id), `{"age":0}`}, {"GET", "/auth/sign-ins", ""},
	} {
		v.expect(http.StatusForbidden, "kids_profile", c[0], c[1], c[2], nil)
	}
	leave := "/profiles/" + grown.ID + "/choose"
	v.expect(http.StatusForbidden, "exit_needed", http.MethodPost, leave, `{}`, nil)
	var challenge struct{ Question string }
	v.expect(http.StatusOK, "", http.MethodGet, "/profiles/exit-challenge", "", &challenge)
	var a, b int
	if _, err := fmt.Sscanf(challenge.Question, "%d × %d", &a, &b); err != nil {
		t.Fatalf("asked %q: %v", challenge.Question, err)
	}
	v.expect(http.StatusForbidden, "exit_wrong", http.MethodPost, leave, `{"exit":"1"}`, nil)
	v.expect(http.StatusForbidden, "exit_wrong", http.MethodPost, leave, fmt.Sprintf(`{"exit":"%d"}`, a*b), nil)
	v.expect(http.StatusOK, "", http.MethodGet, "/profiles/exit-challenge", "", &challenge)
	if _, err := fmt.Sscanf(challenge.Question, "%d × %d", &a, &b); err != nil {
		t.Fatalf("asked %q: %v", challenge.Question, err)
	}
	kid := *v
	v.choose(grown, fmt.Sprintf(`{"exit":"%d"}`, a*b))
	v.expect(http.StatusOK, "", http.MethodGet, "/titles/"+string(g.titles[0].id), "", nil)
	kid.expect(http.StatusUnauthorized, "sign_in_expired", http.MethodGet, "/home", "", nil)
}

func TestAPINKeepsOthersOut(t *testing.T) {
	t.Parallel()
	v := generate(t, 4).arrive()
	grown := *v.bootstrap().Profile
	v.expect(http.StatusOK, "", http.MethodPatch, "/profiles/"+grown.ID, `{"pin":"0042"}`, nil)
	var ben api.Profile
	v.expect(http.StatusCreated, "", http.MethodPost, "/profiles", `{"name":"Ben"}`, &ben)
	v.choose(ben, `{}`)
	door := "/profiles/" + grown.ID + "/choose"
	v.expect(http.StatusForbidden, "pin_needed", http.MethodPost, door, `{}`, nil)
	var left []int
	for range 5 {
		var p api.Problem
		v.expect(http.StatusForbidden, "pin_wrong", http.MethodPost, door, `{"pin":"1111"}`, &p)
		if p.TriesLeft == nil {
			t.Fatal("not told how many tries are left")
		}
		left = append(left, *p.TriesLeft)
	}
	if !slices.Equal(left, []int{4, 3, 2, 1, 0}) {
		t.Errorf("tries left: %v", left)
	}
	v.expect(http.StatusTooManyRequests, "pin_locked", http.MethodPost, door, `{"pin":"0042"}`, nil)
	events, err := v.auth.Events(t.Context(), v.anna, "", 10)
	v.must(err)
	failed := 0
	for _, e := range events {
		if e.Kind == auth.PINFailed && e.Detail == "Anna" {
			failed++
		}
	}
	if failed != 5 {
		t.Errorf("%d wrong PINs stand in the security log, want 5: %+v", failed, events)
	}
	reset := "/profiles/" + grown.ID + "/pin/reset"
	v.expect(http.StatusForbidden, "password_wrong", http.MethodPost, reset, `{"password":"a guess"}`, nil)
	v.expect(http.StatusNoContent, "", http.MethodPost, reset, `{"password":"`+annasPassword+`","pin":"7777"}`, nil)
	if b := v.choose(grown, `{"pin":"7777"}`); b.Profile.ID != grown.ID || !b.Profile.HasPIN {
		t.Errorf("%+v", b.Profile)
	}
	v.expect(http.StatusForbidden, "password_needed", http.MethodPatch, "/profiles/"+grown.ID, `{"pin":null}`, nil)
	v.expect(http.StatusOK, "", http.MethodPatch, "/profiles/"+grown.ID, `{"pin":null,"password":"`+annasPassword+`"}`, nil)
}

func TestProfilesOfOthersDoNotExist(t *testing.T) {
	t.Parallel()
	g := generate(t, 4)
	v := g.arrive()
	stranger := id.New[id.Profile]()
	for _, c := range [][3]string{
		{"PATCH", "", `{"name":"Mine"}`}, {"DELETE", "", `{"password":"` + annasPassword + `"}`}, {"POST", "/choose", `{}`},
		{"POST", "/pin/reset", `{"password":"` + annasPassword + `"}`}, {"GET", "/avatar", ""},
	} {
		v.expect(http.StatusNotFound, "profile_not_found", c[0], "/profiles/"+string(stranger)+c[1], c[2], nil)
	}
}
