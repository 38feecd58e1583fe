package ffmpeg_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// encodeLog is an encode log in memory.
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

// encoder is ffmpeg with the fastest thorough preset.
func encoder(t testing.TB) *ffmpeg.Encoder {
	t.Helper()
	preset, ok := ffmpeg.PresetNamed("veryfast")
	if !ok {
		t.Fatal("veryfast is not a preset")
	}
	return ffmpeg.NewEncoder(ffmpeg.EncoderOptions{Program: testkit.Need(t, "ffmpeg"), Background: preset})
}

func source(t testing.TB, path, fingerprint string) transcoder.Source {
	t.Helper()
	probe, err := ffmpeg.NewProber(testkit.Need(t, "ffprobe")).Probe(t.Context(), path)
	if err != nil {
		t.Fatalf("probe %s: %v", path, err)
	}
	return transcoder.Source{File: "file", Path: path, Fingerprint: fingerprint, Probe: probe}
}

// convert makes the whole ladder of a file in memory.
func convert(t testing.TB, src transcoder.Source) (media.Asset, blob.Store, *encodeLog) {
	t.Helper()
	store, log := blobtest.NewMemory(), &encodeLog{}
	asset, measures, err := transcoder.Convert(t.Context(), transcoder.ConvertOptions{
		Source: src, Blobs: store, Encoder: encoder(t), Policy: transcoder.DefaultPolicy(),
		Log: log, Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	if err != nil {
		t.Fatalf("convert: %v", err)
	}
	for r, m := range measures {
		if !m.Complete {
			t.Errorf("%s is not complete: %+v", r, m)
		}
	}
	return asset, store, log
}

func TestConvertMakesEverySegmentOnce(t *testing.T) {
	t.Parallel()
	asset, _, log := convert(t, source(t, testkit.Film(t, 640, 360, 10), "feed"))
	made := map[string]int{}
	for _, e := range log.entries {
		made[asset.SegmentKey(e.Rendition, e.Segment)]++
		if e.Duplicate {
			t.Errorf("%s segment %d was made in vain", e.Rendition, e.Segment)
		}
	}
	for _, r := range asset.Ladder.Renditions {
		for n := range asset.Grid.Segments() {
			if got := made[asset.SegmentKey(r.ID, n)]; got != 1 {
				t.Errorf("%s segment %d was made %d times", r.ID, n, got)
			}
		}
	}
}
