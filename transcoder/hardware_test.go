package transcoder_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/transcoder"
	"movify/transcoder/encodertest"
)

// withHardware gives a service a hardware encoder, which is there while on says so.
func withHardware(on *atomic.Bool) func(*transcoder.Options) {
	return func(o *transcoder.Options) {
		o.Hardware = on.Load
		o.Prewarm = 0
	}
}

func switchedOn() *atomic.Bool {
	on := &atomic.Bool{}
	on.Store(true)
	return on
}

// sets are the numbers of the parameter sets in a stored Init Section, by which the makers of its rendition are known.
func (h *harness) sets(r id.Rendition) (out []int) {
	h.t.Helper()
	data, err := blob.ReadAll(h.t.Context(), h.stage, h.asset.InitKey(r))
	if err != nil {
		h.t.Fatal(err)
	}
	in := h.parsedInit(data)
	c, err := mp4.ParseAVCConfig(in.Config)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, sps := range c.SPS {
		number, _ := mp4.SPSNumber(sps)
		out = append(out, number)
	}
	if want, _ := h.asset.Ladder.Find(r); in.Codecs != want.Codecs {
		h.t.Errorf("codec is %s, the plan says %s", in.Codecs, want.Codecs)
	}
	return out
}

// breaksAt makes the hardware encoder break at segment n.
func breaksAt(n int) encodertest.Step {
	return func(ctx context.Context, o transcoder.Order, _ media.Rendition, at int) error {
		if len(o.Makers) > 0 && o.Makers[0] == transcoder.Hardware && at == n {
			return errors.New("exit status 1: the device was lost")
		}
		return ctx.Err()
	}
}

func TestHardwareMakesWhatItMay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		on := switchedOn()
		h := newHarness(t, 0, nil, nil, withHardware(on))
		defer h.stop()
		h.mustGet("alice", h.video480(), 5)
		h.mustGet("alice", h.audio(), 5)
		synctest.Wait()
		if diff := cmp.Diff([]string{"jit 5-27 hardware", "jit 5-27"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]int{0, transcoder.BesideSet}, h.sets(h.video480())); diff != "" {
			t.Errorf("parameter sets (-want +got):\n%s", diff)
		}
		if trouble := h.service.HardwareTrouble(); trouble != (transcoder.HardwareTrouble{}) {
			t.Errorf("trouble: %+v", trouble)
		}
	})
}

// A rendition that software began has no room for another encoder's parameter sets.
func TestSoftwareFinishesWhatItBegan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		on := &atomic.Bool{}
		h := newHarness(t, 0, nil, nil, withHardware(on))
		defer h.stop()
		h.mustGet("alice", h.video480(), 20)
		on.Store(true)
		h.mustGet("alice", h.video480(), 5)
		if diff := cmp.Diff([]string{"jit 20-27", "jit 5-20"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
	})
}

func TestHardwareThatBreaksIsFinishedBySoftware(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		on := switchedOn()
		h := newHarness(t, 1, breaksAt(9), nil, withHardware(on))
		defer h.stop()
		time.Sleep(time.Hour)
		h.checkComplete()
		orders := h.orders()
		if orders[0] != "backlog 0-27 hardware" || strings.Contains(strings.Join(orders[1:], ","), "careful") {
			t.Errorf("orders: %q", orders)
		}
		trouble := h.service.HardwareTrouble()
		if trouble.Failures == 0 || trouble.Last == "" || !trouble.Until.IsZero() {
			t.Errorf("trouble: %+v", trouble)
		}
	})
}

// A rendition that was begun by hardware is finished after a restart without it, by software with parameter sets of its own.
func TestHardwareThatIsGoneIsFinishedBySoftware(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		on := switchedOn()
		h := newHarness(t, 0, nil, nil, withHardware(on))
		h.mustGet("alice", h.video480(), 20)
		h.stop()
		h = newHarness(t, 0, nil, h, func(o *transcoder.Options) { o.Prewarm = 0 })
		defer h.stop()
		before := h.mustGetInit("alice", h.video480(), 20)
		h.mustGet("alice", h.video480(), 5)
		orders := h.encoder.Orders()
		if len(orders) != 1 || orders[0].Maker(0) != transcoder.SoftwareBeside {
			t.Errorf("orders: %+v", orders)
		}
		if after := h.mustGetInit("alice", h.video480(), 5); after != before {
			t.Error("the Init Section has changed")
		}
		h.log.counts(t)
	})
}

