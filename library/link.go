package library

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"movify/pkg/id"
)

// builder puts together the change that a batch of results makes.
type builder struct {
	*Service
	at      int64
	files   []File
	claimed map[id.File]bool // known files that turned out to have moved
	titles  map[string]Title // by identity: read or made for this batch
	changed []string         // identities of titles to write, parents first
	said    []Description    // by the names of titles that are new or have another name
	shown   []Shown          // of the latter
}

// change gives the change so far.
func (b *builder) change() Change {
	c := Change{Files: b.files, AtMS: b.at}
	for _, identity := range b.changed {
		c.Titles = append(c.Titles, b.titles[identity])
	}
	c.Descriptions, c.Shown = b.said, b.shown
	return c
}

// file adds what was found out about one file; isNew says that it was not known in any place.
func (b *builder) file(ctx context.Context, r result) (isNew bool, err error) {
	f, moved, err := b.known(ctx, r)
	if err != nil {
		return false, err
	}
	if f.ID == "" {
		f.ID, f.AddedMS, isNew = id.New[id.File](), b.at, true
	}
	was := f.State
	if f.Fingerprint != r.fingerprint {
		f.Art, f.Color = ArtWanted, ""
	}
	f.Root, f.Path, f.Size, f.ModTimeNS, f.Fingerprint = r.root.ID, r.entry.path, r.entry.size, r.entry.modTimeNS, r.fingerprint
	if r.err != nil {
		f.fail(r.err)
		b.o.Logger.Info("file needs attention", "file", f.ID, "code", f.Code, "err", r.err)
	} else {
		f.accept(r.probe)
		if err := b.link(ctx, &f, r.root, moved); err != nil {
			return false, err
		}
	}
	if f.State != was {
		f.SinceMS = b.at
	}
	b.files = append(b.files, f)
	return isNew, nil
}

// known gives the file that was known at r's place, or the one that was moved there: it has the same content and has left
// its old place. A file whose disk is away has not moved. The file is empty when there is neither.
func (b *builder) known(ctx context.Context, r result) (f File, moved bool, err error) {
	if f, err = b.o.Store.FileAt(ctx, r.entry.path); err == nil {
		return f, false, nil
	}
	if !errors.Is(err, ErrFileNotFound) {
		return File{}, false, fmt.Errorf("read a known file: %w", err)
	}
	for _, twin := range r.twins {
		if b.claimed[twin.ID] {
			continue
		}
		// The worker read it a while ago: another file may have turned out to be it since.
		if twin, err = b.o.Store.File(ctx, twin.ID); err != nil {
			return File{}, false, fmt.Errorf("read a known file: %w", err)
		}
		if _, there := look(twin.Path); !there && twin.State != Unreachable && twin.Fingerprint == r.fingerprint {
			b.claimed[twin.ID] = true
			return twin, true, nil
		}
	}
	return File{}, false, nil
}

// link gives the file its title. A file that has one keeps it; when it was moved under a better name and is the title's
// only file, the title is renamed and keeps its ID.
func (b *builder) link(ctx context.Context, f *File, r Root, moved bool) error {
	if f.Title != "" && !moved {
		return nil
	}
	chain := Identify(r.rel(f.Path)).titles(place(r, f.Path))
	if err := b.load(ctx, chain); err != nil {
		return err
	}
	leaf := chain[len(chain)-1]
	if f.Title != "" {
		_, taken := b.titles[leaf.Identity]
		if taken {
			return nil
		}
		n, err := b.o.Store.FilesOfTitle(ctx, f.Title)
		if err != nil {
			return fmt.Errorf("count the files of a title: %w", err)
		}
		if n > 1 {
			return nil
		}
	}
	parent := id.Title("")
	for _, t := range chain[:len(chain)-1] {
		parent = b.ensure(t, parent, f.AddedMS).ID
	}
	if f.Title == "" {
		f.Title = b.ensure(leaf, parent, f.AddedMS).ID
		return nil
	}
	return b.rename(ctx, f.Title, leaf, parent)
}

// load reads the titles of a chain that are known and not read yet.
func (b *builder) load(ctx context.Context, chain []Title) error {
	var wanted []string
	for _, t := range chain {
		if _, ok := b.titles[t.Identity]; !ok {
			wanted = append(wanted, t.Identity)
		}
	}
	known, err := b.o.Store.TitlesByIdentity(ctx, wanted)
	if err != nil {
		return fmt.Errorf("look for titles: %w", err)
	}
	for identity, t := range known {
		b.titles[identity] = t
	}
	return nil
}

// ensure gives the title of that identity, made when it is new. A series is as new as its newest episode.
func (b *builder) ensure(t Title, parent id.Title, addedMS int64) Title {
	known, ok := b.titles[t.Identity]
	if ok && (known.Kind != Series || known.AddedMS >= addedMS) {
		return known
	}
	if ok {
		known.AddedMS = addedMS
		t = known
	} else {
		t.ID, t.Parent, t.AddedMS = id.New[id.Title](), parent, addedMS
		b.said = append(b.said, t.named())
	}
	b.put(t)
	return t
}

// rename makes a known title be what its file's new name says, as far as no stronger source says otherwise.
func (b *builder) rename(ctx context.Context, title id.Title, to Title, parent id.Title) error {
	known, err := b.o.Store.TitlesByID(ctx, []id.Title{title})
	if err != nil {
		return fmt.Errorf("read a title: %w", err)
	}
	old, ok := known[title]
	if !ok {
		return ErrTitleNotFound
	}
	to.ID, to.Parent, to.AddedMS = old.ID, parent, old.AddedMS
	c, err := b.merge(ctx, []Description{to.named()})
	if err != nil {
		return err
	}
	b.said, b.shown = append(b.said, c.Descriptions...), append(b.shown, c.Shown...)
	delete(b.titles, old.Identity)
	b.changed = slices.DeleteFunc(b.changed, func(i string) bool { return i == old.Identity })
	b.put(to)
	return nil
}

func (b *builder) put(t Title) {
	b.titles[t.Identity] = t
	if !slices.Contains(b.changed, t.Identity) {
		b.changed = append(b.changed, t.Identity)
	}
}
