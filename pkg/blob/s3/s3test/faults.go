package s3test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// Fault is what the proxy does to a request.
type Fault int

// The faults. Those that answer do so without the server, so the request has no effect there.
const (
	None     Fault = iota
	Error500       // answers InternalError
	Error503       // answers SlowDown
	Delayed        // lets it through after a while
	Cut            // breaks the connection in the middle of the request's body, or of the answer's when it has none
	CutAfter       // lets it through and breaks the connection before the answer: the request has had its effect
	Short          // ends the answer's body early
	Drips          // gives the answer's body a byte at a time, for ever
	Hangs          // never answers
	Full           // answers QuotaExceeded
	Skewed         // answers RequestTimeTooSkewed
	Denied         // answers AccessDenied
	Unknown        // answers InvalidAccessKeyId
	Lacking        // answers NotImplemented
	Careless       // lets it through, with its conditions always met (path style only)
	Late           // lets it through and answers with a Date of an hour ago
)

const (
	delay = 200 * time.Millisecond
	drip  = 20 * time.Millisecond
)

// Everything injects every fault with probability p each: 500, 503, delay, cut, short body. The same seed and the same
// order of requests give the same faults. A request with a body is cut in it or after it, in turn.
func Everything(seed uint64, p float64) func(Request) Fault {
	source := rand.New(rand.NewPCG(seed, 0))
	after := false
	return func(r Request) Fault {
		faults := []Fault{Error500, Error503, Delayed, Cut, Short}
		at := int(source.Float64() / p)
		if at >= len(faults) {
			return None
		}
		if f := faults[at]; f != Cut || r.Kind != Put && r.Kind != Multipart {
			return f
		}
		if after = !after; after {
			return CutAfter
		}
		return Cut
	}
}

// answer writes an error response as S3 does.
func (f Fault) answer(w http.ResponseWriter) {
	said := map[Fault]struct {
		status int
		code   string
	}{
		Error500: {http.StatusInternalServerError, "InternalError"}, Error503: {http.StatusServiceUnavailable, "SlowDown"},
		Full: {http.StatusForbidden, "QuotaExceeded"}, Skewed: {http.StatusForbidden, "RequestTimeTooSkewed"},
		Denied: {http.StatusForbidden, "AccessDenied"}, Unknown: {http.StatusForbidden, "InvalidAccessKeyId"},
		Lacking: {http.StatusNotImplemented, "NotImplemented"},
	}[f]
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(said.status)
	fmt.Fprintf(
		w,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>A fault of the test.</Message></Error>",
		said.code,
	)
}

// damage breaks the request or its answer.
func (p *Proxy) damage(w http.ResponseWriter, r *http.Request, f Fault) {
	if f == Cut && r.ContentLength > 0 {
		r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, r.ContentLength/2), broken{}))
	}
	if f == CutAfter {
		p.pass(discard{}, r, nil)
		panic(http.ErrAbortHandler)
	}
	p.pass(w, r, func(w http.ResponseWriter, body io.Reader, size int64) {
		if f == Drips {
			p.drip(w, r, body)
		}
		if size <= 0 && f == Short {
			return // there is nothing to shorten
		}
		_, _ = io.CopyN(w, body, max(0, size/2))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
}

func (p *Proxy) drip(w http.ResponseWriter, r *http.Request, body io.Reader) {
	for r.Context().Err() == nil {
		if _, err := io.CopyN(w, body, 1); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		pause(r, drip)
	}
}

// pause waits, or returns early when the client has gone.
func pause(r *http.Request, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}

// broken is a connection that breaks.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// discard is a response writer that drops everything.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

// late is an answer from an hour ago.
type late struct{ http.ResponseWriter }

func (l late) WriteHeader(status int) {
	l.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
	l.ResponseWriter.WriteHeader(status)
}
