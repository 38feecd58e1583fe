package storage_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/blob/migrate"
	"movify/pkg/id"
	"movify/pkg/storage"
)

// references is a storage.ReferenceSource; later, when set, is returned from the third call on.
type references struct {
	now, later *storage.References
	asked      int
}

func (c *references) References(context.Context) (storage.References, error) {
	c.asked++
	if c.asked > 2 && c.later != nil {
		return *c.later, nil
	}
	return *c.now, nil
}

func currentReferences() *storage.References {
	return &storage.References{
		Fingerprints: map[string]bool{"aa": true, "bb": true}, Pictures: map[string]bool{"art/t1/poster-500-1.jpg": true},
		InUse: map[id.Asset]bool{"gone-old": true, "bb-old": true}, Policy: "new",
	}
}

// samples are blobs of every kind; the keys of garbage have the reasons for it.
var samples = map[string]string{
	"v1/aa/new/plan.json":          "",
	"v1/aa/new/v1/all.mp4":         "",
	"v1/aa/new/v1/00000.m4s":       "packed into all.mp4",
	"v1/aa/new/v1/init.mp4":        "packed into all.mp4",
	"v1/aa/new/v2/00000.m4s":       "",
	"v1/aa/new/v2/init.mp4":        "",
	"v1/aa/new/whole.json":         "",
	"v1/aa/old/plan.json":          "the title has a newer ladder, which is whole",
	"v1/aa/old/v1/00007.m4s":       "the title has a newer ladder, which is whole",
	"v1/bb/new/plan.json":          "", // not whole
	"v1/bb/older/v1/all.mp4":       "", // so this asset is the only complete one
	"v1/gone/new/v1/all.mp4":       "no file has this content",
	"v1/gone/new/plan.json":        "no file has this content",
	"v1/gone/old/v1/all.mp4":       "", // a session plays it
	"v1/stray":                     "",
	"art/aa/still-480.webp":        "",
	"art/gone/still-480.webp":      "no file has this content",
	"art/t1/poster-500-1.jpg":      "",
	"art/t1/poster-500-1-w320.jpg": "",
	"art/t1/poster-500-0-w320.jpg": "no title has this picture",
	"art/aa/cut-w320.jpg":          "",
	"art/gone/cut-w320.jpg":        "no file has this content",
	"art/t1/poster-500-0.jpg":      "no title has this picture",
	"art/t2/poster-500-2.jpg":      "no title has this picture",
	"other/program/file.text":      "",
}

func collect(t *testing.T, dry bool, c *references, stage, finished blob.Store) storage.Task {
	t.Helper()
	r := newMemoryStore()
	s := storage.New(storage.Options{
		Store: r, Stage: stage, References: c,
		Backends: &fakeBackends{
			stores:     map[storage.Backend]blob.Store{storage.Disk: finished},
			switchable: migrate.NewSwitchable(finished),
			uncached:   func(s blob.Store) blob.Store { return s },
		},
	})
	if _, err := s.RequestCollect(t.Context(), dry); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RequestCollect(t.Context(), dry); !errors.Is(err, storage.ErrBusy) {
		t.Errorf("a second request: %v", err)
	}
	if err := s.RunPending(t.Context()); err != nil {
		t.Fatal(err)
	}
	task, err := r.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return task
}

func newFilledStore(t *testing.T) blob.Store {
	t.Helper()
	s := blobtest.NewMemory()
	for key := range samples {
		put(t, s, key, key)
	}
	return s
}

func keys(t *testing.T, s blob.Store) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for info, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		out[info.Key] = true
	}
	return out
}

