package library

import (
	"cmp"
	"fmt"
	"slices"
)

// GroupParts orders files, best first, so that the parts of one version follow each other.
func GroupParts(files []File) []File {
	first := make(map[string]int)
	for i, f := range files {
		if _, ok := first[f.partSet()]; !ok {
			first[f.partSet()] = i
		}
	}
	out := slices.Clone(files)
	slices.SortStableFunc(out, func(x, y File) int {
		return cmp.Or(cmp.Compare(first[x.partSet()], first[y.partSet()]), cmp.Compare(x.Part, y.Part))
	})
	return out
}

// partSet is the key of the version f is a part of. A file that is not split is a version of its own.
func (f File) partSet() string {
	if f.Part == 0 {
		return string(f.ID)
	}
	return fmt.Sprintf("parts %q in %v", f.Edition, f.Flags)
}

// PartsWith returns the files that play in sequence with f, which is among files; for a file that is not split f alone.
// Of two files of one part the better is taken, but f before any.
func (f File) PartsWith(files []File) []File {
	var out []File
	for _, x := range GroupParts(files) {
		switch last := len(out) - 1; {
		case x.partSet() != f.partSet():
		case last >= 0 && out[last].Part == x.Part:
			if x.ID == f.ID {
				out[last] = x
			}
		default:
			out = append(out, x)
		}
	}
	return out
}
