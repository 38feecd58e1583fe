package scan

import (
	"context"
	"path/filepath"

	"movify/library"
	"movify/library/naming"
)

// reidentifyFiles has the names of the known files of a root read anew when they were read with other naming rules. It is noted
// with the root once all are read, so that it is done once, and again from the beginning after it was interrupted.
func (sc *scanner) reidentifyFiles(
	ctx context.Context, r library.Root, known []library.KnownFile, seen walkResult, in *folders,
) library.Root {
	if r.NamingRules >= naming.Rules {
		return r
	}
	if len(known) > 0 {
		works, err := sc.o.Importer.Reidentify(ctx, r, siblingsOfKnown(known, seen, in))
		if works > 0 {
			sc.fileChanges++
			sc.dirty = true
			sc.publish("scan", nil)
		}
		if err != nil {
			sc.logError(ctx, "read known names anew", err)
			return r
		}
		sc.o.Logger.Info("names were read anew", "root", r.ID, "files", len(known), "works", works)
	}
	return sc.updateRoot(ctx, r, func(r *library.Root) { r.NamingRules = naming.Rules })
}

// siblingsOfKnown gives the video files in the folder of a known file. A file that the walk has not seen is read with all that were
// ever known there.
func siblingsOfKnown(known []library.KnownFile, seen walkResult, in *folders) func(path string) *naming.Siblings {
	there := make(map[string]bool, len(seen.videos))
	for _, v := range seen.videos {
		there[v.Path] = true
	}
	names := make(map[string][]string) // of folders with a file that was not seen
	for _, k := range known {
		if !there[k.Path] {
			names[filepath.Dir(k.Path)] = nil
		}
	}
	for _, k := range known {
		if dir := filepath.Dir(k.Path); len(names) > 0 {
			if _, ok := names[dir]; ok {
				names[dir] = append(names[dir], filepath.Base(k.Path))
			}
		}
	}
	return func(path string) *naming.Siblings {
		if there[path] {
			return in.siblings(path)
		}
		return naming.NewSiblings(names[filepath.Dir(path)], nil)
	}
}
