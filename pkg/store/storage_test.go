package store_test

import (
	"testing"

	"movify/pkg/storage"
	"movify/pkg/store/storetest"
)

func TestStorage(t *testing.T) {
	t.Parallel()
	storetest.Storage(t, func(t *testing.T) storage.Store { return fresh(t).Storage() })
}

func TestStorageSettingsAreKept(t *testing.T) {
	t.Parallel()
	s := fresh(t).Storage()
	for _, want := range []string{"", `{"bucket":"b"}`, `{"bucket":"c"}`, ""} {
		if err := s.SaveS3(t.Context(), []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got, err := s.S3(t.Context()); err != nil || string(got) != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
}
