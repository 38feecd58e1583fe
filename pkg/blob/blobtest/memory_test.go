package blobtest_test

import (
	"testing"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(*testing.T) blob.Store { return blobtest.NewMemory() })
}
