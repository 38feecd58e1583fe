package library

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"movify/pkg/id"
)

// prepare reads what is known of the paths and of the works that a batch speaks of.
func (b *builder) prepare(ctx context.Context, said []reading, paths []string) error {
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
			identities = append(identities, r.owners()...)
			if r.home != "" {
				homes = append(homes, r.home)
			}
		}
	}
	files, err := b.o.Store.FilesAt(ctx, distinct(paths))
	if err != nil {
		return fmt.Errorf("read known files: %w", err)
	}
	b.there = files
	known, err := b.o.Store.TitlesByIdentity(ctx, distinct(identities))
	if err != nil {
		return fmt.Errorf("look for titles: %w", err)
	}
	for _, t := range known {
		b.take(t)
	}
	if err := b.loadNumbers(ctx, numbers); err != nil {
		return err
	}
	if len(homes) == 0 {
		return nil
	}
	if b.atHome, err = b.o.Store.WorksAt(ctx, distinct(homes)); err != nil {
		return fmt.Errorf("look for the works of folders: %w", err)
	}
	return nil
}

// loadNumbers reads the titles that have one of the numbers, by provider, and which numbers the names of all titles at hand
// gave them.
func (b *builder) loadNumbers(ctx context.Context, numbers map[string][]string) error {
	if len(numbers) == 0 {
		return nil
	}
	for provider, values := range numbers {
		found, err := b.o.Store.TitlesByNumber(ctx, provider, distinct(values))
		if err != nil {
			return fmt.Errorf("look for titles by their numbers: %w", err)
		}
		for value, titles := range found {
			for _, t := range titles {
				b.take(t)
				b.byNumber[elsewhere{t.Kind, provider, value}] = t.ID
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
				b.numbers[t] = d.Facts.IDs
			}
		}
	}
	return nil
}

// load reads the titles of works that are not at hand.
func (b *builder) load(ctx context.Context, works []work) error {
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
		b.take(t)
	}
	return nil
}

// resolve gives the works of a reading with the identities they have here. A series that is known by its number may bear
// another name, and its episodes are then found by that.
func (b *builder) resolve(ctx context.Context, r reading) ([]work, error) {
	begin, top := r.works[0].Identity, r.works[0]
	if t, ok := b.find(&top); ok {
		top.Identity = t.Identity
	}
	if top.Identity == begin {
		return slices.Clone(r.works), nil
	}
	r.rebase(top.Identity)
	return r.works, b.load(ctx, r.works)
}

// rebase gives the works the identities they have as those of another film or series.
func (r *reading) rebase(top string) {
	begin := r.works[0].Identity
	r.works = slices.Clone(r.works)
	for i, w := range r.works {
		if rest, ok := strings.CutPrefix(w.Identity, begin); ok {
			r.works[i].Identity = limited(top + rest)
		}
	}
}

// attach gives the last of the works, made with what it is part of when it is new. Of no works it gives what r's extra is
// part of.
func (b *builder) attach(r reading, works []work, addedMS int64) (parent id.Title) {
	if r.Kind == Extra {
		parent = b.owner(r)
	}
	for _, w := range works {
		parent = b.ensure(w, parent, addedMS, r)
	}
	return parent
}

// find gives the known title that a work is: the one of the same number elsewhere, or the one of the same identity. Two
// films of one name and year that have different numbers are two films: w gets an identity of its own then.
func (b *builder) find(w *work) (*Title, bool) {
	for _, provider := range slices.Sorted(maps.Keys(w.said.IDs)) {
		if t, ok := b.byNumber[elsewhere{w.Kind, provider, w.said.IDs[provider]}]; ok {
			return b.titles[t], true
		}
	}
	t, ok := b.byIdentity[w.Identity]
	if !ok {
		return nil, false
	}
	if provider, value := contradicted(b.numbers[t], w.said.IDs); provider != "" {
		w.Identity = limited(w.Identity + ":" + provider + ":" + value)
		t, ok = b.byIdentity[w.Identity]
	}
	return b.titles[t], ok
}