func TestGarbage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stage, finished := newFilledStore(t), newFilledStore(t)
		time.Sleep(25 * time.Hour)
		want := map[string]bool{}
		reasons := map[string]string{}
		for key, why := range samples {
			if why == "" {
				want[key] = true
			} else {
				reasons[key] = why
			}
		}
		found := collect(t, true, &references{now: currentReferences()}, stage, finished)
		got := map[string]string{}
		for _, g := range found.Garbage {
			got[g.Key] = g.Reason
			if g.Size != int64(len(g.Key)) {
				t.Errorf("%+v", g)
			}
		}
		if diff := cmp.Diff(reasons, got); diff != "" || found.Total != 2*len(reasons) || found.State != storage.Done ||
			found.TotalBytes == 0 {
			t.Errorf("%+v (-want +got):\n%s", found, diff)
		}
		if len(keys(t, finished)) != len(samples) || len(keys(t, stage)) != len(samples) {
			t.Error("a dry run removed something")
		}
		done := collect(t, false, &references{now: currentReferences()}, stage, finished)
		for _, s := range []blob.Store{stage, finished} {
			if diff := cmp.Diff(want, keys(t, s)); diff != "" {
				t.Errorf("left (-want +got):\n%s", diff)
			}
		}
		if done.Done != found.Total || done.DoneBytes != found.TotalBytes {
			t.Errorf("%+v", done)
		}
		if again := collect(t, false, &references{now: currentReferences()}, stage, finished); again.Total != 0 {
			t.Errorf("found once more: %+v", again.Garbage)
		}
	})
}

func TestNothingYoungIsGarbage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		finished := newFilledStore(t)
		time.Sleep(23 * time.Hour)
		if task := collect(t, false, &references{now: currentReferences()}, nil, finished); task.Total != 0 {
			t.Errorf("%+v", task.Garbage)
		}
		// One young part keeps a whole asset: it is being made.
		put(t, finished, "v1/gone/new/v1/00001.m4s", "x")
		time.Sleep(2 * time.Hour)
		collect(t, false, &references{now: currentReferences()}, nil, finished)
		left := keys(t, finished)
		if !left["v1/gone/new/plan.json"] || left["art/gone/still-480.webp"] {
			t.Errorf("%v", left)
		}
	})
}

// Between the walk and the deletion a file may come back, or a session may begin.
func TestABlobReferencedMeanwhileIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		later := currentReferences()
		later.Fingerprints["gone"] = true
		later.InUse["aa-old"] = true
		later.Pictures["art/t2/poster-500-2.jpg"] = true
		finished := newFilledStore(t)
		time.Sleep(25 * time.Hour)
		collect(t, false, &references{now: currentReferences(), later: later, asked: 1}, nil, finished)
		left := keys(t, finished)
		for _, key := range []string{"v1/gone/new/plan.json", "v1/aa/old/plan.json", "art/t2/poster-500-2.jpg"} {
			if !left[key] {
				t.Errorf("%s is gone", key)
			}
		}
	})
}

// uploads is a store with uploads that were never completed.
type uploads struct {
	blob.Store
	dryRuns []bool
}

func (u *uploads) AbortUploads(_ context.Context, _ time.Time, dry bool) (int, error) {
	u.dryRuns = append(u.dryRuns, dry)
	return 3, nil
}

func TestUnfinishedUploads(t *testing.T) {
	t.Parallel()
	finished := &uploads{Store: blobtest.NewMemory()}
	for _, dry := range []bool{true, false} {
		task := collect(t, dry, &references{now: currentReferences()}, nil, finished)
		if task.Total != 1 || task.Garbage[0].Key != "3 uploads" {
			t.Errorf("%+v", task)
		}
	}
	if diff := cmp.Diff([]bool{true, false}, finished.dryRuns); diff != "" {
		t.Error(diff)
	}
}

// A long list is kept in short; the counts tell the rest.
func TestMuchGarbage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		finished := blobtest.NewMemory()
		for n := range 500 {
			put(t, finished, fmt.Sprintf("v1/gone%03d/p/plan.json", n), "12")
		}
		time.Sleep(25 * time.Hour)
		task := collect(t, true, &references{now: currentReferences()}, nil, finished)
		if len(task.Garbage) != 200 || task.Total != 500 || task.TotalBytes != 1000 {
			t.Errorf("%d of %d, %d bytes", len(task.Garbage), task.Total, task.TotalBytes)
		}
	})
}

func TestACollectionThatCannotBeMadeSaysWhy(t *testing.T) {
	t.Parallel()
	task := collect(t, false, &references{now: currentReferences()}, nil, broken{blobtest.NewMemory()})
	if task.State != storage.Failed || task.Error == "" {
		t.Errorf("%+v", task)
	}
}

// broken cannot be listed.
type broken struct{ blob.Store }

func (broken) List(context.Context, string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) { yield(blob.Info{}, errAway) }
}
