package library

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"movify/library/naming"
	"movify/pkg/id"
)

// extraWork gives the title of an extra. What it belongs to is found by name or by folder: see builder.owner.
func extraWork(id naming.Identity, place string) work {
	name := cmp.Or(id.ExtraName, extraWord(id.Extra))
	return work{
		Title: Title{Kind: Extra, Extra: id.Extra, Name: name, Season: id.Season, Evidence: evidenceOf(id, "extraName"),
			Identity: boundedIdentity(extraPrefix(id, place) + string(id.Extra) + ":" + naming.Fold(name))},
		facts: Facts{Name: name},
	}
}

// extraPrefix is how the identities of the extras of a work begin.
func extraPrefix(id naming.Identity, place string) string {
	begin := "extra:" + naming.Fold(id.Title) + ":" + strconv.Itoa(id.Year) + ":"
	if id.Year == 0 || naming.Fold(id.Title) == "" {
		begin += place + ":"
	}
	return begin
}

// extraWord names a kind of extra that has no name of its own.
func extraWord(k ExtraKind) string {
	switch k {
	case Trailer:
		return "Trailer"
	case BehindTheScenes:
		return "Behind the scenes"
	case DeletedScene:
		return "Deleted scene"
	case Featurette:
		return "Featurette"
	case Interview:
		return "Interview"
	case Scene:
		return "Scene"
	case Short:
		return "Short"
	}
	return "Extra"
}

// findOwner finds the film or series that an extra belongs to: the one of that number or name, or the only one in its folder. It is
// empty when neither is known yet; the work asks for its extras when it comes (adopt).
func (b *importBatch) findOwner(r parsedPath) id.Title {
	if r.assignedOwner != "" {
		return r.assignedOwner
	}
	for _, kind := range []Kind{Movie, Series} {
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

// ownerIdentities gives the identities of what an extra may belong to.
func (r parsedPath) ownerIdentities() []string {
	film, series := r.Identity, r.Identity
	film.Kind, series.Kind, series.Season = Movie, Episode, 0
	return []string{worksOf(film, r.folder)[0].Identity, worksOf(series, r.folder)[0].Identity}
}

// adoptExtras gives the works that are new their extras that came before them.
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
			if !strings.HasPrefix(o.Title.Identity, extraPrefix(r.Identity, r.folder)) && (r.workFolder == "" || o.WorkFolder != r.workFolder) {
				continue
			}
			b.setParent(b.addKnown(o.Title), r.workID)
			break
		}
	}
	return nil
}
