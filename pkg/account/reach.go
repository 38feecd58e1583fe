package account

import (
	"context"
	"fmt"
	"slices"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// ErrReach is the fault of limiting an administrator, or of a list that is too long.
var ErrReach = fault.New(fault.Invalid, "reach_invalid",
	"Only a member's library can be limited: an administrator looks after all of it.")

// maxReachEntries is how many roots, or channels, a list may name.
const maxReachEntries = 200

// Reach limits an account to library folders and channels. A nil list is no limit; an empty list lets nothing in, and neither
// does a folder or channel on it that was removed.
type Reach struct {
	Roots    []id.Root
	Channels []id.Collection
}

// unlimited reports whether nothing is limited.
func (r Reach) unlimited() bool { return r.Roots == nil && r.Channels == nil }

// ReachChange changes a Reach. The zero Value of a change lifts the limit.
type ReachChange struct {
	Roots    FieldChange[[]id.Root]
	Channels FieldChange[[]id.Collection]
}

// limits reports whether the change limits anything.
func (c ReachChange) limits() bool {
	return c.Roots.Set && c.Roots.Value != nil || c.Channels.Set && c.Channels.Value != nil
}

// check gives a fault when an account of that role cannot have these limits.
func (c ReachChange) check(role Role) error {
	switch {
	case c.limits() && role.Administers():
		return invalidField("libraries", ErrReach)
	case len(c.Roots.Value) > maxReachEntries:
		return invalidField("libraries", ErrReach.Saying(fmt.Sprintf("Please choose at most %d folders.", maxReachEntries)))
	case len(c.Channels.Value) > maxReachEntries:
		return invalidField("channels", ErrReach.Saying(fmt.Sprintf("Please choose at most %d channels.", maxReachEntries)))
	}
	return nil
}

// to applies the change.
func (c ReachChange) to(r Reach) Reach {
	c.Roots.apply(&r.Roots)
	c.Channels.apply(&r.Channels)
	slices.Sort(r.Roots)
	slices.Sort(r.Channels)
	r.Roots, r.Channels = slices.Compact(r.Roots), slices.Compact(r.Channels)
	return r
}

// setReach stores a change of an account's reach. An administrator's is the whole library.
func (s *Service) setReach(ctx context.Context, a Account, c ReachChange) error {
	all, err := s.opts.Store.Reaches(ctx)
	if err != nil {
		return fmt.Errorf("read what accounts may see: %w", err)
	}
	before := all[a.ID]
	after := c.to(before)
	if a.Role.Administers() {
		after = Reach{}
	}
	if before.unlimited() && after.unlimited() {
		return nil
	}
	if err := s.opts.Store.SetReach(ctx, a.ID, after); err != nil {
		return fmt.Errorf("keep what an account may see: %w", err)
	}
	return nil
}
