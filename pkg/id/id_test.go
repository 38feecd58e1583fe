package id_test

import (
	"testing"

	"movify/pkg/id"
)

func TestNewIDsSortByAge(t *testing.T) {
	t.Parallel()
	last := id.New[id.Title]()
	for range 1000 {
		next := id.New[id.Title]()
		if next <= last {
			t.Fatalf("%s came after %s", next, last)
		}
		last = next
	}
	if len(last) != 36 {
		t.Errorf("%q is no UUID", last)
	}
}