// contradicted gives the number that a name says otherwise than another; it is empty when they agree on one, or speak of
// different providers.
func contradicted(known, said map[string]string) (provider, value string) {
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

// ensure gives the title that a work is, made when it is new. A series is as new as its newest episode, and a name that
// tells more than the names before it is listened to.
func (b *builder) ensure(w work, parent id.Title, addedMS int64, r reading) id.Title {
	t, known := b.find(&w)
	if !known {
		made := w.Title
		made.ID, made.AddedMS = id.New[id.Title](), addedMS
		t = b.take(made)
		b.fresh[t.ID] = true
		b.touch(t.ID)
		b.say(t, w)
		b.join(t, parent)
	}
	if t.Kind == Movie || t.Kind == Series {
		r.top = t.ID
		if r.home != "" && !slices.Contains(b.atHome[r.home], t.ID) {
			b.atHome[r.home] = append(b.atHome[r.home], t.ID)
		}
	}
	switch {
	case !known && r.top == t.ID:
		b.arrived = append(b.arrived, r)
	case t.Kind == Series && t.AddedMS < addedMS:
		t.AddedMS = addedMS
		b.touch(t.ID)
	case t.Kind == Extra && t.Parent == "":
		b.join(t, parent)
	}
	if t.Matched.Rank() < w.Matched.Rank() {
		t.Matched = w.Matched
		b.touch(t.ID)
	}
	if known && len(w.said.IDs) > 0 && len(b.numbers[t.ID]) == 0 {
		b.say(t, w)
	}
	return t.ID
}

// join makes a title part of another. An extra that is part of nothing is one that somebody should look at.
func (b *builder) join(t *Title, parent id.Title) {
	t.Parent = parent
	if t.Kind == Extra {
		t.Matched = SureName
		if parent == "" {
			t.Matched = SureLittle
		}
	}
	b.touch(t.ID)
}

// say keeps what a name says of a title.
func (b *builder) say(t *Title, w work) {
	b.said[t.ID] = slices.DeleteFunc(b.said[t.ID], func(d Description) bool { return d.Source == FromName })
	b.said[t.ID] = append(b.said[t.ID], Description{Title: t.ID, Source: FromName, Facts: w.said, Evidence: w.Evidence})
	if len(w.said.IDs) > 0 {
		b.numbers[t.ID] = w.said.IDs
		for provider, value := range w.said.IDs {
			b.byNumber[elsewhere{t.Kind, provider, value}] = t.ID
		}
	}
}

// rename makes a known title be what its file's new path says, as far as no stronger source says otherwise.
func (b *builder) rename(ctx context.Context, title id.Title, r reading, works []work, addedMS int64) error {
	if err := b.read(ctx, []id.Title{title}); err != nil {
		return err
	}
	t := b.titles[title]
	if t == nil {
		return ErrTitleNotFound
	}
	leaf := works[len(works)-1]
	parent := b.attach(r, works[:len(works)-1], addedMS)
	delete(b.byIdentity, t.Identity)
	b.byIdentity[leaf.Identity] = t.ID
	t.Kind, t.Identity, t.Extra = leaf.Kind, leaf.Identity, leaf.Extra
	t.Season, t.Episode, t.EpisodeLast = leaf.Season, leaf.Episode, leaf.EpisodeLast
	if t.Matched != SureChecked {
		t.Matched = leaf.Matched
	}
	b.join(t, parent)
	b.say(t, leaf)
	if b.o.Provider != nil && t.Matched != SureChecked { // it is asked about the new name
		b.said[t.ID] = append(b.said[t.ID], Description{Title: t.ID, Source: FromProvider})
	}
	return nil
}

// level orders titles so that each comes after what it may be part of.
func (t Title) level() int {
	return slices.Index([]Kind{Movie, Series, Season, Episode, Extra}, t.Kind)
}

// take brings a title to hand; one that is at hand already stays as it is.
func (b *builder) take(t Title) *Title {
	if known, ok := b.titles[t.ID]; ok {
		return known
	}
	b.titles[t.ID] = &t
	b.byIdentity[t.Identity] = t.ID
	return &t
}

// touch has a title written.
func (b *builder) touch(t id.Title) {
	if !slices.Contains(b.changed, t) {
		b.changed = append(b.changed, t)
	}
}

// distinct gives each text of a list once.
func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
