// Package blob is the port to the stores of segments and pictures. A key is written once and never changes; the engines
// (disk, s3) pass the one conformance suite in blobtest. It does not interpret the bytes.
package blob

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"time"
)

// ErrNotFound is returned, wrapped, when a key holds nothing.
var ErrNotFound = errors.New("blob not found")

// ErrExists is returned, wrapped, when a key is already written. The stored bytes are untouched.
var ErrExists = errors.New("blob exists")

// ErrBadKey is returned, wrapped, for a key that is not relative, slash-separated, clean and free of "..".
var ErrBadKey = errors.New("bad blob key")

// Info describes a stored blob.
type Info struct {
	Key     string
	Size    int64 // bytes
	ModTime time.Time
}

// ErrRange is returned, wrapped, for bytes that a blob does not have.
var ErrRange = errors.New("blob is shorter than the range")

// Object is an open blob, or a range of one. The reader closes Body.
type Object struct {
	// Info describes the blob; Size counts the bytes of Body, which for a range is the range's length.
	Info
	// Body reads the bytes; offsets of Seek count from the first of them.
	Body io.ReadSeekCloser
	// File is set by an engine that has the bytes in a file: Size bytes from Offset on. It is for sendfile and is
	// closed with Body; a caller that moves its position must not use Body any more.
	File   *os.File
	Offset int64
}

// Store keeps blobs. All methods may be called at once from many goroutines and end early when ctx is cancelled.
type Store interface {
	// Put stores data under key, atomically: the key holds all of data or nothing. The first writer wins; a later one
	// gets ErrExists.
	Put(ctx context.Context, key string, data []byte) error
	// PutFrom is Put for a blob too large for memory: size bytes of src, which may be read more than once and in
	// parallel parts. An src with fewer bytes is an error, and nothing is stored.
	PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error
	// Open returns the blob, or ErrNotFound. The caller closes Body.
	Open(ctx context.Context, key string) (Object, error)
	// OpenRange returns length bytes of the blob from offset on: ErrNotFound without the blob, ErrRange when the blob
	// ends before that. The caller closes Body.
	OpenRange(ctx context.Context, key string, offset, length int64) (Object, error)
	// Stat returns size and time without the bytes, or ErrNotFound.
	Stat(ctx context.Context, key string) (Info, error)
	// List walks the blobs whose key begins with prefix, in key order. A prefix that matches nothing yields nothing.
	// An error ends the walk.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
	// Delete removes the blob; removing an absent key is no error.
	Delete(ctx context.Context, key string) error
}

// ReadAll returns all bytes of a blob.
func ReadAll(ctx context.Context, s Store, key string) ([]byte, error) {
	o, err := s.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer o.Body.Close()
	return io.ReadAll(o.Body)
}
