package api

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// minBodyRate is the minimum transfer rate of a request body after its first moments, in bytes per second: a picture of 20 MiB
// may take twenty minutes on a slow connection.
const minBodyRate = 16 << 10

// beginWithin is the write deadline of a request whose handler sets none: longer than a media request waits for a segment.
const beginWithin = 2 * time.Minute

// withBodyDeadline limits the time for the body of every request, also when its handler does not read it: net/http reads it to
// the end before it answers, and a client that never sends it would hold a connection for ever.
func withBodyDeadline(next http.Handler, within time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, now := http.NewResponseController(w), time.Now()
		// That of the request before on this connection would end this one. Handlers that take longer move it.
		_ = c.SetWriteDeadline(now.Add(beginWithin))
		if r.Body != nil && r.Body != http.NoBody {
			// A writer without deadlines (in a test) has no slow client either.
			if c.SetReadDeadline(now.Add(within)) == nil {
				r.Body = &deadlineBody{ReadCloser: r.Body, connection: c, within: within, since: now}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// deadlineBody is a request body whose read deadline moves as bytes arrive: it never pauses longer than within, and is no
// slower than minBodyRate after its first within. As a body's length is bounded, so is its time.
//
// The end of the body removes the deadline. If it stayed, it would pass while the request is being answered, and the server
// would treat that as a disconnected client.
type deadlineBody struct {
	io.ReadCloser
	connection *http.ResponseController
	within     time.Duration
	since      time.Time
	arrived    int64
	answer     time.Duration // time to write the response after the body has arrived; 0 = unlimited
}

func (b *deadlineBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.arrived += int64(n)
	var moved error
	switch {
	case errors.Is(err, io.EOF):
		moved = errors.Join(b.connection.SetReadDeadline(time.Time{}), b.answerBy(time.Now()))
	case err == nil && n > 0:
		now := time.Now()
		until := b.since.Add(b.within + time.Duration(float64(b.arrived)/minBodyRate*float64(time.Second)))
		if pause := now.Add(b.within); pause.Before(until) {
			until = pause
		}
		moved = errors.Join(b.connection.SetReadDeadline(until), b.answerBy(until))
	}
	if moved != nil {
		return n, moved
	}
	return n, err
}

// answerBy moves the write deadline behind the time at which the body will have arrived.
func (b *deadlineBody) answerBy(arrived time.Time) error {
	if b.answer == 0 {
		return nil
	}
	return b.connection.SetWriteDeadline(arrived.Add(b.answer))
}
