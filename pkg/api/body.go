package api

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// hurried gives the body of a request its time to arrive, whoever reads it. Nobody reads that of a request to an address
// that takes none, but the server waits for its end before it answers: a client that never sends it would hold a
// connection for ever.
func hurried(next http.Handler, within time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			c := http.NewResponseController(w)
			// A writer without deadlines (in a test) has no slow client either.
			if c.SetReadDeadline(time.Now().Add(within)) == nil {
				r.Body = arriving{r.Body, c}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// arriving is a body whose end lifts the deadline. Were it to stay, it would pass while the request is being answered, and
// the server would take that for a client that has gone.
type arriving struct {
	io.ReadCloser
	connection *http.ResponseController
}

func (b arriving) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		if lifted := b.connection.SetReadDeadline(time.Time{}); lifted != nil {
			return n, lifted
		}
	}
	return n, err
}
