package blobtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"movify/pkg/blob"
)

// Memory is a blob.Store in memory for tests of other packages. It passes the same suite as the engines.
type Memory struct {
	mu    sync.RWMutex
	blobs map[string]stored
}

type stored struct {
	data []byte
	at   time.Time
}

var _ blob.Store = (*Memory)(nil)

// NewMemory makes an empty one.
func NewMemory() *Memory { return &Memory{blobs: make(map[string]stored)} }

// Put keeps a copy of data.
func (m *Memory) Put(ctx context.Context, key string, data []byte) error {
	if err := check(ctx, key); err != nil {
		return fmt.Errorf("put blob %q: %w", key, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, taken := m.blobs[key]; taken {
		return fmt.Errorf("put blob %q: %w", key, blob.ErrExists)
	}
	m.blobs[key] = stored{data: slices.Clone(data), at: time.Now()}
	return nil
}

// PutFrom keeps a copy of src.
func (m *Memory) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	data := make([]byte, size)
	if n, err := src.ReadAt(data, 0); n < len(data) {
		return fmt.Errorf("put blob %q: %w", key, err)
	}
	return m.Put(ctx, key, data)
}

// OpenRange gives a reader over a part of the stored bytes.
func (m *Memory) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	b, err := m.get(ctx, key)
	if err == nil && (offset < 0 || length < 0 || offset > int64(len(b.data))-length) {
		err = blob.ErrRange
	}
	if err != nil {
		return blob.Object{}, fmt.Errorf("open %d bytes of blob %q from %d: %w", length, key, offset, err)
	}
	info := b.info(key)
	info.Size = length
	return blob.Object{Info: info, Body: body{bytes.NewReader(b.data[offset : offset+length])}}, nil
}

// Open gives a reader over the stored bytes.
func (m *Memory) Open(ctx context.Context, key string) (blob.Object, error) {
	b, err := m.get(ctx, key)
	if err != nil {
		return blob.Object{}, fmt.Errorf("open blob %q: %w", key, err)
	}
	return blob.Object{Info: b.info(key), Body: body{bytes.NewReader(b.data)}}, nil
}

// Stat gives size and time.
func (m *Memory) Stat(ctx context.Context, key string) (blob.Info, error) {
	b, err := m.get(ctx, key)
	if err != nil {
		return blob.Info{}, fmt.Errorf("stat blob %q: %w", key, err)
	}
	return b.info(key), nil
}

// List walks the keys as they are at its start.
func (m *Memory) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		var err error
		if prefix != "" {
			err = checkKey(prefix + "x")
		}
		m.mu.RLock()
		all := maps.Clone(m.blobs)
		m.mu.RUnlock()
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				break
			}
			if strings.HasPrefix(key, prefix) && !yield(all[key].info(key), nil) {
				return
			}
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			yield(blob.Info{}, fmt.Errorf("list blobs %q: %w", prefix, err))
		}
	}
}

// Delete forgets the key.
func (m *Memory) Delete(ctx context.Context, key string) error {
	if err := check(ctx, key); err != nil {
		return fmt.Errorf("delete blob %q: %w", key, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.blobs, key)
	return nil
}

func (m *Memory) get(ctx context.Context, key string) (stored, error) {
	if err := check(ctx, key); err != nil {
		return stored{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	b, ok := m.blobs[key]
	if !ok {
		return stored{}, blob.ErrNotFound
	}
	return b, nil
}

func (b stored) info(key string) blob.Info {
	return blob.Info{Key: key, Size: int64(len(b.data)), ModTime: b.at}
}

type body struct{ *bytes.Reader }

func (body) Close() error { return nil }

func check(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return checkKey(key)
}

func checkKey(key string) error {
	control := func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }
	if key == "." || !fs.ValidPath(key) || len(key) > 1024 || strings.ContainsFunc(key, control) {
		return blob.ErrBadKey
	}
	return nil
}
