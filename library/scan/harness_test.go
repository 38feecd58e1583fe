package scan_test

import (
	"testing"

	"movify/library/librarytest"
)

// harness is a librarytest.Harness with the shorthands of the tests of this package.
type harness struct{ *librarytest.Harness }

func newHarness(t *testing.T, files map[string]string) *harness {
	t.Helper()
	return &harness{librarytest.New(t, files)}
}
