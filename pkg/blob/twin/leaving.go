package twin

import (
	"context"

	"movify/pkg/blob"
)

// leaving is a home while another one still holds the blobs that were brought from there.
type leaving struct {
	blob.Store
	left blob.Store
}

// Leaving gives home for all but Delete, which also deletes in the store that was left.
func Leaving(home, left blob.Store) blob.Store { return leaving{home, left} }

// Delete removes the blob from both.
func (l leaving) Delete(ctx context.Context, key string) error {
	if err := l.Store.Delete(ctx, key); err != nil {
		return err
	}
	return l.left.Delete(ctx, key)
}
