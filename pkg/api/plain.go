package api

import (
	"io"
	"net/http"
	"sync"
)

// registerPlain adds the OpenAPI document and the health checks. It runs after all operations were registered, because it
// finishes their schemas. The document is written when it is first requested: most servers are never asked for it, and
// writing it takes longer than the rest of the API's start.
func (a *API) registerPlain() error {
	if err := a.finishSchemas(); err != nil {
		return err
	}
	documents := sync.OnceValues(func() (out [2][]byte, err error) {
		out[0], out[1], err = a.OpenAPI()
		return out, err
	})
	for n, format := range []string{"yaml", "json"} {
		a.plain(AccessPublic, "/openapi."+format, func(w http.ResponseWriter, r *http.Request) {
			out, err := documents()
			if err != nil {
				sendProblem(w, a.problem(r.Context(), err))
				return
			}
			w.Header().Set("Content-Type", "application/"+format)
			w.Header().Set("Cache-Control", "no-cache")
			_, _ = w.Write(out[n]) // the client may have gone
		})
	}
	a.plain(AccessPublic, "/healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok\n") })
	a.plain(AccessPublic, "/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if a.o.Ready() {
			writeText(w, http.StatusOK, "ready\n")
		} else {
			writeText(w, http.StatusServiceUnavailable, "not ready\n")
		}
	})
	return nil
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the client may have gone
}
