package keeper

import (
	"context"
	"iter"

	"movify/pkg/blob"
)

// both is a blob of one store, and what another has under its key.
type both struct {
	blob.Info
	there bool
	other blob.Info
}

// compare walks the blobs of a in key order, each with what b has under its key, by one listing of each. The first error
// ends the walk.
func compare(ctx context.Context, a, b blob.Store, see func(both) error) error {
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
		if err := see(both{Info: info, there: more && other.Key == info.Key, other: other}); err != nil {
			return err
		}
	}
	return nil
}
