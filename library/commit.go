package library

import (
	"context"
	"fmt"
	"slices"
	"time"

	"movify/library/naming"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// batch is how many files one transaction writes at most: readers and other writers get their turn between two.
const batch = 64

// gather is how long what was found out waits for more of it: a transaction for each file would cost more than the files.
const gather = 200 * time.Millisecond

// collect takes a result.
func (sc *scanner) collect(ctx context.Context, r result) {
	sc.working--
	delete(sc.inWork, r.entry.path)
	switch {
	case ctx.Err() != nil:
	case r.broken != nil:
		sc.trouble(ctx, "look for files of the same content", r.broken)
	case r.gone && r.known == "":
		// It came and went before it was known.
	case r.gone:
		sc.gone[r.known] = loss{Known{ID: r.known, Path: r.entry.path}, r.root.ID, sc.o.Clock()}
	case r.stale:
		if e, there, err := sc.look(r.entry.path); there && err == nil {
			r.task.entry = e
			sc.admit(r.task, true)
		}
	default:
		if sc.found = append(sc.found, r); len(sc.found) == 1 {
			sc.flush.Reset(gather)
		}
		if len(sc.found) >= batch {
			sc.write(ctx)
		}
	}
}

// write keeps what was found out. When it cannot be written together its files are tried one by one, so that one of them
// cannot hold up the rest.
func (sc *scanner) write(ctx context.Context) {
	found := sc.found
	sc.found = nil
	if len(found) == 0 || ctx.Err() != nil {
		return
	}
	sc.stirred = true
	err := sc.keep(ctx, found)
	if err == nil {
		return
	}
	if len(found) == 1 {
		sc.trouble(ctx, "keep a file", err)
		return
	}
	for _, r := range found {
		if err := sc.keep(ctx, []result{r}); err != nil {
			sc.trouble(ctx, "keep a file", err)
		}
	}
}

// keep writes one change for all of found and tells of it.
func (sc *scanner) keep(ctx context.Context, found []result) error {
	sc.commit.Lock() // a root removed from here on finds these files among its own
	defer sc.commit.Unlock()
	roots, err := sc.o.Store.Roots(ctx)
	if err != nil {
		return fmt.Errorf("list the library folders: %w", err)
	}
	found = slices.DeleteFunc(slices.Clone(found), func(r result) bool { // its root was removed while it was looked into
		return !slices.ContainsFunc(roots, func(root Root) bool { return root.ID == r.root.ID })
	})
	if len(found) == 0 {
		return nil
	}
	b := newBuilder(sc.Service)
	said, paths := make([]reading, len(found)), make([]string, len(found))
	for i, r := range found {
		said[i], paths[i] = r.reading, r.entry.path
	}
	if err := b.prepare(ctx, said, paths); err != nil {
		return err
	}
	slices.SortStableFunc(found, func(x, y result) int { return x.late() - y.late() })
	added, probed := 0, 0
	for _, r := range found {
		isNew, err := b.file(ctx, r)
		if err != nil {
			return err
		}
		if isNew {
			added++
		}
		if r.probed {
			probed++
		}
	}
	c, err := b.change(ctx)
	if err != nil {
		return err
	}
	if err := sc.o.Store.Apply(ctx, c); err != nil {
		return fmt.Errorf("write the files: %w", err)
	}
	for f := range b.claimed {
		delete(sc.gone, f)
	}
	sc.update(func(s *ScanState) {
		s.Added += added
		s.Probed += probed
		s.Path = naming.Display(found[len(found)-1].entry.path)
	})
	sc.announce(c.Files)
	return nil
}

// late is 1 for extras: what they belong to goes first.
func (r result) late() int {
	if r.Kind == Extra {
		return 1
	}
	return 0
}

// announce tells of files that changed.
func (sc *scanner) announce(files []File) {
	sc.changes.Add(1)
	told := make(map[id.Title]bool)
	for _, f := range files {
		if f.Title != "" && !told[f.Title] {
			told[f.Title] = true
			sc.tell("title", map[string]string{"title": string(f.Title), "file": string(f.ID)})
		}
	}
	sc.tell("scan", nil)
	sc.o.OnChange()
	poke(sc.painting)
}

// move puts known files into another state, a batch at a time.
func (sc *scanner) move(ctx context.Context, files []Known, to State, why *fault.Fault) {
	for part := range slices.Chunk(files, batch) {
		sc.stirred = true
		m := Move{State: to}
		if why != nil {
			m.Code, m.Reason = why.Code, why.Message
		}
		moved := make([]File, 0, len(part))
		for _, k := range part {
			m.Files = append(m.Files, k.ID)
			moved = append(moved, File{ID: k.ID, Title: k.Title})
		}
		if err := sc.o.Store.Apply(ctx, Change{Moves: []Move{m}, AtMS: sc.now()}); err != nil {
			sc.trouble(ctx, "note that files came or went", err)
			return
		}
		sc.announce(moved)
	}
}
