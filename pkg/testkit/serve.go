package testkit

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"
)

// Server is a running HTTP server. URL has no slash at its end.
type Server struct {
	URL      string
	Listener net.Listener
}

// Serve answers with handler on a free port of the loopback until the test ends; requests under way end first.
//
// httptest.Server is not for tests that run beside others: its Close also closes the idle connections of http.DefaultTransport.
// A connection counts as idle as soon as an answer without a body is read, shortly before the caller has that answer, so a test
// that ends can break the request of another.
func Serve(t testing.TB, handler http.Handler) Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("requests to %s do not end: %v", l.Addr(), errors.Join(err, server.Close()))
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve %s: %v", l.Addr(), err)
		}
	})
	return Server{"http://" + l.Addr().String(), l}
}
