package metadata

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"movify/library"

	"movify/pkg/id"
)

// preload reads the known files and titles that a batch refers to.
func (b *importBatch) preload(ctx context.Context, parsed []parsedPath, paths []string) error {
	var identities, homes []string
	numbers := make(map[string][]string)
	for _, r := range parsed {
		for _, w := range r.works {
			identities = append(identities, w.Identity)
		}
		for provider, value := range r.IDs {
			numbers[provider] = append(numbers[provider], value)
		}
		if r.Kind == library.Extra {
			identities = append(identities, r.ownerIdentities()...)
			if r.workFolder != "" {
				homes = append(homes, r.workFolder)
			}
		}
	}
	files, err := b.o.Store.FilesByPath(ctx, sortedUnique(paths))
	if err != nil {
		return fmt.Errorf("read known files: %w", err)
	}
	b.knownFiles = files
	known, err := b.o.Store.TitlesByIdentity(ctx, sortedUnique(identities))
	if err != nil {
		return fmt.Errorf("look for titles: %w", err)
	}
	for _, t := range known {
		b.addKnown(t)
	}
	if err := b.loadExternalIDs(ctx, numbers); err != nil {
		return err
	}
	if len(homes) == 0 {
		return nil
	}
	if b.worksByFolder, err = b.o.Store.WorksByFolder(ctx, sortedUnique(homes)); err != nil {
		return fmt.Errorf("look for the works of folders: %w", err)
	}
	return nil
}

// loadExternalIDs reads the titles that have one of the external IDs, by provider, and the external IDs in the names of
// all loaded titles.
func (b *importBatch) loadExternalIDs(ctx context.Context, numbers map[string][]string) error {
	if len(numbers) == 0 {
		return nil
	}
	for provider, values := range numbers {
		found, err := b.o.Store.TitlesByExternalID(ctx, provider, sortedUnique(values))
		if err != nil {
			return fmt.Errorf("look for titles by their numbers: %w", err)
		}
		for value, titles := range found {
			for _, t := range titles {
				b.addKnown(t)
				b.byExternalID[externalID{t.Kind, provider, value}] = t.ID
			}
		}
	}
	descriptions, err := b.o.Store.Descriptions(ctx, slices.Collect(maps.Keys(b.titles)))
	if err != nil {
		return fmt.Errorf("read what is descriptions of titles: %w", err)
	}
	for t, ds := range descriptions {
		for _, d := range ds {
			if d.Source == library.FromName {
				b.externalIDs[t] = d.Facts.IDs
			}
		}
	}
	return nil
}

// loadByIdentity reads the titles of works that are not loaded yet.
func (b *importBatch) loadByIdentity(ctx context.Context, works []work) error {
	var wanted []string
	for _, w := range works {
		if _, ok := b.byIdentity[w.Identity]; !ok {
			wanted = append(wanted, w.Identity)
		}
	}
	known, err := b.o.Store.TitlesByIdentity(ctx, wanted)
	if err != nil {
		return fmt.Errorf("look for titles: %w", err)
	}
	for _, t := range known {
		b.addKnown(t)
	}
	return nil
}

// resolve returns the works of a path with their identities in the store. A series found by external ID may have
// another name, and its episodes are then found by that name.
func (b *importBatch) resolve(ctx context.Context, r parsedPath) ([]work, error) {
	begin, top := r.works[0].Identity, r.works[0]
	if t, ok := b.findTitle(&top); ok {
		top.Identity = t.Identity
	}
	if top.Identity == begin {
		return slices.Clone(r.works), nil
	}
	r.rebase(top.Identity)
	return r.works, b.loadByIdentity(ctx, r.works)
}

// rebase rewrites the identities of the works to those below another movie or series.
func (r *parsedPath) rebase(top string) {
	begin := r.works[0].Identity
	r.works = slices.Clone(r.works)
	for i, w := range r.works {
		if rest, ok := strings.CutPrefix(w.Identity, begin); ok {
			r.works[i].Identity = boundedIdentity(top + rest)
		}
	}
}

// ensureWorks returns the last of the works, creating it and its parents as needed. Without works it returns the owner
// of r's extra.
func (b *importBatch) ensureWorks(r parsedPath, works []work, addedMS int64) (parent id.Title) {
	if r.Kind == library.Extra {
		parent = b.findOwner(r)
	}
	for _, w := range works {
		parent = b.ensureTitle(w, parent, addedMS, r)
	}
	return parent
}

// findTitle returns the known title of a work: the one with the same external ID, or with the same identity. Two movies
// of one name and year with different external IDs are two titles: w then gets an identity of its own.
func (b *importBatch) findTitle(w *work) (*library.Title, bool) {
	for _, provider := range slices.Sorted(maps.Keys(w.facts.IDs)) {
		if t, ok := b.byExternalID[externalID{w.Kind, provider, w.facts.IDs[provider]}]; ok {
			return b.titles[t], true
		}
	}
	t, ok := b.byIdentity[w.Identity]
	if !ok {
		return nil, false
	}
	if provider, value := conflictingID(b.externalIDs[t], w.facts.IDs); provider != "" {
		w.Identity = boundedIdentity(w.Identity + ":" + provider + ":" + value)
		t, ok = b.byIdentity[w.Identity]
	}
	return b.titles[t], ok
}

