package library

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"movify/pkg/id"
)

// preload reads what is known of the paths and of the works that a batch speaks of.
func (b *importBatch) preload(ctx context.Context, said []parsedPath, paths []string) error {
	var identities, homes []string
	numbers := make(map[string][]string)
	for _, r := range said {
		for _, w := range r.works {
			identities = append(identities, w.Identity)
		}
		for provider, value := range r.IDs {
			numbers[provider] = append(numbers[provider], value)
		}
		if r.Kind == Extra {
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

// loadExternalIDs reads the titles that have one of the numbers, by provider, and which numbers the names of all titles at hand
// gave them.
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
	said, err := b.o.Store.Descriptions(ctx, slices.Collect(maps.Keys(b.titles)))
	if err != nil {
		return fmt.Errorf("read what is said of titles: %w", err)
	}
	for t, ds := range said {
		for _, d := range ds {
			if d.Source == FromName {
				b.externalIDs[t] = d.Facts.IDs
			}
		}
	}
	return nil
}

// loadByIdentity reads the titles of works that are not at hand.
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

// resolve gives the works of a reading with the identities they have here. A series that is known by its number may bear
// another name, and its episodes are then found by that.
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

// rebase gives the works the identities they have as those of another film or series.
func (r *parsedPath) rebase(top string) {
	begin := r.works[0].Identity
	r.works = slices.Clone(r.works)
	for i, w := range r.works {
		if rest, ok := strings.CutPrefix(w.Identity, begin); ok {
			r.works[i].Identity = boundedIdentity(top + rest)
		}
	}
}

// ensureWorks gives the last of the works, made with what it is part of when it is new. Of no works it gives what r's extra is
// part of.
func (b *importBatch) ensureWorks(r parsedPath, works []work, addedMS int64) (parent id.Title) {
	if r.Kind == Extra {
		parent = b.findOwner(r)
	}
	for _, w := range works {
		parent = b.ensureTitle(w, parent, addedMS, r)
	}
	return parent
}

// findTitle gives the known title that a work is: the one of the same number elsewhere, or the one of the same identity. Two
// films of one name and year that have different numbers are two films: w gets an identity of its own then.
func (b *importBatch) findTitle(w *work) (*Title, bool) {
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

// conflictingID gives the number that a name says otherwise than another; it is empty when they agree on one, or speak of
// different providers.
func conflictingID(known, said map[string]string) (provider, value string) {
	for _, p := range slices.Sorted(maps.Keys(said)) {
		switch known[p] {
		case "":
		case said[p]:
			return "", ""
		default:
			provider, value = p, said[p]
		}
	}
	return provider, value
}

// ensureTitle gives the title that a work is, made when it is new. A series is as new as its newest episode, and a name that
// tells more than the names before it is listened to.
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
	if t.Kind == Movie || t.Kind == Series {
		r.workID = t.ID
		if r.workFolder != "" && !slices.Contains(b.worksByFolder[r.workFolder], t.ID) {
			b.worksByFolder[r.workFolder] = append(b.worksByFolder[r.workFolder], t.ID)
		}
	}
	switch {
	case !known && r.workID == t.ID:
		b.newWorks = append(b.newWorks, r)
	case t.Kind == Series && t.AddedMS < addedMS:
		t.AddedMS = addedMS
		b.markChanged(t.ID)
	case t.Kind == Extra && t.Parent == "":
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

// setParent makes a title part of another. An extra that is part of nothing is one that somebody should look at.
func (b *importBatch) setParent(t *Title, parent id.Title) {
	t.Parent = parent
	if t.Kind == Extra {
		t.Matched = SureName
		if parent == "" {
			t.Matched = SureLittle
		}
	}
	b.markChanged(t.ID)
}

// addDescription keeps what a name says of a title.
func (b *importBatch) addDescription(t *Title, w work) {
	b.descriptions[t.ID] = slices.DeleteFunc(b.descriptions[t.ID], func(d Description) bool { return d.Source == FromName })
	b.descriptions[t.ID] = append(b.descriptions[t.ID], Description{Title: t.ID, Source: FromName, Facts: w.facts, Evidence: w.Evidence})
	if len(w.facts.IDs) > 0 {
		b.externalIDs[t.ID] = w.facts.IDs
		for provider, value := range w.facts.IDs {
			b.byExternalID[externalID{t.Kind, provider, value}] = t.ID
		}
	}
}

// renameTitle makes a known title be what its file's new path says, as far as no stronger source says otherwise.
func (b *importBatch) renameTitle(ctx context.Context, title id.Title, r parsedPath, works []work, addedMS int64) error {
	if err := b.loadByID(ctx, []id.Title{title}); err != nil {
		return err
	}
	t := b.titles[title]
	if t == nil {
		return ErrTitleNotFound
	}
	leaf := works[len(works)-1]
	parent := b.ensureWorks(r, works[:len(works)-1], addedMS)
	delete(b.byIdentity, t.Identity)
	b.byIdentity[leaf.Identity] = t.ID
	t.Kind, t.Identity, t.Extra = leaf.Kind, leaf.Identity, leaf.Extra
	t.Season, t.Episode, t.EpisodeLast = leaf.Season, leaf.Episode, leaf.EpisodeLast
	if t.Matched != SureChecked {
		t.Matched = leaf.Matched
	}
	b.setParent(t, parent)
	b.addDescription(t, leaf)
	if b.o.Provider != nil && t.Matched != SureChecked { // it is asked about the new name
		b.descriptions[t.ID] = append(b.descriptions[t.ID], Description{Title: t.ID, Source: FromProvider})
	}
	return nil
}

// treeDepth orders titles so that each comes after what it may be part of.
func (t Title) treeDepth() int {
	return slices.Index([]Kind{Movie, Series, Season, Episode, Extra}, t.Kind)
}

// addKnown brings a title to hand; one that is at hand already stays as it is.
func (b *importBatch) addKnown(t Title) *Title {
	if known, ok := b.titles[t.ID]; ok {
		return known
	}
	b.titles[t.ID] = &t
	b.byIdentity[t.Identity] = t.ID
	return &t
}

// markChanged has a title written.
func (b *importBatch) markChanged(t id.Title) {
	if !slices.Contains(b.changed, t) {
		b.changed = append(b.changed, t)
	}
}

// sortedUnique gives each text of a list once.
func sortedUnique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
