package transcoder_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/original"
	"movify/transcoder/original/originaltest"
)

// transportStream is a film of 3 s in H.264 with AC-3 as a transport stream, and the asset that is planned for it.
func transportStream(t *testing.T, name string) (media.Asset, media.SourceFile) {
	t.Helper()
	data, err := os.ReadFile(originaltest.Table()[name].Make(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return assetOf(t, path, "ac3"), fileOf(t, path)
}

// fileOf is a file as a scan finds it.
func fileOf(t *testing.T, path string) media.SourceFile {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return media.SourceFile{Path: path, Size: info.Size(), ModTimeNS: info.ModTime().UnixNano()}
}

// assetOf plans a film with a sound of a codec.
func assetOf(t *testing.T, path, sound string) media.Asset {
	t.Helper()
	rate := media.Ratio{Num: 25, Den: 1}
	a, err := transcoder.PlanAsset("f00d", media.Probe{
		Format: "mpegts", DurationUS: 3_000_000,
		Video: []media.VideoTrack{{
			Index: 0, Codec: "h264", Width: 320, Height: 180, FrameRate: rate, AverageRate: rate, DurationUS: 3_000_000,
		}},
		Audio: []media.AudioTrack{{Index: 1, Codec: sound, Channels: 1, Language: "eng", DurationUS: 3_000_000}},
	}, transcoder.DefaultPolicy())
	if err != nil {
		t.Fatalf("plan %s: %v", path, err)
	}
	return a
}

// indexed runs indexes on stores while a test asks.
type indexed struct {
	*transcoder.Originals
	stage, blobs *blobtest.Memory
	log          bytes.Buffer // read when it has stopped
	stop         func()
}

func runIndexes(t *testing.T, blobs *blobtest.Memory) *indexed {
	t.Helper()
	x := &indexed{stage: blobtest.NewMemory(), blobs: blobs}
	indexes := transcoder.NewOriginalIndexes(transcoder.OriginalIndexOptions{
		Stage: x.stage, Blobs: x.blobs, Logger: slog.New(slog.NewTextHandler(&x.log, nil)),
	})
	x.Originals = transcoder.NewIndexedOriginals(indexes)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		indexes.Run(ctx)
	}()
	x.stop = func() {
		cancel()
		<-ended
	}
	t.Cleanup(x.stop)
	return x
}

// opened opens a film until it is no longer pending.
func (x *indexed) opened(t *testing.T, a media.Asset, f media.SourceFile) (*transcoder.OriginalStream, error) {
	t.Helper()
	for {
		s, err := x.Open(t.Context(), a, f)
		if !errors.Is(err, original.ErrIndexPending) {
			return s, err
		}
		runtime.Gosched()
	}
}

// A transport stream is on the ladder until its index is made, which stays.
func TestAFilmIsIndexedOnce(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"b.m2ts", "broadcast.ts"} {
		a, f := transportStream(t, name)
		x := runIndexes(t, blobtest.NewMemory())
		if _, err := x.Open(t.Context(), a, f); !errors.Is(err, original.ErrIndexPending) {
			t.Fatalf("%s at first: %v", name, err)
		}
		s, err := x.opened(t, a, f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := s.Media().Sounds[0]; got.Name != "English" || got.Codecs != "ac-3" {
			t.Errorf("%s: the sound is %+v", name, got.Rendition)
		}
		segmentsFromAnyByte(t, s, f.Path)
		x.stop()
		if text := x.log.String(); strings.Count(text, "indexed a film") != 1 {
			t.Errorf("%s: %s", name, text)
		}
		// Another node takes the index from Blobs: what Blobs has is what it gives.
		own, err := blob.ReadAll(t.Context(), x.blobs, a.OriginalIndexKey())
		if err != nil {
			t.Fatal(err)
		}
		other := runIndexes(t, x.blobs)
		if _, err := other.opened(t, a, f); err != nil {
			t.Errorf("%s on another node: %v", name, err)
		}
		if theirs, err := blob.ReadAll(t.Context(), other.stage, a.OriginalIndexKey()); err != nil || !bytes.Equal(own, theirs) {
			t.Errorf("%s: another index, %v", name, err)
		}
	}
}

// segmentsFromAnyByte compares the bytes of an answer, from any one on, with the whole segment.
func segmentsFromAnyByte(t *testing.T, s *transcoder.OriginalStream, path string) {
	t.Helper()
	for _, c := range s.Media().Copies() {
		for n := range c.Segments() {
			p, err := s.Segment(c.ID, n)
			if err != nil {
				t.Fatalf("segment %d of %s: %v", n, path, err)
			}
			whole, err := all(p, 0)
			if err != nil || int64(len(whole)) != p.Size {
				t.Fatalf("%d of %d bytes of segment %d of %s: %v", len(whole), p.Size, n, path, err)
			}
			for _, at := range []int64{1, p.Size / 3, p.Size - 1} {
				if rest, err := all(p, at); err != nil || !bytes.Equal(rest, whole[at:]) {
					t.Errorf("segment %d of %s from byte %d: %v", n, path, at, err)
				}
			}
			p.Close()
		}
	}
}

// What was found out of a film that is unfit stays too.
func TestAnUnfitFilmIsReadOnce(t *testing.T) {
	t.Parallel()
	path := testkit.Clip(t, "sparse.ts", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=5:d=12", "-c:v", "libx264", "-preset", "ultrafast",
		"-g", "100", "-sc_threshold", "0")
	a, f := assetOf(t, path, "ac3"), fileOf(t, path)
	x := runIndexes(t, blobtest.NewMemory())
	if _, err := x.opened(t, a, f); !errors.Is(err, original.ErrSparse) {
		t.Fatalf("a sparse film: %v", err)
	}
	again := transcoder.NewIndexedOriginals(transcoder.NewOriginalIndexes(transcoder.OriginalIndexOptions{
		Stage: x.stage, Blobs: x.blobs, Logger: slog.New(slog.DiscardHandler),
	}))
	if _, err := again.Open(t.Context(), a, f); !errors.Is(err, original.ErrSparse) {
		t.Errorf("after a restart: %v", err)
	}
}

// An index that is not of the film is made again, and streams that the probe numbers otherwise are left to the ladder.
func TestAnIndexThatIsWrong(t *testing.T) {
	t.Parallel()
	a, f := transportStream(t, "broadcast.ts")
	x := runIndexes(t, blobtest.NewMemory())
	for _, at := range []*blobtest.Memory{x.stage, x.blobs} {
		if err := at.Put(t.Context(), a.OriginalIndexKey(), []byte("no index")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.opened(t, a, f); err != nil {
		t.Errorf("behind a wrong index: %v", err)
	}
	other := assetOf(t, f.Path, "aac")
	other.ID += "-"
	if _, err := x.opened(t, other, f); !errors.Is(err, transcoder.ErrOriginalOther) {
		t.Errorf("a film whose probe says another codec: %v", err)
	}
}

// A film that is another one than the scan found is not indexed, and nor is one that is away.
func TestAFilmThatChangesIsNotIndexed(t *testing.T) {
	t.Parallel()
	a, f := transportStream(t, "broadcast.ts")
	x := runIndexes(t, blobtest.NewMemory())
	if err := os.Truncate(f.Path, f.Size/2); err != nil {
		t.Fatal(err)
	}
	if _, err := x.opened(t, a, f); !errors.Is(err, original.ErrChanged) {
		t.Errorf("a film that was cut: %v", err)
	}
	if _, err := blob.ReadAll(t.Context(), x.stage, a.OriginalIndexKey()); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("it has an index: %v", err)
	}
}
