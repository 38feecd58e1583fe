// Package search owns the full-text index of the names of titles, people, collections and genres: how names are
// tokenized, which typing errors are tolerated, and how hits are ranked. It implements library.Index with the bleve
// engine.
//
// The engine selects a few hundred candidates; a pure function (judge) scores and orders them, so that an order can be
// explained and tested. The index is a copy of the store: one of another version or that cannot be opened is emptied,
// and its missing checkpoint makes the feeder rebuild it. It does not know audiences.
package search

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"movify/library"
	"movify/pkg/fault"
	"movify/pkg/perm"
)

// ErrClosed is returned while the index is not open.
var ErrClosed = fault.New(fault.Unavailable, "search_closed", "The search is not ready yet. Try again in a moment.")

// Options configure an Index.
type Options struct {
	Dir    string        // the folder of the index; "" = in memory
	Rest   time.Duration // time without a search after which pages of the index leave memory; 0 = 10 s
	Logger *slog.Logger  // nil = no log
}

// Index is the search index. Its methods are safe for concurrent use; they wait until Run has opened the index.
type Index struct {
	o        Options
	mappings mappings
	opened   chan struct{} // closed when Run has opened it
	used     atomic.Bool   // since the last look

	mu     sync.RWMutex // held while the engine is used; for writing while it is replaced
	engine bleve.Index  // nil after Run
}

var _ library.Index = (*Index)(nil)

// New returns an index. Nothing is opened before Run.
func New(o Options) *Index {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Rest <= 0 {
		o.Rest = 10 * time.Second
	}
	return &Index{o: o, mappings: mapFields(spaces), opened: make(chan struct{})}
}

// Run opens the index, keeps it open until ctx is done and closes it. It can be called once. An index that cannot be
// read is rebuilt.
func (x *Index) Run(ctx context.Context) error {
	engine, err := x.open()
	if err != nil {
		x.o.Logger.Warn("the search index is made anew", "why", err)
		if engine, err = x.create(); err != nil {
			return err
		}
	}
	x.mu.Lock()
	x.engine = engine
	x.mu.Unlock()
	close(x.opened)
	x.rest(ctx)
	x.mu.Lock()
	defer x.mu.Unlock()
	engine, x.engine = x.engine, nil
	if engine == nil {
		return nil
	}
	if err := engine.Close(); err != nil {
		return fmt.Errorf("close the search index: %w", err)
	}
	return nil
}

// rest gives back the memory that searches took once no more come, until ctx is done. A search reads documents all over
// the index, so that most of its files are soon in memory, and the system alone takes them out only when it is short.
func (x *Index) rest(ctx context.Context) {
	tick := time.NewTicker(x.o.Rest)
	defer tick.Stop()
	for resident := true; ; { // opening reads it too
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if x.used.Swap(false) {
			resident = true
			continue
		}
		if !resident {
			continue
		}
		if err := x.with(ctx, returnPages); err != nil && ctx.Err() == nil {
			x.o.Logger.Debug("the search index stays in memory", "error", err)
		}
		resident = false
	}
}

// Internal keys of the index.
const (
	keyVersion = "version"
	keyMark    = "mark"
)

var errOther = errors.New("it is of another version")

// open opens the existing index. A truncated file may make the engine panic, which counts as unreadable.
func (x *Index) open() (engine bleve.Index, err error) {
	if x.o.Dir == "" {
		return x.create()
	}
	defer func() {
		if p := recover(); p != nil {
			engine, err = nil, fmt.Errorf("open the search index: %v", p)
		}
	}()
	if _, err := os.Stat(x.o.Dir); errors.Is(err, os.ErrNotExist) {
		return x.create()
	}
	if engine, err = bleve.OpenUsing(x.o.Dir, map[string]any{"bolt_timeout": "2s"}); err != nil {
		return nil, fmt.Errorf("open the search index: %w", err)
	}
	known, err := engine.GetInternal([]byte(keyVersion))
	if err == nil && string(known) != version {
		err = errOther
	}
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return engine, nil
}

