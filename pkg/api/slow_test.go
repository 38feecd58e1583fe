package api_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"movify/pkg/api"
	"movify/pkg/event"
	"movify/pkg/testkit"
)

// dial opens a TCP connection to a server and sends text.
func dial(t *testing.T, srv testkit.Server, text string) net.Conn {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBodyThatNeverComes(t *testing.T) {
	t.Parallel()
	a := newAPI(t, &fakeServer{setUp: true}, func(o *api.Options) { o.BodyWithin = 20 * time.Millisecond })
	srv := testkit.Serve(t, a.Handler())
	for _, line := range []string{"POST /nothing", "GET /", "GET /healthz", "GET /api/v1/bootstrap", "POST /media/x/y", "GET /media/x/y"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			c := dial(t, srv, line+" HTTP/1.1\r\nHost: movify\r\nContent-Length: 100\r\n\r\n{")
			if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, c); err != nil && !strings.Contains(err.Error(), "reset") {
				t.Errorf("the connection is not given up: %v", err)
			}
		})
	}
}

// lateServer answers only after the read deadline of the body would have passed.
type lateServer struct {
	*fakeServer
	release chan struct{}
}

func (h *lateServer) SignIn(ctx context.Context, s api.SignIn, c api.Client) (api.Grant, error) {
	select {
	case <-ctx.Done():
		return api.Grant{}, ctx.Err()
	case <-h.release:
		return h.fakeServer.SignIn(ctx, s, c)
	}
}

func TestAnswerMayTakeLongerThanTheBody(t *testing.T) {
	t.Parallel()
	const within = 100 * time.Millisecond
	fake := &lateServer{&fakeServer{setUp: true}, make(chan struct{})}
	a := newAPI(t, fake.fakeServer, func(o *api.Options) { o.Accounts, o.BodyWithin = fake, within })
	srv := testkit.Serve(t, a.Handler())
	time.AfterFunc(5*within, func() { close(fake.release) })
	res, err := http.Post(srv.URL+"/api/v1/auth/sign-in", "application/json", strings.NewReader(`{"email":"a@example.org","password":"right"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, res); res.StatusCode != http.StatusOK {
		t.Errorf("%d %s", res.StatusCode, got)
	}
}

// A client that never reads is disconnected once its buffers are full.
func TestNoticesToNobodyEnd(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{setUp: true}
	gone := make(chan struct{})
	bus := &watchedBus{Bus: &fake.bus, gone: gone}
	a := newAPI(t, fake, func(o *api.Options) { o.Heartbeat, o.Notices = time.Second, bus })
	srv := testkit.Serve(t, a.Handler())
	c := dial(t, srv, "GET /api/v1/events HTTP/1.1\r\nHost: movify\r\nAuthorization: Bearer boss\r\n\r\n")
	if line, err := bufio.NewReaderSize(c, 16).ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		t.Fatalf("%q, %v", line, err)
	}
	long := strings.Repeat("x", 64<<10)
	for {
		fake.bus.Publish(event.Notice{Topic: event.Library, Kind: "title", IDs: map[string]string{"title": long}})
		select {
		case <-gone:
			return
		case <-time.After(time.Millisecond): // its buffer of notices is full
		case <-t.Context().Done():
			t.Fatal("the stream goes on")
		}
	}
}

// TestStreamsOfOneSignInAreCounted: a sign-in has as many streams as a person has tabs, and a closed one makes room.
func TestStreamsOfOneSignInAreCounted(t *testing.T) {
	t.Parallel()
	a := newAPI(t, &fakeServer{setUp: true}, func(o *api.Options) { o.Heartbeat = time.Minute })
	srv := testkit.Serve(t, a.Handler())
	listen := func(who string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/v1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+who)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { res.Body.Close() })
		return res
	}
	var open []*http.Response
	for range 16 {
		if open = append(open, listen("kid")); open[len(open)-1].StatusCode != http.StatusOK {
			t.Fatalf("stream %d: %d", len(open), open[len(open)-1].StatusCode)
		}
	}
	if res := listen("kid"); res.StatusCode != http.StatusTooManyRequests || !strings.Contains(text(t, res), "too_many_streams") {
		t.Errorf("one more: %d", res.StatusCode)
	}
	if res := listen("boss"); res.StatusCode != http.StatusOK {
		t.Errorf("somebody else: %d", res.StatusCode)
	}
	open[0].Body.Close()
	for listen("kid").StatusCode != http.StatusOK {
		if t.Context().Err() != nil {
			t.Fatal("a closed stream makes no room")
		}
	}
}

// watchedBus tells when its subscriber has left.
type watchedBus struct {
	*event.Bus
	gone chan struct{}
}

func (b *watchedBus) Subscribe() (<-chan event.Notice, func()) {
	c, end := b.Bus.Subscribe()
	return c, func() {
		end()
		close(b.gone)
	}
}
