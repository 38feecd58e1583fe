package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"movify/pkg/blob"
	"movify/pkg/blob/disk"
	"movify/pkg/header"
	"movify/pkg/media"
	"movify/player/hls"
	"movify/transcoder"
	"movify/transcoder/original"
)

// Copied is the result of Original.
type Copied struct {
	Stream media.Original
	Took   time.Duration
}

// Original writes the Original stream of a film into the folder out, and its playlists. It starts no program. What is there
// already is kept when it is the same.
func (t *Tools) Original(ctx context.Context, path, out string) (Copied, error) {
	began := time.Now()
	info, err := os.Stat(path) // before opening: that of a FIFO would wait for a writer
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return Copied{}, ErrNoFile.Saying("There is no file " + path + ".")
	}
	if err != nil {
		return Copied{}, fmt.Errorf("read the film: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return Copied{}, fmt.Errorf("read the film: %w", err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return Copied{}, fmt.Errorf("read the film: %w", err)
	}
	stream, err := openOriginal(ctx, f, info.Size())
	if err != nil {
		return Copied{}, err
	}
	probe, err := header.Read(f, info.Size())
	if err != nil { // the names are then those that the index of the samples has
		probe = media.Probe{}
	}
	blobs, err := disk.Open(disk.Options{Dir: out, Sync: disk.SyncNone, Public: true})
	if err != nil {
		return Copied{}, err
	}
	defer blobs.Close()
	described := transcoder.DescribeCopies(stream.Media(), probe)
	w := originalWriter{ctx: ctx, film: f, info: info, stream: stream, media: described, blobs: blobs}
	if err := w.write(); err != nil {
		return Copied{}, err
	}
	return Copied{Stream: w.media, Took: time.Since(began)}, nil
}

// openOriginal opens the stream of a film. One without an index is read as a whole first.
func openOriginal(ctx context.Context, f *os.File, size int64) (*original.Stream, error) {
	stream, err := original.Open(f, size)
	if !errors.Is(err, original.ErrIndexPending) {
		return stream, err
	}
	index, err := original.MakeIndex(f, size, func(int64) error { return ctx.Err() })
	if err != nil {
		return nil, err
	}
	return original.OpenIndexed(f, size, index)
}

// originalWriter writes a stream into a folder.
type originalWriter struct {
	ctx    context.Context
	film   *os.File
	info   fs.FileInfo // of film, before its index was read
	stream *original.Stream
	media  media.Original
	blobs  blob.Store
}

// write writes the multivariant playlist last: once it exists, all files it names exist.
func (w originalWriter) write() error {
	if _, err := w.blobs.Stat(w.ctx, media.PlanName); err == nil {
		return transcoder.ErrOtherAsset
	}
	for _, c := range w.media.Copies() {
		if err := w.rendition(c); err != nil {
			return err
		}
	}
	if err := w.unchanged(); err != nil {
		return err
	}
	text, err := hls.Original(w.media)
	if err != nil {
		return err
	}
	return w.put(media.MultivariantName, []byte(text))
}

// unchanged insists that all that was written is of one film.
func (w originalWriter) unchanged() error {
	now, err := w.film.Stat()
	if err != nil {
		return fmt.Errorf("read the film: %w", err)
	}
	if now.Size() != w.info.Size() || !now.ModTime().Equal(w.info.ModTime()) {
		return original.ErrChanged
	}
	return nil
}

func (w originalWriter) rendition(c media.Copy) error {
	folder := string(c.ID) + "/"
	in, err := w.stream.Init(c.ID)
	if err != nil {
		return err
	}
	if err := w.put(folder+media.InitName, in); err != nil {
		return err
	}
	for n := range c.Segments() {
		segment, err := w.stream.Segment(c.ID, n)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		b.Grow(int(segment.Size))
		if _, err := segment.WriteTo(&b, w.film); err != nil {
			return err
		}
		if err := w.put(folder+media.SegmentName(n), b.Bytes()); err != nil {
			return err
		}
	}
	text, err := hls.OriginalMedia(w.media, media.Asset{}, c)
	if err != nil {
		return err
	}
	return w.put(folder+media.PlaylistName, []byte(text))
}

// put stores a file. One that is there with other bytes is of another stream.
func (w originalWriter) put(key string, data []byte) error {
	err := w.blobs.Put(w.ctx, key, data)
	if !errors.Is(err, blob.ErrExists) {
		return err
	}
	there, err := blob.ReadAll(w.ctx, w.blobs, key)
	if err == nil && !bytes.Equal(there, data) {
		err = transcoder.ErrOtherAsset
	}
	return err
}
