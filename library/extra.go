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
			Identity: limited(extraPrefix(id, place) + string(id.Extra) + ":" + naming.Fold(name))},
		said: Facts{Name: name},
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

// owner finds the film or series that an extra belongs to: the one of that number or name, or the only one in its folder. It is
// empty when neither is known yet; the work asks for its extras when it comes (adopt).
func (b *builder) owner(r reading) id.Title {
	if r.under != "" {
		return r.under
	}
	for _, kind := range []Kind{Movie, Series} {
		for provider, value := range r.IDs {
			if t, ok := b.byNumber[elsewhere{kind, provider, value}]; ok {
				return t
			}
		}
	}
	for _, identity := range r.owners() {
		if t, ok := b.byIdentity[identity]; ok {
			return t
		}
	}
	if all := b.atHome[r.home]; r.home != "" && len(all) == 1 {
		return all[0]
	}
	return ""
}

// owners gives the identities of what an extra may belong to.
func (r reading) owners() []string {
	film, series := r.Identity, r.Identity
	film.Kind, series.Kind, series.Season = Movie, Episode, 0
	return []string{worksOf(film, r.place)[0].Identity, worksOf(series, r.place)[0].Identity}
}

// adopt gives the works that are new their extras that came before them.
func (b *builder) adopt(ctx context.Context) error {
	if len(b.arrived) == 0 {
		return nil
	}
	var begin, homes []string
	for _, r := range b.arrived {
		begin = append(begin, extraPrefix(r.Identity, r.place))
		if r.home != "" {
			homes = append(homes, r.home)
		}
	}
	waiting, err := b.o.Store.Orphans(ctx, begin, homes)
	if err != nil {
		return fmt.Errorf("look for extras: %w", err)
	}
	for _, o := range waiting {
		for _, r := range b.arrived {
			if !strings.HasPrefix(o.Title.Identity, extraPrefix(r.Identity, r.place)) && (r.home == "" || o.Home != r.home) {
				continue
			}
			b.join(b.take(o.Title), r.top)
			break
		}
	}
	return nil
}
