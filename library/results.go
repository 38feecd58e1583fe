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

// batchSize is the largest number of files per transaction, so that readers and other writers get their turn in
// between.
const batchSize = 64

// writeDelay is how long results wait for more of them: one transaction per file would cost more than examining it.
const writeDelay = 200 * time.Millisecond

// handleResult takes a result of a worker.
func (sc *scanner) handleResult(ctx context.Context, r result) {
	sc.activeTasks--
	delete(sc.inProgress, r.video.path)
	switch {
	case ctx.Err() != nil:
	case r.storeErr != nil:
		sc.logError(ctx, "look for files of the same content", r.storeErr)
	case r.gone && r.known == "":
		// It was added and removed before it was known.
	case r.gone:
		sc.disappeared[r.known] = missingFile{KnownFile{ID: r.known, Path: r.video.path}, r.root.ID, sc.o.Clock()}
	case r.changed:
		if v, there, err := sc.statVideo(r.video.path); there && err == nil {
			r.task.video = v
			sc.enqueueWhenStable(r.task, true)
		}
	default:
		if sc.pendingWrites = append(sc.pendingWrites, r); len(sc.pendingWrites) == 1 {
			sc.writeTimer.Reset(writeDelay)
		}
		if len(sc.pendingWrites) >= batchSize {
			sc.flushResults(ctx)
		}
	}
}

// flushResults writes the pending results. When the batch fails its files are written one by one, so that one bad file
// does not block the rest.
func (sc *scanner) flushResults(ctx context.Context) {
	found := sc.pendingWrites
	sc.pendingWrites = nil
	if len(found) == 0 || ctx.Err() != nil {
		return
	}
	sc.dirty = true
	err := sc.writeBatch(ctx, found)
	if err == nil {
		return
	}
	if len(found) == 1 {
		sc.logError(ctx, "keep a file", err)
		return
	}
	for _, r := range found {
		if err := sc.writeBatch(ctx, []result{r}); err != nil {
			sc.logError(ctx, "keep a file", err)
		}
	}
}

// writeBatch writes one change for all results and publishes it.
func (sc *scanner) writeBatch(ctx context.Context, found []result) error {
	sc.writeMu.Lock() // removing a root waits, so that it covers these files
	defer sc.writeMu.Unlock()
	roots, err := sc.o.Store.Roots(ctx)
	if err != nil {
		return fmt.Errorf("list the library folders: %w", err)
	}
	found = slices.DeleteFunc(slices.Clone(found), func(r result) bool { // its root was removed in the meantime
		return !slices.ContainsFunc(roots, func(root Root) bool { return root.ID == r.root.ID })
	})
	if len(found) == 0 {
		return nil
	}
	b := newImportBatch(sc.Service)
	parsed, paths := make([]parsedPath, len(found)), make([]string, len(found))
	for i, r := range found {
		parsed[i], paths[i] = r.parsedPath, r.video.path
	}
	if err := b.preload(ctx, parsed, paths); err != nil {
		return err
	}
	slices.SortStableFunc(found, func(x, y result) int { return x.importOrder() - y.importOrder() })
	added, probed := 0, 0
	for _, r := range found {
		isNew, err := b.addFile(ctx, r)
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
		delete(sc.disappeared, f)
	}
	sc.updateScan(func(s *ScanState) {
		s.Added += added
		s.Probed += probed
		s.Path = naming.Display(found[len(found)-1].video.path)
	})
	sc.publishFiles(c.Files)
	return nil
}

// importOrder sorts extras last, because the title they belong to must exist first.
func (r result) importOrder() int {
	if r.Kind == Extra {
		return 1
	}
	return 0
}

// publishFiles sends notices for changed files.
func (sc *scanner) publishFiles(files []File) {
	sc.fileChanges.Add(1)
	told := make(map[id.Title]bool)
	for _, f := range files {
		if f.Title != "" && !told[f.Title] {
			told[f.Title] = true
			sc.publish("title", map[string]string{"title": string(f.Title), "file": string(f.ID)})
		}
	}
	sc.publish("scan", nil)
	sc.o.OnChange()
	sc.o.Artwork.Wake()
}

// setState changes the state of known files, a batch per transaction.
func (sc *scanner) setState(ctx context.Context, files []KnownFile, to State, why *fault.Fault) {
	for part := range slices.Chunk(files, batchSize) {
		sc.dirty = true
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
			sc.logError(ctx, "note that files came or went", err)
			return
		}
		sc.publishFiles(moved)
	}
}
