package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"movify/library/catalogue"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/store"
	"movify/pkg/testkit"
)

// scanned are the names and taglines of the movies in a data folder.
func scanned(t *testing.T, data string) []string {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(data, "movify.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	page, err := catalogue.New(catalogue.Options{Store: db.Library()}).Titles(t.Context(), library.Unrestricted(), catalogue.Query{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range page.Cards {
		out = append(out, c.Name+": "+c.Tagline)
	}
	slices.Sort(out)
	return out
}

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// When `movify scan` reports its end, the descriptions of the found files have been read as well.
func TestScanReadsWhatStandsBesideFilms(t *testing.T) {
	t.Parallel()
	film, err := os.ReadFile(testkit.Film(t, 320, 180, 2))
	if err != nil {
		t.Fatal(err)
	}
	films, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	var want []string
	for n := range 12 {
		name := fmt.Sprintf("Film %02d (2001)", n)
		text := fmt.Sprintf("<movie><title>Film %02d, described</title><tagline>Line %02d.</tagline></movie>", n, n)
		beside := map[string][]byte{name + ".mkv": append(slices.Clone(film), byte(n)), "movie.nfo": []byte(text)}
		if err := os.Mkdir(filepath.Join(films, name), 0o755); err != nil {
			t.Fatal(err)
		}
		for file, content := range beside {
			if err := os.WriteFile(filepath.Join(films, name, file), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want = append(want, fmt.Sprintf("Film %02d, described: Line %02d.", n, n))
	}
	env := map[string]string{"MOVIFY_LIBRARY_SETTLE": "100ms"}
	said := ""
	for _, more := range [][]string{nil, {"--json"}} {
		code, out, stderr := do(t, "", env, append([]string{"scan", "--data", data, "--library", films}, more...)...)
		said += fmt.Sprintf("$ movify scan %s\n%s--- exit %d\n", more, out, code)
		if code != exitOK {
			t.Fatalf("exit %d\n%s%s", code, out, stderr)
		}
		if diff := cmp.Diff(want, scanned(t, data)); diff != "" {
			t.Errorf("after the scan (-want +got):\n%s", diff)
		}
	}
	golden(t, "scan", said)
}

// pressing is a standard error that interrupts the command as soon as it says a word.
type pressing struct {
	bytes.Buffer
	interrupt context.CancelFunc
	on        string
}

func (p *pressing) Write(text []byte) (int, error) {
	if bytes.Contains(text, []byte(p.on)) {
		p.interrupt()
	}
	return p.Buffer.Write(text)
}

// Ctrl-C while sidecars are read ends the scan without a summary, and the next one continues.
func TestScanThatIsInterrupted(t *testing.T) {
	t.Parallel()
	films, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	film, err := os.ReadFile(testkit.Film(t, 320, 180, 2))
	if err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string][]byte{"Heat (1995).mkv": film, "Heat (1995).nfo": []byte("<movie><tagline>Los Angeles.</tagline></movie>")} {
		path := filepath.Join(films, file)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	// An invalid picture is logged while sidecars are read.
	if err := os.WriteFile(filepath.Join(films, "Heat (1995)-poster.jpg"), []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"scan", "--data", data, "--library", films}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr := &pressing{interrupt: cancel, on: "picture"}
	var stdout bytes.Buffer
	code := run(ctx, args, terminal{out: &stdout, err: stderr, env: map[string]string{"MOVIFY_LOG_LEVEL": "debug"}})
	if code != exitInterrupted || stdout.Len() > 0 {
		t.Errorf("exit %d, %q\n%s", code, &stdout, stderr)
	}
	if code, out, stderr := do(t, "", nil, args...); code != exitOK {
		t.Fatalf("the next scan: exit %d\n%s%s", code, out, stderr)
	}
	if diff := cmp.Diff([]string{"Heat: Los Angeles."}, scanned(t, data)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
