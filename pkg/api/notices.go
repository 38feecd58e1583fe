package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"movify/pkg/event"
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
		return &huma.StreamResponse{Body: func(ctx huma.Context) { a.stream(ctx, c) }}, nil
	})
}

// stream sends the notices for c until the client disconnects, its sign-in ends or the server stops. A restricted profile gets
// them without IDs: an ID may be that of a hidden title.
func (a *API) stream(ctx huma.Context, c Caller) {
	ctx.SetHeader("Content-Type", "text/event-stream")
	ctx.SetHeader("X-Accel-Buffering", "no") // nginx would buffer the stream
	w := humagin.Unwrap(ctx).Writer
	notices, end := a.o.Notices.Subscribe()
	defer end()
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
			ids := n.IDs
			if ids == nil || c.Restricted {
				ids = map[string]string{}
			}
			err = send(w, string(n.Topic), notice{V: 1, Kind: n.Kind, IDs: ids})
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