// Another driver writes other parameter sets. Its segments are refused, once for each rendition, and software goes on.
func TestAnotherDriverIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		on := switchedOn()
		h := newHarness(t, 0, nil, nil, withHardware(on))
		defer h.stop()
		h.mustGet("alice", h.video480(), 20)
		synctest.Wait()
		h.encoder.SetDriver(7)
		h.mustGet("alice", h.video480(), 10)
		synctest.Wait()
		h.mustGet("alice", h.video480(), 2)
		h.mustGet("alice", h.video360(), 2)
		want := []string{
			"jit 20-27 hardware", "jit 10-20 hardware", "jit 10-20", "jit 2-10", "jit 2-24 hardware",
		}
		if diff := cmp.Diff(want, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		h.log.counts(t)
	})
}

func TestHardwareThatBreaksAgainAndAgainIsPutAside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		on := switchedOn()
		step := func(ctx context.Context, o transcoder.Order, _ media.Rendition, at int) error {
			if len(o.Makers) > 0 && o.Makers[0] == transcoder.Hardware {
				return errors.New("exit status 1")
			}
			return ctx.Err()
		}
		h := newHarness(t, 0, step, nil, withHardware(on))
		defer h.stop()
		for _, n := range []int{25, 20, 15, 10} {
			h.mustGet("alice", h.video480(), n)
			synctest.Wait()
		}
		want := []string{
			"jit 25-27 hardware", "jit 25-27", "jit 20-25 hardware", "jit 20-25", "jit 15-20 hardware", "jit 15-20", "jit 10-15",
		}
		if diff := cmp.Diff(want, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		if trouble := h.service.HardwareTrouble(); trouble.Failures != 3 || trouble.Until.IsZero() {
			t.Errorf("trouble: %+v", trouble)
		}
		time.Sleep(11 * time.Minute)
		h.mustGet("alice", h.video480(), 5)
		if got := h.orders()[7]; got != "jit 5-10 hardware" {
			t.Errorf("after the pause: %s", got)
		}
	})
}

func TestHardwareThatHangsIsFinishedBySoftware(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		on := switchedOn()
		step := func(ctx context.Context, o transcoder.Order, _ media.Rendition, at int) error {
			if len(o.Makers) > 0 && o.Makers[0] == transcoder.Hardware && at == 7 {
				<-ctx.Done()
			}
			return ctx.Err()
		}
		h := newHarness(t, 0, step, nil, withHardware(on))
		defer h.stop()
		h.mustGet("alice", h.video480(), 5)
		began := time.Now()
		h.mustGet("alice", h.video480(), 7)
		if waited := time.Since(began); waited > 40*time.Second {
			t.Errorf("the viewer waited for %v", waited)
		}
		if diff := cmp.Diff([]string{"jit 5-27 hardware", "jit 7-27"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
	})
}

// With the Init Section of hardware gone, its segments would be decoded with the one that is stored next: they are made again.
func TestSegmentsWithoutTheirInitSectionAreMadeAgain(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprintf("restart %t", restart), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				on := switchedOn()
				h := newHarness(t, 0, nil, nil, withHardware(on))
				h.mustGet("alice", h.video480(), 20)
				synctest.Wait()
				old := h.mustGet("alice", h.video480(), 22)
				if restart {
					h.stop()
				}
				if err := h.stage.Delete(t.Context(), h.asset.InitKey(h.video480())); err != nil {
					t.Fatal(err)
				}
				on.Store(false)
				if restart {
					h = newHarness(t, 0, nil, h, withHardware(on))
				}
				defer func() { h.stop() }()
				h.mustGetInit("alice", h.video480(), 20)
				if got := h.mustGet("alice", h.video480(), 22); got == old {
					t.Error("a segment of hardware is served with the Init Section of software")
				}
				if got := h.sets(h.video480()); len(got) != 0 {
					t.Errorf("the Init Section has parameter sets %v", got)
				}
			})
		})
	}
}