// create replaces the index by an empty one.
func (x *Index) create() (bleve.Index, error) {
	m, err := layout()
	if err != nil {
		return nil, err
	}
	if x.o.Dir != "" {
		if err := os.RemoveAll(x.o.Dir); err != nil {
			return nil, fmt.Errorf("remove the old search index: %w", err)
		}
		if err := os.MkdirAll(filepath.Dir(x.o.Dir), perm.Folder); err != nil {
			return nil, fmt.Errorf("make the folder of the search index: %w", err)
		}
	}
	engine, err := bleve.NewUsing(x.o.Dir, m, scorch.Name, scorch.Name, nil) // without a folder it is in memory
	if err != nil {
		return nil, fmt.Errorf("make a search index: %w", err)
	}
	if x.o.Dir != "" {
		// bleve lets the umask alone decide who may read this file.
		if err := os.Chmod(filepath.Join(x.o.Dir, "index_meta.json"), perm.OwnFile); err != nil {
			return nil, errors.Join(fmt.Errorf("protect the search index: %w", err), engine.Close())
		}
	}
	if err := engine.SetInternal([]byte(keyVersion), []byte(version)); err != nil {
		return nil, errors.Join(fmt.Errorf("make a search index: %w", err), engine.Close())
	}
	return engine, nil
}

// with runs f on the engine.
func (x *Index) with(ctx context.Context, f func(bleve.Index) error) error {
	select {
	case <-x.opened:
	case <-ctx.Done():
		return ctx.Err()
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.engine == nil {
		return ErrClosed
	}
	return f(x.engine)
}

// Index adds or replaces documents.
func (x *Index) Index(ctx context.Context, docs []library.SearchDoc) error {
	return x.with(ctx, func(engine bleve.Index) error {
		b := engine.NewBatch()
		for _, d := range docs {
			if err := ctx.Err(); err != nil {
				return err
			}
			doc, err := x.mappings.document(d)
			if err != nil {
				return err
			}
			if err := b.IndexAdvanced(doc); err != nil {
				return fmt.Errorf("index %s: %w", d.ID, err)
			}
		}
		x.used.Store(true)
		if err := engine.Batch(b); err != nil {
			return fmt.Errorf("write the search index: %w", err)
		}
		return nil
	})
}

// Checkpoint returns the checkpoint set last.
func (x *Index) Checkpoint(ctx context.Context) (checkpoint string, err error) {
	err = x.with(ctx, func(engine bleve.Index) error {
		text, err := engine.GetInternal([]byte(keyMark))
		checkpoint = string(text)
		return err
	})
	return checkpoint, err
}

// SetCheckpoint stores a checkpoint in the index.
func (x *Index) SetCheckpoint(ctx context.Context, checkpoint string) error {
	return x.with(ctx, func(engine bleve.Index) error {
		return engine.SetInternal([]byte(keyMark), []byte(checkpoint))
	})
}

// Clear empties the index.
func (x *Index) Clear(ctx context.Context) error {
	if err := x.with(ctx, func(bleve.Index) error { return nil }); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.engine == nil {
		return ErrClosed
	}
	if err := x.engine.Close(); err != nil {
		return fmt.Errorf("close the search index: %w", err)
	}
	engine, err := x.create()
	x.engine = engine
	return err
}

// judged is how many candidates are scored for one page of hits.
const judged = 200

// enough is how many hits without typing errors make it unnecessary to search with typing errors.
const enough = 3

// Search returns the hits, best first. Typing errors are only considered when there are few exact hits, because that is
// the most expensive query and rarely meant otherwise.
func (x *Index) Search(ctx context.Context, q library.SearchQuery) ([]library.Hit, error) {
	asked := ask(q)
	if asked.joined == "" || q.Limit <= 0 {
		return nil, nil
	}
	hits, err := x.find(ctx, asked, q)
	if err == nil && len(hits) < enough && !asked.short() && !q.Strict {
		asked.near = true
		hits, err = x.find(ctx, asked, q)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(hits, func(a, b library.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return hits[:min(len(hits), q.Limit)], nil
}

// find queries the engine and scores the candidates.
func (x *Index) find(ctx context.Context, asked question, q library.SearchQuery) (hits []library.Hit, err error) {
	request := bleve.NewSearchRequestOptions(asked.plan(q.Kinds), max(judged, q.Limit), 0, false)
	request.Fields = []string{fieldDoc}
	request.SortBy([]string{"-_score", "-" + fieldWeight})
	if asked.short() {
		request.SortBy([]string{"-" + fieldWeight, "_id"})
	}
	x.used.Store(true)
	err = x.with(ctx, func(engine bleve.Index) error {
		found, err := engine.SearchInContext(ctx, request)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		for _, one := range found.Hits {
			kept, _ := one.Fields[fieldDoc].(string)
			var d library.SearchDoc
			if err := json.Unmarshal([]byte(kept), &d); err != nil {
				return fmt.Errorf("read the document %s: %w", one.ID, err)
			}
			if h, ok := asked.judge(d); ok {
				hits = append(hits, h)
			}
		}
		return nil
	})
	return hits, err
}
