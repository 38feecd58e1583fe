package player_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player"
	"movify/player/way"
)

// fakeOriginals opens one Original stream: a picture v0 in H.264, a sound a2 in AAC and one, a3, in AC-3.
type fakeOriginals struct {
	path   string // of a file whose bytes from 10 on are the segments'
	err    error  // what opening gives
	broken error  // what an open stream gives
	slow   bool   // an index that is not read in time
	left   []media.LeftSound
	zeros  bool // the file ends in zeros
	opened int
}

func newFakeOriginals(t *testing.T) *fakeOriginals {
	t.Helper()
	path := filepath.Join(t.TempDir(), "film.mp4")
	if err := os.WriteFile(path, []byte("0123456789picture-sound-picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	return &fakeOriginals{path: path}
}

func (f *fakeOriginals) open(ctx context.Context, _ media.Asset, _ media.SourceFile) (player.CopiedStream, error) {
	f.opened++
	if f.slow {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if f.err != nil {
		return nil, f.err
	}
	return fakeStream{f}, nil
}

type fakeStream struct{ *fakeOriginals }

func (f fakeStream) Media() media.Original {
	sound := func(r id.Rendition, codecs string) media.Copy {
		return media.Copy{
			Rendition: media.Rendition{ID: r, Kind: media.Audio, Codecs: codecs}, Bounds: []int64{0, 100_000, 250_000},
			Average: 100_000, Peak: 120_000,
		}
	}
	return media.Original{
		Picture: media.Copy{
			Rendition: media.Rendition{ID: "v0", Kind: media.Video, Codecs: "avc1.640029", Width: 1920, Height: 800},
			Bounds:    []int64{0, 100_000, 250_000}, Average: 8_000_000, Peak: 12_000_000, Range: "SDR",
		},
		Sounds: []media.Copy{sound("a2", "mp4a.40.2"), sound("a3", "ac-3")}, Left: f.left, EndsInZeros: f.zeros,
	}
}

func (f fakeStream) Init(r id.Rendition) ([]byte, error) {
	return []byte("init of " + string(r)), f.broken
}

// Segment is a head and two ranges of the file, of which the kernel sends the first.
func (f fakeStream) Segment(r id.Rendition, n int) (blob.Parts, error) {
	if f.broken != nil {
		return blob.Parts{}, f.broken
	}
	file, err := os.Open(f.path)
	if err != nil {
		return blob.Parts{}, err
	}
	head := fmt.Sprintf("head %d of %s ", n, r)
	at := int64(len(head))
	before, err := file.Stat()
	if err != nil {
		return blob.Parts{}, err
	}
	check := func() error {
		now, err := file.Stat()
		if err == nil && !now.ModTime().Equal(before.ModTime()) {
			err = errChanged
		}
		return err
	}
	return blob.Parts{Size: at + 14, Close: file.Close, Check: check, Open: func(from int64) (blob.Object, int64, error) {
		kept := func(r io.ReadSeeker) io.ReadSeekCloser {
			return struct {
				io.ReadSeeker
				io.Closer
			}{r, io.NopCloser(nil)}
		}
		switch {
		case from < at:
			return blob.Object{Info: blob.Info{Size: at}, Body: kept(strings.NewReader(head))}, 0, nil
		case from < at+7:
			body := kept(io.NewSectionReader(file, 10, 7))
			return blob.Object{Info: blob.Info{Size: 7}, Body: body, File: file, Offset: 10}, at, nil
		}
		return blob.Object{Info: blob.Info{Size: 7}, Body: kept(strings.NewReader("picture"))}, at + 7, nil
	}}, nil
}

var errChanged = errors.New("the file is another one")

func originalPlaylist(
	o media.Original, copies []id.Rendition, a media.Asset, _ map[id.Rendition]media.Measure,
) (media.OriginalPlaylist, error) {
	return media.OriginalPlaylist{
		Text: fmt.Sprint("original ", a.ID, " ", copies), Codecs: o.Picture.Codecs, Peak: o.Picture.Peak, Average: o.Picture.Average,
	}, nil
}

var browser = &way.Device{Codecs: []string{"avc1.640033", "mp4a.40.2"}, Ranges: []string{"SDR"}, Engine: way.MSE}

// withOriginal is a harness whose film has an Original stream.
func withOriginal(t *testing.T) *harness {
	t.Helper()
	h := newHarness(t)
	h.originals = newFakeOriginals(t)
	h.Service = h.restart("asset")
	return h
}

// startOn starts the film on a device.
func (h *harness) startOn(t *testing.T, d *way.Device, q way.Quality) player.Playback {
	t.Helper()
	c := caller(anna)
	c.Device, c.Quality = d, q
	p, err := h.Start(t.Context(), c, "film", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestStartOnOriginal(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	p := h.startOn(t, browser, way.Auto)
	if p.Way.Code != way.Fits || p.Way.Kind != way.Original {
		t.Fatalf("the way is %+v", p.Way)
	}
	want := &player.OriginalPlayback{
		Manifest: base(p) + "original/multivariant.m3u8?copies=a2", Name: "1080p", Width: 1920, Height: 800,
		OriginalPlaylist: media.OriginalPlaylist{
			Text: "original asset [a2]", Codecs: "avc1.640029", Peak: 12_000_000, Average: 8_000_000,
		},
	}
	if diff := cmp.Diff(want, p.Original); diff != "" {
		t.Errorf("Original (-want +got):\n%s", diff)
	}
	if got := h.segments.takeCalls("warm"); got != nil {
		t.Errorf("a playback on Original has segments encoded: %v", got)
	}
	if r := get(t, h.Service, http.MethodGet, p.Original.Manifest); body(t, r) != "original asset [a2]" {
		t.Errorf("the playlist answers %s", r.Status)
	}
	again, err := h.Session(t.Context(), anna, p.Session.ID)
	if err != nil || again.Way.Code != way.Fits || again.Original == nil || again.Original.Manifest == p.Original.Manifest {
		t.Errorf("asked again: %+v, %v", again.Way, err)
	}
	streams, _, err := h.Streams(t.Context(), anna.Account)
	if err != nil || len(streams) != 1 || streams[0].Way != way.Original || streams[0].Lines != 1080 {
		t.Errorf("streams: %+v, %v", streams, err)
	}
	get(t, h.Service, http.MethodGet, base(p)+"v1/00007.m4s")
	get(t, h.Service, http.MethodGet, base(p)+"a1/00007.m4s")
	if streams, _, _ = h.Streams(t.Context(), anna.Account); streams[0].Way != way.Ladder {
		t.Errorf("on the ladder the stream is %+v", streams[0])
	}
}

// Everything that has no Original stream begins with the ladder, which is warmed as before.
func TestStartOnTheLadder(t *testing.T) {
	t.Parallel()
	unfit := fault.New(fault.Unsupported, "original_sparse", "Too far apart.")
	for name, c := range map[string]struct {
		change  func(*harness)
		device  *way.Device
		quality way.Quality
		code    way.Code
		offered bool
	}{
		"a device that says nothing": {func(*harness) {}, nil, way.OriginalWanted, way.DeviceUnknown, false},
		"chosen":                     {func(*harness) {}, browser, way.LadderWanted, way.LadderChosen, true},
		"no decoder":                 {func(*harness) {}, &way.Device{}, way.Auto, way.LadderCodec, false},
		"unfit":                      {func(h *harness) { h.originals.err = unfit }, browser, way.Auto, way.LadderUnfit, false},
		"unreadable":                 {func(h *harness) { h.originals.err = errors.New("EIO") }, browser, way.Auto, way.LadderUnfit, false},
		"away":                       {func(h *harness) { h.away = true }, browser, way.Auto, way.LadderAway, false},
		"no port":                    {func(h *harness) { h.originals = nil }, browser, way.Auto, way.LadderUnfit, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := withOriginal(t)
			originals := h.originals
			c.change(h)
			h.Service = h.restart("asset")
			p := h.startOn(t, c.device, c.quality)
			if p.Way.Code != c.code || p.Way.Kind != way.Ladder || (p.Original != nil) != c.offered {
				t.Errorf("the way is %+v, Original %+v", p.Way, p.Original)
			}
			if got := h.segments.takeCalls("warm"); len(got) != 1 {
				t.Errorf("warmed: %v", got)
			}
			if c.device == nil && originals.opened > 0 {
				t.Error("a file was opened for a device that does not ask for it")
			}
		})
	}
}

// An index that takes long does not hold up a start.
func TestAnIndexThatTakesLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := withOriginal(t)
		h.originals.slow = true
		before := time.Now()
		p := h.startOn(t, browser, way.Auto)
		if p.Way.Code != way.LadderUnfit || p.Way.Params[way.ParamCause] != "original_slow" {
			t.Errorf("the way is %+v", p.Way)
		}
		if took := time.Since(before); took > 3*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestOriginalFiles(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	at := base(h.startOn(t, browser, way.Auto))
	const list, segment = "application/vnd.apple.mpegurl", "video/mp4"
	const always = "private, max-age=31536000, immutable"
	for _, c := range []struct{ path, kind, cache, body string }{
		{"original/multivariant.m3u8?copies=a2,a3", list, "private, no-cache", "original asset [a2 a3]"},
		{"original/multivariant.m3u8", list, "private, no-cache", "original asset []"},
		{"original/v0/media.m3u8", list, always, "copy assetv0"},
		{"original/a3/media.m3u8", list, always, "copy asseta3"},
		{"original/v0/init.mp4", segment, always, "init of v0"},
		{"original/v0/00001.m4s", segment, always, "head 1 of v0 picturepicture"},
		{"original/a2/00000.m4s", segment, always, "head 0 of a2 picturepicture"},
		{"original/a1/media.m3u8", list, always, "sound asseta1"},
		{"original/a1/init.mp4", segment, always, "bytes of init.mp4"},
		{"original/a1/00007.m4s", segment, always, "bytes of 00007.m4s"},
	} {
		served(t, h.Service, at+c.path, c.kind, c.cache, c.body)
		for from := range len(c.body) {
			r := get(t, h.Service, http.MethodGet, at+c.path, "Range", fmt.Sprintf("bytes=%d-", from))
			if got := body(t, r); r.StatusCode != http.StatusPartialContent || got != c.body[from:] {
				t.Errorf("%s from byte %d: %s %q", c.path, from, r.Status, got)
			}
		}
	}
	if r := get(t, h.Service, http.MethodGet, at+"original/v0/00001.m4s", "Range", "bytes=99-"); r.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("a range behind the end: %s", r.Status)
	}
	for _, path := range []string{
		"original", "original/", "original/v0", "original/v0/", "original/v0/00002.m4s", "original/v0/0.m4s", "original/v0/all.mp4",
		"original/v1/media.m3u8", "original/v1/00000.m4s", "original/a1/all.mp4", "original/a1/00050.m4s", "original/a9/init.mp4",
		"original/original/multivariant.m3u8", "original/v0/multivariant.m3u8", "original/../v0/init.mp4", "v0/init.mp4", "a2/media.m3u8",
	} {
		if r := get(t, h.Service, http.MethodGet, at+path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	if r := get(t, h.Service, http.MethodPost, at+"original/v0/init.mp4"); r.StatusCode != http.StatusNotFound {
		t.Errorf("POST: %s", r.Status)
	}
}

// The range of the file goes to the connection as a file, at its place.
func TestOriginalGoesOutAsAFile(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	at := base(h.startOn(t, browser, way.Auto))
	w := &sink{ResponseRecorder: httptest.NewRecorder()}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, at+"original/v0/00001.m4s", nil)
	player.NewMediaHandler(h.Service).ServeHTTP(w, r)
	// The last ones are read and checked before they are sent.
	want := []string{"13 bytes of a body", "7 bytes of a file from 10", "7 bytes of a body"}
	if diff := cmp.Diff(want, w.sent); diff != "" {
		t.Errorf("what the connection was offered (-want +got):\n%s", diff)
	}
}

// A file that has changed ends the stream with a status that says so; the ladder goes on.
func TestOriginalThatBreaks(t *testing.T) {
	t.Parallel()
	changed := fault.New(fault.Unsupported, "original_changed", "The file was changed.")
	away := fault.New(fault.Unavailable, "source_away", "The disk is away.")
	for want, err := range map[int]error{422: changed, 503: away, 500: errors.New("EIO")} {
		h := withOriginal(t)
		p := h.startOn(t, browser, way.Auto)
		h.originals.broken = err
		for _, path := range []string{"original/v0/init.mp4", "original/v0/00000.m4s"} {
			r := get(t, h.Service, http.MethodGet, base(p)+path)
			if r.StatusCode != want || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %s, want %d", path, r.Status, want)
			}
		}
		if r := get(t, h.Service, http.MethodGet, base(p)+"v1/00007.m4s"); r.StatusCode != 200 {
			t.Errorf("the ladder answers %s", r.Status)
		}
	}
}

// Of a file without an Original stream there is nothing to be had; one whose disk is away may come back.
func TestNoOriginal(t *testing.T) {
	t.Parallel()
	for want, err := range map[int]error{
		404: fault.New(fault.Unsupported, "original_sparse", "Too far apart."),
		503: fault.New(fault.Unavailable, "source_away", "The disk is away."),
	} {
		h := withOriginal(t)
		h.originals.err = err
		p := h.startOn(t, browser, way.Auto)
		for _, path := range []string{"original/multivariant.m3u8", "original/v0/00000.m4s", "original/a1/media.m3u8"} {
			if r := get(t, h.Service, http.MethodGet, base(p)+path); r.StatusCode != want {
				t.Errorf("%s: %s, want %d", path, r.Status, want)
			}
		}
	}
}

// A file that is shortened while a segment is sent closes the connection before the segment is whole.
func TestOriginalThatEndsEarly(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	at := base(h.startOn(t, browser, way.Auto))
	if err := os.WriteFile(h.originals.path, []byte("0123456789pic"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := serve(t, h.Service)
	r, err := http.Get(server.URL + at + "original/v0/00000.m4s")
	if err != nil { // closed before the header was sent
		return
	}
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	if err == nil || bytes.Contains(got, []byte("picture")) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// meddler is a connection on which some bytes were sent when the file they come from is written to.
type meddler struct {
	*sink
	path string
}

func (m meddler) ReadFrom(r io.Reader) (int64, error) {
	n, err := m.sink.ReadFrom(r)
	return n, errors.Join(err, m.meddle())
}

func (m meddler) Write(b []byte) (int, error) {
	n, err := m.sink.Write(b)
	return n, errors.Join(err, m.meddle())
}

// meddle leaves the size as it is. The time is set: a clock with coarse ticks would do it only most of the times.
func (m meddler) meddle() error {
	return errors.Join(os.WriteFile(m.path, []byte("0123456789PICTURE-SOUND-PICTURE"), 0o600),
		os.Chtimes(m.path, time.Time{}, time.Now().Add(time.Hour)))
}

// A file that is written to while a segment is sent ends the response before its last byte, wherever it began: no player
// takes bytes of two files for one segment.
func TestOriginalThatIsWrittenTo(t *testing.T) {
	t.Parallel()
	for name, ranged := range map[string]string{
		"all of it": "", "from the head on": "bytes=5-", "a part of the head and of the file": "bytes=8-14", "to the last byte": "bytes=14-26",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := withOriginal(t)
			at := base(h.startOn(t, browser, way.Auto))
			w := meddler{&sink{ResponseRecorder: httptest.NewRecorder()}, h.originals.path}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, at+"original/v0/00001.m4s", nil)
			if ranged != "" {
				r.Header.Set("Range", ranged)
			}
			defer func() {
				if recover() != http.ErrAbortHandler {
					t.Error("the connection was not closed")
				}
				if got := w.Body.Len(); fmt.Sprint(got) == w.Header().Get("Content-Length") {
					t.Errorf("all of %d bytes were sent", got)
				}
			}()
			player.NewMediaHandler(h.Service).ServeHTTP(w, r)
		})
	}
}

// After a restart the same addresses work: the copied sounds are in them, and the file is opened again.
func TestOriginalAfterARestart(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	p := h.startOn(t, browser, way.Auto)
	h.Service = h.restart("asset")
	if r := get(t, h.Service, http.MethodGet, p.Original.Manifest); body(t, r) != "original asset [a2]" {
		t.Errorf("the playlist: %s", r.Status)
	}
	if r := get(t, h.Service, http.MethodGet, base(p)+"original/v0/00000.m4s"); r.StatusCode != 200 {
		t.Errorf("a segment: %s", r.Status)
	}
	for range 2 {
		again, err := h.Session(t.Context(), anna, p.Session.ID)
		if diff := cmp.Diff(p.Way, again.Way); err != nil || diff != "" {
			t.Errorf("asked again: %v, the way (-want +got):\n%s", err, diff)
		}
		if again.Original == nil || strings.TrimPrefix(again.Original.Manifest, base(again)) != "original/multivariant.m3u8?copies=a2" {
			t.Errorf("asked again it has the Original stream %+v", again.Original)
		}
		get(t, h.Service, http.MethodGet, base(p)+"original/a2/00000.m4s")
		if streams, _, err := h.Streams(t.Context(), anna.Account); err != nil || len(streams) != 1 || streams[0].Way != way.Original {
			t.Errorf("streams: %+v, %v", streams, err)
		}
		h.Service = h.restart("asset") // the player asks before it has requested anything
	}
	h.originals.err = fault.New(fault.Unsupported, "original_away", "It is gone.")
	h.Service = h.restart("asset")
	if again, err := h.Session(t.Context(), anna, p.Session.ID); err != nil || again.Original != nil || again.Way.Code != way.Fits {
		t.Errorf("of a file that vanished meanwhile: %+v, %v", again, err)
	}
}

// Whatever a playback began with is said again after a restart, and a ladder that was chosen leaves Original in the menu.
func TestTheWayOutlivesARestart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		device  *way.Device
		quality way.Quality
	}{
		"Original":                   {browser, way.Auto},
		"Original that was chosen":   {browser, way.OriginalWanted},
		"the ladder that was chosen": {browser, way.LadderWanted},
		"no decoder":                 {&way.Device{Engine: way.MSE}, way.Auto},
		"a device that says nothing": {nil, way.Auto},
	} {
		h := withOriginal(t)
		p := h.startOn(t, c.device, c.quality)
		h.Service = h.restart("asset")
		again, err := h.Session(t.Context(), anna, p.Session.ID)
		if diff := cmp.Diff(p.Way, again.Way); err != nil || diff != "" {
			t.Errorf("%s: %v, the way (-want +got):\n%s", name, err, diff)
		}
		if (p.Original == nil) != (again.Original == nil) {
			t.Errorf("%s: Original %+v, then %+v", name, p.Original, again.Original)
		}
	}
}

// A playback that began before the way was stored goes on as one whose device is unknown.
func TestASessionWithoutAWay(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	p := h.startOn(t, browser, way.Auto)
	session := h.store.sessions[p.Session.ID]
	session.Way, session.Copies = way.Way{}, nil
	h.store.sessions[p.Session.ID] = session
	h.Service = h.restart("asset")
	if again, err := h.Session(t.Context(), anna, p.Session.ID); err != nil || again.Way.Code != way.DeviceUnknown || again.Original != nil {
		t.Errorf("asked again: %+v, %v", again.Way, err)
	}
}

// The tokens that are refused for the ladder are refused for the Original stream, and so is a session that has ended.
func TestOriginalIsRefusedAsTheLadderIs(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	p := h.startOn(t, browser, way.Auto)
	const path = "original/v0/00000.m4s"
	get(t, h.Service, http.MethodGet, base(p)+path, "User-Agent", "browser")
	if r := get(t, h.Service, http.MethodGet, base(p)+path, "User-Agent", "another"); r.StatusCode != http.StatusForbidden {
		t.Errorf("another device: %s", r.Status)
	}
	p = h.startOn(t, browser, way.Auto)
	if r := get(t, h.Service, http.MethodGet, "/media/not-a-token/"+path); r.StatusCode != http.StatusForbidden {
		t.Errorf("no token: %s", r.Status)
	}
	if err := h.Stop(t.Context(), anna, p.Session.ID, nil); err != nil {
		t.Fatal(err)
	}
	if r := get(t, h.Service, http.MethodGet, base(p)+path); r.StatusCode != http.StatusForbidden {
		t.Errorf("after its end: %s", r.Status)
	}
}
