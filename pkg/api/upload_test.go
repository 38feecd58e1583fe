package api_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// wires are connections in memory, whose deadlines follow the clock of a synctest bubble.
type wires struct {
	calls chan net.Conn
	ended chan struct{}
}

func (w wires) Accept() (net.Conn, error) {
	select {
	case c := <-w.calls:
		return c, nil
	case <-w.ended:
		return nil, net.ErrClosed
	}
}

func (w wires) Close() error {
	close(w.ended)
	return nil
}

func (w wires) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }

// line is the timing of an upload.
type line struct {
	size  int           // of the picture, in bytes
	part  int           // bytes sent at a time
	every time.Duration // between two parts
	sends int           // the line goes silent after that many parts; 0 = never
}

// upload sends a picture and gives the status of the answer, 0 when the connection ends without one, and the time of its end.
func upload(t *testing.T, l line) (status int, took time.Duration) {
	t.Helper()
	a := newAPI(t, &fakeServer{setUp: true}, nil)
	w := wires{make(chan net.Conn), make(chan struct{})}
	srv := &http.Server{Handler: a.Handler()}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(w) }()
	client, server := net.Pipe()
	w.calls <- server
	began := time.Now()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_, err := fmt.Fprintf(client, "PUT /api/v1/titles/t1/pictures/poster HTTP/1.1\r\nHost: movify\r\n%s\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n", boss, l.size)
		part := make([]byte, l.part)
		for n := 0; err == nil && n < l.size && (l.sends == 0 || n < l.sends*l.part); n += l.part {
			time.Sleep(l.every) // by the bubble's clock
			_, err = client.Write(part[:min(l.part, l.size-n)])
		}
	}()
	res, err := http.ReadResponse(bufio.NewReader(client), nil)
	took = time.Since(began)
	if err == nil {
		status = res.StatusCode
		_, err = io.Copy(io.Discard, res.Body)
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	client.Close()
	<-sent
	if err := srv.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	<-served
	return status, took
}

func TestPicturesOverSlowLines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line
		status int
		within time.Duration // it is over by then
		least  time.Duration // and not before
	}{
		"at once":                   {line{2 << 20, 64 << 10, 0, 0}, 200, time.Second, 0},
		"a megabit":                 {line{8 << 20, 64 << 10, 500 * time.Millisecond, 0}, 200, 65 * time.Second, 64 * time.Second},
		"the slowest":               {line{2 << 20, 16 << 10, time.Second, 0}, 200, 129 * time.Second, 128 * time.Second},
		"in gusts":                  {line{1 << 20, 128 << 10, 8 * time.Second, 0}, 200, 65 * time.Second, 64 * time.Second},
		"a byte at a time":          {line{2 << 20, 1, 5 * time.Second, 0}, 408, 11 * time.Second, 10 * time.Second},
		"too slow":                  {line{2 << 20, 8 << 10, time.Second, 0}, 408, 22 * time.Second, 10 * time.Second},
		"silent after a good begin": {line{8 << 20, 1 << 20, time.Second, 4}, 408, 15 * time.Second, 13 * time.Second},
		"silent from the beginning": {line{8 << 20, 1 << 20, time.Hour, 0}, 408, 11 * time.Second, 10 * time.Second},
		"too much, slowly":          {line{21 << 20, 64 << 10, time.Second, 0}, 413, 6 * time.Minute, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				status, took := upload(t, c.line)
				if status != c.status || took > c.within || took < c.least {
					t.Errorf("%d after %v; want %d after %v to %v", status, took, c.status, c.least, c.within)
				}
			})
		})
	}
}
