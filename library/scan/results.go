package scan

import (
	"context"
	"slices"
	"time"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// batchSize is the largest number of files per transaction, so that readers and other writers get their turn in
// between.
const batchSize = 128

// writeDelay is how long results wait for more of them: one transaction per file would cost more than examining it.
const writeDelay = 200 * time.Millisecond

// handleResult takes a result of a worker.
func (sc *scanner) handleResult(ctx context.Context, r result) {
	sc.activeTasks--
	delete(sc.inProgress, r.video.Path)
	passed := sc.passedBy[r.video.Path]
	delete(sc.passedBy, r.video.Path)
	switch {
	case ctx.Err() != nil || passed:
	case r.storeErr != nil:
		sc.logError(ctx, "look for files of the same content", r.storeErr)
	case r.gone && r.known == "":
		// It was added and removed before it was known.
	case r.gone:
		sc.disappeared[r.known] = missingFile{library.KnownFile{ID: r.known, Path: r.video.Path}, r.root.ID, sc.o.Clock()}
	case r.changed:
		if v, there, err := library.StatVideo(sc.o.FS, r.video.Path); there && err == nil {
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

// writeBatch has examined files imported and publishes them.
func (sc *scanner) writeBatch(ctx context.Context, found []result) error {
	examined := make([]library.Examined, len(found))
	probed := 0
	for i, r := range found {
		examined[i] = r.Examined
		if r.probed {
			probed++
		}
	}
	out, err := sc.o.Importer.Import(ctx, examined)
	if err != nil || len(out.Files) == 0 {
		return err
	}
	for f := range out.Claimed {
		delete(sc.disappeared, f)
	}
	sc.updateScan(func(s *Status) {
		s.Added += out.Added
		s.Probed += probed
		s.Path = naming.Display(out.Files[len(out.Files)-1].Path)
	})
	sc.publishFiles(out.Files)
	return nil
}

// publishFiles sends notices for changed files.
func (sc *scanner) publishFiles(files []library.File) {
	sc.fileChanges++
	told := make(map[id.Title]bool)
	for _, f := range files {
		if f.Title != "" && !told[f.Title] {
			told[f.Title] = true
			sc.publish("title", map[string]string{"title": string(f.Title), "file": string(f.ID)})
		}
	}
	sc.publish("scan", nil)
	sc.o.OnChange()
}

// setState changes the state of known files, a batch per transaction.
func (sc *scanner) setState(ctx context.Context, files []library.KnownFile, to library.State, why *fault.Fault) {
	for part := range slices.Chunk(files, batchSize) {
		sc.dirty = true
		m := library.Move{State: to}
		if why != nil {
			m.Code, m.Reason = why.Code, why.Message
		}
		moved := make([]library.File, 0, len(part))
		for _, k := range part {
			m.Files = append(m.Files, k.ID)
			moved = append(moved, library.File{ID: k.ID, Title: k.Title})
		}
		if err := sc.o.Store.Apply(ctx, library.Change{Moves: []library.Move{m}, AtMS: sc.now()}); err != nil {
			sc.logError(ctx, "note that files came or went", err)
			return
		}
		sc.publishFiles(moved)
	}
}
