package migrate

import (
	"context"

	"movify/pkg/blob"
)

// deleteFromBoth is a store in use while a retired one still holds copies of its blobs.
type deleteFromBoth struct {
	blob.Store
	retired blob.Store
}

// DeleteFromBoth returns store with a Delete that also deletes from the retired store.
func DeleteFromBoth(store, retired blob.Store) blob.Store { return deleteFromBoth{store, retired} }

// Delete removes the blob from both.
func (d deleteFromBoth) Delete(ctx context.Context, key string) error {
	if err := d.Store.Delete(ctx, key); err != nil {
		return err
	}
	return d.retired.Delete(ctx, key)
}
