package store

import (
	"slices"
	"testing"
)

// TestListsHaveFewLengths: a list of any length is asked for with few statements, and holds what it held.
func TestListsHaveFewLengths(t *testing.T) {
	t.Parallel()
	lengths := make(map[int]bool)
	for n := range 1300 {
		list := make([]int, n, n+7)
		for i := range list {
			list[i] = i
		}
		before := slices.Clone(list[:cap(list)])
		var all []int
		for part := range chunks(list) {
			lengths[len(part)] = true
			all = append(all, part...)
		}
		slices.Sort(all)
		if got := slices.Compact(all); !slices.Equal(got, list) {
			t.Fatalf("of %d values %d are asked for", n, len(got))
		}
		if !slices.Equal(before, list[:cap(list)]) {
			t.Fatalf("the memory behind a list of %d was written to", n)
		}
	}
	if len(lengths) != 10 || lengths[0] {
		t.Errorf("the lengths are %v, want powers of two up to 512", lengths)
	}
}
