package player_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/player"
)

// sink is a ResponseWriter that can take a file as the server's own can: by ReadFrom, which becomes sendfile only for a
// file inside a limit (net.sendFile).
type sink struct {
	*httptest.ResponseRecorder
	sent      []string
	deadlines []time.Time
}

func (s *sink) SetWriteDeadline(at time.Time) error {
	s.deadlines = append(s.deadlines, at)
	return nil
}

// Write takes bytes that are in no file.
func (s *sink) Write(b []byte) (int, error) {
	s.sent = append(s.sent, fmt.Sprintf("%d bytes of a body", len(b)))
	return s.ResponseRecorder.Write(b)
}

func (s *sink) ReadFrom(r io.Reader) (int64, error) {
	what := "something"
	if limited, ok := r.(*io.LimitedReader); ok {
		if f, ok := limited.R.(*os.File); ok {
			at, err := f.Seek(0, io.SeekCurrent)
			if err != nil {
				return 0, err
			}
			what = fmt.Sprintf("%d bytes of a file from %d", limited.N, at)
		}
	}
	s.sent = append(s.sent, what)
	return io.Copy(struct{ io.Writer }{s.ResponseRecorder}, r)
}

func TestWhatIsInAFileGoesOutAsOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		packed, opaque bool
		file, ranged   string
		want           []string
		body           string
	}{
		{"a segment", false, false, "v1/00007.m4s", "", []string{"18 bytes of a file from 0"}, "bytes of 00007.m4s"},
		{"a part of it", false, false, "v1/00007.m4s", "bytes=6-7", []string{"2 bytes of a file from 6"}, "of"},
		{"a packed segment", true, false, "v1/00007.m4s", "", []string{"18 bytes of a file from 148"}, "bytes of 00007.m4s"},
		{"its end", true, false, "v1/00007.m4s", "bytes=-4", []string{"4 bytes of a file from 162"}, ".m4s"},
		{"a packed init section", true, false, "a1/init.mp4", "", []string{"17 bytes of a file from 0"}, "bytes of init.mp4"},
		{"two parts of a packed file", true, false, "v1/all.mp4", "bytes=160-172",
			[]string{"6 bytes of a file from 160", "7 bytes of a file from 166"}, "07.m4sbytes o"},
		{"no file", false, true, "v1/00007.m4s", "", []string{"18 bytes of a body"}, "bytes of 00007.m4s"},
		{"no file, packed", true, true, "v1/all.mp4", "bytes=166-183", []string{"18 bytes of a body"}, "bytes of 00008.m4s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			h.segments.opaque = c.opaque
			if c.packed {
				h.segments.pack(t)
			}
			w := &sink{ResponseRecorder: httptest.NewRecorder()}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, base(h.start(t))+c.file, nil)
			if c.ranged != "" {
				r.Header.Set("Range", c.ranged)
			}
			player.NewMediaHandler(h.Service).ServeHTTP(w, r)
			if got := w.Body.String(); got != c.body {
				t.Errorf("got %q, want %q", got, c.body)
			}
			if diff := cmp.Diff(c.want, w.sent); diff != "" {
				t.Errorf("what the connection was offered (-want +got):\n%s", diff)
			}
			if got, want := w.Header().Get("Content-Length"), fmt.Sprint(w.Body.Len()); got != want {
				t.Errorf("Content-Length is %s, sent were %s", got, want)
			}
		})
	}
}

// serve runs the handler of s behind a real server.
func serve(t *testing.T, s *player.Service) testkit.Server {
	t.Helper()
	server := testkit.Serve(t, player.NewMediaHandler(s))
	return server
}

func TestTheServersWriterTakesFiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	path := base(h.start(t)) + "v1/00007.m4s"
	server := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := w.(io.ReaderFrom); !ok {
			t.Error("the server's writer cannot take a file")
		}
		player.NewMediaHandler(h.Service).ServeHTTP(w, r)
	}))
	r, err := http.Get(server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if got := body(t, r); got != "bytes of 00007.m4s" {
		t.Errorf("got %q", got)
	}
}

