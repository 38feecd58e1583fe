package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"
)

// contentSecurityPolicy is the Content-Security-Policy of every page: nothing from other origins except media from the given
// ones, and blob: for media that the player assembles.
func contentSecurityPolicy(origins []string) string {
	there := strings.Join(append([]string{""}, origins...), " ")
	connect := ""
	if there != "" {
		connect = "connect-src 'self'" + there + "; "
	}
	return "default-src 'self'; " + connect + "img-src 'self' data: blob:; media-src 'self' blob:" + there +
		"; worker-src 'self' blob:; " +
		"style-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
}

// answerWithin is the write deadline of the control plane.
const answerWithin = 60 * time.Second

// edge wraps the control plane with compression, cross-origin protection and security headers. The media plane is outside.
func (a *API) edge(next http.Handler) (http.Handler, error) {
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes([]string{
		"application/json", problemType, "application/yaml", "text/html", "text/javascript", "text/css", "text/plain",
		"image/svg+xml",
	}))
	if err != nil {
		return nil, err
	}
	sameSite := http.NewCrossOriginProtection()
	if a.o.Public != nil {
		if err := sameSite.AddTrustedOrigin(a.o.Public.Scheme + "://" + a.o.Public.Host); err != nil {
			return nil, err
		}
	}
	sameSite.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sendProblem(w, problemOf(ErrForeignOrigin))
	}))
	compressed := compress(next)
	inner := sameSite.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == Prefix+noticesPath { // gzip would buffer the stream
			next.ServeHTTP(w, r)
			return
		}
		compressed.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy(a.o.MediaOrigins()))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY") // for televisions that do not know frame-ancestors
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		inner.ServeHTTP(w, r)
	}), nil
}

// recover ends a request whose handler panicked with a problem, and keeps the server alive.
func (a *API) recover(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler { // how a handler ends a connection on purpose
			panic(v)
		}
		a.o.Logger.Error("handler panicked", "route", c.FullPath(), "error", recovered(v))
		if !c.Writer.Written() {
			sendProblem(c.Writer, problemOf(recovered(v)))
		}
		c.Abort()
	}()
	c.Next()
}

// log writes one line per request: the route, never its parameters or query, which may hold secrets.
func (a *API) log(c *gin.Context) {
	began := time.Now()
	c.Next()
	route := c.FullPath()
	if route == "" {
		route = "app"
	}
	a.o.Logger.Debug("request", "method", c.Request.Method, "route", route, "status", c.Writer.Status(),
		"ms", time.Since(began).Milliseconds(), "bytes", max(0, c.Writer.Size()), "client", a.o.Addresses.Text(c.Request))
}

// limit sets the write deadline of a request, which is extended while its body arrives.
func (a *API) limit(c *gin.Context) {
	if c.FullPath() != Prefix+noticesPath {
		if body, ok := c.Request.Body.(*deadlineBody); ok {
			body.answer = answerWithin
		}
		// A writer without deadlines (in a test) has no slow client either.
		_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(answerWithin))
	}
	c.Next()
}