// conflictingID returns an external ID that differs between two sets; it is empty when they agree on one ID or share no
// provider.
func conflictingID(known, given map[string]string) (provider, value string) {
	for _, p := range slices.Sorted(maps.Keys(given)) {
		switch known[p] {
		case "":
		case given[p]:
			return "", ""
		default:
			provider, value = p, given[p]
		}
	}
	return provider, value
}

// ensureTitle returns the title of a work, creating it if needed. A series is as new as its newest episode, and a name
// with more information than earlier ones raises the certainty.
func (b *importBatch) ensureTitle(w work, parent id.Title, addedMS int64, r parsedPath) id.Title {
	t, known := b.findTitle(&w)
	if !known {
		made := w.Title
		made.ID, made.AddedMS = id.New[id.Title](), addedMS
		t = b.addKnown(made)
		b.created[t.ID] = true
		b.markChanged(t.ID)
		b.addDescription(t, w)
		b.setParent(t, parent)
	}
	if t.Kind == library.Movie || t.Kind == library.Series {
		r.workID = t.ID
		if r.workFolder != "" && !slices.Contains(b.worksByFolder[r.workFolder], t.ID) {
			b.worksByFolder[r.workFolder] = append(b.worksByFolder[r.workFolder], t.ID)
		}
	}
	switch {
	case !known && r.workID == t.ID:
		b.newWorks = append(b.newWorks, r)
	case t.Kind == library.Series && t.AddedMS < addedMS:
		t.AddedMS = addedMS
		b.markChanged(t.ID)
	case t.Kind == library.Extra && t.Parent == "":
		b.setParent(t, parent)
	}
	if t.Matched.Rank() < w.Matched.Rank() {
		t.Matched = w.Matched
		b.markChanged(t.ID)
	}
	if known && len(w.facts.IDs) > 0 && len(b.externalIDs[t.ID]) == 0 {
		b.addDescription(t, w)
	}
	return t.ID
}

// setParent sets the parent of a title. An extra without a parent needs review, so its certainty is SureLittle.
func (b *importBatch) setParent(t *library.Title, parent id.Title) {
	t.Parent = parent
	if t.Kind == library.Extra {
		t.Matched = library.SureName
		if parent == "" {
			t.Matched = library.SureLittle
		}
	}
	b.markChanged(t.ID)
}

// addDescription records the description of a title by its name.
func (b *importBatch) addDescription(t *library.Title, w work) {
	b.descriptions[t.ID] = slices.DeleteFunc(b.descriptions[t.ID], func(d library.Description) bool {
		return d.Source == library.FromName
	})
	b.descriptions[t.ID] = append(
		b.descriptions[t.ID],
		library.Description{Title: t.ID, Source: library.FromName, Facts: w.facts, Evidence: w.Evidence},
	)
	if len(w.facts.IDs) > 0 {
		b.externalIDs[t.ID] = w.facts.IDs
		for provider, value := range w.facts.IDs {
			b.byExternalID[externalID{t.Kind, provider, value}] = t.ID
		}
	}
}

// renameTitle gives a known title the name of its file's new path, unless a stronger source has another.
func (b *importBatch) renameTitle(
	ctx context.Context, title id.Title, r parsedPath, works []work, addedMS int64,
) error {
	if err := b.loadByID(ctx, []id.Title{title}); err != nil {
		return err
	}
	t := b.titles[title]
	if t == nil {
		return library.ErrTitleNotFound
	}
	leaf := works[len(works)-1]
	other := t.Kind != leaf.Kind // a provider's description of another kind does not fit
	parent := b.ensureWorks(r, works[:len(works)-1], addedMS)
	delete(b.byIdentity, t.Identity)
	b.byIdentity[leaf.Identity] = t.ID
	t.Kind, t.Identity, t.Extra = leaf.Kind, leaf.Identity, leaf.Extra
	t.Season, t.Episode, t.EpisodeLast = leaf.Season, leaf.Episode, leaf.EpisodeLast
	if t.Matched != library.SureChecked {
		t.Matched = leaf.Matched
	}
	b.setParent(t, parent)
	b.addDescription(t, leaf)
	if (b.o.Provider != nil || other) && t.Matched != library.SureChecked { // so that it is asked again, with the new name
		b.descriptions[t.ID] = append(b.descriptions[t.ID], library.Description{Title: t.ID, Source: library.FromProvider})
	}
	return nil
}

// treeDepth orders titles so that each comes after its possible parents.
func treeDepth(t library.Title) int {
	kinds := []library.Kind{library.Movie, library.Series, library.Season, library.Episode, library.Extra}
	return slices.Index(kinds, t.Kind)
}

// addKnown adds a title to the loaded ones, or returns the loaded one.
func (b *importBatch) addKnown(t library.Title) *library.Title {
	if known, ok := b.titles[t.ID]; ok {
		return known
	}
	b.titles[t.ID] = &t
	b.byIdentity[t.Identity] = t.ID
	return &t
}

// markChanged adds a title to those that are written.
func (b *importBatch) markChanged(t id.Title) {
	if !slices.Contains(b.changed, t) {
		b.changed = append(b.changed, t)
	}
}

// sortedUnique sorts a list and drops duplicates.
func sortedUnique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
