package s3test

import (
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Kind says what a request asks for.
type Kind string

// The kinds. Parts, and beginning, finishing and aborting them, are Multipart.
const (
	Get       Kind = "get"
	Put       Kind = "put"
	Head      Kind = "head"
	List      Kind = "list"
	Delete    Kind = "delete"
	Multipart Kind = "multipart"
	Other     Kind = "other"
)

// Request is one that came to the proxy.
type Request struct {
	Kind  Kind
	Key   string // of the object, without the bucket; empty for the bucket itself
	Fault Fault  // injected
}

// Proxy forwards the requests of an engine to the server, counts them and injects faults. It changes nothing in what it
// forwards.
type Proxy struct {
	// Endpoint and HostEndpoint are as the server's.
	Endpoint     string
	HostEndpoint string

	to   string
	root string
	out  *http.Transport

	mu     sync.Mutex
	choose func(Request) Fault
	seen   []Request
}

// Proxy starts one that makes no faults until Inject tells it to. It ends with the test.
func (s *Server) Proxy(t testing.TB) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{
		Endpoint: "http://" + l.Addr().String(), HostEndpoint: "http://" + Domain + ":" + port, to: s.addr, root: s.root,
		out: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64},
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	done := make(chan struct{})
	go func() {
		_ = server.Serve(l) // until Close
		close(done)
	}()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		<-done
		p.out.CloseIdleConnections()
	})
	return p
}

// Inject sets the function that chooses the fault of each request; nil forwards all. It is called by one goroutine at a
// time.
func (p *Proxy) Inject(choose func(Request) Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.choose = choose
}

// Requests returns the requests since the start or the last Reset.
func (p *Proxy) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Request(nil), p.seen...)
}

// Counts returns how many of each kind came since the start or the last Reset. Kinds that did not come are absent.
func (p *Proxy) Counts() map[Kind]int {
	n := make(map[Kind]int)
	for _, r := range p.Requests() {
		n[r.Kind]++
	}
	return n
}

// Reset clears the recorded requests.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = nil
}

// ServeHTTP lets a request through, or not.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req := p.note(r)
	switch req.Fault {
	case None:
		p.pass(w, r, nil)
	case Delayed:
		pause(r, delay)
		p.pass(w, r, nil)
	case Careless:
		// The condition is signed and stays; the object that it would match is removed.
		if r.Header.Get("If-None-Match") != "" {
			_ = os.Remove(filepath.Join(p.root, filepath.Clean(r.URL.Path))) // mostly there is none
		}
		p.pass(w, r, nil)
	case Late:
		p.pass(late{w}, r, nil)
	case Hangs:
		<-r.Context().Done()
	case Cut, CutAfter, Short, Drips:
		p.damage(w, r, req.Fault)
	default:
		req.Fault.answer(w)
	}
}

func (p *Proxy) note(r *http.Request) Request {
	req := classify(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.choose != nil {
		req.Fault = p.choose(req)
	}
	p.seen = append(p.seen, req)
	return req
}

// pass sends the request on and the answer back; copyBody nil copies all of it.
func (p *Proxy) pass(
	w http.ResponseWriter, r *http.Request, copyBody func(w http.ResponseWriter, body io.Reader, size int64),
) {
	out := r.Clone(r.Context())
	out.RequestURI, out.URL.Scheme, out.URL.Host = "", "http", p.to // Host stays: it is signed
	if r.ContentLength == 0 {
		out.Body = nil
	}
	res, err := p.out.RoundTrip(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer res.Body.Close()
	maps.Copy(w.Header(), res.Header)
	w.WriteHeader(res.StatusCode)
	if copyBody != nil {
		copyBody(w, res.Body, res.ContentLength)
		return
	}
	if _, err := io.Copy(w, res.Body); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// classify reads the kind and the key off the request line.
func classify(r *http.Request) Request {
	key := strings.TrimPrefix(r.URL.Path, "/")
	if host, _, _ := strings.Cut(r.Host, ":"); !strings.HasSuffix(host, "."+Domain) {
		_, key, _ = strings.Cut(key, "/")
	}
	q := r.URL.Query()
	req := Request{Kind: Other, Key: key}
	switch {
	case q.Has("uploads") && r.Method == http.MethodGet:
		req.Kind = List
	case q.Has("uploads"), q.Has("uploadId"):
		req.Kind = Multipart
	case r.Method == http.MethodGet && key == "":
		req.Kind = List
	case r.Method == http.MethodGet:
		req.Kind = Get
	case r.Method == http.MethodPut:
		req.Kind = Put
	case r.Method == http.MethodHead:
		req.Kind = Head
	case r.Method == http.MethodDelete:
		req.Kind = Delete
	}
	return req
}
