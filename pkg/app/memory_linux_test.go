package app

import (
	"os"
	"testing"
)

// programPages gives how much of the program file is resident, in KiB, apart from what was changed.
func programPages(t *testing.T) (kib int) {
	t.Helper()
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	all, err := mappings()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.path == program && m.changedKiB == 0 {
			kib += m.rssKiB
		}
	}
	return kib
}

// TestProgramPagesAreGivenBack: the program goes on, with fewer of its pages.
func TestProgramPagesAreGivenBack(t *testing.T) {
	before := programPages(t)
	if err := returnProgramPages(); err != nil {
		t.Fatal(err)
	}
	if after := programPages(t); before < 4<<10 || after > before/2 {
		t.Errorf("%d KiB of the program are resident, before %d", after, before)
	}
}
