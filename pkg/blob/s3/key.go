package s3

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"movify/pkg/blob"
)

const (
	maxKey  = 1024 // bytes, S3's limit, which holds for the prefix and the key together
	maxName = 255  // bytes of one path element: the disk's limit, so that blobs can move there
	ownDir  = ".movify"
)

// check refuses a cancelled call and an invalid key.
func check(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return checkKey(key)
}

// checkKey gives ErrBadKey unless key is relative, slash-separated, clean UTF-8 within the limits, free of control
// characters and backslashes, and outside the engine's own folder.
func checkKey(key string) error {
	if key == "." || !fs.ValidPath(key) {
		return fmt.Errorf("%w: not a clean relative path", blob.ErrBadKey)
	}
	if len(key) > maxKey {
		return fmt.Errorf("%w: longer than %d bytes", blob.ErrBadKey, maxKey)
	}
	for _, r := range key {
		if r < ' ' || r == 0x7f || r == '\\' {
			return fmt.Errorf("%w: holds %q", blob.ErrBadKey, r)
		}
	}
	for name := range strings.SplitSeq(key, "/") {
		if len(name) > maxName {
			return fmt.Errorf("%w: an element is longer than %d bytes", blob.ErrBadKey, maxName)
		}
	}
	if first, _, _ := strings.Cut(key, "/"); first == ownDir {
		return fmt.Errorf("%w: %q is reserved", blob.ErrBadKey, ownDir)
	}
	return nil
}

// checkPrefix gives ErrBadKey for a prefix that no key can begin with. It may be empty and may end anywhere.
func checkPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	// With a letter appended, "a/", "a/." and "a/.." become names that keys may have.
	return checkKey(prefix + "x")
}
