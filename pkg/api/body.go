package api

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// minBodyRate is the least rate at which a body must arrive once its first moments are over, in bytes per second: a picture of
// 20 MiB may take twenty minutes over a bad line.
const minBodyRate = 16 << 10

// withBodyDeadline gives the body of a request its time to arrive, whoever reads it. Nobody reads that of a request to an address
// that takes none, but the server waits for its end before it answers: a client that never sends it would hold a
// connection for ever.
func withBodyDeadline(next http.Handler, within time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			c, now := http.NewResponseController(w), time.Now()
			// A writer without deadlines (in a test) has no slow client either.
			if c.SetReadDeadline(now.Add(within)) == nil {
				r.Body = &deadlineBody{ReadCloser: r.Body, connection: c, within: within, since: now}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// deadlineBody is a body whose deadline moves with what arrives: it never pauses longer than within, and is no slower than
// slowest after its first within. As a body's length is bounded, so is its time.
//
// Its end lifts the deadline. Were it to stay, it would pass while the request is being answered, and the server would take
// that for a client that has gone.
type deadlineBody struct {
	io.ReadCloser
	connection *http.ResponseController
	within     time.Duration
	since      time.Time
	arrived    int64
	answer     time.Duration // to write the answer in, once it has arrived; 0 = any
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

// answerBy moves the deadline of the answer behind the time at which the body will have arrived.
func (b *deadlineBody) answerBy(arrived time.Time) error {
	if b.answer == 0 {
		return nil
	}
	return b.connection.SetWriteDeadline(arrived.Add(b.answer))
}
