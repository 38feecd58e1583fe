package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// TestBadFilesNeedAttentionAndHarmNobody drops everything a library can hold that is no film beside one that is.
func TestBadFilesNeedAttentionAndHarmNobody(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	good := testkit.Film(t, 320, 180, 4)
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	moovLast, err := os.ReadFile(testkit.Clip(t, "moov-last.mp4", "-i", good, "-c", "copy", "-c:a", "aac"))
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret.mkv")
	write(t, secret, whole)
	bad := map[string]struct {
		content []byte
		words   string
	}{
		"Zero (2001).mkv":               {nil, "empty"},
		"Truncated (2003).mp4":          {moovLast[:len(moovLast)*6/10], "cut off"},
		"Text (2004).mkv":               {[]byte("this is a shopping list\n"), "not a video format"},
		"Playlist (2005).mkv":           {[]byte("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://" + secret + "\n#EXT-X-ENDLIST\n"), "playlist"},
		"Concat (2006).mkv":             {[]byte("ffconcat version 1.0\nfile '" + secret + "'\n"), "playlist"},
		"Bytes %d 'q' \"w\" (2007).mkv": {[]byte(strings.Repeat("\x00\xff\x13", 4000)), "not a video format"},
		"Line\nbreak (2008).mkv":        {[]byte("no film"), "not a video format"},
		"Broken \xff\xfe (2009).mkv":    {[]byte("no film"), "not a video format"},
	}
	for name, b := range bad {
		write(t, filepath.Join(films, name), b.content)
	}
	write(t, filepath.Join(films, "Good (2010).mkv"), whole)
	write(t, filepath.Join(films, "Shortened (2002).mkv"), whole[:len(whole)*6/10])
	write(t, filepath.Join(films, "Odd %d 'name' \"here\" (2011).mkv"), append(whole[:len(whole):len(whole)], void(16)...))
	before := contents(t, films)

	s := serve(t, t.TempDir(), films)
	s.setUp()
	s.ready(s.title("Good").ID)
	s.ready(s.title("Shortened").ID)
	s.ready(s.title("Odd %d 'name' \"here\"").ID)
	var page struct {
		Items []struct{ Name, Path, Reason, Code string }
	}
	s.until("every bad file needs attention", func() bool {
		s.call("GET", "/api/v1/library/attention", nil, &page, 200)
		return len(page.Items) >= len(bad)
	})
	if len(page.Items) != len(bad) {
		t.Errorf("%d files need attention, want %d: %+v", len(page.Items), len(bad), page.Items)
	}
	for name, want := range bad {
		year := name[strings.Index(name, "("):strings.Index(name, ")")]
		found := false
		for _, item := range page.Items {
			if strings.Contains(item.Name, year) && filepath.Ext(item.Name) == filepath.Ext(name) {
				found = true
				if !strings.Contains(item.Reason, want.words) || item.Code == "" {
					t.Errorf("%q: reason %q (%s) does not say %q", name, item.Reason, item.Code, want.words)
				}
			}
		}
		if !found {
			t.Errorf("%q is not on the list", name)
		}
	}
	for name, sum := range contents(t, films) {
		if before[name] != sum {
			t.Errorf("%q was changed", name)
		}
		delete(before, name)
	}
	for name := range before {
		t.Errorf("%q was deleted", name)
	}
}

// void is an EBML Void element: it changes a file's fingerprint and nothing else.
func void(size int) []byte {
	return append([]byte{0xec, 0x80 | byte(size)}, make([]byte, size)...)
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = digest(data)
	}
	return out
}
