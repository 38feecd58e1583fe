package archtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// checkEntries finds entries of the rules for packages that do not exist and for imports that no longer happen. Such an
// entry would let a later package in without a decision.
func (r Rules) checkEntries(packages map[string][]file) []string {
	var found []string
	missing := func(table, name string) {
		if len(packages[name]) == 0 {
			found = append(found, fmt.Sprintf("%s: named in %s of pkg/archtest/rules.go, but there is no such package; "+
				"remove the entry", name, table))
		}
	}
	for name := range r.Floors {
		missing("Floors", name)
	}
	for name, allowed := range r.Reserved {
		missing("Reserved", name)
		for _, to := range allowed {
			missing("Reserved", to)
		}
	}
	for _, name := range r.Suites {
		missing("Suites", name)
	}
	for _, successors := range r.Successors {
		for _, name := range successors {
			missing("Successors", name)
		}
	}
	for module, doors := range r.Doors {
		if len(doors) == 0 && !usedAnywhere(packages, module) {
			found = append(found, fmt.Sprintf("%s: has an entry in Doors of pkg/archtest/rules.go, but nothing imports it; "+
				"remove the entry and the module", module))
		}
		uses := func(f file) bool { return !f.test && f.uses(module) }
		for _, door := range doors {
			if len(packages[door]) == 0 {
				missing("Doors", door)
			} else if !slices.ContainsFunc(packages[door], uses) {
				found = append(found, fmt.Sprintf("%s: is a door of %s in pkg/archtest/rules.go, but does not import it; "+
					"remove the entry", door, module))
			}
		}
	}
	return found
}

func usedAnywhere(packages map[string][]file, module string) bool {
	for files := range maps.Values(packages) {
		if slices.ContainsFunc(files, func(f file) bool { return f.uses(module) }) {
			return true
		}
	}
	return false
}

// uses reports whether the file imports a module or a package below it.
func (f file) uses(module string) bool {
	return slices.ContainsFunc(f.imports, func(to string) bool {
		return to == module || strings.HasPrefix(to, module+"/")
	})
}