func TestRangesAndConditions(t *testing.T) {
	t.Parallel()
	for _, packed := range []bool{false, true} {
		for _, opaque := range []bool{false, true} {
			h := newHarness(t)
			h.segments.opaque = opaque
			if packed {
				h.segments.pack(t)
			}
			path := base(h.start(t)) + "v1/00007.m4s"
			etag := get(t, h.Service, http.MethodHead, path).Header.Get("ETag")
			for _, c := range []struct {
				headers []string
				status  int
				ranged  string
				body    string
			}{
				{[]string{"Range", "bytes=0-4"}, 206, "bytes 0-4/18", "bytes"},
				{[]string{"Range", "bytes=9-"}, 206, "bytes 9-17/18", "00007.m4s"},
				{[]string{"Range", "bytes=-3"}, 206, "bytes 15-17/18", "m4s"},
				{[]string{"Range", "bytes=18-"}, 416, "bytes */18", "invalid range: failed to overlap\n"},
				{[]string{"Range", "bytes=-0"}, 416, "bytes */18", "invalid range: failed to overlap\n"},
				{[]string{"Range", "bytes= - 00 "}, 416, "bytes */18", "invalid range: failed to overlap\n"},
				{[]string{"Range", "bytes=-0", "If-Range", etag}, 416, "bytes */18", "invalid range: failed to overlap\n"},
				{[]string{"Range", "bytes=-0", "If-Range", `"other"`}, 200, "", "bytes of 00007.m4s"},
				{[]string{"Range", "bytes=-0", "If-None-Match", etag}, 304, "", ""},
				{[]string{"Range", "bytes=-0,0-1"}, 200, "", "bytes of 00007.m4s"},
				{[]string{"Range", "bytes=-"}, 416, "", "invalid range\n"},
				{[]string{"Range", "bytes=0-1,4-5"}, 200, "", "bytes of 00007.m4s"},
				{[]string{"Range", "bytes=0-4", "If-Range", etag}, 206, "bytes 0-4/18", "bytes"},
				{[]string{"Range", "bytes=0-4", "If-Range", `"other"`}, 200, "", "bytes of 00007.m4s"},
				{[]string{"If-None-Match", etag}, 304, "", ""},
				{[]string{"If-Match", `"other"`}, 412, "", ""},
			} {
				if opaque && c.ranged != "" && !strings.HasPrefix(c.ranged, "bytes 0-") && c.status == 206 {
					continue // its body cannot be moved
				}
				r := get(t, h.Service, http.MethodGet, path, c.headers...)
				if text := body(t, r); r.StatusCode != c.status || r.Header.Get("Content-Range") != c.ranged ||
					text != c.body {
					t.Errorf(
						"packed %v, opaque %v: %v: %s, %q: %q", packed, opaque, c.headers, r.Status,
						r.Header.Get("Content-Range"), text,
					)
				}
			}
		}
	}
}

// A range that no byte is in begins at no segment: the store is not asked, and the session stays where it is.
func TestTheLastNoBytesAreNoRange(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.segments.pack(t)
	at := base(h.start(t))
	for _, c := range []struct{ method, file, ranged, want, body string }{
		{"GET", "v1/all.mp4", "bytes=-0", "bytes */922", "invalid range: failed to overlap\n"},
		{"HEAD", "v1/all.mp4", "bytes=-0", "bytes */922", "invalid range: failed to overlap\n"}, // net/http drops it
		{"GET", "v1/all.mp4", "bytes=922-", "bytes */922", "invalid range: failed to overlap\n"},
		{"GET", "v1/media.m3u8", "bytes=-0", "bytes */8", "invalid range: failed to overlap\n"},
		{"GET", "multivariant.m3u8", "bytes=-0", "bytes */21", "invalid range: failed to overlap\n"},
	} {
		h.segments.takeCalls("")
		r := get(t, h.Service, c.method, at+c.file, "Range", c.ranged)
		text, got := body(t, r), r.Header.Get("Content-Range")
		if r.StatusCode != http.StatusRequestedRangeNotSatisfiable || got != c.want || text != c.body {
			t.Errorf("%s %s, %s: %s, %q, %q", c.method, c.file, c.ranged, r.Status, got, text)
		}
		if calls := h.segments.takeCalls(""); len(calls) != 0 {
			t.Errorf("%s %s, %s: the store was asked: %v", c.method, c.file, c.ranged, calls)
		}
	}
}

func TestTheTagOutlivesPacking(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	at := base(h.start(t))
	tags := func() map[string]string {
		out := map[string]string{}
		for _, name := range []string{"v1/init.mp4", "a1/init.mp4", "v1/00000.m4s", "v1/00007.m4s", "a1/00007.m4s"} {
			out[get(t, h.Service, http.MethodGet, at+name).Header.Get("ETag")] = name
		}
		return out
	}
	single := tags()
	h.segments.pack(t)
	if diff := cmp.Diff(single, tags()); diff != "" || len(single) != 5 {
		t.Errorf("tags of single and packed segments (-single +packed):\n%s", diff)
	}
}

