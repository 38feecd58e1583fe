package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// checkTypeNames finds type names that several packages of the floors in Shared declare, although the glossary has no
// row that says what the word means.
func (r Rules) checkTypeNames(root fs.FS, packages map[string][]file) ([]string, error) {
	if r.Glossary == "" {
		return nil, nil
	}
	text, err := fs.ReadFile(root, r.Glossary)
	if err != nil {
		return nil, fmt.Errorf("read the glossary: %w", err)
	}
	known := glossaryWords(string(text))
	declaring := make(map[string][]string)
	for dir, files := range packages {
		if floor, ok := r.Floors[dir]; !ok || !slices.Contains(r.Shared, floor) || slices.Contains(r.Suites, dir) {
			continue
		}
		for _, name := range typeNames(files) {
			declaring[name] = append(declaring[name], dir)
		}
	}
	var found []string
	for name, in := range declaring {
		if len(in) > 1 && !known[letters(name)] {
			slices.Sort(in)
			found = append(found, fmt.Sprintf("%s: is a type in %s; rename all but one or add a row to %s",
				name, strings.Join(in, ", "), r.Glossary))
		}
	}
	return found, nil
}

func typeNames(files []file) []string {
	var out []string
	for _, f := range files {
		if f.test {
			continue
		}
		for _, d := range f.tree.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				for _, spec := range g.Specs {
					out = append(out, spec.(*ast.TypeSpec).Name.Name)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out) // files for different systems declare the same type
}

var separators = regexp.MustCompile(`[;,/:]`)

// glossaryWords gives the words in the first column of the table, as letters gives them.
func glossaryWords(text string) map[string]bool {
	words := make(map[string]bool)
	for line := range strings.Lines(text) {
		if columns := strings.Split(line, "|"); len(columns) > 2 {
			for _, word := range separators.Split(columns[1], -1) {
				words[letters(word)] = true
			}
		}
	}
	return words
}

// letters writes "Media token" and "MediaToken" the same.
func letters(word string) string {
	return strings.ToLower(strings.Join(strings.Fields(word), ""))
}
