package scan

import (
	"path"
	"slices"
	"strings"
)

// Ignores are the rules of a library.IgnoreFile. The zero value ignores nothing.
type Ignores struct {
	all   bool
	rules []ignoreRule
}

// ignoreRule is one line of a library.IgnoreFile.
type ignoreRule struct {
	parts    []string // of the pattern, between slashes; "**" stands for any number of folders
	folders  bool     // it matches folders only
	opposite bool     // it re-includes
}

// ParseIgnore reads the text of a library.IgnoreFile. A file without a rule ignores its whole folder; otherwise each line is a
// pattern as in .gitignore: "*" and "?" stay within a name, "**" crosses folders, a slash before the end anchors the
// pattern to the folder of the file, one at the end matches folders, "!" re-includes, "#" begins a comment, and the
// last matching line decides. Case is ignored, as on most file systems of libraries. An invalid pattern matches
// nothing.
func ParseIgnore(text string) Ignores {
	var out Ignores
	text = strings.TrimPrefix(text, "\ufeff")
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var r ignoreRule
		line, r.opposite = strings.CutPrefix(line, "!")
		line = strings.TrimPrefix(line, `\`)
		line, r.folders = strings.CutSuffix(line, "/")
		tied := strings.Contains(line, "/")
		line = strings.ToLower(strings.Trim(line, "/"))
		if line == "" {
			continue
		}
		r.parts = strings.Split(line, "/")
		if !tied {
			r.parts = append([]string{"**"}, r.parts...)
		}
		out.rules = append(out.rules, r)
	}
	out.all = len(out.rules) == 0
	return out
}

// Match reports whether the file or folder at a slash-separated path below the library.IgnoreFile's folder is ignored. A path
// below an ignored folder is ignored.
func (i Ignores) Match(rel string, isFolder bool) bool {
	if i.all {
		return true
	}
	if len(i.rules) == 0 {
		return false
	}
	names := strings.Split(strings.ToLower(rel), "/")
	for depth := 1; depth < len(names); depth++ {
		if i.decide(names[:depth], true) {
			return true
		}
	}
	return i.decide(names, isFolder)
}

// decide applies the last rule that matches exactly these names.
func (i Ignores) decide(names []string, isFolder bool) bool {
	for _, r := range slices.Backward(i.rules) {
		if (isFolder || !r.folders) && matchParts(r.parts, names) {
			return !r.opposite
		}
	}
	return false
}

// matchParts matches a pattern against names, part by part. Only the last of several "**" needs backtracking, so the
// work is at most the product of both lengths.
func matchParts(parts, names []string) bool {
	p, n := 0, 0
	star, from := -1, 0
	for n < len(names) {
		switch {
		case p < len(parts) && parts[p] == "**":
			star, from = p, n
			p++
			if p == len(parts) {
				return true // everything below
			}
		case p < len(parts) && matchName(parts[p], names[n]):
			p, n = p+1, n+1
		case star >= 0:
			from++
			p, n = star+1, from
		default:
			return false
		}
	}
	return p == len(parts)
}

func matchName(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}
