package store

import (
	"testing"

	"movify/pkg/store/storetest"
)

func TestLibraryConforms(t *testing.T) {
	t.Parallel()
	storetest.Library(t, func(t *testing.T) storetest.LibraryStore { return newDB(t).Library() })
}

func FuzzPathsSurvive(f *testing.F) {
	for _, path := range []string{"", "/films/a.mkv", "\xff", `\xff`, `\\x`, "a\\\xfe\\xfe", "\x00", "ü\xc3"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got, err := unescapePath(escapePath(path))
		if err != nil || got != path {
			t.Errorf("%q became %q (%v)", path, got, err)
		}
	})
}