// Half a segment must never look like a whole one.
func TestAShortBodyBreaksTheConnection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		packed, opaque bool
		file           string
	}{
		{"file", false, false, "v1/00007.m4s"},
		{"body", false, true, "v1/00007.m4s"},
		{"packed body", true, true, "v1/00007.m4s"},
		{"all of a packed one", true, true, "v1/all.mp4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			h.segments.cut, h.segments.opaque = 3, c.opaque
			if c.packed {
				h.segments.pack(t)
			}
			server := serve(t, h.Service)
			r, err := http.Get(server.URL + base(h.start(t)) + c.file)
			if err != nil {
				return // so short that not even the headers were sent
			}
			defer r.Body.Close()
			if got, err := io.ReadAll(r.Body); err == nil {
				t.Errorf("%s: %d bytes came as if they were all", r.Status, len(got))
			}
		})
	}
}

// A slow viewer may read longer than a request may wait for a segment.
// TestAViewerWhoDoesNotReadIsLeft: a response ends when its connection takes nothing for a while.
func TestAViewerWhoDoesNotReadIsLeft(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.Service = player.New(
		player.Options{
			Store: h.store, Catalogue: fakeCatalogue{asset: "asset"}, Segments: h.segments, Tokens: plainTokens{},
			Stall: 50 * time.Millisecond,
		},
	)
	h.segments.lengthen(t, 7, 64<<20) // more than all buffers of a connection
	path := base(h.start(t)) + "v1/00007.m4s"
	left := make(chan struct{})
	inside := player.NewMediaHandler(h.Service)
	srv := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(left)
		inside.ServeHTTP(w, r)
	}))
	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: movify\r\n\r\n", path); err != nil {
		t.Fatal(err)
	}
	<-left
}

// TestTheWriteDeadlineMovesWithTheBytes: a long response to a slow viewer goes on as long as it is read.
func TestTheWriteDeadlineMovesWithTheBytes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.segments.lengthen(t, 7, 2<<20)
	w := &sink{ResponseRecorder: httptest.NewRecorder()}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, base(h.start(t))+"v1/00007.m4s", nil)
	player.NewMediaHandler(h.Service).ServeHTTP(w, r)
	if len(w.sent) != 8 || len(w.deadlines) != 8 || w.Body.Len() != 2<<20 {
		t.Errorf("sent %v by %v", w.sent, w.deadlines)
	}
	for n, at := range w.deadlines {
		if left := time.Until(at); left > time.Minute || n > 0 && at.Before(w.deadlines[n-1]) {
			t.Errorf("deadline %d is %v from now", n, left)
		}
	}
}

// TestASessionHasABoundOfRequests: a token opens some connections at once and not any number.
func TestASessionHasABoundOfRequests(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.segments.slow, h.segments.entered = 9, make(chan struct{})
	path := base(h.start(t))
	ctx, end := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range 64 {
		waiting.Go(func() {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, path+"v1/00009.m4s", nil)
			player.NewMediaHandler(h.Service).ServeHTTP(httptest.NewRecorder(), r)
		})
		<-h.segments.entered
	}
	if r := get(t, h.Service, http.MethodGet, path+"v1/00007.m4s"); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("beyond the bound: %s", r.Status)
	}
	end()
	waiting.Wait()
	if r := get(t, h.Service, http.MethodGet, path+"v1/00007.m4s"); r.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %s", r.Status)
	}
}

func TestTheWaitEndsWhenTheBlobIsThere(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var open context.Context
	spy := spying{h.segments, func(ctx context.Context) { open = ctx }}
	h.Service = player.New(
		player.Options{
			Store: h.store, Catalogue: fakeCatalogue{asset: "asset"}, Segments: spy, Tokens: plainTokens{},
			Wait: time.Hour,
		},
	)
	w := &looking{ResponseRecorder: httptest.NewRecorder(), look: func() {
		if _, limited := open.Deadline(); limited || open.Err() != nil {
			t.Errorf("the bytes are read under a deadline, or after the end: %v", open.Err())
		}
	}}
	player.NewMediaHandler(h.Service).
		ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, base(h.start(t))+"v1/00007.m4s", nil))
	if w.Body.Len() != 18 || !errors.Is(open.Err(), context.Canceled) {
		t.Errorf("%d bytes; after the answer the blob's context says %v", w.Body.Len(), open.Err())
	}
}

type spying struct {
	*folderSegments
	see func(context.Context)
}

func (s spying) Segment(ctx context.Context, x id.Session, a media.Asset, r id.Rendition, n int) (blob.Object, error) {
	s.see(ctx)
	return s.folderSegments.Segment(ctx, x, a, r, n)
}

// looking is a ResponseWriter that looks around at each write.
type looking struct {
	*httptest.ResponseRecorder
	look func()
}

func (l *looking) Write(b []byte) (int, error) {
	l.look()
	return l.ResponseRecorder.Write(b)
}
