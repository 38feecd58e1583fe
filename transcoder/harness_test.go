package transcoder_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/pkg/queue/queuetest"
	"movify/transcoder"
	"movify/transcoder/encodertest"
)

// The fixture's film: 100 s of 854×480, so two rungs and one audio rendition of 28 segments each.
const (
	fingerprint = "feed"
	segments    = 27
	filmSeconds = 100
)

// harness is a Service on stores, a queue and an encoder in memory. Its tests run in a synctest bubble: time passes
// only when all goroutines wait, so minutes cost nothing, and a goroutine that outlives the test fails it.
type harness struct {
	t       testing.TB
	blobs   *blobtest.Memory
	stage   *blobtest.Memory
	queue   *queuetest.Memory
	encoder *encodertest.Encoder
	log     *encodeLog
	sources *oneFile
	asset   media.Asset
	service *transcoder.Service
	stop    func()
}

// newHarness runs a service, on the stores of an earlier harness when there is one.
func newHarness(
	t testing.TB, background int, step encodertest.Step, earlier *harness, change ...func(*transcoder.Options),
) *harness {
	t.Helper()
	h := &harness{t: t, encoder: encodertest.New(step), queue: queuetest.NewMemory(30 * time.Second)}
	if earlier != nil {
		h.blobs, h.stage, h.log, h.sources = earlier.blobs, earlier.stage, earlier.log, earlier.sources
	} else {
		h.blobs, h.stage, h.log, h.sources = blobtest.NewMemory(), blobtest.NewMemory(), &encodeLog{}, &oneFile{src: film(), setting: media.LadderAlways}
	}
	o := transcoder.Options{
		Stage: h.stage, Blobs: h.blobs, Queue: h.queue, Encoder: h.encoder, Sources: h.sources, Log: h.log, Policy: transcoder.DefaultPolicy(),
		Prewarm: 12 * time.Second, Background: background, Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	}
	for _, c := range change {
		c(&o)
	}
	h.service = transcoder.New(o)
	var err error
	if h.asset, err = h.service.Asset(t.Context(), film()); err != nil {
		t.Fatal(err)
	}
	if got := h.asset.Grid.Segments(); got != segments {
		t.Fatalf("the film has %d segments, the tests want %d", got, segments)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.service.Run(ctx) }()
	var once sync.Once
	h.stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("run: %v", err)
			}
			if n := h.encoder.Live(); n != 0 {
				t.Errorf("%d encoders are left", n)
			}
		})
	}
	t.Cleanup(h.stop)
	return h
}

func film() transcoder.Source {
	rate := media.Ratio{Num: 25, Den: 1}
	return transcoder.Source{File: "file", Path: "/films/a film.mkv", Fingerprint: fingerprint, Probe: media.Probe{
		Format: "matroska,webm", DurationUS: filmSeconds * 1_000_000,
		Video: []media.VideoTrack{
			{Width: 854, Height: 480, FrameRate: rate, AverageRate: rate, FieldOrder: "progressive"},
		},
		Audio: []media.AudioTrack{{Index: 1, Language: "eng", Channels: 2}},
	}}
}

// video480, video360 and audio are the film's renditions.
func (h *harness) video480() id.Rendition { return h.asset.Ladder.Renditions[0].ID }
func (h *harness) video360() id.Rendition { return h.asset.Ladder.Renditions[1].ID }
func (h *harness) audio() id.Rendition    { return h.asset.Ladder.Renditions[2].ID }

// get asks for a segment as a viewer does and gives its sha256.
func (h *harness) get(viewer id.Session, r id.Rendition, n int) (string, error) {
	o, err := h.service.Segment(h.t.Context(), viewer, h.asset, r, n)
	if err != nil {
		return "", err
	}
	defer o.Body.Close()
	data, err := io.ReadAll(o.Body)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), err
}

func (h *harness) mustGet(viewer id.Session, r id.Rendition, n int) string {
	h.t.Helper()
	sum, err := h.get(viewer, r, n)
	if err != nil {
		h.t.Fatalf("segment %d of %s: %v", n, r, err)
	}
	return sum
}

