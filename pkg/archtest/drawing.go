package archtest

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// suites stands in the drawing for all test suites of a floor.
const suites = "test suites"

// checkDrawing compares the drawing with the rules: its first code block is the tree, the one below "## Floors" gives
// the floors. folders are the last names of all folders of the module.
func (r Rules) checkDrawing(root fs.FS, folders map[string]bool) ([]string, error) {
	if r.Drawing == "" {
		return nil, nil
	}
	text, err := fs.ReadFile(root, r.Drawing)
	if err != nil {
		return nil, fmt.Errorf("read the drawing of the architecture: %w", err)
	}
	before, after, _ := strings.Cut(string(text), "\n## Floors\n")
	return append(r.compareTree(codeBlock(before), folders), r.compareFloors(codeBlock(after))...), nil
}

// codeBlock gives what stands between the first two fences.
func codeBlock(text string) string {
	_, text, _ = strings.Cut(text, "\n```\n")
	text, _, _ = strings.Cut(text, "```\n")
	return text
}

func (r Rules) compareFloors(block string) []string {
	drawn := make(map[string]int)
	var found []string
	for line := range strings.Lines(block) {
		number, names, _ := strings.Cut(strings.TrimSpace(line), " ")
		floor, err := strconv.Atoi(number)
		if err != nil {
			found = append(found, fmt.Sprintf("%s: the floor %q does not begin with its number",
				r.Drawing, strings.TrimSpace(line)))
			continue
		}
		for name := range strings.SplitSeq(names, "·") {
			for _, p := range expand(strings.TrimSpace(name)) {
				drawn[p] = floor
			}
		}
	}
	for p, floor := range r.Floors {
		at, ok := drawn[p]
		if !ok && slices.Contains(r.Suites, p) {
			at, ok = drawn[suites]
		}
		switch {
		case !ok:
			found = append(found, fmt.Sprintf("%s: %s is missing; draw it on floor %d", r.Drawing, p, floor))
		case at != floor:
			found = append(found, fmt.Sprintf("%s: %s is drawn on floor %d, pkg/archtest/rules.go has it on %d",
				r.Drawing, p, at, floor))
		}
	}
	for p := range drawn {
		if _, ok := r.Floors[p]; !ok && p != suites {
			found = append(found, fmt.Sprintf("%s: %s is drawn, but pkg/archtest/rules.go has no such package; remove it",
				r.Drawing, p))
		}
	}
	return found
}

// expand writes a/{b,c} as a/b and a/c.
func expand(name string) []string {
	head, rest, braces := strings.Cut(name, "{")
	if !braces {
		return []string{name}
	}
	var out []string
	for part := range strings.SplitSeq(strings.TrimSuffix(rest, "}"), ",") {
		out = append(out, head+strings.TrimSpace(part))
	}
	return out
}

var folderName = regexp.MustCompile(`([a-z][a-z0-9_]*)/(?:[^a-z]|$)`)

// compareTree asks for the last name of every package in the tree, and for the folder of every name in it. Suites may
// be left out.
func (r Rules) compareTree(block string, folders map[string]bool) []string {
	named := make(map[string]bool)
	for _, m := range folderName.FindAllStringSubmatch(block, -1) {
		named[m[1]] = true
	}
	var found []string
	for p := range r.Floors {
		if !named[path.Base(p)] && !slices.Contains(r.Suites, p) {
			found = append(found, fmt.Sprintf("%s: the tree lacks %s/ (%s)", r.Drawing, path.Base(p), p))
		}
	}
	for name := range maps.Keys(named) {
		if !folders[name] {
			found = append(found, fmt.Sprintf("%s: the tree names %s/, which does not exist", r.Drawing, name))
		}
	}
	return found
}
