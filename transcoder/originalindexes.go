package transcoder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/transcoder/original"
)

// OriginalIndexOptions configure OriginalIndexes.
type OriginalIndexOptions struct {
	Stage blob.Store // where a start looks for an index
	Blobs blob.Store // from where other nodes take one
	// BytesPerSecond is how fast a file is read at most; 0 = as fast as its disk gives.
	BytesPerSecond int64
	Logger         *slog.Logger
}

// OriginalIndexes makes indexes of files that have none of their own, transport streams, and stores them beside the plans of
// their assets. Each is made once, when a film is asked for the first time, by reading it from beginning to end in the
// background, one film after the other. It is safe for concurrent use.
type OriginalIndexes struct {
	opts OriginalIndexOptions
	wake chan struct{}

	mu     sync.Mutex
	wanted []wantedIndex // the next one first
}

// wantedIndex is a file of which an index is to be made.
type wantedIndex struct {
	asset media.Asset
	file  media.SourceFile
}

// maxWantedIndexes is how many files wait at most; one more that is asked for takes the place of the one that waits longest.
const maxWantedIndexes = 64

// NewOriginalIndexes gives an OriginalIndexes that makes none before it runs.
func NewOriginalIndexes(o OriginalIndexOptions) *OriginalIndexes {
	return &OriginalIndexes{opts: o, wake: make(chan struct{}, 1)}
}

// open opens a film by its index. Without one original.ErrIndexPending is given, and it is made.
func (x *OriginalIndexes) open(a media.Asset, f media.SourceFile, r io.ReaderAt) (*original.Stream, error) {
	ctx := context.Background() // as that of the goroutine which opens a file
	index, err := blob.ReadAll(ctx, x.opts.Stage, a.OriginalIndexKey())
	if err == nil {
		var s *original.Stream
		if s, err = original.OpenIndexed(r, f.Size, index); !errors.Is(err, original.ErrIndex) {
			return s, err
		}
		err = x.discard(ctx, a, err)
	}
	if err != nil && !errors.Is(err, blob.ErrNotFound) {
		return nil, err
	}
	x.want(wantedIndex{a, f})
	return nil, original.ErrIndexPending
}

// discard removes an index that is not of the file.
func (x *OriginalIndexes) discard(ctx context.Context, a media.Asset, cause error) error {
	x.opts.Logger.Warn("an index of a film is wrong, it is made again", "asset", a.ID, "error", cause)
	for _, at := range [...]blob.Store{x.opts.Blobs, x.opts.Stage} {
		if err := at.Delete(ctx, a.OriginalIndexKey()); err != nil && !errors.Is(err, blob.ErrNotFound) {
			return fmt.Errorf("remove the index of %s: %w", a.ID, err)
		}
	}
	return nil
}

// want lets the index of a file be made, before those that were asked for earlier.
func (x *OriginalIndexes) want(w wantedIndex) {
	x.mu.Lock()
	x.wanted = slices.DeleteFunc(x.wanted, func(other wantedIndex) bool { return other.asset.ID == w.asset.ID })
	x.wanted = slices.Insert(x.wanted, 0, w)
	x.wanted = x.wanted[:min(len(x.wanted), maxWantedIndexes)]
	x.mu.Unlock()
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// next gives the file whose index is made next. It stays in the list while that is made.
func (x *OriginalIndexes) next() (w wantedIndex, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.wanted) == 0 {
		return w, false
	}
	return x.wanted[0], true
}

func (x *OriginalIndexes) done(a id.Asset) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.wanted = slices.DeleteFunc(x.wanted, func(w wantedIndex) bool { return w.asset.ID == a })
}

// Run makes indexes until ctx ends. What fails is tried again when the film is asked for again.
func (x *OriginalIndexes) Run(ctx context.Context) error {
	for {
		w, ok := x.next()
		if !ok {
			select {
			case <-x.wake:
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		began := time.Now()
		err := x.store(ctx, w)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		x.done(w.asset.ID)
		if err != nil {
			x.opts.Logger.Warn("index a film", "asset", w.asset.ID, "error", err)
			continue
		}
		x.opts.Logger.Info("indexed a film", "asset", w.asset.ID, "bytes", w.file.Size, "took", time.Since(began))
	}
}

// store takes the index of a film from Blobs, where another node put it, or makes it.
func (x *OriginalIndexes) store(ctx context.Context, w wantedIndex) error {
	key := w.asset.OriginalIndexKey()
	index, err := blob.ReadAll(ctx, x.opts.Blobs, key)
	if errors.Is(err, blob.ErrNotFound) {
		if index, err = x.make(ctx, w); err == nil {
			err = putOnce(ctx, x.opts.Blobs, key, index)
		}
	}
	if err != nil {
		return err
	}
	return putOnce(ctx, x.opts.Stage, key, index)
}

// make reads a film. One that changes meanwhile has no index.
func (x *OriginalIndexes) make(ctx context.Context, w wantedIndex) ([]byte, error) {
	s := OriginalStream{asset: w.asset.ID, file: w.file}
	f, err := s.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	began := time.Now()
	index, err := original.MakeIndex(f, w.file.Size, func(read int64) error {
		return wait(ctx, pauseAfter(read, x.opts.BytesPerSecond, time.Since(began)))
	})
	if err == nil {
		err = s.same(f)
	}
	return index, err
}

// pauseAfter is how long a reader waits that has read some bytes in a time and may read rate bytes a second; 0 = any number.
func pauseAfter(read, rate int64, took time.Duration) time.Duration {
	if rate <= 0 {
		return 0
	}
	return max(0, time.Duration(float64(read)/float64(rate)*float64(time.Second))-took)
}

// wait waits for a time, or until ctx is done.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listedAlike reports whether the probe lists the same codecs under the numbers of the copied streams: streams of a transport
// stream have none in the file, and count in the order in which a reader meets them.
func listedAlike(o media.Original, p media.Probe) bool {
	names := [...]struct{ codecs, name string }{
		{"avc", "h264"}, {"hvc1", "hevc"}, {"hev1", "hevc"},
		{"mp4a.40", "aac"}, {"mp4a.6", "mp3"}, {"ac-3", "ac3"}, {"ec-3", "eac3"},
	}
	alike := func(c media.Copy, codec string) bool {
		return slices.ContainsFunc(names[:], func(n struct{ codecs, name string }) bool {
			return strings.HasPrefix(c.Codecs, n.codecs) && codec == n.name
		})
	}
	if v, ok := p.VideoTrack(o.Picture.Stream); !ok || !alike(o.Picture, v.Codec) {
		return false
	}
	for _, c := range o.Sounds {
		at := slices.IndexFunc(p.Audio, func(t media.AudioTrack) bool { return t.Index == c.Stream })
		if at < 0 || !alike(c, p.Audio[at].Codec) {
			return false
		}
	}
	return true
}