// mustGetInit asks for an Init Section as a viewer does and gives its sha256.
func (h *harness) mustGetInit(viewer id.Session, r id.Rendition, near int) string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	o, err := h.service.Init(ctx, viewer, h.asset, r, near)
	if err != nil {
		h.t.Fatalf("init section of %s: %v", r, err)
	}
	defer o.Body.Close()
	data, err := io.ReadAll(o.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// running lists the runs that go on once all goroutines wait: "jit 5-28 at 7", in order.
func (h *harness) running() []string {
	synctest.Wait()
	var out []string
	for _, r := range h.service.Running() {
		text := fmt.Sprintf("%s %d-%d at %d", r.Class, r.From, r.To, r.At)
		if r.Paused {
			text += " paused"
		}
		out = append(out, text)
	}
	return out
}

// orders lists the runs that were started: "jit 5-28", careful ones and those with the hardware encoder with a mark.
func (h *harness) orders() []string {
	var out []string
	for _, o := range h.encoder.Orders() {
		text := fmt.Sprintf("%s %d-%d", o.Class, o.From, o.To)
		if o.Careful {
			text += " careful"
		}
		if slices.Contains(o.Makers, transcoder.Hardware) {
			text += " hardware"
		}
		out = append(out, text)
	}
	return out
}

// checkComplete checks that every segment is packed as it was made, that the log has it exactly once, and that no loose
// segment is left.
func (h *harness) checkComplete() {
	h.t.Helper()
	made := h.log.counts(h.t)
	var want, staged []string
	for _, r := range h.asset.Ladder.Renditions {
		h.checkPacked(r.ID)
		want = append(want, h.asset.PackedKey(r.ID))
		staged = append(staged, h.asset.HeadKey(r.ID))
		for n := range segments {
			if got := made[h.asset.SegmentKey(r.ID, n)]; got != 1 {
				h.t.Errorf("segment %d of %s was made %d times", n, r.ID, got)
			}
		}
	}
	for name, diff := range map[string]string{
		"blobs": cmp.Diff(h.withPlan(want...), h.keys(h.blobs)),
		"stage": cmp.Diff(h.withPlan(staged...), h.keys(h.stage)),
	} {
		if diff != "" {
			h.t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := h.service.Percent(fingerprint); got != 100 {
		h.t.Errorf("%d %% are stored", got)
	}
}

// withPlan is those keys, the plan and the completion mark, in order.
func (h *harness) withPlan(keys ...string) []string {
	keys = append(keys, h.asset.Prefix+"plan.json", h.asset.Prefix+"whole.json")
	slices.Sort(keys)
	return keys
}

func (h *harness) keys(of blob.Store) []string {
	h.t.Helper()
	var out []string
	for info, err := range of.List(context.Background(), "") {
		if err != nil {
			h.t.Fatal(err)
		}
		out = append(out, info.Key)
	}
	return out
}

// checkPacked compares the segments of a packed rendition with the encode log.
func (h *harness) checkPacked(r id.Rendition) {
	h.t.Helper()
	all, err := blob.ReadAll(context.Background(), h.blobs, h.asset.PackedKey(r))
	if err != nil {
		h.t.Error(err)
		return
	}
	p, ok := h.service.Packing(h.asset, r)
	if !ok || p.Segments() != segments || p.Offsets[segments] != int64(len(all)) {
		h.t.Errorf("packing of %s: %+v, %t; the blob has %d bytes", r, p, ok, len(all))
		return
	}
	for _, e := range h.log.made(r) {
		offset, length := p.Segment(e.Segment)
		if sum := sha256.Sum256(all[offset : offset+length]); hex.EncodeToString(sum[:]) != e.SHA256 {
			h.t.Errorf("segment %d of %s is not packed as it was made", e.Segment, r)
		}
	}
}

// encodeLog is a transcoder.Log in memory.
type encodeLog struct {
	mu      sync.Mutex
	entries []transcoder.Entry
}

func (d *encodeLog) Committed(_ context.Context, e transcoder.Entry) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, e)
	return nil
}

// made gives the log of one rendition.
func (d *encodeLog) made(r id.Rendition) []transcoder.Entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []transcoder.Entry
	for _, e := range d.entries {
		if e.Rendition == r {
			out = append(out, e)
		}
	}
	return out
}

// count is how many segments of a rendition were made.
func (d *encodeLog) count(r id.Rendition) int { return len(d.made(r)) }

// counts gives how often each segment was made, and fails the test for a segment that was stored already.
func (d *encodeLog) counts(t testing.TB) map[string]int {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[string]int{}
	for _, e := range d.entries {
		out["v1/"+fingerprint+"/"+string(e.Asset[len(fingerprint)+1:])+"/"+string(e.Rendition)+"/"+media.SegmentName(e.Segment)]++
		if e.Duplicate {
			t.Errorf("segment %d of %s was stored already", e.Segment, e.Rendition)
		}
	}
	return out
}

// oneFile is a library of one file, which may be out of reach.
type oneFile struct {
	mu      sync.Mutex
	src     transcoder.Source
	away    bool
	setting media.LadderSetting
	wanted  int // calls of WantLadder
}

func (s *oneFile) Sources(context.Context) iter.Seq2[transcoder.Source, error] {
	return func(yield func(transcoder.Source, error) bool) {
		s.mu.Lock()
		src, away := transcoder.Source{File: s.src.File, Fingerprint: s.src.Fingerprint, Demand: s.demand()}, s.away
		s.mu.Unlock()
		if !away {
			yield(src, nil)
		}
	}
}

func (s *oneFile) Source(_ context.Context, f string) (transcoder.Source, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away || f != s.src.Fingerprint {
		return transcoder.Source{}, transcoder.ErrSourceAway
	}
	return s.src, nil
}

func (s *oneFile) demand() transcoder.Demand {
	return transcoder.Demand{Setting: s.setting, Wanted: s.wanted > 0}
}

func (s *oneFile) Demand(_ context.Context, f string) (transcoder.Demand, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away || f != s.src.Fingerprint {
		return transcoder.Demand{}, nil
	}
	return s.demand(), nil
}

func (s *oneFile) WantLadder(_ context.Context, f string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f == s.src.Fingerprint {
		s.wanted++
	}
	return nil
}

// wishes is how often WantLadder was called.
func (s *oneFile) wishes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wanted
}

func (s *oneFile) setAway(away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = away
}

// blockAt makes a step that lets the orders of a class get to segment n and then waits until the run is stopped or the
// returned function is called.
func blockAt(class queue.Class, n int) (step encodertest.Step, release func()) {
	gone := make(chan struct{})
	return func(ctx context.Context, o transcoder.Order, _ media.Rendition, at int) error {
		if o.Class != class || at < n {
			return ctx.Err()
		}
		select {
		case <-gone:
			return ctx.Err()
		case <-ctx.Done():
			return ctx.Err()
		}
	}, sync.OnceFunc(func() { close(gone) })
}
