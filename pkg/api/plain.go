package api

import (
	"io"
	"net/http"
)

// registerPlain adds the OpenAPI document and the health checks. It runs after all operations were registered, because it
// renders the document.
func (a *API) registerPlain() error {
	yaml, json, err := a.OpenAPI()
	if err != nil {
		return err
	}
	a.plain(AccessPublic, "/openapi.json", static("application/json", json))
	a.plain(AccessPublic, "/openapi.yaml", static("application/yaml", yaml))
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

func static(kind string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body) // the client may have gone
	}
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the client may have gone
}
