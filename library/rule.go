package library

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"movify/library/naming"
	"movify/pkg/id"
)

// Rule selects the movies and series of a collection: those that meet every condition. Of a list one value has to
// match. Words are compared folded. A rule without conditions selects nothing.
type Rule struct {
	Kind      Kind      `json:"kind,omitempty"`
	Genres    []string  `json:"genres,omitempty"`
	Tags      []string  `json:"tags,omitempty"`
	Studios   []string  `json:"studios,omitempty"`
	Countries []string  `json:"countries,omitempty"`
	Years     string    `json:"years,omitempty"` // "1999", "1990-1999", "-1960"
	Age       *int      `json:"age,omitempty"`   // rated for that age or less
	Roots     []id.Root `json:"roots,omitempty"`
	// Folders hold the files: "Anime" is that folder in any root, "/media/anime" an absolute one.
	Folders []string `json:"folders,omitempty"`
	Names   []string `json:"names,omitempty"` // part of the name
	Sets    []string `json:"sets,omitempty"`  // sets in the title's metadata
}

// maxRuleValues is the largest number of values in one list of a rule.
const maxRuleValues = 100

func (r Rule) lists() [][]string {
	roots := make([]string, len(r.Roots))
	for i, x := range r.Roots {
		roots[i] = string(x)
	}
	return [][]string{r.Genres, r.Tags, r.Studios, r.Countries, roots, r.Folders, r.Names, r.Sets}
}

// empty reports whether the rule has no condition.
func (r Rule) empty() bool {
	return r.Kind == "" && r.Years == "" && r.Age == nil &&
		!slices.ContainsFunc(r.lists(), func(l []string) bool { return len(l) > 0 })
}

// CheckRule validates kind, fill method and rule.
func (c Collection) CheckRule() error {
	r := c.Rule
	if c.Kind != CollectionPlain && c.Kind != Channel {
		return ErrBadRule.Saying("Please say whether it is a collection or a channel.")
	}
	if r.Kind != "" && r.Kind != Movie && r.Kind != Series {
		return ErrBadRule.Saying("A rule is for movies or for series.")
	}
	if _, ok := ParseSpan(r.Years); !ok {
		return ErrBadRule.Saying("Please give the years as 1999 or 1990-1999.")
	}
	if r.Age != nil && (*r.Age < 0 || *r.Age > MaxAge) {
		return ErrBadRule.Saying(fmt.Sprintf("An age is between 0 and %d years.", MaxAge))
	}
	for _, list := range r.lists() {
		if len(list) > maxRuleValues || slices.ContainsFunc(list, func(s string) bool {
			return strings.TrimSpace(s) == ""
		}) {
			return ErrBadRule.Saying(fmt.Sprintf("Please name up to %d things, none of them empty.", maxRuleValues))
		}
	}
	switch c.FilledBy {
	case ByHand:
		if !r.empty() {
			return ErrBadRule.Saying("A list made by hand has no rule.")
		}
	case ByFolder:
		if len(r.Folders) == 0 && len(r.Roots) == 0 {
			return ErrBadRule.Saying("Please choose a folder.")
		}
	case ByRule:
		if r.empty() {
			return ErrBadRule.Saying("Please set at least one condition.")
		}
	case BySet:
		if len(r.Sets) == 0 {
			return ErrBadRule.Saying("Please name the set.")
		}
	default:
		return ErrBadRule.Saying("Titles come by hand, by folder, by rule or by set.")
	}
	return nil
}

// RuleInput holds the fields of a movie or series that rules read.
type RuleInput struct {
	ID       id.Title
	Kind     Kind
	Name     string
	Year     int
	Age      *int
	Labels   map[LabelKind][]string
	Sets     []string
	Files    []FileLocation // in any state: missing files count at their last path
	HasFiles bool           // one of its files is present or unreachable
}

// FileLocation is the path of a file.
type FileLocation struct {
	Root     id.Root
	RootPath string // "" when the root was removed
	Path     string
}

// below returns the path below the root; ok is false when it is not there.
func (l FileLocation) below() (string, bool) {
	if l.RootPath == "" {
		return "", false
	}
	rel, ok := strings.CutPrefix(
		l.Path, strings.TrimSuffix(l.RootPath, string(filepath.Separator))+string(filepath.Separator),
	)
	return rel, ok
}

// inFolder reports whether the file is in a folder of a rule.
func (l FileLocation) inFolder(folder string) bool {
	clean := filepath.Clean(folder)
	if filepath.IsAbs(clean) {
		return strings.HasPrefix(
			l.Path, strings.TrimSuffix(clean, string(filepath.Separator))+string(filepath.Separator),
		)
	}
	rel, ok := l.below()
	return ok && strings.HasPrefix(rel, clean+string(filepath.Separator))
}

// Holds reports whether the rule selects a title.
func (r Rule) Holds(s RuleInput) bool {
	if r.empty() || r.Kind != "" && s.Kind != r.Kind {
		return false
	}
	if years, _ := ParseSpan(r.Years); years != (Span{}) && (s.Year == 0 || !years.Holds(s.Year)) {
		return false
	}
	if r.Age != nil && (s.Age == nil || *s.Age > *r.Age) {
		return false
	}
	key := naming.Fold(s.Name)
	return anyFolded(r.Genres, s.Labels[Genre]) && anyFolded(r.Tags, s.Labels[Tag]) &&
		anyFolded(r.Studios, s.Labels[Studio]) &&
		anyFolded(r.Countries, s.Labels[Country]) && anyFolded(r.Sets, s.Sets) &&
		anyHolds(r.Names, func(part string) bool { return strings.Contains(key, naming.Fold(part)) }) &&
		(len(r.Roots) == 0 && len(r.Folders) == 0 || slices.ContainsFunc(s.Files, func(f FileLocation) bool {
			return anyHolds(r.Roots, func(x id.Root) bool { return f.Root == x }) && anyHolds(r.Folders, f.inFolder)
		}))
}

// anyHolds reports whether asked is empty or holds is true for one of it.
func anyHolds[T any](asked []T, holds func(T) bool) bool {
	return len(asked) == 0 || slices.ContainsFunc(asked, holds)
}

func anyFolded(asked, has []string) bool {
	return anyHolds(asked, func(word string) bool {
		return slices.ContainsFunc(has, func(h string) bool { return naming.Fold(h) == naming.Fold(word) })
	})
}
