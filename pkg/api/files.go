package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// webApp serves the built web app: hashed files for ever, the rest checked each time, index.html for every address the
// app itself routes.
type webApp struct {
	files fs.FS
	tags  map[string]string // path → ETag
}

// index is the page of every address that is not a file.
const index = "index.html"

func (a *API) registerApp() error {
	app, err := newWebApp(a.o.App)
	if err != nil {
		return err
	}
	a.engine.NoRoute(func(c *gin.Context) {
		switch p := c.Request.URL.Path; {
		case p == "/api" || strings.HasPrefix(p, "/api/"):
			sendProblem(c.Writer, problemOf(ErrNoSuchPage))
		case c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead:
			notAllowed(c)
		default:
			c.Status(http.StatusOK) // gin presets 404 here
			app.ServeHTTP(c.Writer, c.Request)
		}
	})
	a.engine.NoMethod(notAllowed)
	return nil
}

func notAllowed(c *gin.Context) {
	p := problemOf(ErrNoSuchMethod)
	p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
	sendProblem(c.Writer, p)
}

func newWebApp(files fs.FS) (*webApp, error) {
	w := &webApp{files: files, tags: make(map[string]string)}
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(p), ".") {
			return err
		}
		f, err := files.Open(p)
		if err != nil {
			return err
		}
		defer f.Close()
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			return err
		}
		w.tags[p] = `"` + hex.EncodeToString(sum.Sum(nil)[:12]) + `"`
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the web app: %w", err)
	}
	return w, nil
}

// ServeHTTP answers GET and HEAD.
func (w *webApp) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	asset := strings.HasPrefix(name, "assets/")
	if w.tags[name] == "" {
		if asset { // an old page asks for a file of an old build; a page would be taken for a script
			writeText(rw, http.StatusNotFound, "not found\n")
			return
		}
		name = index
	}
	if w.tags[name] == "" {
		writeText(rw, http.StatusServiceUnavailable, "This binary was built without the web app. Run: make build\n")
		return
	}
	h := rw.Header()
	h.Set("Content-Type", contentType(name))
	if asset {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	stored := name
	for _, e := range []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if w.tags[name+e.suffix] == "" {
			continue
		}
		h.Set("Vary", "Accept-Encoding")
		if stored == name && accepts(r, e.encoding) {
			stored = name + e.suffix
			h.Set("Content-Encoding", e.encoding)
		}
	}
	h.Set("ETag", w.tags[stored])
	f, err := w.files.Open(stored)
	if err != nil {
		writeText(rw, http.StatusNotFound, "not found\n")
		return
	}
	defer f.Close()
	body, ok := f.(io.ReadSeeker)
	if !ok {
		writeText(rw, http.StatusInternalServerError, "not readable\n")
		return
	}
	// Small files are sent whole, as RFC 9110 section 14.2 permits: net/http answers "bytes=-0" with a part of no bytes.
	whole := r.Clone(r.Context())
	whole.Header.Del("Range")
	http.ServeContent(rw, whole, "", time.Time{}, body)
}

// accepts reports whether the browser takes an encoding (RFC 9110 section 12.5.3, with q=0 as a refusal).
func accepts(r *http.Request, encoding string) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			return !slices.Contains([]string{"q=0", "q=0.0", "q=0.00", "q=0.000"}, strings.ReplaceAll(weight, " ", ""))
		}
	}
	return false
}

// contentType names the types the app is made of, so that they do not depend on the machine's mime.types.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}
