package scan_test

import (
	"strings"
	"testing"

	"movify/library/scan"
)

func TestIgnoreFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, passed, kept string }{
		{"", "film.mkv a/b.mkv a/", ""},
		{"# nothing but words\n\n", "film.mkv a/", ""},
		{"*.avi", "a.avi b/c.AVI d.e.avi", "a.mkv avi a.avi.mkv"},
		{"sample", "sample a/sample sample/x.mkv a/Sample/x.mkv", "sample.mkv samples/x.mkv"},
		{"extras/", "extras/ extras/x.mkv a/extras/x.mkv", "extras a/extras"},
		{"/extras", "extras extras/x.mkv", "a/extras a/extras/x.mkv"},
		{"a/b", "a/b a/b/c.mkv", "b x/a/b"},
		{"a/*", "a/b a/b/c", "a/ b/a"},
		{"a/**", "a/b a/b/c", "a b/a/b"},
		{"a/**/z", "a/z a/b/z a/b/c/z", "z a/b/zz"},
		{"**/z", "z a/z a/b/z", "zz"},
		{"*.mkv\n!keep.mkv", "a.mkv b/a.mkv", "keep.mkv b/keep.mkv"},
		{"!keep.mkv\n*.mkv", "keep.mkv", "keep.avi"},
		{"old/\n!old/keep.mkv", "old/keep.mkv", "keep.mkv"},
		{`\#1.mkv`, "#1.mkv", "1.mkv"},
		{"film ?.mkv", "", "film.mkv"},
		{"film?.mkv\r\n", "film1.mkv", "film.mkv film12.mkv"},
		{"[ab].mkv", "a.mkv b.mkv", "c.mkv"},
		{"[", "", "[ a"},
		{"/\n*.ts", "a.ts", "a.mkv"},
		{"\ufeff*.ts", "a.ts", "a.mkv"},
		{"# a\n  \n*.ts  ", "a.ts", "a.mkv"},
	} {
		i := scan.ParseIgnore(c.text)
		for rel := range strings.FieldsSeq(c.passed) {
			if name, folder := strings.CutSuffix(rel, "/"); !i.Match(name, folder) {
				t.Errorf("%q does not pass by %s", c.text, rel)
			}
		}
		for rel := range strings.FieldsSeq(c.kept) {
			if name, folder := strings.CutSuffix(rel, "/"); i.Match(name, folder) {
				t.Errorf("%q passes by %s", c.text, rel)
			}
		}
	}
	if (scan.Ignores{}).Match("film.mkv", false) {
		t.Error("no file says to pass by anything")
	}
}

func FuzzIgnores(f *testing.F) {
	f.Add("**/a/**/b/**", "a/a/a/a/b/c")
	f.Add("!x\n[", "x")
	f.Fuzz(func(t *testing.T, text, rel string) {
		i := scan.ParseIgnore(text)
		// Paths below an ignored folder are ignored.
		if i.Match(rel, true) && !i.Match(rel+"/film.mkv", false) {
			t.Errorf("%q passes by %q and not what is in it", text, rel)
		}
	})
}
