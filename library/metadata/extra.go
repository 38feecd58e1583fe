package metadata

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/id"
)

// extraWork returns the title of an extra. Its owner is found by name or folder, see importBatch.findOwner.
func extraWork(id naming.Identity, place string) work {
	name := cmp.Or(id.ExtraName, extraWord(id.Extra))
	return work{
		Title: library.Title{
			Kind: library.Extra, Extra: id.Extra, Name: name, Season: id.Season, Evidence: evidenceOf(id, "extraName"),
			Identity: boundedIdentity(extraPrefix(id, place) + string(id.Extra) + ":" + naming.Fold(name)),
		},
		facts: library.Facts{Name: name},
	}
}

// extraPrefix is the common prefix of the identities of the extras of a work.
func extraPrefix(id naming.Identity, place string) string {
	begin := "extra:" + naming.Fold(id.Title) + ":" + strconv.Itoa(id.Year) + ":"
	if id.Year == 0 || naming.Fold(id.Title) == "" {
		begin += place + ":"
	}
	return begin
}

// extraWord names an extra without a name of its own.
func extraWord(k library.ExtraKind) string {
	switch k {
	case library.Trailer:
		return "Trailer"
	case library.BehindTheScenes:
		return "Behind the scenes"
	case library.DeletedScene:
		return "Deleted scene"
	case library.Featurette:
		return "Featurette"
	case library.Interview:
		return "Interview"
	case library.Scene:
		return "Scene"
	case library.Short:
		return "Short"
	}
	return "Extra"
}

// findOwner returns the movie or series that an extra belongs to: by external ID, by name, or as the only one in its
// folder. It is empty when none is known yet; the extra is adopted when that work is imported (adoptExtras).
func (b *importBatch) findOwner(r parsedPath) id.Title {
	if r.assignedOwner != "" {
		return r.assignedOwner
	}
	for _, kind := range []library.Kind{library.Movie, library.Series} {
		for provider, value := range r.IDs {
			if t, ok := b.byExternalID[externalID{kind, provider, value}]; ok {
				return t
			}
		}
	}
	for _, identity := range r.ownerIdentities() {
		if t, ok := b.byIdentity[identity]; ok {
			return t
		}
	}
	if all := b.worksByFolder[r.workFolder]; r.workFolder != "" && len(all) == 1 {
		return all[0]
	}
	return ""
}

// ownerIdentities returns the identities that the owner of an extra may have.
func (r parsedPath) ownerIdentities() []string {
	film, series := r.Identity, r.Identity
	film.Kind, series.Kind, series.Season = library.Movie, library.Episode, 0
	return []string{worksOf(film, r.folder)[0].Identity, worksOf(series, r.folder)[0].Identity}
}

// adoptExtras sets the parent of orphaned extras that belong to a new work.
func (b *importBatch) adoptExtras(ctx context.Context) error {
	if len(b.newWorks) == 0 {
		return nil
	}
	var begin, homes []string
	for _, r := range b.newWorks {
		begin = append(begin, extraPrefix(r.Identity, r.folder))
		if r.workFolder != "" {
			homes = append(homes, r.workFolder)
		}
	}
	waiting, err := b.o.Store.Orphans(ctx, begin, homes)
	if err != nil {
		return fmt.Errorf("look for extras: %w", err)
	}
	for _, o := range waiting {
		for _, r := range b.newWorks {
			if !strings.HasPrefix(o.Title.Identity, extraPrefix(r.Identity, r.folder)) && (r.workFolder == "" ||
				o.WorkFolder != r.workFolder) {
				continue
			}
			b.setParent(b.addKnown(o.Title), r.workID)
			break
		}
	}
	return nil
}
