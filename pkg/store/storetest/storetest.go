// Package storetest holds the conformance suites of the storage ports: every engine, and every fake that stands in for
// one, passes them. It is for tests only.
package storetest

import "testing"

// testCase is one named property of a store.
type testCase[S any] struct {
	name string
	test func(*testing.T, S)
}

// run proves each case in parallel with a store of its own.
func run[S any](t *testing.T, open func(*testing.T) S, cases []testCase[S]) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, open(t))
		})
	}
}
