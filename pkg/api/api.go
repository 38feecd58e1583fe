// Package api is the HTTP API: routes, decoding and encoding, access classes, problem bodies, the stream of notices, and the
// files of the web app. It calls the product through the small interfaces declared here, which pkg/facade implements, and
// pkg/app that of storage. It holds no rules of the product and no SQL.
//
// Invariants: an operation without an access class cannot be registered; the media plane's response writer is the
// server's own, so that a segment leaves by sendfile; no credential reaches a log line or a URL.
package api

import (
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

// Prefix begins the path of every operation.
const Prefix = "/api/v1"

// Options are the dependencies and settings of an API.
type Options struct {
	Brand     string
	Version   string
	Languages []string // languages of the web app, BCP 47

	Accounts      Accounts
	Registrations Registrations
	OwnAccount    OwnAccount
	Users         Users
	SignIns       SignIns
	OIDC          OIDC
	Security      Security
	Catalogue     Catalogue
	Playing       Playing
	Watching      Watching
	Searching     Searching
	Streams       Streams
	Playbacks     Playbacks
	Library       Library
	Work          Work
	Notices       Notices
	Storage       Storage
	Profiles      Profiles
	Browsing      Browsing
	Collections   Collections
	Editing       Editing
	Pictures      Pictures
	Matching      Matching

	// Current reports whether a principal's sign-in has neither ended nor changed its profile; nil = always. A stream of
	// notices ends when it is no longer current.
	Current func(p Principal) bool
	Art     Art          // opens art tokens
	Media   http.Handler // the media plane without pictures, mounted at /media/
	// MediaOrigins are the origins, "https://host:port", to which the media plane may send a player; nil = none.
	MediaOrigins func() []string
	App          fs.FS       // the built web app
	Ready        func() bool // reports whether the server accepts requests
	Logger       *slog.Logger
	Public       *url.URL // base URL behind a reverse proxy; nil = that of each request
	Hosts        []string // further names of the server, besides Public and those of a home network
	Addresses    Addresses

	BodyWithin time.Duration // timeout for the start of a request body and for pauses in it; 0 = 10 s
	Heartbeat  time.Duration // interval of comments on an idle stream of notices; 0 = 15 s
}

// API answers every request of the server.
type API struct {
	o       Options
	huma    huma.API
	engine  *gin.Engine
	mux     *http.ServeMux
	classes map[string]Access // "GET /api/v1/home" → its class
	hosts   Hosts
	streams streamCounts
	drain   chan struct{}
	drained sync.Once
}

// New builds the API. It starts nothing.
func New(o Options) (*API, error) {
	if o.Heartbeat == 0 {
		o.Heartbeat = 15 * time.Second
	}
	if o.MediaOrigins == nil {
		o.MediaOrigins = func() []string { return nil }
	}
	if o.BodyWithin == 0 {
		o.BodyWithin = 10 * time.Second
	}
	if o.Current == nil {
		o.Current = func(Principal) bool { return true }
	}
	gin.SetMode(gin.ReleaseMode)
	a := &API{
		o:       o,
		engine:  gin.New(),
		mux:     http.NewServeMux(),
		hosts:   Hosts{Public: o.Public, More: o.Hosts},
		classes: make(map[string]Access),
		drain:   make(chan struct{}),
	}
	// Without this a handler's context would not end when the client disconnects.
	a.engine.ContextWithFallback = true
	a.engine.HandleMethodNotAllowed = true
	if err := a.engine.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	a.engine.Use(a.recover, a.log, a.limit)
	a.huma = humagin.New(a.engine, humaConfig(o.Version))

	a.registerAccount()
	a.registerRegistration()
	a.registerAccounts()
	a.registerUsers()
	a.registerSignIns()
	a.registerSecurity()
	a.registerOIDC()
	a.registerCatalogue()
	a.registerPlaying()
	a.registerWatching()
	a.registerSearch()
	a.registerStreams()
	a.registerLibrary()
	a.registerWork()
	a.registerNotices()
	a.registerProfiles()
	a.registerBrowsing()
	a.registerCollections()
	a.registerTitleEdit()
	a.registerPictures()
	a.registerMatches()
	a.registerStorage()
	if err := a.registerPlain(); err != nil {
		return nil, err
	}
	if err := a.registerApp(); err != nil {
		return nil, err
	}
	edge, err := a.edge(a.engine)
	if err != nil {
		return nil, err
	}
	a.mount(AccessMedia, mediaPrefix, a.media(o.Media))
	a.mux.Handle("/", edge)
	return a, nil
}

// Handler is the outermost handler of the server. On /media/ it passes the ResponseWriter on unwrapped.
func (a *API) Handler() http.Handler { return withBodyDeadline(a.mux, a.o.BodyWithin) }

// Drain ends the streams of notices, so that a shutdown does not wait for them. It is idempotent.
func (a *API) Drain() { a.drained.Do(func() { close(a.drain) }) }

// Routes lists all routes as "METHOD path" with parameters in braces.
func (a *API) Routes() []string {
	out := []string{"ANY " + mediaPrefix}
	for _, r := range a.engine.Routes() {
		parts := strings.Split(r.Path, "/")
		for i, p := range parts {
			if name, ok := strings.CutPrefix(p, ":"); ok {
				parts[i] = "{" + name + "}"
			}
		}
		out = append(out, r.Method+" "+strings.Join(parts, "/"))
	}
	return out
}

// Classes gives each route's access class.
func (a *API) Classes() map[string]Access { return maps.Clone(a.classes) }
