package naming_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/library/naming"
)

// BenchmarkIdentify reads the paths of all cases: what a scan spends on names, about.
func BenchmarkIdentify(b *testing.B) {
	files, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil {
		b.Fatal(err)
	}
	var paths []string
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			b.Fatal(err)
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if path, _, ok := strings.Cut(lines.Text(), " => "); ok {
				paths = append(paths, path)
			}
		}
		f.Close()
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range paths {
			naming.Identify(p)
		}
	}
}