// Random breaks, drivers and restarts: in the end every segment is there once, and each decodes with the Init Section that its rendition
// has had from the beginning.
func TestAnyMixOfMakersFitsOneInitSection(t *testing.T) {
	t.Parallel()
	for seed := range 12 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { mixMakers(t, seed) })
		})
	}
}

func mixMakers(t *testing.T, seed int) {
	on, calls := switchedOn(), atomic.Int64{}
	calls.Store(int64(seed))
	step := func(ctx context.Context, o transcoder.Order, r media.Rendition, at int) error {
		if n := calls.Add(1); o.Maker(0) == transcoder.Hardware && n%7 == 0 {
			return errors.New("exit status 1")
		}
		return ctx.Err()
	}
	h := newHarness(t, 0, step, nil, withHardware(on))
	inits := map[id.Rendition]string{}
	for n := range 12 {
		at := (n*11 + seed*5) % segments
		on.Store((n+seed)%3 != 0)
		h.encoder.SetDriver(byte((n + seed) / 5 % 2))
		for _, r := range []id.Rendition{h.video480(), h.video360()} {
			h.mustGet("alice", r, at)
			got := h.mustGetInit("alice", r, at)
			if inits[r] == "" {
				inits[r] = got
			} else if got != inits[r] {
				t.Fatalf("the Init Section of %s has changed", r)
			}
		}
		synctest.Wait()
		if n == 6 {
			h.stop()
			h = newHarness(t, 0, step, h, withHardware(on))
		}
	}
	h.checkDecodable(h.video480())
	h.checkDecodable(h.video360())
	h.log.counts(t)
	h.stop()
}

// checkDecodable checks that each stored segment refers to parameter sets of its rendition's Init Section.
func (h *harness) checkDecodable(r id.Rendition) {
	h.t.Helper()
	in := h.parsedInit(h.bytes(h.service.Init(h.t.Context(), "alice", h.asset, r, 0)))
	config, err := mp4.ParseAVCConfig(in.Config)
	if err != nil {
		h.t.Fatal(err)
	}
	if len(config.SPS) == 0 {
		return // software alone
	}
	for _, e := range h.log.made(r) {
		moof, mdat, err := mp4.SplitInit(h.bytes(h.service.Segment(h.t.Context(), "alice", h.asset, r, e.Segment)))
		if err != nil {
			h.t.Fatal(err)
		}
		samples, err := in.Samples(moof, mdat)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, s := range samples {
			if out, err := config.OutOfBand(s.Data); err != nil || len(out) != len(s.Data) {
				h.t.Errorf("segment %d of %s: %v", e.Segment, r, err)
			}
		}
	}
}

func (h *harness) bytes(o blob.Object, err error) []byte {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	defer o.Body.Close()
	data, err := io.ReadAll(o.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return data
}

func (h *harness) parsedInit(data []byte) mp4.Init {
	h.t.Helper()
	ftyp, moov, err := mp4.SplitInit(data)
	if err != nil {
		h.t.Fatal(err)
	}
	in, err := mp4.ParseInit(ftyp, moov)
	if err != nil {
		h.t.Fatal(err)
	}
	return in
}

// Two nodes on one storage, one with a device: the single segments of one are not uploaded beside the Init Section of the other.
func TestSegmentsAreNotUploadedBesideAnotherInitSection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		on := switchedOn()
		device := newHarness(t, 0, nil, nil, withHardware(on), uploadJIT)
		defer device.stop()
		plain := newHarness(t, 0, nil, &harness{
			blobs: device.blobs, stage: blobtest.NewMemory(), log: device.log, sources: device.sources,
		}, uploadJIT)
		defer plain.stop()
		synctest.Wait() // neither has anything to adopt
		device.mustGet("alice", device.video480(), 20)
		synctest.Wait()
		uploaded := device.segmentsInBlobs()
		if uploaded == 0 {
			t.Fatal("the device's segments are not uploaded")
		}
		plain.mustGet("bob", plain.video480(), 5)
		synctest.Wait()
		if got := plain.segmentsInBlobs(); got != uploaded {
			t.Errorf("%d segments of software are uploaded beside the Init Section of a device", got-uploaded)
		}
	})
}
