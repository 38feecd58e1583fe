package search_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"movify/library/search"
)

// residentKiB is how much of the index's files in dir this process has in memory.
func residentKiB(t *testing.T, dir string) (sum int) {
	t.Helper()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	inside := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, rest, _ := strings.Cut(lines.Text(), ":"); name == "Rss" && inside {
			kib := 0
			if _, err := fmt.Sscan(rest, &kib); err != nil {
				t.Fatal(err)
			}
			sum += kib
		}
		if strings.Contains(lines.Text(), "-") && strings.Contains(lines.Text(), " r") { // the head of a mapping
			inside = strings.Contains(lines.Text(), dir) && strings.Contains(lines.Text(), ".zap")
		}
	}
	return sum
}

// What a search brought into memory leaves it when no other comes, and the next search finds the same.
func TestASearchedIndexLeavesMemory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "index")
	once(t, dir, func(x *search.Index) { fill(t, x) })
	t.Run("while it is searched", func(t *testing.T) {
		x := running(t, search.Options{Dir: dir, Rest: time.Hour})
		holds(t, x, true, "all of it")
		if residentKiB(t, dir) == 0 {
			t.Error("a search needs nothing in memory: are the files of the index mapped?")
		}
	})
	x := running(t, search.Options{Dir: dir, Rest: 10 * time.Millisecond})
	for began := time.Now(); ; {
		holds(t, x, true, "all of it")
		// The engine tidies its files in the background, which brings pages back without a search.
		for looked := time.Now(); time.Since(looked) < time.Second; time.Sleep(10 * time.Millisecond) {
			if residentKiB(t, dir) == 0 {
				holds(t, x, true, "all of it")
				return
			}
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("%d KiB of the index are still in memory a minute after the first search", residentKiB(t, dir))
		}
	}
}
