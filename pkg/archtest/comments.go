package archtest

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// checkPhrases counts the comment lines of the whole module that match a phrase. A phrase above the limit fails with the
// files that use it most.
func (r Rules) checkPhrases(packages map[string][]file, web []text) ([]string, error) {
	if r.MaxPhrases == 0 {
		return nil, nil
	}
	lines := make(map[string][]string) // of comments, by file
	total := 0
	for _, files := range packages {
		for _, f := range files {
			if f.hand {
				lines[f.path] = goComments(f)
				total += len(lines[f.path])
			}
		}
	}
	for _, s := range web {
		lines[s.path] = webComments(s.text)
		total += len(lines[s.path])
	}
	var found []string
	for _, phrase := range r.Phrases {
		pattern, err := regexp.Compile("(?i)" + phrase)
		if err != nil {
			return nil, fmt.Errorf("phrase %q: %w", phrase, err)
		}
		uses := make(map[string]int)
		sum := 0
		for p, comments := range lines {
			for _, line := range comments {
				if pattern.MatchString(line) {
					uses[p]++
					sum++
				}
			}
		}
		if share := 1000 * float64(sum) / float64(max(total, 1)); share >= r.MaxPhrases {
			found = append(found, fmt.Sprintf("comments: %d of %d lines match %s, %.1f per 1000 and not below %g; name the "+
				"thing and the reason, first in %s", sum, total, phrase, share, r.MaxPhrases, worst(uses, 12)))
		}
	}
	return found, nil
}

// worst lists the files with the most uses.
func worst(uses map[string]int, n int) string {
	files := slices.SortedFunc(maps.Keys(uses), func(a, b string) int {
		return cmp.Or(cmp.Compare(uses[b], uses[a]), cmp.Compare(a, b))
	})
	var out []string
	for _, p := range files[:min(n, len(files))] {
		out = append(out, fmt.Sprintf("%s (%d)", p, uses[p]))
	}
	return strings.Join(out, ", ")
}

// goComments gives the lines of a file's comments that hold words. Directives are not comments.
func goComments(f file) []string {
	var out []string
	for _, group := range f.tree.Comments {
		for line := range strings.Lines(group.Text()) {
			if line = strings.TrimSpace(line); line != "" {
				out = append(out, line)
			}
		}
	}
	return out
}

var webComment = regexp.MustCompile(`(?:^|\s)//\s+(\S.*)`)

// webComments gives the comment lines of a TypeScript or CSS file that hold words. It reads line by line: a comment in
// the middle of a line of code counts when a blank follows its slashes, so that addresses do not.
func webComments(text string) []string {
	var out []string
	block := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		begins := strings.TrimPrefix(line, "{")
		if !block && strings.HasPrefix(begins, "/*") {
			block, line = true, begins
		}
		if !block {
			if m := webComment.FindStringSubmatch(line); m != nil {
				out = append(out, m[1])
			}
			continue
		}
		comment, _, ends := strings.Cut(strings.TrimPrefix(line, "/*"), "*/")
		if comment = strings.Trim(comment, "* \t"); comment != "" {
			out = append(out, comment)
		}
		block = !ends
	}
	return out
}
