package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// Notices is the event bus.
type Notices interface {
	// Subscribe gives a channel of new notices and a function that ends the subscription.
	Subscribe() (<-chan event.Notice, func())
}

// noticesPath is the path of the event stream, below Prefix.
const noticesPath = "/events"

// notice is an event in JSON: the topic that changed, so that the web app reads it again. It carries no protected data, and a
// notice for one profile or account reaches no other.
type notice struct {
	V    int               `json:"v"`
	Kind string            `json:"kind"`
	IDs  map[string]string `json:"ids"`
}

func (a *API) registerNotices() {
	register(a, operation{
		access: AccessAccount, kids: true, route: "GET " + noticesPath, name: "events",
		summary: "Hints that something changed, as server-sent events",
		produce: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}, func(_ context.Context, c Caller, _ *struct{}) (*huma.StreamResponse, error) {
		leave, err := a.streams.enter(c.SignIn)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			defer leave()
			a.stream(ctx, c)
		}}, nil
	})
}

// maxStreams is how many streams a sign-in may have: each open tab has one.
const maxStreams = 16

// maxStreamLife is how long a stream lasts before the client has to open it again, which browsers do by themselves. Of a client
// that reads nothing the server learns only when all buffers in between are full, which takes small notices a day.
const maxStreamLife = time.Hour

// ErrStreams is returned for too many streams of notices.
var ErrStreams = fault.New(fault.Limited, "too_many_streams", "This sign-in listens too often. Close some pages.")

// streamCounts counts the open streams of each sign-in.
type streamCounts struct {
	mu   sync.Mutex
	open map[id.SignIn]int
}

// enter counts a stream, unless there are maxStreams, until the returned function is called.
func (s *streamCounts) enter(x id.SignIn) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[x] >= maxStreams {
		return nil, ErrStreams
	}
	if s.open == nil {
		s.open = make(map[id.SignIn]int)
	}
	s.open[x]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[x]--; s.open[x] == 0 {
			delete(s.open, x)
		}
	}, nil
}

// idsFor gives the IDs of a notice that c may know. What is for everybody names titles that the viewer may not see, now or
// soon, so its IDs go to administrators without limits only; so do those of a profile's own notices unless it is restricted.
func idsFor(n event.Notice, c Caller) map[string]string {
	everybody := n.For == event.Addressee{}
	if n.IDs == nil || c.Restricted || everybody && (!c.Admin || c.Limited) {
		return map[string]string{}
	}
	return n.IDs
}

// stream sends the notices for c until the client disconnects, its sign-in ends, the stream has lasted long or the server
// stops.
func (a *API) stream(ctx huma.Context, c Caller) {
	ctx.SetHeader("Content-Type", "text/event-stream")
	ctx.SetHeader("X-Accel-Buffering", "no") // nginx would buffer the stream
	w := humagin.Unwrap(ctx).Writer
	notices, end := a.o.Notices.Subscribe()
	defer end()
	over := time.NewTimer(maxStreamLife)
	defer over.Stop()
	beat := time.NewTicker(a.o.Heartbeat)
	defer beat.Stop()

	// A client that does not read would block this goroutine for ever once the connection's buffers are full.
	connection := http.NewResponseController(w)
	// a writer without deadlines has no slow client
	patience := func() { _ = connection.SetWriteDeadline(time.Now().Add(a.o.Heartbeat)) }

	patience()
	err := send(w, "hello", notice{V: 1, Kind: "hello", IDs: map[string]string{}})
	for err == nil {
		w.Flush()
		select {
		case <-ctx.Context().Done():
			return
		case <-a.drain:
			return
		case <-over.C:
			return
		case n, ok := <-notices:
			if !ok {
				return
			}
			if !a.o.Current(c.Principal) {
				return
			}
			if !n.For.Includes(c.Viewer()) {
				continue
			}
			patience()
			err = send(w, string(n.Topic), notice{V: 1, Kind: n.Kind, IDs: idsFor(n, c)})
		case <-beat.C:
			if !a.o.Current(c.Principal) {
				return
			}
			patience()
			_, err = io.WriteString(w, ": still here\n\n")
		}
	}
}

func send(w io.Writer, name string, n notice) error {
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, data)
	return err
}
