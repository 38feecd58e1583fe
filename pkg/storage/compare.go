package storage

import (
	"context"
	"iter"

	"movify/pkg/blob"
)

// pairedBlob is a blob of one store, and the blob of another store under the same key.
type pairedBlob struct {
	blob.Info
	inOther bool
	other   blob.Info
}

// compare walks the blobs of a in key order, each with the blob of b under its key, by one listing of each store. The
// first error ends the walk.
func compare(ctx context.Context, a, b blob.Store, visit func(pairedBlob) error) error {
	next, stop := iter.Pull2(b.List(ctx, ""))
	defer stop()
	var other blob.Info
	more := true
	for info, err := range a.List(ctx, "") {
		if err != nil {
			return err
		}
		for more && other.Key < info.Key {
			if other, err, more = next(); err != nil {
				return err
			}
		}
		if err := visit(pairedBlob{Info: info, inOther: more && other.Key == info.Key, other: other}); err != nil {
			return err
		}
	}
	return nil
}
